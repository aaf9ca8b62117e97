"""Everything can be done without a mouse, and without a script."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.hands import FOCUS
from tests.people import PASSWORD, Cast, make_cast


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


def _tab_stops(page: Page, count: int) -> list[str]:
    names = []
    for _stop in range(count):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["outlined"], f"no focus ring on {focus['name']}"
        assert focus["inside"], f"focus out of sight on {focus['name']}"
        names.append(focus["name"])
    return names


def test_tab_order_of_the_log_in_page(visit: Open, people: Cast) -> None:
    window = visit()
    window.go("/accounts/login/")
    assert _tab_stops(window.page, 8) == [
        "Skip to the main content",
        "Service desk",
        "login",
        "password",
        "remember",
        "Log in",
        "Forgot your password?",
        "Get help from a person",
    ]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_log_in_by_keyboard_alone(script: bool, visit: Open, people: Cast) -> None:
    window = visit(script=script)
    page = window.page
    window.go("/profile/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("ann@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: urlsplit(url).path == "/profile/")
    assert page.locator("h1").inner_text() == "Profile"


def test_skip_link_leads_to_the_content(visit: Open, people: Cast) -> None:
    window = visit(people.bo)
    window.go("/")
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Enter")
    assert window.page.evaluate("document.activeElement.id") == "main"


def test_errors_take_the_focus_and_lead_to_their_fields(
    visit: Open, people: Cast
) -> None:
    page = (window := visit()).page
    window.go("/accounts/login/")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_load_state()
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_role("link", name="Enter your password.").click()
    field = page.get_by_label("Password")
    assert field.evaluate("el => el === document.activeElement")
    assert field.get_attribute("aria-invalid") == "true"
    described_by = field.get_attribute("aria-describedby") or ""
    error = page.locator(f"#{described_by.split()[-1]}")
    assert "Enter your password." in error.inner_text()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_user_menu_by_keyboard(script: bool, visit: Open, people: Cast) -> None:
    window = visit(people.bo, script=script)
    page = window.page
    window.go("/")
    button = page.locator(".menu-button")
    button.focus()
    page.keyboard.press("Enter")
    menu = page.locator("#user-menu")
    assert menu.is_visible()
    page.keyboard.press("Escape")
    assert menu.is_hidden()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/accounts/login/**")
    assert "You are logged out." in page.locator("#messages").inner_text()


def test_profile_is_saved_without_a_script(visit: Open, people: Cast) -> None:
    window = visit(people.bo, script=False)
    page = window.page
    window.go("/profile/")
    page.get_by_label("Name").fill("Bo Bergström")
    page.get_by_label("Time zone").select_option("Europe/Stockholm")
    page.get_by_label("Dark").check()
    page.get_by_role("button", name="Save profile").click()
    assert "Your profile is saved." in page.locator("#messages").inner_text()
    people.bo.refresh_from_db()
    assert people.bo.name == "Bo Bergström"
    assert people.bo.time_zone == "Europe/Stockholm"
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_targets_are_large_enough_for_a_finger(visit: Open, people: Cast) -> None:
    window = visit(people.lea, width=390)
    for path in ("/", "/profile/"):
        window.go(path)
        small = window.page.evaluate(
            """() => [...document.querySelectorAll(
                "button, select, input:not([type=hidden], [type=radio]), li a, .bar a")]
              .filter((el) => el.checkVisibility() && !el.closest(".skip-link"))
              .map((el) => (el.type === "checkbox" ? el.labels[0] : el))
              .filter((el) => el.getBoundingClientRect().height < 44)
              .map((el) => el.outerHTML.slice(0, 90))"""
        )
        assert small == []


def test_fields_do_not_make_a_phone_zoom(visit: Open, people: Cast) -> None:
    window = visit(width=390)
    window.go("/components/")
    sizes = window.page.evaluate(
        """() => [...document.querySelectorAll("input[type=text], select, textarea")]
          .map((el) => parseFloat(getComputedStyle(el).fontSize))"""
    )
    assert sizes
    assert min(sizes) >= 16
