"""One door: a move, its event and its version stand or fall together."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from activity.handlers import tell
from activity.lifecycle import Batch, Fact, begin, begin_all, fire, record, record_all
from activity.models import Event, Note
from activity.models.note import note_digest
from activity.models.subject import mark_locked
from activity.refusals import Conflict, NotAllowed
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


def test_facts_about_one_record_are_numbered_in_their_order(
    cast: Cast, probe: Probe
) -> None:
    locked = Probe.objects.lock(probe.pk)
    facts = [
        Fact(subject=locked, kind=kind, by=cast.bo, at=NOON)
        for kind in ("probe.seen", "probe.heard", "probe.seen")
    ]
    found = [(event.seq, event.kind) for event in record_all(facts)]
    assert found == [(2, "probe.seen"), (3, "probe.heard"), (4, "probe.seen")]
    assert locked.version == Probe.objects.get(pk=probe.pk).version == 4


def test_a_record_that_was_loaded_twice_is_refused(cast: Cast, probe: Probe) -> None:
    twice = [Probe.objects.lock(probe.pk), Probe.objects.lock(probe.pk)]
    with pytest.raises(ValueError, match="only once"):
        record_all(
            [Fact(subject=row, kind="probe.seen", by=cast.bo, at=NOON) for row in twice]
        )


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


# ---- many at once


def fact(probe: Probe, cast: Cast, **named: Any) -> Fact:
    said: dict[str, Any] = {"kind": "probe.seen", "by": cast.bo, "at": NOON}
    return Fact(subject=probe, **(said | named))


@transaction.atomic
def noted_and_undone(pk: int, batch: Batch, cast: Cast) -> None:
    batch.record(fact(Probe.objects.lock(pk), cast))
    raise ZeroDivisionError


def drafts(cast: Cast, count: int) -> list[Probe]:
    """So many new records, locked by the transaction at hand."""
    probes = [Probe(title=str(number)) for number in range(count)]
    begin_all([fact(probe, cast, kind="probe.open") for probe in probes])
    return probes


def test_many_records_begin_in_their_order_each_with_its_first_event(
    cast: Cast,
) -> None:
    probes = [Probe(title=title) for title in ("b", "a", "c")]
    days = [NOON + timedelta(days=day) for day in (2, 0, 1)]
    events = begin_all(
        [
            fact(probe, cast, kind="probe.open", at=at, data={"title": probe.title})
            for probe, at in zip(probes, days, strict=True)
        ]
    )
    assert [event.subject_id for event in events] == [probe.pk for probe in probes]
    assert [event.data["title"] for event in events] == ["b", "a", "c"]
    assert [event.at for event in events] == days
    assert {(e.seq, e.from_status, e.to_status) for e in events} == {(1, None, "draft")}
    assert {probe.version for probe in probes} == {1}
    assert list(Probe.objects.order_by("pk").values_list("title", "version")) == [
        ("b", 1),
        ("a", 1),
        ("c", 1),
    ]


def test_many_records_begin_with_few_statements(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(5):  # a savepoint, rows, events, versions, its end
        drafts(cast, 20)


def test_of_many_records_all_begin_or_none(cast: Cast) -> None:
    facts = [
        fact(Probe(), cast, kind="probe.open"),
        fact(Probe(), cast, kind="probe.open", data={"value": 1.5}),
    ]
    with pytest.raises(TypeError):
        begin_all(facts)
    assert not Probe.objects.exists()
    assert not Event.objects.filter(subject_type="probe").exists()


def test_a_saved_record_does_not_begin_again_among_new_ones(
    cast: Cast, probe: Probe
) -> None:
    with pytest.raises(ValueError, match="not saved yet"):
        begin_all([fact(Probe(), cast), fact(probe, cast)])
    assert Probe.objects.count() == 1


def test_nothing_of_a_batch_is_saved_before_it_is_written(
    cast: Cast, probe: Probe, django_assert_num_queries: Any
) -> None:
    locked, batch = Probe.objects.lock(probe.pk), Batch()
    with django_assert_num_queries(0):
        batch.fire(locked.start, fact(locked, cast))
        batch.record(fact(locked, cast))
    probe.refresh_from_db()
    assert (locked.status, probe.status, probe.version) == ("running", "draft", 1)
    assert Event.objects.about(probe).count() == 1


def test_a_batch_writes_moves_and_facts_of_a_record_in_their_order(
    cast: Cast, probe: Probe
) -> None:
    locked, batch = Probe.objects.lock(probe.pk), Batch()
    batch.record(fact(locked, cast))
    batch.fire(locked.start, fact(locked, cast, kind="of no importance"))
    batch.fire(locked.finish, fact(locked, cast, at=NOON), title="done")
    events = batch.write()
    assert [(e.seq, e.kind, e.from_status, e.to_status) for e in events] == [
        (2, "probe.seen", None, None),
        (3, "probe.start", "draft", "running"),
        (4, "probe.finish", "running", "done"),
    ]
    probe.refresh_from_db()
    assert (probe.status, probe.title, probe.done_at) == ("done", "done", NOON)
    assert locked.version == probe.version == 4


def test_a_batch_mixes_records_and_numbers_each_by_itself(cast: Cast) -> None:
    one, two = drafts(cast, 2)
    batch = Batch()
    for probe in (one, two, one):
        batch.record(fact(probe, cast))
    found = [(event.subject_id, event.seq) for event in batch.write()]
    assert found == [(one.pk, 2), (two.pk, 2), (one.pk, 3)]
    assert (one.version, two.version) == (3, 2)
    stored = dict(Probe.objects.values_list("pk", "version"))
    assert stored == {one.pk: 3, two.pk: 2}


def test_the_next_number_counts_what_waits(cast: Cast) -> None:
    one, two = drafts(cast, 2)
    batch = Batch()
    assert batch.next_seq(one) == 2
    batch.record(fact(one, cast))
    batch.fire(one.start, fact(one, cast))
    assert (batch.next_seq(one), batch.next_seq(two)) == (4, 2)
    assert batch.write()[-1].seq == 3
    assert batch.next_seq(one) == 4


def test_a_batch_saves_each_record_once(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    """Three records: three rows, all events, and the versions that rise alike."""
    probes, batch = drafts(cast, 3), Batch()
    for probe in probes:
        batch.fire(probe.start, fact(probe, cast))
        batch.fire(probe.finish, fact(probe, cast))
    with django_assert_num_queries(3 + 1 + 1):
        batch.write()
    batch.record(fact(probes[0], cast))
    for _ in range(2):
        batch.record(fact(probes[1], cast))
    with django_assert_num_queries(2 + 1 + 2):
        batch.write()
    assert [probe.version for probe in probes] == [4, 5, 3]


def test_a_batch_keeps_the_words_of_each_event(cast: Cast, probe: Probe) -> None:
    locked, batch = Probe.objects.lock(probe.pk), Batch()
    for text in ("one", "two"):
        batch.record(fact(locked, cast, notes={"reason": text}))
    texts = [event.notes.get().text for event in batch.write()]
    assert texts == ["one", "two"]


def test_what_was_written_is_not_written_again(
    cast: Cast, probe: Probe, django_assert_num_queries: Any
) -> None:
    locked, batch = Probe.objects.lock(probe.pk), Batch()
    batch.record(fact(locked, cast))
    batch.write()
    with django_assert_num_queries(0):
        assert batch.write() == []


def test_a_batch_refuses_as_fire_does(cast: Cast, probe: Probe) -> None:
    """The state first, then the person; nothing of it waits to be written."""
    Probe.objects.filter(pk=probe.pk).update(barred=cast.zed)
    locked, batch = Probe.objects.lock(probe.pk), Batch()
    with pytest.raises(Conflict) as moved_on:
        batch.fire(locked.finish, fact(locked, cast, by=cast.zed))
    assert moved_on.value.move == "finish"
    with pytest.raises(NotAllowed) as barred:
        batch.fire(locked.start, fact(locked, cast, by=cast.zed))
    assert barred.value.move == "start"
    assert (locked.status, batch.next_seq(locked)) == ("draft", 2)
    assert batch.write() == []


def test_a_batch_asks_for_the_lock(cast: Cast, probe: Probe) -> None:
    loaded, batch = Probe.objects.get(pk=probe.pk), Batch()
    with pytest.raises(RuntimeError, match="Lock the probe"):
        batch.fire(loaded.start, fact(loaded, cast))
    with pytest.raises(RuntimeError, match="Lock the probe"):
        batch.record(fact(loaded, cast))
    assert batch.next_seq(loaded) == 2
    assert batch.write() == []


def test_a_batch_is_written_under_the_lock_that_it_was_filled_under(
    cast: Cast, probe: Probe
) -> None:
    batch = Batch()
    with pytest.raises(ZeroDivisionError):
        noted_and_undone(probe.pk, batch, cast)
    with pytest.raises(RuntimeError, match="Lock the probe"), transaction.atomic():
        batch.write()
    assert Event.objects.about(probe).count() == 1


def test_a_rival_who_forgot_the_lock_stops_the_whole_batch(cast: Cast) -> None:
    """What the batch thinks it saw is no longer so; the other record waits too."""
    one, two = drafts(cast, 2)
    rival = Probe.objects.get(pk=two.pk)
    mark_locked([rival])
    fire(rival.start, by=cast.cy)
    batch = Batch()
    batch.record(fact(one, cast))
    batch.record(fact(two, cast))
    with pytest.raises(Conflict), transaction.atomic():
        batch.write()
    stored = list(Probe.objects.order_by("pk").values_list("status", "version"))
    assert stored == [("draft", 1), ("running", 2)]
