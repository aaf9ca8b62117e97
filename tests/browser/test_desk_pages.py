"""The desk's lists: sound in every look, and as quick to use as they promise."""

import pytest

from tests.browser.conftest import Open
from tests.browser.sheets import Sheet
from tests.browser.sheets_desk import BUSY, QUIET, busy_day, major_of
from tests.browser.soundness import check, check_each
from tests.browser.test_pages import UNDECIDED
from tests.people import Cast, make_cast


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def busy(people: Cast) -> Cast:
    busy_day(people)
    return people


def test_lists_of_a_busy_desk_are_sound(
    visit: Open, busy: Cast, subtests: pytest.Subtests
) -> None:
    looks = [(sheet, sheet.viewer(busy), sheet.path) for sheet in BUSY]
    check_each(looks, visit, subtests, undecided=UNDECIDED)


@pytest.mark.parametrize("sheet", QUIET, ids=lambda sheet: sheet.name)
def test_list_with_nothing_in_it_is_sound(
    sheet: Sheet, visit: Open, people: Cast
) -> None:
    window = visit(sheet.viewer(people))
    window.go(sheet.path)
    check(window, sheet.name, undecided=UNDECIDED)


def test_choice_shows_at_once_and_the_focus_stays(visit: Open, busy: Cast) -> None:
    window = visit(busy.bo)
    window.go("/queue/?v=all")
    page = window.page
    page.get_by_label("Severity", exact=True).focus()
    page.get_by_label("Severity", exact=True).select_option("1")
    page.get_by_role("link", name="Remove the filter Severity").wait_for()
    assert page.url.endswith("/queue/?v=all&severity=1")
    assert page.evaluate("document.activeElement.id") == "id_severity"
    count = page.locator("#queue-count").inner_text()
    assert count == f"{page.locator('.queue tbody tr').count()} tickets"
    page.go_back()
    chip = page.get_by_role("link", name="Remove the filter Severity")
    chip.wait_for(state="detached")
    assert page.get_by_label("Severity", exact=True).input_value() == ""
    assert page.get_by_role("heading", name="All tickets").is_visible()
    assert window.policy_violations() == []
    assert window.errors == []


def test_choosing_does_not_touch_what_is_being_typed(visit: Open, busy: Cast) -> None:
    window = visit(busy.bo)
    window.go("/queue/?v=teams")
    field = window.page.get_by_label("Number, subject or reporter", exact=True)
    field.fill("VPN")
    window.page.get_by_label("Severity", exact=True).select_option("2")
    window.page.get_by_role("link", name="Remove the filter Search").wait_for()
    assert field.input_value() == "VPN"


def test_filters_work_without_a_script(visit: Open, busy: Cast) -> None:
    window = visit(busy.bo, script=False)
    window.go("/queue/?v=all")
    window.page.get_by_label("Severity", exact=True).select_option("1")
    window.page.get_by_role("button", name="Filter").click()
    assert window.page.url.endswith("/queue/?v=all&severity=1")
    assert window.page.get_by_role("link", name="Clear filters").is_visible()


def test_number_in_the_bar_opens_the_ticket(visit: Open, busy: Cast) -> None:
    major = major_of(busy)
    window = visit(busy.bo)
    window.go("/queue/")
    window.page.get_by_label("Search tickets, articles and numbers").fill(
        major.reference
    )
    window.page.keyboard.press("Enter")
    window.page.wait_for_url(f"**{major.get_absolute_url()}")


def test_views_stand_on_one_line_on_a_wide_screen(visit: Open, busy: Cast) -> None:
    window = visit(busy.bo)
    window.go("/queue/?v=teams")
    tops = window.page.locator(".queue-views li").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().top)"
    )
    assert len(tops) == 11
    assert len(set(tops)) == 1


def test_row_is_no_trap_for_clicks(visit: Open, busy: Cast) -> None:
    window = visit(busy.bo)
    window.go("/queue/?v=teams")
    window.page.locator(".queue tbody tr td.q-owner").first.click()
    assert window.page.url.endswith("/queue/?v=teams")
