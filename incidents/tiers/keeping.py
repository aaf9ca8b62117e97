"""The stays of incidents, kept with their events, and their proof."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Final

from django.db import transaction

from accounts.models import Team
from activity.models import Event
from incidents.models import Incident, TierStay
from incidents.tiers.stays import CONCERNED, Fold, Stay, stays_of

INCIDENTS_AT_ONCE: Final = 500
Told = Sequence[tuple[Incident, Sequence[Event]]]
NAMES: Final = (
    *("team_id", "tier", "why", "entered_seq", "entered_at"),
    *("after_seq", "after_at", "left_seq", "left_at"),
)
LEFT: Final = ("left_seq", "left_at")


def keep_stays(told: Told) -> None:
    """Follow the new events of locked incidents: every change of hands in the product
    becomes a stay here, and nowhere else."""
    concerned = {
        incident.pk: found
        for incident, events in told
        if (found := [event for event in events if event.kind in CONCERNED])
    }
    if not concerned:
        return
    before = {row.incident_id: row for row in _last_rows(concerned)}
    folds = {}
    tiers = _tiers()
    for pk, events in concerned.items():
        row = before.get(pk)
        fold = Fold(tiers, as_stay(row) if row else None)
        for event in events:
            fold.take(event)
        folds[pk] = fold
    _write(before, folds)


def _last_rows(incidents: Iterable[int]) -> Iterable[TierStay]:
    """The latest stay of each incident, open or not."""
    rows: Iterable[TierStay] = (
        TierStay.objects.filter(incident__in=list(incidents))
        .order_by("incident_id", "-entered_seq")
        .distinct("incident_id")
    )
    return rows


def _write(before: dict[int, TierStay], folds: dict[int, Fold]) -> None:
    """What was left first, so that there is never a second open one."""
    left, new = [], []
    for pk, fold in folds.items():
        stays = fold.stays
        row = before.get(pk)
        if row is not None:
            first, *stays = stays
            if row.left_seq != first.left_seq:
                row.left_seq, row.left_at = first.left_seq, first.left_at
                left.append(row)
        new += [as_row(pk, stay) for stay in stays]
    if left:
        TierStay.objects.bulk_update(left, LEFT)
    if new:
        TierStay.objects.bulk_create(new)


def as_row(incident: int, stay: Stay) -> TierStay:
    return TierStay(incident_id=incident, **asdict(stay))


def as_stay(row: TierStay) -> Stay:
    return Stay(**{name: getattr(row, name) for name in NAMES})


def _tiers() -> dict[int, int]:
    return dict(Team.objects.order_by().values_list("pk", "tier"))


@dataclass(frozen=True, slots=True)
class Difference:
    """A stay whose row is not what the events of its incident say."""

    incident: Incident
    place: int
    what: str

    def __str__(self) -> str:
        return f"{self.incident}, stay {self.place}: {self.what}"


def differences() -> Iterator[Difference]:
    """Every stay of the desk, read anew from its events and compared with its row.

    Beside a desk at work, and without a transaction that lasts: an incident that
    seems to differ is read once more, held against whoever writes just then.
    """
    last = 0
    while found := list(
        Incident.objects.filter(pk__gt=last).order_by("pk")[:INCIDENTS_AT_ONCE]
    ):
        for incident in _doubtful(found):
            yield from _compare_held(incident.pk)
        last = found[-1].pk


def _doubtful(incidents: Sequence[Incident]) -> list[Incident]:
    rows = rows_of(one.pk for one in incidents)
    told = told_of(one.pk for one in incidents)
    tiers = _tiers()
    return [
        one
        for one in incidents
        if any(_compare(one, rows.get(one.pk, []), stays_of(told[one.pk], tiers)))
    ]


@transaction.atomic
def _compare_held(pk: int) -> list[Difference]:
    incident: Incident = Incident.objects.lock(pk)
    rows, told = rows_of([pk]), told_of([pk])
    return list(_compare(incident, rows.get(pk, []), stays_of(told[pk], _tiers())))


def rows_of(incidents: Iterable[int]) -> dict[int, list[Stay]]:
    """The stays that are written of these incidents, in order."""
    rows = TierStay.objects.filter(incident__in=list(incidents))
    ordered = rows.order_by("incident_id", "entered_seq")
    return {
        pk: [as_stay(row) for row in own]
        for pk, own in groupby(ordered, key=lambda row: row.incident_id)
    }


def told_of(incidents: Iterable[int]) -> dict[int, list[Event]]:
    """The events of these incidents that concern stays, in order."""
    pks = list(incidents)
    found: dict[int, list[Event]] = {pk: [] for pk in pks}
    events = Event.objects.filter(
        subject_type=Incident.subject_type, subject_id__in=pks, kind__in=CONCERNED
    )
    for event in events.order_by("subject_id", "seq").defer("hash", "request_id"):
        found[event.subject_id].append(event)
    return found


def _compare(
    incident: Incident, rows: Sequence[Stay], stays: Sequence[Stay]
) -> Iterator[Difference]:
    for place in range(max(len(rows), len(stays))):
        if place >= len(rows):
            yield Difference(incident, place + 1, "it is not there")
        elif place >= len(stays):
            yield Difference(incident, place + 1, "the events know nothing of it")
        elif rows[place] != stays[place]:
            words = _what_differs(rows[place], stays[place])
            yield Difference(incident, place + 1, words)
    last = stays[-1].team_id if stays and stays[-1].is_open else None
    if last is not None and last != incident.team_id:
        words = (
            f"team {last} has it by its events, the incident says {incident.team_id}"
        )
        yield Difference(incident, len(stays), words)


def _what_differs(row: Any, stay: Any) -> str:
    return "; ".join(
        f"{name} is {getattr(row, name)}, its events say {getattr(stay, name)}"
        for name in NAMES
        if getattr(row, name) != getattr(stay, name)
    )
