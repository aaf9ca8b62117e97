"""What a move does to the promises, said while one fills its form in."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Open, Visit
from tests.incidents import stories
from tests.people import Cast, make_cast

TITLE = "What this does to the promises"


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


def region(page: Page) -> Locator:
    return page.get_by_role("region", name=TITLE)


def quiet(window: Visit) -> bool:
    return window.policy_violations() == window.errors == []


def test_the_region_follows_the_form(visit: Open, people: Cast) -> None:
    incident = stories.in_progress(people)
    window = visit(people.bo)
    window.go(f"{incident.get_absolute_url()}hold/")
    said, page = region(window.page), window.page
    expect(said).to_contain_text("as it stands")
    assert said.locator("[aria-live=polite]").count() == 1
    page.get_by_label("Waiting for a supplier").check()
    expect(said).to_contain_text("Paused while it waits for a supplier; due again")
    page.get_by_label("Waiting for a change").check()
    expect(said).to_contain_text("Not paused: stays due")
    assert page.get_by_label("Waiting for a change").evaluate(
        "field => field === document.activeElement"
    )
    expect(page.get_by_role("button", name="Show what it does")).to_be_hidden()
    assert stories.again(incident).version == incident.version
    assert quiet(window)


def test_who_is_faster_than_the_answer_sees_the_last_one(
    visit: Open, people: Cast
) -> None:
    """The first answer is held back until the next choice is made; nothing is torn
    off, which would be an error in the console."""
    incident = stories.in_progress(people)
    window = visit(people.bo)
    window.go(f"{incident.get_absolute_url()}hold/")
    page, held = window.page, list[Route]()
    page.route("**/hold/", lambda route: held.append(route), times=1)
    with page.expect_request("**/hold/"):
        page.get_by_label("Waiting for a supplier").check()
    page.get_by_label("Waiting for a change").check()
    page.wait_for_timeout(300)  # Longer than the form waits before it asks.
    held[0].continue_()
    expect(region(page)).to_contain_text("Not paused: stays due")
    assert quiet(window)


def test_who_sends_the_form_at_once_hears_nothing_of_what_was_asked_before(
    visit: Open, people: Cast
) -> None:
    """The ticket has moved on when the question is answered: that is no error."""
    incident = stories.in_progress(people)
    window = visit(people.bo)
    window.go(f"{incident.get_absolute_url()}hold/")
    page, asked = window.page, list[Route]()

    def late(route: Route) -> None:
        if "preview" in (route.request.post_data or ""):
            asked.append(route)
            return
        asked[0].fulfill(status=409, body="It changed.")
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/hold/", late)
    with page.expect_request("**/hold/"):
        page.get_by_label("Waiting for a supplier").check()
    page.locator("[name=until]").fill("2099-01-01T10:00")
    page.get_by_role("button", name="Put on hold").click()
    page.wait_for_load_state()
    assert quiet(window), window.errors


def test_words_that_are_typed_ask_for_nothing(visit: Open, people: Cast) -> None:
    """They change no promise, and a region that is read out again disturbs."""
    incident = stories.closed(people)
    window = visit(people.bo)
    window.go(f"{incident.get_absolute_url()}reopen/")
    sent: list[str] = []
    window.page.on("request", lambda request: sent.append(request.method))
    window.page.get_by_label("What is wrong again").fill("It is blank again.")
    window.page.keyboard.press("Tab")
    window.page.wait_for_timeout(400)
    assert "POST" not in sent


def test_it_follows_what_the_browser_filled_in_again(visit: Open, people: Cast) -> None:
    incident = stories.triaged(people)
    window = visit(people.bo)
    window.go(f"{incident.get_absolute_url()}override-severity/")
    window.page.get_by_label("SEV1").check()
    expect(region(window.page)).to_contain_text("SEV1, instead of SEV4")
    window.page.get_by_role("link", name="Back to the incident").click()
    window.page.go_back()
    window.page.wait_for_load_state()
    chosen = window.page.get_by_label("SEV1").is_checked()
    policy = "SEV1, instead of SEV4" if chosen else "SEV4, as before"
    expect(region(window.page)).to_contain_text(policy)
    assert quiet(window)


def test_what_cannot_be_shown_is_not_left_standing(visit: Open, people: Cast) -> None:
    """Somebody was faster; what was chosen stays."""
    incident = stories.in_progress(people)
    window = visit(people.bo)
    window.go(f"{incident.get_absolute_url()}hold/")
    stories.resolved(people, of=incident)
    window.page.get_by_label("Waiting for a supplier").check()
    expect(region(window.page)).to_contain_text("This cannot be shown just now")
    assert window.page.get_by_label("Waiting for a supplier").is_checked()


def test_without_scripts_a_button_shows_it(visit: Open, people: Cast) -> None:
    incident = stories.in_progress(people)
    window = visit(people.bo, script=False)
    window.go(f"{incident.get_absolute_url()}hold/")
    page = window.page
    page.get_by_label("Waiting for the reporter").check()
    page.get_by_label("Question to the reporter").fill("Which printer?")
    page.get_by_role("button", name="Show what it does").click()
    assert re.search(r"/hold/#ahead$", page.url)
    expect(region(page)).to_contain_text("Paused until the reporter answers; due again")
    expect(page.get_by_label("Question to the reporter")).to_have_value(
        "Which printer?"
    )
    expect(page.get_by_label("Waiting for the reporter")).to_be_checked()
    assert stories.again(incident).version == incident.version
    page.get_by_role("button", name="Put on hold").click()
    assert stories.again(incident).status == "on_hold"
