"""From the queue to the proof of a clock without a mouse: the focus is always seen."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.hands import Keyboard
from tests.incidents import stories
from tests.people import Cast, make_cast


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


def test_from_the_queue_to_the_explanation(visit: Open, people: Cast) -> None:
    """A hold and its preview on the way; Tab, Space, arrows, Enter, nothing else."""
    incident = stories.in_progress(people)
    page = (window := visit(people.bo)).page
    hands = Keyboard(page)
    window.go("/queue/")
    hands.follow(incident.title)
    hands.step("Put on hold")
    hands.reach("reason")
    page.keyboard.press("Space")
    expect(page.get_by_label("Waiting for the reporter")).to_be_checked()
    hands.reach("question")
    page.keyboard.type("Which printer is it?")
    hands.reach("soon")
    page.keyboard.press("ArrowDown")
    until = page.locator("[name=soon]:checked")
    expect(until).not_to_have_value("next_day")  # which is chosen from the beginning
    ahead = page.get_by_role("region", name="What this does to the promises")
    expect(ahead).to_contain_text("Paused until the reporter answers; due again")
    page.wait_for_load_state("networkidle")
    hands.reach("Put on hold")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "hold" not in address)
    hands.follow("Explain Resolution")
    expect(page.locator(".clock-head")).to_contain_text("waiting for the reporter")
    expect(page.locator(".clock-lines")).to_contain_text("On hold")
    hands.follow("Update 2")
    expect(page.locator("h1")).to_have_text("Update, explained")
    hands.follow(f"{incident.reference} {incident.title}")
    expect(page.locator("h1")).to_contain_text(incident.title)
    assert window.policy_violations() == window.errors == []
