"""Triage, and what changes afterwards with a reason."""

from typing import Any

import pytest

from accounts.models import Team
from incidents import services
from incidents.codes import Risk, Source, Status
from incidents.models import Incident
from tests.incidents import stories
from tests.incidents.services.facts import (
    TOO_LONG,
    last_event,
    leave,
    member_of,
    notes,
    outcome,
    second_desk,
)
from tests.people import Cast


def triage(incident: Incident, cast: Cast, **more: Any) -> Incident:
    given: dict[str, Any] = {
        "by": cast.bo,
        "team": cast.desk,
        "expected_version": None,
        "classification": stories.classification(),
    }
    return services.triage_incident(incident.pk, **(given | more))


def reclassify(incident: Incident, cast: Cast, **answers: Any) -> Incident:
    return services.reclassify_incident(
        incident.pk,
        by=cast.bo,
        expected_version=None,
        classification=stories.classification(**answers),
        reason="The whole floor.",
    )


class TestTriage:
    def test_it_is_assigned_and_the_triager_answers_for_it(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        assert incident.status == Status.ASSIGNED
        assert (incident.desk_owner, incident.owner) == (cast.bo, None)
        event = last_event(incident)
        assert (event.kind, event.public, event.seq) == ("incident.triage", True, 2)
        assert event.data["team"] == cast.desk.pk

    def test_severity_is_computed_and_what_changed_is_told(self, cast: Cast) -> None:
        incident = stories.reported(cast, impact=3, urgency=3)
        answers = stories.classification(impact=2, urgency=1, risks=[Risk.SECURITY])
        incident = stories.again(triage(incident, cast, classification=answers))
        assert (incident.severity, incident.risks) == (2, ["security"])
        changed = last_event(incident).data["changed"]
        assert changed["severity"] == [4, 2]
        assert changed["risks"] == [[], ["security"]]

    def test_looking_at_it_is_no_acknowledgement(self, cast: Cast) -> None:
        assert stories.triaged(cast).acknowledged_at is None

    def test_who_took_it_before_keeps_it(self, cast: Cast) -> None:
        taken = stories.in_progress(cast, of=stories.reported(cast))
        assert taken.status == Status.NEW
        assert stories.triaged(cast, of=taken).owner == cast.bo

    def test_who_took_it_loses_it_to_a_team_they_are_not_in(self, cast: Cast) -> None:
        other = second_desk()
        taken = stories.in_progress(cast, of=stories.reported(cast))
        incident = stories.triaged(cast, of=taken, team=other)
        assert (incident.team, incident.desk, incident.owner) == (other, other, None)

    def test_a_team_of_another_tier_or_one_that_sees_nothing_is_refused(
        self, cast: Cast
    ) -> None:
        field = Team.objects.create(name="Field", tier=1)
        gone = Team.objects.create(name="Old desk", tier=1, is_service_desk=True)
        gone.is_active = False
        gone.save()
        incident = stories.reported(cast)
        for team in (cast.network, cast.vendor, field, gone):
            assert outcome(lambda t=team: triage(incident, cast, team=t)) == "team"

    @pytest.mark.parametrize(
        ("name", "value"), [("kind", "wish"), ("impact", 9), ("people_affected", -2)]
    )
    def test_unknown_codes_are_asked_again(
        self, cast: Cast, name: str, value: Any
    ) -> None:
        incident = stories.reported(cast)
        answers = stories.classification(**{name: value})
        found = outcome(lambda: triage(incident, cast, classification=answers))
        assert found == name

    def test_whom_monitoring_asks_follows_the_service(self, cast: Cast) -> None:
        service, _category = stories.catalogue()
        service.owner = cast.max
        service.save()
        incident = stories.triaged(cast, by=cast.bo, source=Source.MONITORING)
        assert incident.confirmer == cast.max
        service.owner = leave(cast.max)
        service.save()
        assert reclassify(incident, cast, impact=2).confirmer == cast.lea

    def test_whom_monitoring_asks_is_in_the_event(self, cast: Cast) -> None:
        service, _category = stories.catalogue()
        service.owner = cast.ute
        service.save()
        incident = stories.triaged(cast, by=cast.bo, source=Source.MONITORING)
        changed = last_event(incident).data["changed"]
        assert changed["confirmer"] == [cast.lea.pk, cast.ute.pk]
        again = last_event(reclassify(incident, cast, impact=2))
        assert "confirmer" not in again.data["changed"]

    def test_whom_a_lead_named_stays(self, cast: Cast) -> None:
        service, _category = stories.catalogue()
        service.owner = cast.ute
        service.save()
        incident = stories.triaged(cast, by=cast.bo, source=Source.MONITORING)
        leave(cast.ute)
        services.name_successor(
            incident.pk,
            by=cast.lea,
            expected_version=None,
            successor=cast.zed,
            reason="Ute left.",
        )
        changed = reclassify(incident, cast, impact=2)
        assert changed.confirmer == cast.zed
        assert "confirmer" not in last_event(changed).data["changed"]

    def test_whom_people_ask_does_not(self, cast: Cast) -> None:
        service, _category = stories.catalogue()
        service.owner = cast.max
        service.save()
        assert stories.triaged(cast).confirmer == cast.ann


class TestReclassify:
    def test_it_says_why_and_what(self, cast: Cast) -> None:
        incident = reclassify(stories.triaged(cast), cast, impact=2)
        event = last_event(incident)
        assert (event.kind, event.public) == ("incident.reclassify", False)
        assert notes(event) == {"reason": "The whole floor."}
        assert event.data["changed"] == {"impact": [3, 2], "severity": [4, 3]}

    def test_nothing_different_is_no_event(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        assert outcome(lambda: reclassify(incident, cast)) == "input"
        assert stories.again(incident).version == incident.version

    def test_it_keeps_a_severity_set_by_hand(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        self.override(incident, cast, 1)
        assert reclassify(incident, cast, impact=2).severity == 1

    def override(self, incident: Incident, cast: Cast, severity: int | None) -> None:
        services.override_severity(
            incident.pk,
            by=cast.bo,
            expected_version=None,
            severity=severity,
            reason="The board meets.",
        )

    def test_an_override_can_be_taken_back(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        self.override(incident, cast, 1)
        self.override(incident, cast, None)
        incident = stories.again(incident)
        assert (incident.severity, incident.severity_override) == (4, None)
        assert last_event(incident).data["changed"] == {"severity": [1, 4]}

    @pytest.mark.parametrize("severity", [0, 5, 99])
    def test_a_severity_that_nobody_knows_is_asked_again(
        self, cast: Cast, severity: int
    ) -> None:
        incident = stories.triaged(cast)
        assert outcome(lambda: self.override(incident, cast, severity)) == "severity"


class TestSubject:
    def retitle(self, incident: Incident, cast: Cast, title: str) -> Incident:
        return services.retitle_incident(
            incident.pk, by=cast.bo, expected_version=None, title=title
        )

    def test_the_old_one_stays_beside_the_event(self, cast: Cast) -> None:
        incident = self.retitle(stories.reported(cast), cast, " Blank\n pages ")
        assert incident.title == "Blank pages"
        event = last_event(incident)
        assert (event.kind, event.public) == ("incident.retitle", False)
        assert notes(event) == {"former_title": stories.DESCRIPTION}

    def test_the_same_one_is_no_event(self, cast: Cast) -> None:
        incident = stories.reported(cast)
        assert self.retitle(incident, cast, incident.title).version == 1

    @pytest.mark.parametrize("title", ["", " \n", TOO_LONG[:151]])
    def test_none_and_one_too_long_are_asked_again(
        self, cast: Cast, title: str
    ) -> None:
        incident = stories.reported(cast)
        assert outcome(lambda: self.retitle(incident, cast, title)) == "title"


def test_a_major_incident_is_a_flag_with_a_reason(cast: Cast) -> None:
    incident = stories.triaged(cast)
    services.declare_major(
        incident.pk, by=cast.lea, expected_version=None, reason="All sites."
    )
    incident = stories.again(incident)
    assert (incident.is_major, incident.status, incident.severity) == (
        True,
        Status.ASSIGNED,
        4,
    )
    event = last_event(incident)
    assert (event.public, notes(event)) == (False, {"reason": "All sites."})


def test_an_agent_of_another_desk_triages_too(cast: Cast) -> None:
    eve = member_of(second_desk())
    assert stories.triaged(cast, by=eve).desk_owner == eve
