"""The whole story in a browser: nobody types an address, nobody touches the database.

Ann reports with a file; Bo triages, works, asks; Ann answers; Bo resolves; Ann says no;
Bo resolves again; Ann confirms by the link in her mail; Bo closes. Lea looks at it.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core import mail
from playwright.sync_api import Page

from activity.models import Event
from activity.services import deliveries
from incidents.models import Incident
from tests.browser.conftest import Open, Visit
from tests.incidents.stories import catalogue
from tests.people import PASSWORD, Cast, make_cast

LINK = re.compile(r"http://\S+/answer/\S+")


@pytest.fixture
def people(transactional_db: None) -> Cast:
    catalogue()
    return make_cast()


def _log_in(page: Page, url: str, email: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda address: "login" not in address)


def _report(page: Page, picture: Path) -> None:
    page.get_by_role("link", name="Report a problem").first.click()
    page.get_by_label("What is going wrong?").fill("The printer prints blank pages.")
    page.get_by_label("I can work, but slowly or with a workaround").check()
    page.get_by_label("Only me, or I am not sure").check()
    page.get_by_label("Screenshot or file").set_input_files(picture)
    page.get_by_role("button", name="Send report").click()
    page.wait_for_url("**/received/")


def _triage(page: Page) -> None:
    page.get_by_role("button", name="Take next").click()
    page.wait_for_url("**/triage/")
    page.get_by_label("Service", exact=True).select_option(label="Printing")
    page.get_by_label("Category").select_option(label="Hardware")
    page.wait_for_load_state("networkidle")  # The preview has come.
    page.get_by_role("button", name="Triage and take").click()
    page.wait_for_url(lambda address: "triage" not in address)


def _ask(page: Page) -> None:
    _next_step(page, "Put on hold")
    page.get_by_label("Waiting for the reporter").check()
    page.get_by_label("Question to the reporter").fill("Which printer is it?")
    page.wait_for_load_state("networkidle")  # The preview has come.
    page.get_by_role("button", name="Put on hold").click()
    page.wait_for_url(lambda address: "hold" not in address)


def _resolve(page: Page, what: str) -> None:
    page.reload()
    _next_step(page, "Resolve")
    page.get_by_label("Fixed for good").check()
    page.get_by_label("What we did").fill(what)
    page.get_by_label("How you made sure that it works").fill("Printed a page.")
    page.get_by_role("button", name="Resolve").click()
    page.wait_for_url(lambda address: "resolve" not in address)


def _next_step(page: Page, label: str) -> None:
    steps = page.locator(".next-steps")
    step = steps.get_by_role("link", name=label, exact=True)
    if not step.is_visible():
        steps.locator("summary").click()
    step.click()


def _last_mail_to(email: str) -> str:
    deliveries.send_due()
    found = [letter for letter in mail.outbox if email in letter.to[0]]
    return str(found[-1].body)


def _kinds() -> list[str]:
    incident = Incident.objects.get()
    return list(Event.objects.about(incident).values_list("kind", flat=True))


@pytest.mark.parametrize(("width", "script"), [(1440, True), (390, False)])
def test_the_whole_story(
    width: int, script: bool, visit: Open, people: Cast, tmp_path: Path
) -> None:
    picture = tmp_path / "blank page.png"
    picture.write_bytes(PNG)
    ann, bo = visit(width=width, script=script), visit(width=1440)
    phone = visit(width=390, script=False)  # nobody is logged in there
    _log_in(ann.page, ann.url, "ann@example.org")
    _log_in(bo.page, bo.url, "bo@example.org")
    _until_it_is_understood(ann, bo, picture)
    _until_it_is_rejected(ann, bo)
    _until_it_is_closed(bo, phone)
    assert _kinds() == STORY
    lea = visit(people.lea)
    lea.go("/queue/lead/")
    assert lea.page.locator("h1").is_visible()
    for window in (ann, bo, phone, lea):
        assert window.errors == []


def _until_it_is_understood(ann: Visit, bo: Visit, picture: Path) -> None:
    _report(ann.page, picture)
    assert "INC-" in ann.page.locator("main").inner_text()
    assert "Your reference is" in _last_mail_to("ann@example.org")
    bo.go("/queue/")
    _triage(bo.page)
    _ask(bo.page)
    assert "Which printer is it?" in _last_mail_to("ann@example.org")
    ann.go(f"/my/{Incident.objects.get().pk}/")
    assert "blank page.png" in ann.page.locator("main").inner_text()
    ann.page.get_by_label("Your answer").fill("The one in room 204.")
    ann.page.get_by_role("button", name="Send answer").click()
    ann.page.get_by_text("The one in room 204.").first.wait_for()


def _until_it_is_rejected(ann: Visit, bo: Visit) -> None:
    _resolve(bo.page, "We changed the drum.")
    ann.go(f"/my/{Incident.objects.get().pk}/")
    words = "Every second page is blank."
    ann.page.get_by_label("Anything to add?").fill(words)
    ann.page.get_by_role("button", name="No, it still does not").click()
    assert ann.page.get_by_label("What still goes wrong?").input_value() == words
    ann.page.get_by_role("button", name="Send it back").click()
    ann.page.get_by_text("Every second page is blank.").first.wait_for()


def _until_it_is_closed(bo: Visit, phone: Visit) -> None:
    _resolve(bo.page, "We changed the fuser too.")
    link = LINK.search(_last_mail_to("ann@example.org"))
    assert link is not None
    phone.go(urlsplit(link[0]).path)
    assert Incident.objects.get().confirmed_at is None
    phone.page.get_by_role("button", name="Yes, it works").click()
    phone.page.wait_for_load_state()
    assert Incident.objects.get().confirmed_at is not None
    bo.page.reload()
    bo.page.locator(".next-steps").get_by_role("button", name="Close").click()
    bo.page.get_by_text("is closed").first.wait_for()
    assert Incident.objects.get().status == "closed"


STORY = [
    "incident.report",
    "incident.take",
    "incident.triage",
    "incident.start",
    "incident.hold",
    "incident.answer",
    "incident.resume",
    "incident.resolve",
    "incident.reject",
    "incident.resolve",
    "incident.confirm",
    "incident.close",
]

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000154a24f5d0000000049454e44ae426082"
)
