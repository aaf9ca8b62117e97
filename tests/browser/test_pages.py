"""Every page, wide and narrow, light and dark: sound, quiet, and nothing sticks out."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.http import HttpResponse

from servicedesk import demonstration
from tests.browser.conftest import Open
from tests.browser.sheets import ERRORS, SHEETS, Sheet, show_error
from tests.browser.soundness import SIDEWAYS, Known, axe, check
from tests.people import Cast, make_cast

# What axe could not decide, on which page, a part of what it says, why that is right.
UNDECIDED: list[Known] = [
    (
        "color-contrast",
        "home-menu",
        "overlapped by another element",
        "The open menu lies over the page. The page alone is home-agent.",
    ),
    (
        "color-contrast",
        "",
        "<select",
        "The arrow is a picture inside the padding; the text stands on --surface, and"
        " test_tokens.py computes that pair.",
    ),
    (
        "frame-tested",
        "inbox-mail-html",
        "<iframe",
        "No script runs in the sandbox, not even axe's. test_mail_look.py looks at it.",
    ),
]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


def test_every_sheet_has_its_own_name() -> None:
    names = [sheet.name for sheet in SHEETS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_page_is_sound(sheet: Sheet, visit: Open, people: Cast) -> None:
    window = visit(sheet.viewer(people))
    window.go(sheet.address(people))
    if sheet.act:
        sheet.act(window.page)
    check(window, sheet.name, undecided=UNDECIDED)


@pytest.mark.parametrize("name", ERRORS)
def test_error_page_is_sound(name: str | int, visit: Open, people: Cast) -> None:
    window = visit()
    show_error(window.page, str(name), window.url)
    check(window, f"error-{name}", undecided=UNDECIDED)


def test_log_in_page_of_the_demonstration(visit: Open, transactional_db: None) -> None:
    demonstration.furnish()
    window = visit()
    window.go("/accounts/login/")
    rows = window.page.locator(".demo tbody tr")
    assert rows.count() == len(demonstration.logins()) > 5
    check(window, "log-in-demonstration", undecided=UNDECIDED)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_own_theme_wins_over_the_device(theme: str, visit: Open, people: Cast) -> None:
    people.bo.theme = theme
    people.bo.save(update_fields=["theme"])
    window = visit(people.bo, scheme="dark" if theme == "light" else "light")
    window.go("/")
    ground = window.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(246, 245, 241)", "dark": "rgb(18, 21, 24)"}[theme]
    window.page.evaluate(AXE_SCRIPT)
    assert not axe(window.page)["violations"]


def test_text_may_be_spaced_out(visit: Open, people: Cast) -> None:
    """WCAG 1.4.12: nothing is cut off when a reader spaces the text."""
    window = visit(people.lea, width=390)
    window.go("/")
    window.page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync(`* { line-height: 1.5 !important;
          letter-spacing: .12em !important; word-spacing: .16em !important; }
          p { margin-bottom: 2em !important; }`);
        document.adoptedStyleSheets = [sheet]; }"""
    )
    assert window.page.evaluate(SIDEWAYS) == 0


@pytest.mark.parametrize("path", ["/accounts/login/", "/components/"])
def test_pages_survive_forced_colours(path: str, visit: Open, people: Cast) -> None:
    window = visit()
    window.page.emulate_media(forced_colors="active")
    window.go(path)
    assert window.page.locator("h1").is_visible()
    outline = window.page.locator("main .btn-primary").first
    outline.focus()
    assert outline.evaluate("el => getComputedStyle(el).outlineStyle") == "solid"


def test_every_page_forbids_inline_code(client: Any, db: None) -> None:
    answer: HttpResponse = client.get("/accounts/login/")
    policy = answer["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
