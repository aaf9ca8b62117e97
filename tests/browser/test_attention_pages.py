"""Pages about ladders and attention, wide and narrow, light and dark."""

import pytest
from playwright.sync_api import expect

from activity import clock
from activity.digests import contents_of
from activity.models import Delivery
from activity.services.deliveries import claim
from incidents import services
from tests.browser.conftest import Open
from tests.browser.sheets_answering import Sheet
from tests.browser.sheets_attention import SHEETS, asking_link, told
from tests.browser.soundness import Known, check
from tests.browser.test_admin_pages import UNDECIDED as OF_ADMIN
from tests.browser.test_answering_pages import _answer, _look
from tests.browser.test_pages import UNDECIDED as OF_PAGES
from tests.incidents import stories
from tests.people import Cast, make_cast

UNDECIDED: list[Known] = [*OF_PAGES, *OF_ADMIN]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_page_about_attention_is_sound(sheet: Sheet, visit: Open, people: Cast) -> None:
    path = sheet.story(people)
    window = visit(sheet.viewer(people))
    window.go(path)
    check(window, sheet.name, undecided=UNDECIDED)


def test_without_script_one_press_behind_the_link_answers(
    visit: Open, people: Cast
) -> None:
    """The link, the button, by keyboard: no log-in, no script."""
    window = visit(script=False, width=390)
    window.go(asking_link(people))
    button = window.page.get_by_role("button", name="I attend to it")
    button.focus()
    window.page.keyboard.press("Enter")
    expect(window.page.locator("h1")).to_have_text("You attend to it")


def test_without_script_the_reporter_says_that_it_is_urgent(
    visit: Open, people: Cast
) -> None:
    incident = stories.in_progress(people)
    window = visit(people.ann, script=False, width=390)
    window.go(incident.reporter_url())
    page = window.page
    page.get_by_role("link", name="This is getting urgent").click()
    page.get_by_label("What makes it urgent now?").fill("Pay day is tomorrow.")
    page.get_by_role("button", name="Tell the team").click()
    expect(page.get_by_text("The team is told.")).to_be_visible()


def test_a_digest_is_readable(visit: Open, people: Cast) -> None:
    told(people)
    for number in range(4):
        incident = stories.in_progress(people, title=f"Printer {number} is out of ink")
        services.urge(incident.pk, by=people.ann, reason="Pay day.")
    Delivery.objects.exclude(may_wait=True).update(
        state="sent", sent_at=clock.now(), next_try_at=clock.now()
    )
    digest = claim()
    assert digest is not None
    assert digest.is_digest
    window = visit()
    html = contents_of(digest)["html"]
    window.page.route("**/mail/", lambda route: _answer(route, html))
    window.go("/mail/")
    _look(window.page, "digest")
