"""What is known helps, in a browser, and the figures say so.

Nobody types an address but that of a start page, nobody touches a table. Ann types
what is wrong, reads what helps, sends nothing. Ned’s labels stay blank all the same,
so he reports it; Bo announces it, and Zed has it too with one press. Bo uses the known
error, solves both reports, and each of them is asked for himself. Kim sees how the
article did.
"""

import pytest
from django.core.cache import cache
from playwright.sync_api import Locator, Page, expect

from incidents.models import Deflection, Incident, KnownErrorUse
from tests.browser.conftest import Open, Visit
from tests.browser.soundness import check
from tests.browser.test_pages import UNDECIDED
from tests.incidents.stories import catalogue
from tests.knowledgebase import stories as articles
from tests.people import Cast, make_cast

TITLE = "Label printer prints blank labels"
HELPS = "Switch the printer off and on again."
BLANK = "Labels come out blank since the update, E102 on the display."
TOLD = "Label printers print blank labels in ward 7"
MOST_PRESSES = 3


@pytest.fixture
def people(transactional_db: None) -> Cast:
    cache.clear()
    catalogue()
    return make_cast()


def test_what_is_known_helps_and_the_figures_say_so(visit: Open, people: Cast) -> None:
    editor = articles.make_editor()
    articles.published(people, editor)
    kim = visit(editor)
    _never_used(kim)
    ann, ned, bo = visit(people.ann, width=390), visit(people.ned), visit(people.bo)
    zed = visit(people.zed, width=390)
    _it_helps_and_nothing_is_sent(ann)
    _it_does_not_help(ned)
    _the_desk_finds_the_known_error(bo)
    _the_desk_announces_it(bo)
    _another_has_it_too(zed)
    _both_are_solved(bo)
    _each_is_asked_for_himself(ned, zed)
    _the_article_has_done_well(kim)
    for window in (ann, ned, bo, zed, kim):
        assert window.errors == []
        assert window.policy_violations() == []


def _never_used(kim: Visit) -> None:
    row = _row_of_the_article(kim)
    expect(row).to_contain_text("never used")


def _it_helps_and_nothing_is_sent(ann: Visit) -> None:
    _type(ann)
    article = ann.page.locator(".help-article").filter(has_text=TITLE)
    article.locator("summary").click()
    expect(article).to_contain_text(HELPS)
    check(ann, "story-help", undecided=UNDECIDED)
    article.get_by_role("button", name="This solved it").click()
    expect(ann.page.locator("h1")).to_have_text("Good. Nothing was sent.")
    assert Deflection.objects.count() == 1
    assert not Incident.objects.exists()


def _it_does_not_help(ned: Visit) -> None:
    _type(ned)
    ned.page.locator(".help-article").wait_for()
    ned.page.get_by_label("I cannot work at all").check()
    ned.page.get_by_label("Only me, or I am not sure").check()
    ned.page.get_by_role("button", name="Send report").last.click()
    expect(ned.page.locator("h1")).to_have_text("We have your report")


def _the_desk_finds_the_known_error(bo: Visit) -> None:
    """At triage, and told in at most three presses from the ticket."""
    page = bo.page
    bo.go("/queue/")
    page.get_by_role("button", name="Take next").click()
    expect(page.locator(".known-why").first).to_contain_text("same error code E102")
    page.get_by_label("Service", exact=True).select_option(label="Printing")
    page.get_by_label("Category").select_option(label="Hardware")
    page.wait_for_load_state("networkidle")  # The preview has come.
    page.get_by_role("button", name="Triage and take").click()
    page.wait_for_url(lambda address: "triage" not in address)
    presses = 0
    page.locator("#reply > summary").click()
    page.get_by_label("Your reply").fill("Hello Ned, please try this.")
    page.get_by_role("button", name="Use workaround").click()
    presses += 1
    words = f"Hello Ned, please try this.\n\n{HELPS}"
    expect(page.get_by_label("Your reply")).to_have_value(words)
    page.get_by_role("button", name="Send to Ned North").click()
    presses += 1
    expect(page.locator(".known-used")).to_contain_text(TITLE)
    assert presses <= MOST_PRESSES
    assert KnownErrorUse.objects.get().was_told


def _the_desk_announces_it(bo: Visit) -> None:
    page = bo.page
    page.locator("summary").filter(has_text="On the portal").click()
    page.get_by_role("link", name="Announce it on the portal").click()
    page.get_by_label("What is going wrong, in one sentence").fill(TOLD)
    page.get_by_role("button", name="Announce it on the portal").click()
    page.wait_for_url(lambda address: "announce" not in address)


def _another_has_it_too(zed: Visit) -> None:
    zed.go("/")
    expect(zed.page.get_by_role("heading", name=TOLD)).to_be_visible()
    zed.page.get_by_role("button", name="Me too").click()
    expect(zed.page.locator("h1")).to_have_text("We have your report")
    own = Incident.objects.get(title=TOLD)
    expect(zed.page.locator("main")).to_contain_text(own.reference)


def _both_are_solved(bo: Visit) -> None:
    page = bo.page
    page.reload()
    _step(page, "Resolve")
    page.get_by_label("Workaround in place").check()
    page.get_by_label("What we did").fill("The driver knows its paper again.")
    page.get_by_label("How you made sure that it works").fill("Printed a label.")
    page.locator("[name^=helped_][value=worked]").check()
    expect(page.get_by_label("Also resolve the 1 open report")).to_be_checked()
    check(bo, "story-resolve", undecided=UNDECIDED)
    page.get_by_role("button", name="Resolve").click()
    page.wait_for_url(lambda address: "resolve" not in address)
    assert set(Incident.objects.values_list("status", flat=True)) == {"resolved"}


def _each_is_asked_for_himself(ned: Visit, zed: Visit) -> None:
    """Only who was told of the known error is asked whether it helped."""
    page = ned.page
    ned.go("/my/")
    page.get_by_role("link", name="Labels come out blank").first.click()
    page.locator("[name^=helped_][value=worked]").check()
    page.get_by_role("button", name="Yes, it works").click()
    page.wait_for_url(lambda address: "confirm" not in address)
    zed.go("/my/")
    zed.page.get_by_role("link", name=TOLD).first.click()
    expect(zed.page.locator("[name^=helped_]")).to_have_count(0)
    zed.page.get_by_role("button", name="No, it still does not").click()
    zed.page.get_by_label("What still goes wrong?").fill("Mine is still blank.")
    zed.page.get_by_role("button", name="Send it back").click()
    expect(zed.page.locator("main")).to_contain_text("Mine is still blank.")


def _the_article_has_done_well(kim: Visit) -> None:
    row = _row_of_the_article(kim)
    expect(row).to_contain_text("1 of 1")
    expect(row).to_contain_text("21–100 %")
    check(kim, "story-health", undecided=UNDECIDED)


def _row_of_the_article(kim: Visit) -> Locator:
    kim.go("/knowledge/")
    kim.page.get_by_role("link", name="How articles do").click()
    return kim.page.get_by_role("row").filter(has_text=TITLE)


def _type(window: Visit) -> None:
    window.go("/report/")
    window.page.get_by_label("What is going wrong?").press_sequentially(BLANK)


def _step(page: Page, label: str) -> None:
    steps = page.locator(".next-steps")
    step = steps.get_by_role("link", name=label, exact=True)
    if not step.is_visible():
        steps.locator("summary").click()
    step.click()
