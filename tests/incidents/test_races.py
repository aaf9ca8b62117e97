"""Sixteen people press at the same moment: one wins, the others are told.

One event each, no deadlock, no refusal that has no name. The last tests take the
lock away and show that these would fail.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from accounts.models import Membership, User
from activity import clock
from activity.lifecycle import fire
from activity.models import Event, Timer
from activity.models.subject import mark_locked
from activity.services.timers import sweep
from incidents import services
from incidents.codes import CancelReason, Channel, Status
from incidents.events import Kind
from incidents.models import Incident
from incidents.services.reporting import Report
from incidents.timers.kinds import HOLD_ENDS
from tests.incidents import stories
from tests.incidents.races import THREADS, Press, outcome, race
from tests.people import Cast, make_user

pytestmark = pytest.mark.django_db(transaction=True)

SIZE = 10
LONG = pytest.param(200, marks=pytest.mark.long)
ONCE_MANY = pytest.mark.parametrize("size", [25, LONG])
Story = Callable[[Cast], Incident]


def crowd(cast: Cast, story: Story, size: int = SIZE) -> list[int]:
    return [story(cast).pk for _ in range(size)]


def count(kind: Kind) -> int:
    return Event.objects.filter(kind=kind).count()


def states() -> set[str]:
    return set(Incident.objects.values_list("status", flat=True))


def one_of_each(size: int) -> dict[str, int]:
    """Exactly one winner for every incident."""
    return {"won": size, "conflict": size * (THREADS - 1)}


@ONCE_MANY
def test_sixteen_close_and_one_closes(cast: Cast, size: int) -> None:
    desk = [cast.bo, cast.cy, cast.lea]
    pks = crowd(cast, stories.confirmed, size)
    found = race(
        lambda pk, n: services.close_incident(
            pk, by=desk[n % 3], expected_version=None
        ),
        pks,
    )
    assert found == one_of_each(size)
    assert count(Kind.CLOSE) == size
    assert states() == {Status.CLOSED}


def test_yes_and_no_at_once_leave_one_answer_standing(cast: Cast) -> None:
    """A "no" may follow a "yes", and takes it back; a "yes" never follows a "no"."""
    pks = crowd(cast, stories.resolved)
    asked = dict(Incident.objects.values_list("pk", "resolution_id"))

    def answer(pk: int, n: int) -> object:
        if n % 2:
            return services.confirm_resolution(
                pk, by=cast.ann, resolution=asked[pk] or 0
            )
        return services.reject_resolution(
            pk, by=cast.ann, complaint="Blank.", resolution=asked[pk]
        )

    found = race(answer, pks)
    assert set(found) == {"won", "conflict"}
    assert found["won"] == count(Kind.CONFIRM) + count(Kind.REJECT)
    assert count(Kind.CONFIRM) <= SIZE
    assert count(Kind.REJECT) == SIZE
    assert states() == {Status.ASSIGNED}


def test_an_incident_is_assigned_or_taken_once(cast: Cast) -> None:
    """All saw the same page; two leads assign and the others take."""
    pks = crowd(cast, stories.triaged)
    versions = dict(Incident.objects.values_list("pk", "version"))

    def settle(pk: int, n: int) -> object:
        seen: dict[str, Any] = {"expected_version": versions[pk]}
        if n % 3 == 0:
            return services.take_incident(pk, by=cast.bo, **seen)
        to = cast.cy if n % 3 == 1 else cast.bo
        return services.assign_incident(pk, by=cast.lea, to=to, **seen)

    assert race(settle, pks) == one_of_each(SIZE)
    assert count(Kind.TAKE) + count(Kind.ASSIGN) == SIZE


def test_sixteen_take_and_one_owns(cast: Cast) -> None:
    """Without a version to compare, taking over is a move of its own: still each
    event has an owner that took it, and the row has the last of them."""
    pks = crowd(cast, stories.triaged)
    found = race(
        lambda pk, n: services.take_incident(
            pk, by=[cast.bo, cast.cy][n % 2], expected_version=None
        ),
        pks,
    )
    assert set(found) == {"won", "conflict"}
    assert count(Kind.TAKE) == found["won"]
    for incident in Incident.objects.all():
        last = Event.objects.about(incident).filter(kind=Kind.TAKE).latest("seq")
        assert last.actor_id == incident.owner_id


def test_sixteen_resolve_and_one_solution_stands(cast: Cast) -> None:
    pks = crowd(cast, stories.in_progress)
    found = race(
        lambda pk, n: services.resolve_incident(
            pk,
            by=cast.bo if n % 2 else cast.lea,
            expected_version=None,
            solution=stories.solution(),
        ),
        pks,
    )
    assert found == one_of_each(SIZE)
    assert count(Kind.RESOLVE) == SIZE
    assert set(Incident.objects.values_list("resolutions__number", flat=True)) == {1}


def test_works_again_and_resolve_at_once_make_one_resolution(cast: Cast) -> None:
    pks = crowd(cast, stories.in_progress)

    def solve(pk: int, n: int) -> object:
        if n % 2:
            return services.report_works_again(pk, by=cast.ann)
        return services.resolve_incident(
            pk, by=cast.bo, expected_version=None, solution=stories.solution()
        )

    assert race(solve, pks) == one_of_each(SIZE)
    assert count(Kind.RESOLVE) + count(Kind.WORKS_AGAIN) == SIZE


def test_confirmed_by_link_portal_and_call_at_once_counts_once(cast: Cast) -> None:
    pks = crowd(cast, stories.resolved)
    asked = dict(Incident.objects.values_list("pk", "resolution_id"))

    def confirm(pk: int, n: int) -> object:
        if n % 3 == 0:
            return services.record_call(
                pk, by=cast.bo, expected_version=None, account="Ann says yes."
            )
        channel = Channel.LINK if n % 3 == 1 else Channel.PORTAL
        return services.confirm_resolution(
            pk, by=cast.ann, resolution=asked[pk] or 0, channel=channel
        )

    assert race(confirm, pks) == one_of_each(SIZE)
    assert count(Kind.CONFIRM) == SIZE


def test_reopened_once(cast: Cast) -> None:
    pks = crowd(cast, stories.closed)
    found = race(
        lambda pk, n: services.reopen_incident(
            pk, by=cast.ann if n % 2 else cast.bo, complaint="Blank again."
        ),
        pks,
    )
    assert found == one_of_each(SIZE)
    assert count(Kind.REOPEN) == SIZE


def test_take_next_gives_everybody_another_one(cast: Cast) -> None:
    """Twenty wait, sixteen ask three times: nobody gets what another has."""
    pks = crowd(cast, stories.triaged, 20)
    agents = []
    for number in range(THREADS):
        agent = make_user(f"Agent{number} Ames")
        Membership.objects.create(user=agent, team=cast.desk)
        agents.append(agent)
    got: list[tuple[int, int]] = []
    lock = threading.Lock()

    def ask(_round: int, n: int) -> None:
        found = services.take_next(by=agents[n])
        with lock:
            if found is not None:
                got.append((found.pk, agents[n].pk))

    found = race(ask, range(3))
    assert set(found) == {"won"}
    assert sorted(pk for pk, _agent in got) == sorted(pks)
    assert dict(got) == dict(Incident.objects.values_list("pk", "owner_id"))


def test_a_form_sent_sixteen_times_makes_one_incident(cast: Cast) -> None:
    forms = [uuid4() for _ in range(SIZE)]

    def send(place: int, n: int) -> object:
        told = Report(description="It is broken.", submission=forms[place])
        return services.report_incident(told, by=cast.ann)

    assert race(send, range(SIZE)) == {"won": SIZE * THREADS}
    assert Incident.objects.count() == SIZE
    assert count(Kind.REPORT) == SIZE


def test_a_first_contact_sent_sixteen_times_is_resolved_once(cast: Cast) -> None:
    stories.catalogue()
    forms = [uuid4() for _ in range(SIZE)]
    found = race(
        lambda place, n: stories.first_contact(cast, submission=forms[place]),
        range(SIZE),
    )
    assert found == {"won": SIZE * THREADS}
    assert (count(Kind.REPORT), count(Kind.RESOLVE)) == (SIZE, SIZE)


def test_crosswise_links_and_duplicates_never_wait_in_a_circle(cast: Cast) -> None:
    """Half say that the left one is a duplicate of the right one, half the reverse."""
    pairs = {
        story: stories.reported(cast).pk for story in crowd(cast, stories.reported)
    }

    def cross(pk: int, n: int) -> object:
        left, right = (pk, pairs[pk]) if n % 2 else (pairs[pk], pk)
        if n % 4 < 2:
            return services.link_incidents(left, by=cast.bo, to=right, kind="related")
        return services.cancel_incident(
            left,
            by=cast.bo,
            reason=CancelReason.DUPLICATE,
            explanation="The same printer.",
            master=Incident.objects.get(pk=right),
        )

    found = race(cross, list(pairs))
    assert set(found) <= {"won", "conflict", "asked again"}
    assert count(Kind.CANCEL) == SIZE
    for left, right in pairs.items():
        both = Incident.objects.filter(pk__in=[left, right])
        assert both.filter(status=Status.CANCELLED).count() == 1


def test_answer_sweep_and_resume_end_a_hold_once(cast: Cast) -> None:
    pks = crowd(cast, stories.on_hold)
    later = clock.now() + timedelta(days=3)

    def end(pk: int, n: int) -> object:
        if n % 3 == 0:
            return sweep(at=later, max_seconds=5)
        if n % 3 == 1:
            return services.answer_desk(pk, by=cast.ann, message="The left one.")
        return services.resume_incident(pk, by=cast.bo, expected_version=None)

    found = race(end, pks)
    assert set(found) <= {"won", "conflict"}
    sweep(at=later)
    assert count(Kind.RESUME) == SIZE
    assert states() == {Status.IN_PROGRESS}
    assert not Timer.objects.armed().filter(kind=HOLD_ENDS).exists()


@transaction.atomic
def close_without_the_lock(pk: int, by: User) -> None:
    """Read, then write, as if nobody else were there."""
    incident = Incident.objects.get(pk=pk)
    mark_locked([incident])
    fire(incident.close, by=by, basis="confirmed")


def press_without_the_lock(cast: Cast) -> Press:
    return lambda pk, n: close_without_the_lock(pk, [cast.bo, cast.cy][n % 2])


TABLES = ("activity_event", "incidents_incident")


@contextmanager
def no_guards() -> Iterator[None]:
    """Python alone, in a database that would accept anything."""
    unique = "UNIQUE (subject_type, subject_id, seq)"
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE activity_event DROP CONSTRAINT event_seq_once")
        try:
            yield
        finally:
            cursor.execute("TRUNCATE activity_event CASCADE")
            cursor.execute(
                f"ALTER TABLE activity_event ADD CONSTRAINT event_seq_once {unique}"
            )
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            for trigger in ("event", "incident"):
                table = TABLES[trigger == "incident"]
                cursor.execute(
                    f"ALTER TABLE {table} DISABLE TRIGGER {trigger}_no_truncate"
                )


def test_who_forgets_the_lock_is_stopped_by_the_database(cast: Cast) -> None:
    pks = crowd(cast, stories.confirmed)
    found = race(press_without_the_lock(cast), pks)
    assert found["won"] == SIZE
    assert count(Kind.CLOSE) == SIZE
    assert found["deadlock"] == 0
    named = {"won", "conflict", "refused by incident_closed_fixed"}
    assert set(found) <= named | {"deadlock"}


def test_without_lock_and_guards_this_race_is_lost(cast: Cast) -> None:
    """So the tests above can fail, and what stops the rivals is the lock."""
    pks = crowd(cast, stories.confirmed)
    with no_guards():
        found = race(press_without_the_lock(cast), pks)
        doubled = count(Kind.CLOSE)
    assert found["won"] > SIZE
    assert doubled > SIZE


def test_a_fault_of_ours_would_be_seen() -> None:
    def stumble(pk: int, n: int) -> object:
        raise ZeroDivisionError

    assert outcome(stumble, 1, 1) == "failed: ZeroDivisionError"
