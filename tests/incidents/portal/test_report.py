"""Three questions make a report; a mistake in them loses nothing."""

import re
from typing import Any

import pytest
from django.test import Client

from catalogue.models import Location, Workplace
from incidents.files.rules import MAX_FILES
from incidents.models import Attachment, Incident
from tests.incidents.portal.browsing import ClientOf, picture, report_form, text_of, to
from tests.people import Cast

REPORT = "/report/"


@pytest.fixture
def ann(cast: Cast, client_of: ClientOf) -> Client:
    return client_of(cast.ann)


def errors(response: Any) -> list[str]:
    """What the summary on top of the page says."""
    page = text_of(response)
    summary = page.partition('class="error-summary"')[2].partition("</div>")[0]
    found = re.findall(r"<li>\s*<(?:a|p)[^>]*>(.*?)</(?:a|p)>", summary)
    return [one.replace("&#x27;", "'") for one in found]


def kept_ids(response: Any) -> list[int]:
    found = re.findall(r'name="kept" value="(\d+)"', text_of(response))
    return [int(pk) for pk in found]


def test_three_answers_make_a_report(ann: Client, cast: Cast) -> None:
    response = ann.post(REPORT, report_form(impact="2", urgency="1"))
    incident = Incident.objects.get()
    assert response["Location"] == to("received", incident)
    assert (incident.reporter, incident.confirmer) == (cast.ann, cast.ann)
    assert (incident.impact, incident.urgency, incident.severity) == (2, 1, 2)
    assert incident.title == "The printer prints blank pages."


def test_asks_exactly_three_questions(ann: Client) -> None:
    page = text_of(ann.get(REPORT))
    names = set(re.findall(r'name="(\w+)"', page.partition('<form class="panel"')[2]))
    hidden = {"csrfmiddlewaretoken", "submission"}
    assert names - hidden == {"description", "urgency", "impact", "files"}
    assert "Only me, or I am not sure" in page
    assert " required" not in page
    assert not re.search(r'name="(title|severity|category)"', page)


def test_says_who_sends_it_and_from_where(ann: Client, cast: Cast) -> None:
    assert "Sent as Ann Archer" in text_of(ann.get(REPORT))
    place = Location.objects.create(name="Lyon")
    Workplace.objects.create(user=cast.ann, location=place)
    assert "Sent as Ann Archer, Lyon" in text_of(ann.get(REPORT))


def test_only_the_desk_reports_for_others(cast: Cast, client_of: ClientOf) -> None:
    link = "This is for someone else"
    assert link in text_of(client_of(cast.bo).get(REPORT))
    for user in (cast.ann, cast.ned, cast.max, cast.ida, cast.zed):
        assert link not in text_of(client_of(user).get(REPORT))


def test_the_answers_cannot_be_given_for_somebody_else(ann: Client, cast: Cast) -> None:
    ann.post(REPORT, report_form(reporter=cast.zed.pk, severity="1", status="closed"))
    incident = Incident.objects.get()
    assert (incident.reporter, incident.status) == (cast.ann, "new")
    assert incident.severity == 4


def test_an_empty_form_says_what_to_do(ann: Client) -> None:
    response = ann.post(REPORT, report_form(description=" ", urgency="", impact=""))
    assert errors(response) == [
        "Tell us what is going wrong.",
        "Choose how it affects your work.",
        "Choose who else is affected.",
    ]
    assert "<title>Error: " in text_of(response)
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"urgency": "9"}, "Choose one of the three answers."),
        ({"impact": "x"}, "Choose one of the three answers."),
        ({"impact": "9" * 40}, "Choose one of the three answers."),
        (
            {"description": "a" * 10_001},
            "Shorten this to 10000 characters, or add it as a file.",
        ),
        ({"submission": "not a number"}, "Something was changed on the way here."),
        ({"submission": ""}, "Something was changed on the way here."),
        ({"kept": ["x", "-1", "9" * 40], "urgency": ""}, "Choose how it affects"),
    ],
)
def test_bad_input_gets_a_message_and_keeps_the_words(
    answers: dict[str, Any], message: str, ann: Client
) -> None:
    sent = report_form(description="My words stay.") | answers
    response = ann.post(REPORT, sent)
    assert response.status_code == 200
    assert errors(response)[0].startswith(message)
    assert str(sent["description"])[:50] in text_of(response)
    assert not Incident.objects.exists()


def test_a_form_that_was_tampered_with_can_simply_be_sent_again(ann: Client) -> None:
    response = ann.post(REPORT, report_form(submission="x"))
    token = re.search(r'name="submission" value="([0-9a-f-]{36})"', text_of(response))
    assert token is not None
    again = ann.post(REPORT, report_form(submission=token[1]))
    assert again.status_code == 302


def test_signs_that_nobody_typed_are_left_out(ann: Client) -> None:
    ann.post(REPORT, report_form(description="It is\0 dark\x07\r\nand cold"))
    assert Incident.objects.get().description == "It is dark\nand cold"


def test_a_flood_of_text_is_refused_before_it_is_read(ann: Client) -> None:
    response = ann.post(REPORT, report_form(description="a" * 4_000_000))
    assert response.status_code == 400
    assert not Incident.objects.exists()


def test_pressing_twice_makes_one_report(ann: Client) -> None:
    form = report_form()
    first, second = ann.post(REPORT, form), ann.post(REPORT, form)
    assert first["Location"] == second["Location"]
    assert Incident.objects.count() == 1


def test_going_back_and_writing_something_else_loses_nothing(ann: Client) -> None:
    """The same page sent with other words is neither swallowed nor sent unasked."""
    form = report_form()
    ann.post(REPORT, form)
    changed = form | {"description": "The scanner is broken as well."}
    response = ann.post(REPORT, changed)
    assert errors(response)[0].startswith("You sent this page already, as INC-")
    assert "The scanner is broken as well." in text_of(response)
    token = re.search(r'name="submission" value="([0-9a-f-]{36})"', text_of(response))
    assert token is not None
    ann.post(REPORT, changed | {"submission": token[1]})
    assert Incident.objects.count() == 2


def test_another_person_s_submission_number_gives_nothing_away(
    ann: Client, cast: Cast, client_of: ClientOf
) -> None:
    form = report_form(description="A secret of Ann.")
    ann.post(REPORT, form)
    zed = client_of(cast.zed)
    response = zed.post(REPORT, form | {"description": "Mine."})
    own = Incident.objects.get(reporter=cast.zed)
    assert response["Location"] == to("received", own)
    assert "secret" not in text_of(zed.get(response["Location"]))


# --- files --------------------------------------------------------------------------


def test_files_come_with_the_report(ann: Client) -> None:
    ann.post(REPORT, report_form(files=[picture("a.png"), picture("b.png")]))
    incident = Incident.objects.get()
    assert [file.name for file in incident.attachments.all()] == ["a.png", "b.png"]
    page = text_of(ann.get(to("received", incident)))
    assert "a.png" in page
    assert "b.png" in page


def test_a_file_survives_a_mistake_elsewhere(ann: Client) -> None:
    """The naive form drops the files: the browser does not choose them again."""
    wrong = ann.post(REPORT, report_form(urgency="", files=[picture("a.png")]))
    [kept] = kept_ids(wrong)
    assert "a.png" in text_of(wrong)
    ann.post(REPORT, report_form(kept=[kept]))
    assert [file.name for file in Incident.objects.get().attachments.all()] == ["a.png"]


def test_a_bad_file_does_not_take_the_good_ones_with_it(ann: Client) -> None:
    files = [picture("good.png"), picture("run.exe")]
    wrong = ann.post(REPORT, report_form(files=files))
    assert errors(wrong)[0].startswith("run.exe is a kind of file that we do not take.")
    [kept] = kept_ids(wrong)
    assert Attachment.objects.get(pk=kept).name == "good.png"
    assert not Incident.objects.exists()


def test_a_kept_file_can_be_removed_without_losing_a_word(ann: Client) -> None:
    files = [picture("a.png"), picture("b.png")]
    first, second = kept_ids(ann.post(REPORT, report_form(urgency="", files=files)))
    half = report_form(urgency="", impact="2", kept=[first, second], drop=first)
    response = ann.post(REPORT, half | {"files": [picture("c.png")]})
    page = text_of(response)
    assert "a.png" not in page
    assert "c.png" in page
    assert "The printer prints blank pages." in page
    assert re.search(r'name="impact" value="2"[^>]*checked', page)
    assert not errors(response)
    assert half["submission"] in page
    assert not Attachment.objects.filter(pk=first).exists()


def test_removing_twice_is_no_mistake(ann: Client) -> None:
    [kept] = kept_ids(ann.post(REPORT, report_form(urgency="", files=[picture()])))
    for _press in range(2):
        response = ann.post(REPORT, report_form(kept=[kept], drop=kept))
        assert response.status_code == 200
        assert kept_ids(response) == []


def test_the_limits_hold_for_kept_and_new_together(ann: Client) -> None:
    files = [picture(f"{number}.png") for number in range(3)]
    kept = kept_ids(ann.post(REPORT, report_form(urgency="", files=files)))
    more = [picture(f"more-{number}.png") for number in range(3)]
    response = ann.post(REPORT, report_form(kept=kept, files=more))
    assert errors(response)[0].startswith(f"You can attach {MAX_FILES} files")
    assert kept_ids(response) == kept
    assert not Incident.objects.exists()


def test_the_sizes_count_together(ann: Client) -> None:
    nine_megabytes = 9 * 1024 * 1024
    files = [picture("a.png", nine_megabytes), picture("b.png", nine_megabytes)]
    kept = kept_ids(ann.post(REPORT, report_form(urgency="", files=files)))
    one_more = [picture("c.png", nine_megabytes)]
    response = ann.post(REPORT, report_form(kept=kept, files=one_more))
    assert errors(response)[0].startswith("Together these files are larger")


def test_nobody_sends_a_file_of_somebody_else(
    ann: Client, cast: Cast, client_of: ClientOf
) -> None:
    """Ids are guessed easily; another's file is as if it were not there."""
    [secret] = kept_ids(
        ann.post(REPORT, report_form(urgency="", files=[picture("salaries.png")]))
    )
    zed = client_of(cast.zed)
    shown = zed.post(REPORT, report_form(urgency="", kept=[secret]))
    assert "salaries.png" not in text_of(shown)
    zed.post(REPORT, report_form(kept=[secret], drop=secret))
    zed.post(REPORT, report_form(kept=[secret]))
    assert Incident.objects.get().attachments.count() == 0
    assert Attachment.objects.waiting_of(cast.ann).get().pk == secret


def test_a_file_goes_with_one_report_only(ann: Client) -> None:
    [kept] = kept_ids(ann.post(REPORT, report_form(urgency="", files=[picture()])))
    ann.post(REPORT, report_form(kept=[kept]))
    ann.post(REPORT, report_form(kept=[kept]))
    assert [one.attachments.count() for one in Incident.objects.order_by("pk")] == [
        1,
        0,
    ]


def test_the_page_after_it_names_whom_to_call(ann: Client, settings: Any) -> None:
    settings.HELP_PHONE = "+46 40 123 (45)"
    response = ann.post(REPORT, report_form())
    page = text_of(ann.get(response["Location"]))
    assert Incident.objects.get().reference in page
    assert 'href="tel:+464012345"' in page
    settings.HELP_PHONE = ""
    assert "tel:" not in text_of(ann.get(response["Location"]))


def test_nobody_fills_the_disk_with_forms_that_are_never_sent(
    ann: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("incidents.services.uploading", "incidents.forms.kept_files"):
        monkeypatch.setattr(f"{module}.MOST_WAITING", 1)
    form = report_form(description="")
    ann.post(REPORT, form | {"files": [picture()]})
    assert Attachment.objects.count() == 1
    page = ann.post(REPORT, form | {"files": [picture()]})
    assert any("Too many of your files" in error for error in errors(page))
    assert Attachment.objects.count() == 1
