"""The hand-over: sound in every look, on one sheet of paper, and by keyboard."""

import re
from pathlib import Path

import pytest

from accounts.models import User
from tests.browser.conftest import Open
from tests.browser.sheets import Sheet
from tests.browser.sheets_shifts import BUSY, QUIET, address, busy_night, note_of_bo
from tests.browser.soundness import SCREENSHOTS, SIDEWAYS, check, check_each
from tests.browser.test_pages import UNDECIDED
from tests.people import Cast, make_cast

# A table that reaches out of its frame, and so below what stands beside it; a reference
# in two lines.
OUT_OF_PLACE = """() => [
  ...[...document.querySelectorAll("main .table-wrap")].filter((frame) =>
    frame.scrollWidth > frame.clientWidth),
  ...[...document.querySelectorAll("main .reference")].filter((one) =>
    one.getClientRects().length > 1),
].map((one) => one.textContent.trim().slice(0, 80))"""


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def busy(people: Cast) -> Cast:
    busy_night(people)
    return people


def test_pages_after_a_busy_night_are_sound(
    visit: Open, busy: Cast, subtests: pytest.Subtests
) -> None:
    looks = [(sheet, sheet.viewer(busy), address(sheet, busy)) for sheet in BUSY]
    check_each(looks, visit, subtests, undecided=UNDECIDED)


@pytest.mark.parametrize("sheet", QUIET, ids=lambda sheet: sheet.name)
def test_page_with_nothing_in_it_is_sound(
    sheet: Sheet, visit: Open, people: Cast
) -> None:
    window = visit(sheet.viewer(people))
    window.go(address(sheet, people))
    check(window, sheet.name, undecided=UNDECIDED)


def test_question_before_a_text_goes_is_sound(visit: Open, busy: Cast) -> None:
    window = visit(busy.bo)
    window.go(f"/queue/handover/notes/{note_of_bo(busy).pk}/redact/")
    check(window, "handover-redact", undecided=UNDECIDED)


@pytest.mark.parametrize("name", ["lea", "max"])
def test_a_team_page_covers_and_breaks_nothing_at_any_width(
    name: str, visit: Open, busy: Cast
) -> None:
    window = visit(getattr(busy, name))
    window.go(f"/teams/{busy.desk.pk}/")
    for width in (390, 641, 900, 961, 1024, 1121, 1280, 1440, 1920):
        window.page.set_viewport_size({"width": width, "height": 900})
        assert window.page.evaluate(SIDEWAYS) == 0, width
        assert window.page.evaluate(OUT_OF_PLACE) == [], width


def test_it_goes_on_one_sheet_of_paper(visit: Open, busy: Cast) -> None:
    window = visit(busy.bo)
    window.go("/queue/handover/")
    paper = window.page.pdf(format="A4", prefer_css_page_size=False)
    if SCREENSHOTS:
        Path(SCREENSHOTS, "handover.pdf").write_bytes(paper)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) == 1


def test_each_ticket_is_one_line_on_paper(visit: Open, busy: Cast) -> None:
    """Whatever stands beside its promise: the team's own target, a call."""
    window = visit(busy.bo)
    window.page.emulate_media(media="print")
    window.page.set_viewport_size({"width": 718, "height": 1040})
    window.go("/queue/handover/")
    heights = window.page.evaluate(
        "[...document.querySelectorAll('.shift tbody tr')]"
        ".map((row) => row.offsetHeight).filter(Boolean)"
    )
    assert len(heights) > 12
    assert max(heights) < 20
    paper = window.page.locator("main")
    assert "Nobody has answered yet" in paper.inner_text()
    assert "Agreed:" in paper.inner_text()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_word_is_left_and_seen_by_keyboard_alone(
    script: bool, visit: Open, busy: Cast
) -> None:
    window = visit(busy.bo, script=script)
    window.go("/queue/handover/")
    page = window.page
    page.get_by_label("A word to the next shift").focus()
    page.keyboard.type("The lift is stuck.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Kept for the next shift of Service desk.").wait_for()
    other = visit(busy.cy, script=script)
    other.go("/queue/handover/")
    other.page.get_by_text("The lift is stuck.").wait_for()
    other.page.get_by_role("button", name="Seen – Bo Berg").first.focus()
    other.page.keyboard.press("Enter")
    other.page.get_by_text("The lift is stuck.").wait_for(state="detached")
    assert window.policy_violations() == other.policy_violations() == []


def test_a_figure_leads_to_its_rows_and_takes_the_focus_along(
    visit: Open, busy: Cast
) -> None:
    window = visit(busy.bo)
    window.go("/queue/handover/")
    window.page.get_by_role("link", name="1 Came back").press("Enter")
    assert window.page.url.endswith("#back")
    window.page.keyboard.press("Tab")
    focused = window.page.evaluate("document.activeElement.textContent")
    assert focused == "Label printer prints blank labels"


def test_keys_go_to_the_pages_that_help_names(visit: Open, people: Cast) -> None:
    window = visit(people.ned)
    page = window.page
    window.go("/help/")
    told = page.locator("dl kbd:nth-of-type(2)").all_inner_texts()
    assert told == ["w", "q", "h", "r", "k", "t"]
    for key, place in (
        ("h", "/queue/handover/"),
        ("w", "/queue/mine/"),
        ("t", "/teams/"),
    ):
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(f"**{place}")
    window.go("/queue/handover/")
    page.get_by_label("A word to the next shift").focus()
    page.keyboard.type("ghost")
    assert page.get_by_label("A word to the next shift").input_value() == "ghost"


def test_who_turned_keys_off_goes_nowhere_by_them(visit: Open, people: Cast) -> None:
    User.objects.filter(pk=people.ned.pk).update(uses_keys=False)
    window = visit(people.ned)
    window.go("/help/")
    window.page.keyboard.press("g")
    window.page.keyboard.press("h")
    assert window.page.url.endswith("/help/")
    assert window.page.locator("a[data-go]").count() == 0
    assert "turned single keys off" in window.page.locator("main").inner_text()
