"""Known errors beside tickets: sound in every look, and told in two presses."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from incidents import links
from incidents.links import Purpose
from incidents.models import Incident, KnownErrorUse
from tests.browser.conftest import Open
from tests.browser.sheets import LONG
from tests.browser.soundness import check
from tests.browser.test_ticket_pages import UNDECIDED
from tests.incidents import stories
from tests.incidents.using.known import WORDS, applied, judged, known, rewrite, use
from tests.people import Cast, make_cast

BLANK = "Labels come out blank since the update, E102 on the display."
BLOCK = ".known-list"


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


@dataclass(frozen=True, slots=True)
class Sheet:
    """``story`` returns the address, which is looked at once ``shows`` is there."""

    name: str
    story: Callable[[Cast], str]
    by: str = "bo"
    shows: str = "h1"
    act: Callable[[Page], None] | None = None


def blank(cast: Cast) -> Incident:
    return stories.in_progress(cast, description=BLANK)


def likely(cast: Cast) -> str:
    known(cast)
    known(cast, title=f"Labels {LONG} blank", workaround_reporters="")
    known(cast, title="Labels come out blank in May", audience="agents")
    return blank(cast).get_absolute_url()


def likely_page(cast: Cast) -> str:
    return f"{likely(cast)}known-errors/"


def nothing(cast: Cast) -> str:
    return f"{stories.in_progress(cast).get_absolute_url()}known-errors/"


def to_triage(cast: Cast) -> str:
    known(cast)
    incident = stories.reported(cast, description=BLANK)
    return f"{incident.get_absolute_url()}triage/"


def used(cast: Cast) -> Incident:
    """Told, replaced, applied; the desk judged one, and Ann is asked."""
    incident, version = blank(cast), known(cast)
    use(incident, version, by=cast.bo)
    judged(applied(incident, version, by=cast.cy), by=cast.cy, outcome="partly")
    rewrite(cast, version)
    return stories.again(incident)


def used_page(cast: Cast) -> str:
    return used(cast).get_absolute_url()


def to_resolve(cast: Cast) -> str:
    return f"{used(cast).get_absolute_url()}resolve/"


def resolved(cast: Cast) -> Incident:
    return stories.resolved(cast, of=used(cast))


def to_call(cast: Cast) -> str:
    return f"{resolved(cast).get_absolute_url()}record-call/"


def to_confirm(cast: Cast) -> str:
    return f"{resolved(cast).reporter_url()}confirm/"


def to_reject(cast: Cast) -> str:
    return f"{resolved(cast).reporter_url()}not-yet/"


def by_link(cast: Cast) -> str:
    incident = resolved(cast)
    at = links.address(Purpose.CONFIRM, incident, incident.confirmer)
    return "/answer/" + at.split("/answer/")[1]


def quoting(cast: Cast) -> str:
    version = known(cast, title=f"Label printer {LONG}")
    return f"{blank(cast).get_absolute_url()}?use={version.pk}"


def quoting_agents(cast: Cast) -> str:
    version = known(cast, audience="agents")
    return f"{blank(cast).get_absolute_url()}?use={version.pk}"


def article(cast: Cast) -> str:
    return str(used(cast).uses.all()[0].version.article.get_absolute_url())


def open_steps(page: Page) -> None:
    page.get_by_text("What to do").first.click()


SHEETS = [
    Sheet("known-errors", likely, shows=BLOCK, act=open_steps),
    Sheet("known-errors-page", likely_page),
    Sheet("known-errors-nothing", nothing),
    Sheet("known-errors-triage", to_triage, shows=BLOCK),
    Sheet("known-errors-used", used_page, shows=".known-used"),
    Sheet("known-errors-quoting", quoting, shows=".quoted"),
    Sheet("known-errors-not-for-them", quoting_agents, shows=".quoted-stale"),
    Sheet("known-errors-resolve", to_resolve),
    Sheet("known-errors-call", to_call),
    Sheet("known-errors-confirm", to_confirm, "ann"),
    Sheet("known-errors-not-yet", to_reject, "ann"),
    Sheet("known-errors-link", by_link, ""),
    Sheet("known-errors-article", article, "cy", shows=".known-tally"),
]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_page_is_sound(sheet: Sheet, visit: Open, people: Cast) -> None:
    address = sheet.story(people)
    window = visit(getattr(people, sheet.by) if sheet.by else None)
    window.go(address)
    window.page.locator(sheet.shows).first.wait_for()
    if sheet.act:
        sheet.act(window.page)
    check(window, sheet.name, undecided=UNDECIDED)
    assert window.policy_violations() == window.errors == []


def test_from_the_ticket_to_told_in_two_presses(visit: Open, people: Cast) -> None:
    known(people)
    incident = blank(people)
    window = visit(people.bo)
    window.go(incident.get_absolute_url())
    page = window.page
    page.get_by_role("button", name="Use workaround").click()
    expect(page.get_by_label("Your reply")).to_have_value(WORDS)
    page.get_by_role("button", name="Send to Ann Archer").click()
    page.locator(".known-used").wait_for()
    assert KnownErrorUse.objects.get(incident=incident).was_told
    page.get_by_role("button", name="Yes").click()
    page.get_by_text("It helped").wait_for()
    assert window.policy_violations() == window.errors == []


def test_it_works_without_a_script(visit: Open, people: Cast) -> None:
    known(people)
    incident = blank(people)
    window = visit(people.bo, script=False)
    window.go(incident.get_absolute_url())
    page = window.page
    page.get_by_role("link", name="Show likely known errors").click()
    page.get_by_role("link", name="Use workaround").click()
    page.get_by_role("button", name="Send to Ann Archer").click()
    page.get_by_text("Your reply to Ann Archer is sent.").wait_for()
    assert KnownErrorUse.objects.get(incident=incident).was_told
