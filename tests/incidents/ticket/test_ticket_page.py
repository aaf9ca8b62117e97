"""The page of one incident: what it shows, to whom, and what that costs."""

import gzip
from typing import Any

import pytest

from activity.models import Note
from activity.services.notes import redact_note
from incidents import services
from incidents.codes import HoldReason
from incidents.models import Attachment, Incident
from tests.incidents import stories
from tests.incidents.ticket.conftest import As, address, without_token, words
from tests.people import Cast

HOSTILE = "<script>alert('x')</script>"
LOCKED = "The reporter cannot see this"


def page(window: As, name: str, incident: Incident, query: str = "") -> str:
    response = window(name).get(address("ticket", incident) + query)
    assert response.status_code == 200
    return words(response)


def waiting_file(cast: Cast, number: int = 1, size: int = 2048) -> int:
    row = Attachment.objects.create(
        file="none",
        name=f"till-{number}.png",
        content_type="image/png",
        size=size,
        sha256="0" * 64,
        uploaded_by=cast.bo,
        uploaded_at="2026-11-21T09:00:00Z",
    )
    return int(row.pk)


@pytest.mark.parametrize("name", ["ann", "zed", "max", "ida", "ned"])
def test_who_may_not_see_it_is_told_what_a_missing_one_tells(
    window: As, cast: Cast, name: str
) -> None:
    incident = stories.triaged(cast)
    client = window(name)
    foreign = client.get(f"/tickets/{incident.pk}/")
    missing = client.get(f"/tickets/{incident.pk + 1000}/")
    assert foreign.status_code == missing.status_code == 404
    assert without_token(foreign) == without_token(missing)


def test_an_absurd_number_is_missing_too(window: As) -> None:
    assert window("bo").get(f"/tickets/{10**30}/").status_code == 404


def test_the_desk_sees_everything_that_was_said(window: As, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    services.add_note(
        incident.pk, by=cast.cy, expected_version=None, text="It is the drum."
    )
    shown = page(window, "bo", incident)
    assert incident.reference in shown
    assert stories.DESCRIPTION in shown
    assert "Bo Berg took it" in shown
    assert "It is the drum." in shown
    assert LOCKED in shown


def test_severity_says_what_it_came_from(window: As, cast: Cast) -> None:
    incident = stories.triaged(cast)
    assert "Hindered, or on a workaround" in page(window, "bo", incident)
    services.override_severity(
        incident.pk, by=cast.bo, expected_version=None, severity=1, reason="The board."
    )
    shown = page(window, "bo", stories.again(incident))
    assert "set by hand" in shown
    assert "SEV1" in shown


def test_hostile_words_are_only_words(window: As, cast: Cast) -> None:
    incident = stories.in_progress(cast, title=HOSTILE, description=f"Look: {HOSTILE}")
    pk = incident.pk
    services.answer_desk(pk, by=cast.ann, message=HOSTILE)
    services.add_note(pk, by=cast.cy, expected_version=None, text=HOSTILE)
    shown = page(window, "bo", incident)
    assert "<script>alert" not in shown
    assert shown.count("&lt;script&gt;") >= 4


def test_line_breaks_are_kept(window: As, cast: Cast) -> None:
    incident = stories.reported(cast, description="First.\n\nSecond.\nThird.")
    shown = page(window, "bo", incident)
    assert "<p>First.</p>" in shown
    assert "Second.<br>Third." in shown


def test_redacted_words_are_said_to_be_gone(window: As, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    services.add_note(
        incident.pk, by=cast.bo, expected_version=None, text="A diagnosis."
    )
    note = Note.objects.get(name="internal")
    redact_note(note.pk, by=cast.ida, reason_code="personal_data")
    shown = page(window, "bo", incident)
    assert "A diagnosis." not in shown
    assert "These words were removed" in shown


def test_a_run_of_changes_is_one_line_to_open(window: As, cast: Cast) -> None:
    incident = stories.reported(cast)
    for _round in range(2):
        services.watch_incident(incident.pk, by=cast.cy)
        services.unwatch_incident(incident.pk, by=cast.cy)
    assert "4 changes" in page(window, "bo", incident)


def test_three_changes_stay_three_lines(window: As, cast: Cast) -> None:
    incident = stories.reported(cast)
    services.watch_incident(incident.pk, by=cast.cy)
    services.unwatch_incident(incident.pk, by=cast.cy)
    services.watch_incident(incident.pk, by=cast.cy)
    shown = page(window, "bo", incident)
    assert "changes</summary>" not in shown
    assert shown.count("Cy Cole follows it") == 2


FILTERS = {
    "conversation": ("We look into it.", ["It is the drum.", "Bo Berg took it"]),
    "internal": ("It is the drum.", ["We look into it.", "Bo Berg took it"]),
    "changes": ("Bo Berg took it", ["We look into it.", "It is the drum."]),
}


@pytest.mark.parametrize(("name", "found"), FILTERS.items())
def test_the_history_can_be_filtered(
    window: As, cast: Cast, name: str, found: tuple[str, list[str]]
) -> None:
    incident = stories.in_progress(cast)
    pk = incident.pk
    services.reply_to_reporter(
        pk, by=cast.bo, expected_version=None, message="We look into it."
    )
    services.add_note(pk, by=cast.bo, expected_version=None, text="It is the drum.")
    shown = page(window, "bo", incident, f"?show={name}")
    there, not_there = found
    assert there in shown
    for words_ in not_there:
        assert words_ not in shown


def test_an_unknown_filter_shows_all(window: As, cast: Cast) -> None:
    assert "Ann Archer reported it" in page(
        window, "bo", stories.reported(cast), "?show=%3Cb%3E"
    )


def test_files_are_downloads_with_their_size(window: As, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    services.reply_to_reporter(
        incident.pk,
        by=cast.bo,
        expected_version=None,
        message="Look.",
        files=[waiting_file(cast)],
    )
    row = incident.attachments.get()
    shown = page(window, "bo", incident)
    assert f'href="/files/{row.pk}/"' in shown
    assert "2.0\xa0KB" in shown


def test_unknown_times_are_called_unknown(window: As, cast: Cast) -> None:
    shown = page(window, "bo", stories.reported(cast))
    assert '<dt>Occurred</dt><dd><span class="muted">unknown</span>' in shown
    assert "1970" not in shown


def test_who_holds_it_writes_two_separate_messages(window: As, cast: Cast) -> None:
    shown = page(window, "bo", stories.in_progress(cast))
    assert "Send to Ann Archer" in shown
    assert "Save internal note" in shown


def test_after_the_end_only_notes_are_written(window: As, cast: Cast) -> None:
    shown = page(window, "bo", stories.closed(cast))
    assert "Send to Ann Archer" not in shown
    assert "Save internal note" in shown


def test_who_held_it_once_reads_and_is_told_whom_to_ask(window: As, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    incident.holdings.create(team=cast.network)
    shown = page(window, "ned", incident)
    assert "You can read this, but not write here" in shown
    assert "Save internal note" not in shown
    assert "Bo Berg" in shown
    assert f"{address('ask', incident)}?move=reply" in shown


def test_a_commander_reads_major_incidents_only(window: As, cast: Cast) -> None:
    cast.zed.role_grants.create(role="incident_commander", granted_by=cast.ida)
    incident = stories.in_progress(cast)
    zed = window("zed")
    assert zed.get(address("ticket", incident)).status_code == 404
    services.declare_major(
        incident.pk, by=cast.lea, expected_version=None, reason="Nobody can print."
    )
    shown = words(zed.get(address("ticket", incident)))
    assert "Major incident" in shown
    assert "not write here" in shown


def test_next_steps_are_three_at_most_and_the_first_is_primary(
    window: As, cast: Cast
) -> None:
    shown = page(window, "bo", stories.in_progress(cast))
    bar = shown.split('class="next-steps"')[1].split("<details")[0]
    assert bar.count('class="btn') == 3
    assert bar.count("btn-primary") == 1
    assert bar.index("Resolve") < bar.index("Put on hold")


def test_what_is_blocked_says_why_and_whom_to_ask(window: As, cast: Cast) -> None:
    incident = stories.resolved(cast)
    shown = page(window, "cy", incident)
    assert "Ann Archer has not confirmed yet that it works." in shown
    assert "Only the lead of a service desk waives." in shown
    assert f"{address('ask', incident)}?move=waive" in shown


def test_every_button_that_acts_is_a_form_with_token_and_version(
    window: As, cast: Cast
) -> None:
    incident = stories.triaged(cast)
    shown = page(window, "bo", incident)
    form = shown.split(f'action="{address("take", incident)}"')[1].split("</form>")[0]
    assert "csrfmiddlewaretoken" in form
    assert f'name="version" value="{incident.version}"' in form


def test_how_often_the_confirmer_was_asked(window: As, cast: Cast) -> None:
    assert "asked 4 times" in page(window, "bo", stories.reminded(cast))


def test_what_it_waits_for_and_until_when(window: As, cast: Cast) -> None:
    shown = page(
        window, "bo", stories.on_hold(cast, reason=HoldReason.AWAITING_SUPPLIER)
    )
    assert "Waiting for a supplier" in shown
    assert "On hold until" in shown


def test_a_linked_incident_that_one_may_not_see_is_not_named(
    window: As, cast: Cast
) -> None:
    incident = stories.in_progress(cast)
    other = stories.triaged(cast, title="Secret audit")
    services.link_incidents(incident.pk, by=cast.bo, to=other.pk, kind="related")
    incident.holdings.create(team=cast.network)
    assert "Secret audit" in page(window, "bo", incident)
    assert "Secret audit" not in page(window, "ned", incident)


def test_looking_changes_nothing(window: As, cast: Cast) -> None:
    incident = stories.resolved(cast)
    page(window, "lea", incident)
    assert stories.again(incident).version == incident.version


@pytest.mark.parametrize("rounds", [1, 25])
def test_the_page_asks_the_database_twenty_three_times_at_most(
    window: As, cast: Cast, django_assert_max_num_queries: Any, rounds: int
) -> None:
    incident = _busy(cast, rounds)
    for name in ("bo", "lea", "ned"):
        client = window(name)
        client.get(address("ticket", incident))
        # Three of them for the way through the tiers: stays, events, agreements.
        with django_assert_max_num_queries(23):
            client.get(address("ticket", incident))


def _busy(cast: Cast, rounds: int) -> Incident:
    """Resolved, after two events and a file in each round."""
    incident = stories.in_progress(cast)
    pk = incident.pk
    for number in range(rounds):
        files = [waiting_file(cast, number)] if number < 20 else []
        services.reply_to_reporter(
            pk, by=cast.bo, expected_version=None, message="Still there?", files=files
        )
        services.answer_desk(pk, by=cast.ann, message="Still there.")
    services.share_incident(pk, by=cast.ann, email=cast.zed.email)
    services.watch_incident(pk, by=cast.cy)
    for _round in range(min(rounds, 5)):
        other = stories.triaged(cast)
        services.link_incidents(pk, by=cast.bo, to=other.pk, kind="related")
    incident.holdings.create(team=cast.network)
    return stories.resolved(cast, of=stories.again(incident))


def test_a_page_of_twenty_entries_fits_into_fifteen_kilobytes(
    window: As, cast: Cast
) -> None:
    incident = _busy(cast, 9)
    html = page(window, "bo", incident)
    assert len(gzip.compress(html.encode(), 9)) < 15_000


def test_who_reads_their_own_report_is_not_told_to_reply_to_themselves(
    window: As, cast: Cast
) -> None:
    incident = stories.reported(cast, by=cast.bo)
    own = page(window, "bo", incident)
    assert "Reply to Bo Berg" not in own
    assert "Send to Bo Berg" not in own
    assert "Write on your own report" in own
    assert "Add to your report" in own
    assert "Reply to Bo Berg" in page(window, "cy", incident)
    sent = {"version": incident.version, "message": "It is the left one."}
    said = window("bo").post(address("reply", incident), sent, follow=True)
    assert "Your message is in your report." in words(said)
