"""The one search box: sound in every look, with a key, without a script too."""

import pytest
from playwright.sync_api import expect

from incidents.models import Incident
from tests.browser.conftest import Open
from tests.browser.sheets import Sheet
from tests.browser.sheets_search import FULL, everything
from tests.browser.soundness import check
from tests.browser.test_pages import UNDECIDED
from tests.people import Cast, make_cast


@pytest.fixture
def full(transactional_db: None) -> Cast:
    cast = make_cast()
    everything(cast)
    return cast


@pytest.mark.parametrize("sheet", FULL, ids=lambda sheet: sheet.name)
def test_page_is_sound(sheet: Sheet, visit: Open, full: Cast) -> None:
    window = visit(sheet.viewer(full))
    window.go(sheet.path)
    check(window, sheet.name, undecided=UNDECIDED)


def test_one_key_and_a_misspelt_word_lead_to_what_helps(
    visit: Open, full: Cast
) -> None:
    window = visit(full.ann)
    window.go("/my/")
    page = window.page
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "bar-search"
    page.keyboard.type("pritner")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=pritner")
    page.get_by_role("link", name="Label printer prints blank labels").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Label printer prints blank labels"
    )
    assert window.policy_violations() == []
    assert window.errors == []


def test_the_key_is_a_letter_while_somebody_types_and_nothing_for_who_wants_none(
    visit: Open, full: Cast
) -> None:
    window = visit(full.ann)
    window.go("/report/")
    window.page.locator("textarea").first.click()
    window.page.keyboard.type("and/or")
    assert window.page.locator("textarea").first.input_value() == "and/or"
    full.ann.uses_keys = False
    full.ann.save(update_fields=["uses_keys"])
    window.go("/my/")
    window.page.keyboard.press("/")
    assert window.page.evaluate("document.activeElement.id") != "bar-search"


def test_without_a_script_a_number_leads_to_its_report(visit: Open, full: Cast) -> None:
    window = visit(full.ann, script=False)
    window.go("/")
    box = window.page.locator("#bar-search")
    number = Incident.objects.filter(reporter=full.ann).order_by("pk")[0].pk
    box.fill(f"inc {number}")
    box.press("Enter")
    window.page.wait_for_url(f"**/my/{number}/")
