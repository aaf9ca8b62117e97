"""Up one tier with a package, back down to who sent it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from accounts.models import EscalationPath, Team
from activity import clock
from activity.models import Delivery, Event, Note
from activity.refusals import Conflict, NotAllowed
from incidents import services
from incidents.codes import HoldReason
from incidents.events import Kind
from incidents.models import Incident
from incidents.tiers.keeping import differences
from tests.database import sql, without
from tests.incidents import stories
from tests.people import Cast


def escalate(incident: Incident, *, by: Any, team: Team, **more: Any) -> Incident:
    given: dict[str, Any] = {"expected_version": None, "package": stories.package()}
    return services.escalate_incident(incident.pk, by=by, team=team, **(given | more))


def hand_back(incident: Incident, *, by: Any, **more: Any) -> Incident:
    given: dict[str, Any] = {"expected_version": None, "reason": "Look at the driver."}
    return services.hand_back_incident(incident.pk, by=by, **(given | more))


def path(incident: Incident) -> list[tuple[str, str]]:
    rows = incident.stays.order_by("entered_seq").select_related("team")
    return [(stay.team.name, stay.why) for stay in rows]


class TestEscalate:
    def test_the_next_tier_has_it_with_a_package(self, cast: Cast) -> None:
        incident = stories.escalated(cast, of=stories.in_progress(cast))
        assert (incident.team, incident.owner) == (cast.network, None)
        assert incident.status == "assigned"
        assert (incident.desk, incident.desk_owner) == (cast.desk, cast.bo)
        package = incident.handovers.get()
        event = Event.objects.about(incident).get(seq=package.seq)
        words = {note.name: note.text for note in event.notes.all()}
        assert words == {
            name: getattr(stories.package(), name)
            for name in ("symptom", "diagnosis", "tried", "wanted")
        }
        assert package.stay == incident.stays.get(left_seq=None)
        assert package.check_made == incident.checks.get()
        assert not event.public

    def test_no_word_of_it_is_in_the_event(self, cast: Cast) -> None:
        incident = stories.escalated(cast)
        event = Event.objects.about(incident).get(kind=Kind.ESCALATE)
        assert set(event.data) == {"from", "team", "tier", "check", "notes"}
        note = Note.objects.get(event=event, name="tried")
        assert note.text
        assert note.text not in str(event.data)

    def test_what_waits_waits_no_longer(self, cast: Cast) -> None:
        held = stories.on_hold(cast, reason=HoldReason.AWAITING_SUPPLIER)
        incident = stories.escalated(cast, of=held)
        assert (incident.status, incident.hold_reason) == ("assigned", "")
        assert incident.hold_until is None

    @pytest.mark.parametrize("missing", ["symptom", "diagnosis", "tried", "wanted"])
    def test_all_four_are_said(self, cast: Cast, missing: str) -> None:
        incident = stories.triaged(cast)
        stories.checked(incident, by=cast.bo)
        package = stories.package(**{missing: "  "})
        with pytest.raises(ValidationError) as caught:
            escalate(incident, by=cast.bo, team=cast.network, package=package)
        assert list(caught.value.message_dict) == [missing]
        assert stories.again(incident).team == cast.desk

    def test_first_somebody_looks_whether_it_is_known(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        with pytest.raises(Conflict) as caught:
            escalate(incident, by=cast.bo, team=cast.network)
        assert "known errors" in caught.value.why
        stories.checked(incident, by=cast.bo)
        assert escalate(incident, by=cast.bo, team=cast.network).team == cast.network

    def test_a_check_of_an_earlier_stay_does_not_count(self, cast: Cast) -> None:
        incident = stories.handed_back(cast)
        with pytest.raises(Conflict):
            escalate(incident, by=cast.bo, team=cast.network)

    def test_above_the_desk_nobody_has_to_check(self, cast: Cast) -> None:
        incident = stories.escalated(cast)
        found = escalate(incident, by=cast.ned, team=cast.vendor)
        assert found.team == cast.vendor
        assert found.handovers.get(stay__tier=3).check_made is None

    def test_only_along_a_path_to_an_active_team(self, cast: Cast) -> None:
        storage = Team.objects.create(name="Storage", tier=2)
        gone = Team.objects.create(name="Gone", tier=2, is_active=False)
        EscalationPath.objects.create(from_team=cast.desk, to_team=gone)
        incident = stories.triaged(cast)
        stories.checked(incident, by=cast.bo)
        for team in (storage, gone, cast.vendor, cast.desk):
            with pytest.raises(ValidationError) as caught:
                escalate(incident, by=cast.bo, team=team)
            assert list(caught.value.message_dict) == ["team"]

    def test_a_major_incident_may_skip_a_tier(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        services.declare_major(
            incident.pk, by=cast.lea, expected_version=None, reason="Nobody prints."
        )
        found = stories.escalated(cast, of=stories.again(incident), team=cast.vendor)
        assert path(found)[-1] == ("Vendor", "escalate")
        assert hand_back(found, by=cast.ute).team == cast.desk

    def test_only_who_has_it(self, cast: Cast) -> None:
        incident = stories.escalated(cast)
        for person in (cast.bo, cast.ute, cast.ann, cast.max):
            with pytest.raises(NotAllowed):
                escalate(incident, by=person, team=cast.vendor)

    def test_neither_before_triage_nor_once_it_is_solved(self, cast: Cast) -> None:
        for incident in (stories.reported(cast), stories.resolved(cast)):
            with pytest.raises(Conflict):
                escalate(incident, by=cast.bo, team=cast.network)

    def test_who_looked_at_an_older_version_is_told(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        stories.checked(incident, by=cast.bo)
        with pytest.raises(Conflict):
            escalate(
                incident,
                by=cast.bo,
                team=cast.network,
                expected_version=incident.version,
            )

    def test_the_lead_of_the_next_team_hears_of_it(self, cast: Cast) -> None:
        cast.network.lead = cast.ned
        cast.network.save()
        stories.escalated(cast)
        letter = Delivery.objects.get(address=cast.ned.email, event__kind=Kind.ESCALATE)
        assert stories.package().wanted in str(letter.envelope)

    def test_the_team_reads_on_after_it_passed_it_on(self, cast: Cast) -> None:
        incident = stories.escalated(cast)
        escalate(incident, by=cast.ned, team=cast.vendor)
        seen = Incident.objects.visible_to(cast.ned)
        assert seen.filter(pk=incident.pk).exists()


class TestHandBack:
    def test_it_goes_to_who_sent_it(self, cast: Cast) -> None:
        incident = stories.handed_back(cast)
        assert (incident.team, incident.owner) == (cast.desk, None)
        assert incident.status == "assigned"
        assert path(incident) == [
            ("Service desk", "report"),
            ("Network", "escalate"),
            ("Service desk", "hand_back"),
        ]

    def test_tier_by_tier(self, cast: Cast) -> None:
        incident = escalate(stories.escalated(cast), by=cast.ned, team=cast.vendor)
        assert hand_back(incident, by=cast.ute).team == cast.network
        assert hand_back(incident, by=cast.ned).team == cast.desk

    def test_who_only_got_it_home_did_not_send_it(self, cast: Cast) -> None:
        """Solved in tier 3 and rejected: the desk had it only in between."""
        incident = escalate(stories.escalated(cast), by=cast.ned, team=cast.vendor)
        solved = stories.resolved(
            cast, of=stories.in_progress(cast, owner=cast.ute, of=incident)
        )
        services.reject_resolution(solved.pk, by=cast.ann, complaint="Still blank.")
        again = stories.again(solved)
        assert (again.team, again.owner) == (cast.vendor, cast.ute)
        assert hand_back(again, by=cast.ute).team == cast.network

    def test_where_the_sender_is_no_more_the_desk_gets_it(self, cast: Cast) -> None:
        incident = escalate(stories.escalated(cast), by=cast.ned, team=cast.vendor)
        Team.objects.filter(pk=cast.network.pk).update(is_active=False)
        assert hand_back(incident, by=cast.ute).team == cast.desk
        connection.check_constraints()

    def test_it_needs_a_reason(self, cast: Cast) -> None:
        with pytest.raises(ValidationError):
            hand_back(stories.escalated(cast), by=cast.ned, reason=" ")

    def test_from_the_desk_there_is_no_way_down(self, cast: Cast) -> None:
        with pytest.raises(Conflict) as caught:
            hand_back(stories.triaged(cast), by=cast.bo)
        assert "transfer" in caught.value.why

    def test_only_who_has_it(self, cast: Cast) -> None:
        incident = stories.escalated(cast)
        for person in (cast.bo, cast.ute, cast.ann, cast.max):
            with pytest.raises(NotAllowed):
                hand_back(incident, by=person)


class TestTriageAndEscalate:
    def test_both_in_one(self, cast: Cast) -> None:
        incident = stories.reported(cast)
        stories.checked(incident, by=cast.bo)
        found = services.triage_and_escalate(
            incident.pk,
            by=cast.bo,
            expected_version=None,
            classification=stories.classification(),
            team=cast.network,
            package=stories.package(),
        )
        assert (found.team, found.desk_owner) == (cast.network, cast.bo)
        kinds = Event.objects.about(found).values_list("kind", flat=True)
        assert list(kinds.order_by("seq"))[-2:] == [Kind.TRIAGE, Kind.ESCALATE]

    def test_or_neither(self, cast: Cast) -> None:
        incident = stories.reported(cast)
        with pytest.raises(Conflict):
            services.triage_and_escalate(
                incident.pk,
                by=cast.bo,
                expected_version=None,
                classification=stories.classification(),
                team=cast.network,
                package=stories.package(),
            )
        assert stories.again(incident).status == "new"


class TestStays:
    def test_they_tile_a_whole_life(self, cast: Cast) -> None:
        incident = stories.closed(cast)
        services.reopen_incident(incident.pk, by=cast.ann, complaint="Blank again.")
        assert path(incident) == [
            ("Service desk", "report"),
            ("Service desk", "resolve"),
            ("Service desk", "reopen"),
        ]
        first, second, third = incident.stays.all()
        assert first.left_at == second.entered_at
        assert second.left_at == incident.closed_at
        assert third.after_seq == second.left_seq
        assert third.entered_at > second.left_at
        connection.check_constraints()

    def test_what_has_ended_is_with_nobody(self, cast: Cast) -> None:
        assert not stories.closed(cast).stays.filter(left_seq=None).exists()
        assert not stories.cancelled(cast).stays.filter(left_seq=None).exists()

    def test_a_clock_that_goes_back_makes_no_stay_run_backwards(
        self, cast: Cast
    ) -> None:
        at = clock.now()
        incident = stories.triaged(cast, at=at)
        stories.checked(incident, by=cast.bo)
        escalate(incident, by=cast.bo, team=cast.network, at=at - timedelta(minutes=5))
        first, second = incident.stays.all()
        assert first.left_at == second.entered_at == at
        connection.check_constraints()
        assert not list(differences())

    def test_every_story_is_as_its_events_say(self, cast: Cast) -> None:
        stories.everything(cast)
        stories.handed_back(cast)
        call_command("verify_stays")
        without("incidents_tierstay.tier_stay_fixed")
        sql(
            "UPDATE incidents_tierstay SET entered_at = entered_at - interval '1 s'"
            " WHERE after_seq IS NULL"
        )
        with pytest.raises(CommandError, match="entered_at"):
            call_command("verify_stays")
