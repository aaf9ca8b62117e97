"""Checking, writing down and telling anew: sound in every look, and by keyboard."""

import pytest

from incidents.models import KnownErrorCheck
from tests.browser.conftest import Open
from tests.browser.sheets_checks import CHECK, SHEETS, likely
from tests.browser.sheets_ticket import TicketSheet
from tests.browser.soundness import check
from tests.browser.test_ticket_pages import UNDECIDED
from tests.people import Cast, make_cast


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_page_is_sound(sheet: TicketSheet, visit: Open, people: Cast) -> None:
    incident = sheet.story(people)
    window = visit(getattr(people, sheet.by))
    window.go(f"{incident.get_absolute_url()}{sheet.page}")
    if sheet.act:
        sheet.act(window.page, incident, people)
    check(window, sheet.name, undecided=UNDECIDED)


@pytest.mark.parametrize("script", [True, False])
def test_three_are_decided_on_by_keyboard(
    script: bool, visit: Open, people: Cast
) -> None:
    """Why not is asked only of what is not used, whatever the browser runs."""
    incident = likely(people)
    window = visit(people.bo, script=script)
    window.go(f"{incident.get_absolute_url()}{CHECK}")
    page = window.page
    used = page.get_by_label("Used here")
    for number in range(used.count()):
        used.nth(number).focus()
        page.keyboard.press("Space")
    assert page.get_by_label("In your words").first.is_hidden()
    page.get_by_label("Not used").first.focus()
    page.keyboard.press("Space")
    page.get_by_label("Why not").first.select_option("not_safe")
    page.get_by_label("In your words").first.fill("Too hot.")
    page.get_by_role("button", name="Keep these decisions").press("Enter")
    page.get_by_text("Your decisions are on record.").wait_for()
    rows = KnownErrorCheck.objects.get().candidates
    assert rows.filter(decided="refused", refusal="not_safe").count() == 1
    assert rows.filter(decided="used").count() == rows.count() - 1
