"""The reporter's pages, wide and narrow, light and dark; and their whole story."""

import pytest
from django.urls import reverse

from incidents.models import Attachment, Confirmation, Incident
from tests.browser.conftest import Open
from tests.browser.sheets_portal import SHEETS, Sheet, picture
from tests.browser.soundness import Known, check
from tests.incidents import stories
from tests.people import Cast, make_cast

UNDECIDED: list[Known] = []


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


def test_every_sheet_has_its_own_name() -> None:
    names = [sheet.name for sheet in SHEETS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_page_of_a_reporter_is_sound(sheet: Sheet, visit: Open, people: Cast) -> None:
    path = sheet.story(people)
    window = visit(getattr(people, sheet.by))
    window.go(path)
    if sheet.act:
        sheet.act(window.page)
    check(window, sheet.name, undecided=UNDECIDED)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_report_and_confirm_on_a_phone(script: bool, visit: Open, people: Cast) -> None:
    """A mistake on the way keeps words and file; six taps and one text in all."""
    window = visit(people.ann, width=390, script=script)
    page = window.page
    window.go("/")
    page.locator("main").get_by_role("link", name="Report a problem").click()
    page.get_by_label("What is going wrong?").fill("The printer prints blank pages.")
    page.get_by_label("Screenshot or file").set_input_files([picture("blank.png")])
    page.get_by_label("It is a small annoyance").check()
    page.get_by_role("button", name="Send report").click()
    page.locator(".error-summary").get_by_text("Choose who else").wait_for()
    page.locator("main").get_by_text("blank.png", exact=True).first.wait_for()
    page.get_by_label("Only me, or I am not sure").check()
    page.get_by_role("button", name="Send report").click()
    page.get_by_role("heading", name="We have your report").wait_for()
    incident = Incident.objects.get()
    assert incident.description == "The printer prints blank pages."
    assert Attachment.objects.get().incident == incident
    worked_on = stories.in_progress(people, of=stories.triaged(people, of=incident))
    stories.resolved(people, of=worked_on)
    page.get_by_role("link", name="Open your report").click()
    page.get_by_label("Anything to add?").fill("It still prints one blank page.")
    page.get_by_role("button", name="Yes, it works").click()
    page.get_by_role("heading", name="Does it really work?").wait_for()
    page.get_by_role("button", name="Yes, it works").click()
    page.get_by_text("Thank you. The service desk closes").wait_for()
    assert Confirmation.objects.get().by == people.ann


def test_enter_in_a_form_with_kept_files_sends_it(visit: Open, people: Cast) -> None:
    """The naive form would press its first button: remove."""
    window = visit(people.ann, script=False)
    page = window.page
    window.go("/report/")
    page.get_by_label("Screenshot or file").set_input_files([picture("blank.png")])
    page.get_by_role("button", name="Send report").click()
    page.get_by_label("What is going wrong?").fill("Blank pages.")
    page.get_by_label("It is a small annoyance").check()
    page.get_by_label("My team").check()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="We have your report").wait_for()
    assert Attachment.objects.get().incident == Incident.objects.get()


def test_a_second_press_sends_nothing(visit: Open, people: Cast) -> None:
    incident = stories.reported(people)
    window = visit(people.ann)
    window.go(f"/my/{incident.pk}/message/")
    window.page.get_by_label("Your message").fill("Once, not twice.")
    window.page.evaluate(
        """() => { const form = document.querySelector("main form");
        form.requestSubmit(); form.requestSubmit(); }"""
    )
    window.page.get_by_text("Your message is with the service desk.").wait_for()
    assert window.page.get_by_text("Once, not twice.").count() == 1


def test_what_was_promised_is_printed_unfolded(visit: Open, people: Cast) -> None:
    window = visit(people.ann)
    window.go(reverse("incidents:my_report", args=[stories.reported(people).pk]))
    line = window.page.get_by_text("You reported it. We promised").first
    assert not line.is_visible()
    window.page.emulate_media(media="print")
    assert line.is_visible()
