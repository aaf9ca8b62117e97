"""The pages and the letters that ask whether it works, wide and narrow, light and
dark."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Route

from incidents.models import Confirmation
from tests.browser.conftest import Open
from tests.browser.sheets_answering import SHEETS, TITLE, Sheet, asked_yes, letters
from tests.browser.soundness import LOOKS, SCREENSHOTS, SIDEWAYS, Known, check
from tests.incidents import stories
from tests.incidents.letters import letter
from tests.people import PASSWORD, Cast, make_cast

UNDECIDED: list[Known] = []
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


def test_every_sheet_has_its_own_name() -> None:
    names = [sheet.name for sheet in SHEETS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_page_that_asks_is_sound(sheet: Sheet, visit: Open, people: Cast) -> None:
    path = sheet.story(people)
    window = visit(sheet.viewer(people))
    window.go(path)
    if sheet.act:
        sheet.act(window.page)
    check(window, sheet.name, undecided=UNDECIDED)


def test_letters_are_readable(visit: Open, people: Cast) -> None:
    window = visit()
    body = [""]
    window.page.route("**/mail/", lambda route: _answer(route, body[0]))
    for kind, incident in letters(people).items():
        body[0] = letter(incident, kind, people.ann).html
        window.go("/mail/")
        _look(window.page, kind)


def test_without_script_two_presses_answer_a_letter(visit: Open, people: Cast) -> None:
    """The link, the button: no log-in, no script."""
    window = visit(script=False, width=390)
    window.go(asked_yes(people))
    page = window.page
    assert page.get_by_text(TITLE).is_visible()
    page.get_by_role("button", name="Yes, it works").click()
    assert page.locator("h1").inner_text() == "Thank you: it works"
    assert Confirmation.objects.get().by == people.ann


def test_after_log_in_one_press_answers_and_work_goes_on(
    visit: Open, people: Cast
) -> None:
    stories.resolved(people, title=TITLE)
    window = visit()
    window.go("/accounts/login/?next=/profile/")
    page = window.page
    page.get_by_label("E-mail address").fill("ann@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    assert page.get_by_role("heading", name=TITLE).is_visible()
    page.get_by_role("button", name="Yes, it works").click()
    page.wait_for_url("**/profile/")
    assert page.get_by_text("You told us that it works.").is_visible()


def _answer(route: Route, body: str) -> None:
    route.fulfill(status=200, body=body, content_type="text/html; charset=utf-8")


def _look(page: Page, name: str) -> None:
    page.evaluate(AXE_SCRIPT)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(SIDEWAYS) == 0, name
        if SCREENSHOTS:
            path = f"{SCREENSHOTS}/letter-{name}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True)
        options = {"runOnly": {"type": "tag", "values": TAGS}}
        found = page.evaluate("(options) => axe.run(options)", options)
        assert found["violations"] == [], name
