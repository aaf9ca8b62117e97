"""Feedback, figures and gaps: sound in every look, with keys alone, on paper."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from knowledgebase.models import Feedback
from tests.browser.conftest import Open
from tests.browser.sheets_health import EDITORS, READ, SHEETS, judged
from tests.browser.soundness import check_each
from tests.browser.test_knowledge_pages import _tab_to
from tests.browser.test_pages import UNDECIDED
from tests.people import Cast, make_cast


@pytest.fixture
def full(transactional_db: None) -> Cast:
    cast = make_cast()
    judged(cast)
    return cast


def test_pages_are_sound(visit: Open, full: Cast, subtests: pytest.Subtests) -> None:
    kim = User.objects.get(name="Kim Kade")
    looks = [(sheet, sheet.viewer(full), sheet.path) for sheet in SHEETS]
    looks += [(sheet, kim, sheet.path) for sheet in EDITORS]
    check_each(looks, visit, subtests, undecided=UNDECIDED)


@pytest.mark.parametrize("script", [True, False])
def test_a_reader_says_why_and_hears_what_became_of_it(
    visit: Open, full: Cast, script: bool
) -> None:
    cy = visit(full.cy, script=script)
    cy.go(f"{READ}/")
    cy.page.locator(".kb-why summary").click()
    cy.page.get_by_label("Something in it is wrong").check()
    cy.page.get_by_label("What should be different?").fill("The left switch.")
    cy.page.get_by_role("button", name="Tell the owner").click()
    expect(cy.page.get_by_text("You said that it did not help")).to_be_visible()

    bo = visit(full.bo, script=script)
    bo.go("/knowledge/asked/")
    row = bo.page.get_by_role("row", name="The left switch.")
    row.get_by_role("link", name="Answer").click()
    bo.page.get_by_label("What became of it").fill("It says left now.")
    bo.page.get_by_role("button", name="Send the answer").click()
    expect(bo.page.get_by_text("Who said it is told")).to_be_visible()

    cy.go(f"{READ}/")
    expect(cy.page.get_by_text("It says left now.")).to_be_visible()
    for one in (cy, bo):
        assert one.policy_violations() == []
        assert one.errors == []


def test_keys_alone_say_that_it_did_not_help(visit: Open, full: Cast) -> None:
    window = visit(full.cy)
    window.go(f"{READ}/")
    page = window.page
    _tab_to(page, "No")
    page.keyboard.press("Enter")
    _tab_to(page, "reason")
    page.keyboard.press("Space")
    _tab_to(page, "Tell the owner")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You said that it did not help")).to_be_visible()
    assert Feedback.objects.filter(by=full.cy).get().reason == "outdated"


def test_paper_shows_the_figures_and_no_buttons(visit: Open, full: Cast) -> None:
    window = visit(User.objects.get(name="Kim Kade"))
    window.go("/knowledge/health/")
    window.page.emulate_media(media="print")
    expect(window.page.get_by_text("Bad one")).to_be_visible()
    expect(window.page.get_by_text("What the figures mean")).to_be_visible()
    expect(window.page.get_by_role("button", name="Show")).not_to_be_visible()
    expect(window.page.get_by_text("Download as CSV")).not_to_be_visible()
