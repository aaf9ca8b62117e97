"""One door: a move, its event and its version stand or fall together."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from activity.handlers import tell
from activity.lifecycle import Fact, begin, fire, record, record_all
from activity.models import Event, Note
from activity.models.note import note_digest
from activity.refusals import Conflict
from activity.request_ids import request_id_set
from tests.people import Cast
from tests.probe.models import Probe
from tests.probe.services import open_probe, start_probe

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def probe(cast: Cast) -> Probe:
    return open_probe(by=cast.bo)


def test_a_record_begins_with_its_first_event(cast: Cast) -> None:
    probe = open_probe(by=cast.bo)
    event = Event.objects.about(probe).get()
    assert (probe.version, event.seq) == (1, 1)
    assert (event.from_status, event.to_status) == (None, "draft")
    assert event.kind == "probe.open"
    assert len(bytes(event.hash)) == 32


def test_a_saved_record_does_not_begin_again(cast: Cast, probe: Probe) -> None:
    with pytest.raises(ValueError, match="not saved yet"):
        begin(probe, "probe.open", by=cast.bo)


def test_a_move_writes_state_version_and_event(cast: Cast, probe: Probe) -> None:
    start_probe(probe.pk, by=cast.bo, at=NOON)
    probe.refresh_from_db()
    event = Event.objects.about(probe).last()
    assert event is not None
    assert (probe.status, probe.version) == ("running", 2)
    assert (event.seq, event.kind) == (2, "probe.start")
    assert (event.from_status, event.to_status) == ("draft", "running")
    assert (event.actor, event.at) == (cast.bo, NOON)
    assert event.public is False


def test_arguments_reach_the_transition(cast: Cast, probe: Probe) -> None:
    start_probe(probe.pk, by=cast.bo)
    with transaction.atomic():
        locked = Probe.objects.lock(probe.pk)
        fire(locked.finish, by=cast.bo, at=NOON, title="done")
    probe.refresh_from_db()
    assert (probe.title, probe.done_at) == ("done", NOON)


def test_a_move_that_the_state_forbids_is_a_conflict(cast: Cast, probe: Probe) -> None:
    with transaction.atomic():
        locked = Probe.objects.lock(probe.pk)
        with pytest.raises(Conflict) as caught:
            fire(locked.finish, by=cast.bo)
    assert caught.value.move == "finish"
    assert Event.objects.about(probe).count() == 1


def test_a_stale_page_is_a_conflict_before_anything_else(
    cast: Cast, probe: Probe
) -> None:
    """Even for somebody who may not do it, and in a state that would allow it."""
    Probe.objects.filter(pk=probe.pk).update(barred=cast.zed)
    with pytest.raises(Conflict) as caught:
        start_probe(probe.pk, by=cast.zed, expected_version=0)
    assert caught.value.expected == 0


def test_who_may_not_is_refused_and_nothing_is_written(
    cast: Cast, probe: Probe
) -> None:
    Probe.objects.filter(pk=probe.pk).update(barred=cast.zed)
    with pytest.raises(PermissionDenied):
        start_probe(probe.pk, by=cast.zed, expected_version=1)
    probe.refresh_from_db()
    assert (probe.status, probe.version) == ("draft", 1)


def test_state_is_asked_before_permission(cast: Cast, probe: Probe) -> None:
    """A page that is merely stale must not say "not allowed"."""
    Probe.objects.filter(pk=probe.pk).update(barred=cast.zed)
    start_probe(probe.pk, by=cast.bo)
    with pytest.raises(Conflict):
        start_probe(probe.pk, by=cast.zed)


@transaction.atomic
def locked_and_left(pk: int) -> Probe:
    probe: Probe = Probe.objects.lock(pk)
    return probe


@transaction.atomic
def locked_and_undone(pk: int, into: list[Probe]) -> None:
    into.append(Probe.objects.lock(pk))
    raise ZeroDivisionError


@transaction.atomic
def fire_late(probe: Probe, cast: Cast) -> None:
    fire(probe.start, by=cast.bo)


@pytest.mark.django_db(transaction=True)
def test_the_door_stays_shut_without_the_lock_of_this_transaction(cast: Cast) -> None:
    just_opened = open_probe(by=cast.bo)
    pk = just_opened.pk
    undone: list[Probe] = []
    with pytest.raises(ZeroDivisionError):
        locked_and_undone(pk, undone)
    for probe in (Probe.objects.get(pk=pk), just_opened, locked_and_left(pk), *undone):
        with pytest.raises(RuntimeError, match="Lock the probe"):
            fire_late(probe, cast)


def test_a_lock_ends_with_the_savepoint_that_took_it(cast: Cast, probe: Probe) -> None:
    undone: list[Probe] = []
    with pytest.raises(ZeroDivisionError):
        locked_and_undone(probe.pk, undone)
    with pytest.raises(RuntimeError, match="Lock the probe"):
        fire_late(undone[0], cast)


def test_the_key_of_the_digests_is_nobody_elses(cast: Cast, probe: Probe) -> None:
    with pytest.raises(ValueError, match="digests of notes"):
        record(
            Probe.objects.lock(probe.pk), "probe.seen", by=cast.bo, data={"notes": 3}
        )


def test_a_fact_raises_the_version_and_moves_nothing(cast: Cast, probe: Probe) -> None:
    locked = Probe.objects.lock(probe.pk)
    event = record(locked, "probe.seen", by=cast.cy, data={"page": 3}, public=True)
    assert (event.seq, event.from_status, event.to_status) == (2, None, None)
    probe.refresh_from_db()
    assert (probe.version, probe.status) == (2, "draft")
    assert event.public is True


def test_many_records_are_noted_with_few_statements(
    cast: Cast, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    probes = [open_probe(by=cast.bo) for _ in range(20)]
    locked = Probe.objects.lock_free(probe.pk for probe in probes)
    facts = [
        Fact(subject=probe, kind="probe.seen", by=cast.bo, at=NOON) for probe in locked
    ]
    with django_assert_num_queries(2):  # type: ignore[operator]
        record_all(facts)
    assert {probe.version for probe in Probe.objects.all()} == {2}


def test_one_record_appears_once_in_a_batch(cast: Cast, probe: Probe) -> None:
    locked = Probe.objects.lock(probe.pk)
    fact = Fact(subject=locked, kind="probe.seen", by=cast.bo, at=NOON)
    with pytest.raises(ValueError, match="only once"):
        record_all([fact, fact])


@pytest.mark.parametrize(
    "value", ["x" * 201, 1.5, object(), {"deep": ["x" * 201]}, b"bytes", NOON]
)
def test_prose_and_strange_values_stay_out_of_events(
    cast: Cast, probe: Probe, value: object
) -> None:
    locked = Probe.objects.lock(probe.pk)
    with pytest.raises(TypeError):
        record(locked, "probe.seen", by=cast.bo, data={"value": value})


def test_words_are_kept_beside_the_event_with_their_digest(
    cast: Cast, probe: Probe
) -> None:
    locked = Probe.objects.lock(probe.pk)
    event = record(locked, "probe.seen", by=cast.bo, notes={"reason": "Ünïcode\n2nd"})
    note = Note.objects.get(event=event)
    assert note.text == "Ünïcode\n2nd"
    assert event.data["notes"] == {"reason": note.digest}
    assert note.digest == note_digest(note.salt, note.text)


def test_equal_words_have_different_digests(cast: Cast, probe: Probe) -> None:
    """Otherwise a redacted name could be found again by trying names."""
    locked = Probe.objects.lock(probe.pk)
    one = record(locked, "probe.seen", by=cast.bo, notes={"reason": "same"})
    two = record(locked, "probe.seen", by=cast.bo, notes={"reason": "same"})
    assert one.data["notes"] != two.data["notes"]


def test_events_of_one_request_carry_its_id(cast: Cast, probe: Probe) -> None:
    with request_id_set("abc"):
        start_probe(probe.pk, by=cast.bo)
    last = Event.objects.about(probe).last()
    assert last is not None
    assert last.request_id == "abc"


def test_a_listener_that_fails_undoes_the_move(cast: Cast, probe: Probe) -> None:
    def broken(event: Event, subject: Probe) -> list[object]:
        raise ZeroDivisionError

    from activity import handlers  # noqa: PLC0415

    tell("probe.start", broken)  # type: ignore[arg-type]
    try:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            start_probe(probe.pk, by=cast.bo)
    finally:
        handlers._listeners.pop("probe.start")
    probe.refresh_from_db()
    assert (probe.status, probe.version) == ("draft", 1)


def test_refreshing_a_protected_state_works_per_instance(
    cast: Cast, probe: Probe
) -> None:
    stale = Probe.objects.get(pk=probe.pk)
    start_probe(probe.pk, by=cast.bo)
    stale.refresh_from_db()
    assert stale.status == "running"
    with pytest.raises(AttributeError):
        stale.status = "done"


def test_refreshing_a_missing_row_leaves_the_protection_on(probe: Probe) -> None:
    ghost = Probe.objects.get(pk=probe.pk)
    ghost.pk = 10**9
    with pytest.raises(Probe.DoesNotExist):
        ghost.refresh_from_db()
    assert ghost.status == "draft"
    with pytest.raises(AttributeError):
        ghost.status = "done"
