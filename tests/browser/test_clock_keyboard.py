"""From the queue to the proof of a clock without a mouse: the focus is always seen."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.test_keyboard import FOCUS
from tests.incidents import stories
from tests.people import Cast, make_cast

SKIP = "Skip to the main content"
MOST_STOPS = 60


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


def test_from_the_queue_to_the_explanation(visit: Open, people: Cast) -> None:
    """A hold and its preview on the way; Tab, Space, arrows, Enter, nothing else."""
    incident = stories.in_progress(people)
    page = (window := visit(people.bo)).page
    window.go("/queue/")
    _follow(page, incident.title)
    _follow(page, "Put on hold")
    _reach(page, "reason")
    page.keyboard.press("Space")
    expect(page.get_by_label("Waiting for the reporter")).to_be_checked()
    _reach(page, "question")
    page.keyboard.type("Which printer is it?")
    _reach(page, "soon")
    page.keyboard.press("ArrowDown")
    until = page.locator("[name=soon]:checked")
    expect(until).not_to_have_value("next_day")  # which is chosen from the beginning
    ahead = page.get_by_role("region", name="What this does to the promises")
    expect(ahead).to_contain_text("Paused until the reporter answers; due again")
    page.wait_for_load_state("networkidle")
    _reach(page, "Put on hold")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "hold" not in address)
    _follow(page, "Explain Resolution")
    expect(page.locator(".clock-head")).to_contain_text("waiting for the reporter")
    expect(page.locator(".clock-lines")).to_contain_text("On hold")
    _follow(page, "Update 2")
    expect(page.locator("h1")).to_have_text("Update, explained")
    _follow(page, f"{incident.reference} {incident.title}")
    expect(page.locator("h1")).to_contain_text(incident.title)
    assert window.policy_violations() == window.errors == []


def _follow(page: Page, name: str) -> None:
    _reach(page, name)
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: address != before)


def _reach(page: Page, name: str) -> None:
    """Tab until it has the focus, past the bar on top; each stop on the way is outlined
    and in sight."""
    page.wait_for_load_state()
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["outlined"], f"no focus ring on {focus['name']}"
        assert focus["inside"], f"focus out of sight on {focus['name']}"
        if focus["name"] == SKIP:
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id") == "main"
        if focus["name"] == name:
            return
    pytest.fail(f"{name} is not reached by Tab")
