"""The contact screen: sound in every look, and four actions from the queue."""

import pytest
from playwright.sync_api import Page

from incidents.models import Incident, TicketTemplate
from tests.browser.conftest import Open
from tests.browser.soundness import Known, check
from tests.incidents.stories import catalogue
from tests.people import Cast, make_cast, make_user

UNDECIDED: list[Known] = [
    (
        "color-contrast",
        "",
        "<select",
        "The arrow is a picture inside the padding; the text stands on --surface, and"
        " test_tokens.py computes that pair.",
    ),
]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    cast = make_cast()
    service, category = catalogue()
    for name in ("Password forgotten", "Printer jam", "Wi-Fi on a phone"):
        TicketTemplate.objects.create(
            name=name,
            title=name,
            description=f"{name}, says the caller.",
            service=service,
            category=category,
            resolution_code="advice",
            solution="We went through it together on the phone.",
        )
    return cast


def _send(page: Page) -> None:
    page.get_by_role("button", name="Log, solve and send the link").click()


def test_contact_screen_is_sound(visit: Open, people: Cast) -> None:
    window = visit(people.bo)
    window.go("/tickets/new/")
    check(window, "contact", undecided=UNDECIDED)


def test_contact_screen_with_errors_is_sound(visit: Open, people: Cast) -> None:
    window = visit(people.bo)
    window.go("/tickets/new/")
    _send(window.page)
    check(window, "contact-errors", undecided=UNDECIDED)


def test_contact_screen_with_namesakes_is_sound(visit: Open, people: Cast) -> None:
    make_user("Anne Archer")
    window = visit(people.bo)
    template = TicketTemplate.objects.order_by("pk")[0]
    window.go(f"/tickets/new/?template={template.pk}")
    window.page.get_by_label("Who is it?").fill("archer")
    _send(window.page)
    check(window, "contact-namesakes", undecided=UNDECIDED)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_first_contact_takes_four_actions(
    script: bool, visit: Open, people: Cast
) -> None:
    """New ticket, a template, send: three presses; filling a field is text."""
    window = visit(people.bo, script=script)
    page = window.page
    window.go("/queue/")
    page.get_by_role("link", name="New ticket").first.click()
    page.get_by_role("button", name="Password forgotten").click()
    page.get_by_label("Who is it?").fill("ann@example.org")
    page.get_by_label("How did you make sure that it works?").fill("She logged in.")
    _send(page)
    page.wait_for_url("**/tickets/*/")
    incident = Incident.objects.get()
    assert (incident.status, incident.reporter) == ("resolved", people.ann)
    assert "asks whether it works" in page.locator("#messages").inner_text()


def test_a_contact_without_a_template_takes_five_presses_at_most(
    visit: Open, people: Cast
) -> None:
    """Choosing service, category and code by their first letters is typing."""
    window = visit(people.bo)
    page = window.page
    window.go("/tickets/new/")
    page.keyboard.press("Tab")
    page.get_by_label("Who is it?").fill("archer")
    page.get_by_label("What is going wrong?").fill("No page comes out.")
    page.get_by_label("Service", exact=True).select_option(label="Printing")
    page.get_by_label("Category").select_option(label="Hardware")
    page.get_by_label("How was it solved?").select_option(label="Fixed for good")
    page.get_by_label("What did you do?").fill("We took the jammed page out.")
    page.get_by_label("How did you make sure that it works?").fill("It prints.")
    _send(page)
    page.wait_for_url("**/tickets/*/")
    assert Incident.objects.get().status == "resolved"
