"""Two ways to work with a page: by mouse, and by keyboard alone.

Both name links and buttons by what stands on them and fields by their name. By
keyboard, each stop on the way has to be outlined and in sight.
"""

from dataclasses import dataclass
from typing import Final, Protocol

import pytest
from playwright.sync_api import Page, expect

SKIP: Final = "Skip to the main content"
MOST_STOPS: Final = 70
FOCUS: Final = """() => {
  const el = document.activeElement, style = getComputedStyle(el);
  const box = el.getBoundingClientRect();
  return {
    name: el.getAttribute("name") || el.textContent.trim(),
    words: el.textContent.trim(),
    outlined: style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 3,
    inside: box.top >= 0 && box.bottom <= innerHeight && box.width > 0,
  };
}"""
MORE: Final = "More"


class Hands(Protocol):
    page: Page

    def follow(self, name: str) -> None:
        """Press what is called so, and wait for the page behind it."""

    def step(self, name: str) -> None:
        """The same with a next step of a ticket, which may be folded away."""

    def write(self, field: str, text: str) -> None: ...

    def choose(self, field: str, value: str) -> None:
        """One of several buttons of a choice, or of the lines of a list."""


@dataclass(slots=True)
class Mouse:
    page: Page

    def follow(self, name: str) -> None:
        either = self.page.get_by_role("link", name=name, exact=True).or_(
            self.page.get_by_role("button", name=name, exact=True)
        )
        with self.page.expect_navigation():
            either.first.click()

    def step(self, name: str) -> None:
        if is_folded(self.page, name):
            self.page.locator(".next-steps summary").click()
        self.follow(name)

    def write(self, field: str, text: str) -> None:
        self.page.locator(f"[name={field}]").fill(text)

    def choose(self, field: str, value: str) -> None:
        if is_list(self.page, field):
            self.page.locator(f"[name={field}]").select_option(value)
        else:
            self.page.locator(f"[name={field}][value='{value}']").check()


@dataclass(slots=True)
class Keyboard:
    page: Page

    def follow(self, name: str) -> None:
        self.reach(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def step(self, name: str) -> None:
        if is_folded(self.page, name):
            self.reach(MORE)
            self.page.keyboard.press("Enter")
        self.follow(name)

    def write(self, field: str, text: str) -> None:
        self.reach(field)
        self.page.keyboard.type(text)

    def choose(self, field: str, value: str) -> None:
        self.reach(field)
        if not self._chosen(field) and not is_list(self.page, field):
            self.page.keyboard.press("Space")
        for _line in range(MOST_STOPS):
            if self._chosen(field) == value:
                return
            self.page.keyboard.press("ArrowDown")
        pytest.fail(f"{value} is not among the choices of {field}")

    def reach(self, name: str) -> None:
        """Tab until it has the focus, past the bar on top."""
        self.page.wait_for_load_state()
        for _stop in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            focus = self.page.evaluate(FOCUS)
            assert focus["outlined"], f"no focus ring on {focus['name']}"
            assert focus["inside"], f"focus out of sight on {focus['name']}"
            if focus["name"] == SKIP:
                self.page.keyboard.press("Enter")
                assert self.page.evaluate("document.activeElement.id") == "main"
            if name in {focus["name"], focus["words"]}:
                return
        pytest.fail(f"{name} is not reached by Tab")

    def _chosen(self, field: str) -> str:
        """The value of what is chosen; empty where nothing is."""
        value: str = self.page.evaluate(
            """(name) => {
              const all = [...document.querySelectorAll(`[name=${name}]`)];
              if (all[0].tagName === "SELECT") return all[0].value;
              return (all.find((one) => one.checked) || { value: "" }).value;
            }""",
            field,
        )
        return value


def is_folded(page: Page, step: str) -> bool:
    """Whether this next step of a ticket is behind *More*; it has to be one."""
    steps = page.locator(".next-steps").get_by_text(step, exact=True)
    expect(steps.first).to_be_attached()
    return not steps.first.is_visible()


def is_list(page: Page, field: str) -> bool:
    tag: str = page.locator(f"[name={field}]").first.evaluate("el => el.tagName")
    return tag == "SELECT"
