"""Who of a team gets what arrives, and what came back too often."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Membership, Team, User
from activity import clock
from activity.models import Delivery, Event
from incidents import services
from incidents.events import Kind
from incidents.models import Incident
from incidents.services.attention import lower_attention, raise_attention
from incidents.services.reporting import Report
from incidents.tiers.bounces import bounces_of
from incidents.tiers.path import path_of
from incidents.tiers.spent import Doing
from tests.incidents import stories
from tests.incidents.letters import hear, letter
from tests.incidents.races import THREADS, race
from tests.people import Cast, make_user


def network_of(cast: Cast, assignment: str) -> list[User]:
    """Ned and two colleagues, one of them with three open tickets."""
    Team.objects.filter(pk=cast.network.pk).update(assignment=assignment)
    people = [cast.ned, make_user("Nia"), make_user("Noa")]
    for person in people[1:]:
        Membership.objects.create(user=person, team=cast.network)
    return people


def owners(cast: Cast, count: int) -> list[str]:
    found = [stories.escalated(cast).owner for _each in range(count)]
    return [owner.name if owner else "" for owner in found]


class TestAssignment:
    def test_nobody_unless_the_team_wants_it(self, cast: Cast) -> None:
        network_of(cast, "none")
        assert owners(cast, 2) == ["", ""]

    def test_each_in_turn(self, cast: Cast) -> None:
        network_of(cast, "round_robin")
        names = owners(cast, 6)
        assert names[:3] == names[3:] == ["Ned North", "Nia", "Noa"]

    def test_whoever_has_the_fewest(self, cast: Cast) -> None:
        _ned, nia, noa = network_of(cast, "least_loaded")
        assert sorted(owners(cast, 3)) == ["Ned North", "Nia", "Noa"]
        done = Incident.objects.get(owner=noa)
        services.start_incident(done.pk, by=noa, expected_version=None)
        services.resolve_incident(
            done.pk, by=noa, expected_version=None, solution=stories.solution()
        )
        assert owners(cast, 1) == ["Noa"]
        assert Incident.objects.filter(owner=nia).count() == 1

    def test_who_is_away_or_gone_is_passed_over(self, cast: Cast) -> None:
        _ned, nia, noa = network_of(cast, "round_robin")
        later = clock.now() + timedelta(days=3)
        Membership.objects.filter(user=nia).update(away_until=later)
        User.objects.filter(pk=noa.pk).update(is_active=False)
        assert owners(cast, 2) == ["Ned North", "Ned North"]
        Membership.objects.filter(user=cast.ned).update(away_until=later)
        assert owners(cast, 1) == [""]

    def test_the_product_did_it_and_says_why(self, cast: Cast) -> None:
        network_of(cast, "round_robin")
        incident = stories.escalated(cast)
        event = Event.objects.about(incident).latest("seq")
        assert (event.kind, event.actor.is_system) == (Kind.ASSIGN, True)
        assert event.data == {"owner": cast.ned.pk, "because": "round_robin"}
        assert incident.status == "assigned"
        letters = Delivery.objects.filter(event=event)
        assert [one.address for one in letters] == [cast.ned.email]

    def test_who_solved_it_gets_it_back_whoever_is_next(self, cast: Cast) -> None:
        network_of(cast, "round_robin")
        incident = stories.in_progress(cast, owner=cast.ned, of=stories.escalated(cast))
        stories.resolved(cast, of=incident)
        services.reject_resolution(incident.pk, by=cast.ann, complaint="Still blank.")
        assert stories.again(incident).owner == cast.ned

    def test_a_report_is_given_to_somebody_of_the_desk(self, cast: Cast) -> None:
        Team.objects.filter(pk=cast.desk.pk).update(assignment="round_robin")
        incident = stories.reported(cast)
        assert (incident.owner, incident.status) == (cast.bo, "new")
        logged = stories.reported(cast, by=cast.cy, reporter=cast.ann)
        assert logged.owner is None

    def test_what_it_gave_at_the_report_triage_takes_from_nobody(
        self, cast: Cast
    ) -> None:
        """Cy triages what Bo was given; the event says who goes on with it."""
        Team.objects.filter(pk=cast.desk.pk).update(assignment="round_robin")
        incident = stories.triaged(cast, by=cast.cy, of=stories.reported(cast))
        assert (incident.owner, incident.desk_owner) == (cast.bo, cast.cy)
        event = Event.objects.about(incident).get(kind=Kind.TRIAGE)
        assert event.data["owner"] == cast.bo.pk
        (step,) = path_of(incident, clock.now()).steps
        assert [one.doing for one in step.pieces][-1:] == [Doing.WORK]

    def test_triage_leaves_it_to_nobody_who_is_elsewhere(self, cast: Cast) -> None:
        north = Team.objects.create(name="North desk", tier=1, is_service_desk=True)
        Team.objects.filter(pk=cast.desk.pk).update(assignment="round_robin")
        there = stories.reported(cast)
        there = stories.triaged(cast, by=cast.lea, team=north, of=there)
        assert there.owner is None

    def test_what_nobody_has_any_more_is_given_at_triage(self, cast: Cast) -> None:
        """Who had it is gone or away, or it was logged and left to colleagues."""
        Team.objects.filter(pk=cast.desk.pk).update(assignment="round_robin")
        gone, away = stories.reported(cast), stories.reported(cast)
        logged = stories.reported(cast, by=cast.lea, reporter=cast.ann)
        assert [gone.owner, away.owner, logged.owner] == [cast.bo, cast.cy, None]
        User.objects.filter(pk=cast.bo.pk).update(is_active=False)
        later = clock.now() + timedelta(days=3)
        Membership.objects.filter(user=cast.cy).update(away_until=later)
        for incident in (gone, away, logged):
            assert stories.triaged(cast, by=cast.lea, of=incident).owner == cast.lea
            assigned = Event.objects.about(incident).filter(kind=Kind.ASSIGN)
            assert assigned.latest("seq").data["because"] == "round_robin"

    def test_nobody_is_given_what_its_triage_goes_on_with(self, cast: Cast) -> None:
        Team.objects.filter(pk=cast.desk.pk).update(assignment="round_robin")
        taken, sent = (
            stories.reported(cast, by=cast.lea, reporter=cast.ann) for _ in range(2)
        )
        answers: dict[str, Any] = {
            "expected_version": None,
            "classification": stories.classification(),
        }
        services.triage_and_take(taken.pk, by=cast.cy, team=cast.desk, **answers)
        stories.checked(sent, by=cast.cy)
        services.triage_and_escalate(
            sent.pk, by=cast.cy, team=cast.network, package=stories.package(), **answers
        )
        logged = services.log_contact(
            Report(description=stories.DESCRIPTION),
            by=cast.cy,
            reporter=cast.ann,
            classification=answers["classification"],
        )
        for incident, owner in ((taken, cast.cy), (sent, None), (logged, cast.cy)):
            assert stories.again(incident).owner == owner
            assert not Event.objects.about(incident).filter(kind=Kind.ASSIGN).exists()


@pytest.mark.django_db(transaction=True)
def test_sixteen_that_come_at_once_are_shared_out_evenly(cast: Cast) -> None:
    network_of(cast, "round_robin")
    Membership.objects.create(user=make_user("Nat"), team=cast.network)
    waiting = [stories.triaged(cast).pk for _each in range(THREADS)]
    for pk in waiting:
        stories.checked(Incident.objects.get(pk=pk), by=cast.bo)

    def send(_round: int, thread: int) -> object:
        return services.escalate_incident(
            waiting[thread],
            by=User.objects.get(pk=cast.bo.pk),
            expected_version=None,
            team=Team.objects.get(pk=cast.network.pk),
            package=stories.package(),
        )

    assert race(send, [0]) == {"won": THREADS}
    shares = Counter(Incident.objects.values_list("owner__name", flat=True))
    assert shares == {"Ned North": 4, "Nia": 4, "Noa": 4, "Nat": 4}


class TestBounces:
    def up_and_down(self, cast: Cast, incident: Incident) -> Incident:
        return stories.handed_back(cast, of=stories.escalated(cast, of=incident))

    def count(self, incident: Incident) -> int:
        return len(bounces_of(incident.stays.all()))

    def test_what_comes_back_to_who_had_it(self, cast: Cast) -> None:
        incident = stories.escalated(cast)
        assert self.count(incident) == 0
        assert self.count(stories.handed_back(cast, of=incident)) == 1
        assert self.count(stories.escalated(cast, of=stories.again(incident))) == 2

    def test_a_solution_goes_home_and_is_no_bounce(self, cast: Cast) -> None:
        incident = stories.escalated(cast)
        work = stories.in_progress(cast, owner=cast.ned, of=incident)
        solved = stories.resolved(cast, of=work)
        assert self.count(solved) == 0
        services.reject_resolution(solved.pk, by=cast.ann, complaint="Still blank.")
        assert self.count(solved) == 1

    def test_the_third_raises_attention_and_nothing_else(self, cast: Cast) -> None:
        incident = self.up_and_down(cast, stories.triaged(cast))
        before = stories.escalated(cast, of=incident)
        assert (self.count(before), before.attention) == (2, 0)
        after = stories.handed_back(cast, of=before)
        assert (self.count(after), after.attention) == (3, 1)
        told, event = Event.objects.about(after).order_by("seq")[after.version - 2 :]
        assert told.kind == Kind.CAME_BACK_OFTEN
        assert told.data == {"bounces": 3, "passed": 3}
        assert event.kind == Kind.RAISE_ATTENTION
        assert event.data == {
            "level": 1,
            "former": 0,
            "because": "bounces",
            "values": {"bounces": 3},
        }
        assert (after.severity, after.status) == (before.severity, "assigned")
        letters = Delivery.objects.filter(event__in=[told, event])
        assert [one.address for one in letters] == [cast.lea.email]
        connection.check_constraints()

    def test_it_is_told_once(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        for _each in range(3):
            incident = self.up_and_down(cast, incident)
        for kind in (Kind.CAME_BACK_OFTEN, Kind.RAISE_ATTENTION):
            assert Event.objects.about(incident).filter(kind=kind).count() == 1

    def test_the_lead_hears_of_it_whoever_looks_at_it_already(self, cast: Cast) -> None:
        incident = self.up_and_down(cast, stories.triaged(cast))
        services.urge(incident.pk, by=cast.ann, reason="Pay day is tomorrow.")
        before = stories.escalated(cast, of=stories.again(incident))
        assert before.attention == 1
        after = stories.handed_back(cast, of=before)
        assert after.attention == 1
        assert hear(after, "came_back_often") == {
            "Lea": f"Comes back again and again: {after.title}"
        }

    def test_ended_by_hand_it_is_raised_when_it_comes_back_once_more(
        self, cast: Cast
    ) -> None:
        """Not already when another team gets it; and the mail says how often it was."""
        incident = self.up_and_down(cast, stories.triaged(cast))
        incident = self.up_and_down(cast, incident)
        services.end_attention(incident.pk, by=cast.lea, expected_version=None)
        work = stories.in_progress(cast, of=stories.again(incident))
        stories.resolved(cast, of=work)
        assert stories.again(incident).attention == 0
        services.reject_resolution(incident.pk, by=cast.ann, complaint="Still blank.")
        assert stories.again(incident).attention == 1
        assert (
            "This came back 4 times"
            in letter(incident, "came_back_often", cast.lea).text
        )

    def solved_in_vain(self, cast: Cast, incident: Incident) -> Incident:
        stories.resolved(cast, of=stories.again(incident))
        services.reject_resolution(incident.pk, by=cast.ann, complaint="Still.")
        return stories.again(incident)

    def test_within_one_team_there_is_nobody_to_settle_it_with(
        self, cast: Cast
    ) -> None:
        incident = stories.in_progress(cast)
        for _each in range(3):
            self.solved_in_vain(cast, incident)
        text = letter(incident, "came_back_often", cast.lea).text
        assert "Look at why it does not stay solved." in text
        assert "other team" not in text

    def test_nor_where_another_team_only_sent_it(self, cast: Cast) -> None:
        sent = stories.escalated(cast)
        lead = cast.network.lead = make_user("Nel")
        cast.network.save()
        incident = stories.in_progress(cast, owner=cast.ned, of=sent)
        for _each in range(3):
            self.solved_in_vain(cast, incident)
        text = letter(incident, "came_back_often", lead).text
        assert "This came back 3 times" in text
        assert "Look at why it does not stay solved." in text
        assert "other team" not in text

    def test_of_both_the_lead_hears_both(self, cast: Cast) -> None:
        incident = self.up_and_down(cast, stories.triaged(cast))
        work = stories.in_progress(cast, of=incident)
        for _each in range(2):
            self.solved_in_vain(cast, work)
        text = letter(incident, "came_back_often", cast.lea).text
        assert "Settle with the other team whose it is." in text
        assert "Look at why it does not stay solved." in text


class TestAttention:
    def test_it_only_rises_until_it_is_lowered(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        with transaction.atomic():
            held: Incident = Incident.objects.lock(incident.pk)
            assert raise_attention(held, level=2, because="by_hand", by=cast.lea)
            assert raise_attention(held, level=2, because="by_hand") is None
            assert raise_attention(held, level=1, because="by_hand") is None
            assert raise_attention(held, level=3, because="by_hand")
            assert lower_attention(held, because="over", by=cast.lea)
            assert lower_attention(held, because="over") is None
            assert raise_attention(held, level=1, because="by_hand")
        assert stories.again(incident).attention == 1
        connection.check_constraints()
