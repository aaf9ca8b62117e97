"""One line for each incident of a shift's pages: what happened, when, and by whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from activity.models import Event
from incidents import timeline
from incidents.clocks.faces import Face
from incidents.clocks.upcoming import next_faces
from incidents.codes import Because
from incidents.events import Kind
from incidents.ladders.lines import Ladder, ladders_of
from incidents.models import Incident
from incidents.shifts.conditions import AT_RISK, acts_of_others
from incidents.shifts.sections import Lens, Section, Words, fits
from incidents.tiers.faces import AgreedFace
from incidents.tiers.present import agreed_faces
from incidents.timeline import Entry
from sla.services import agreements_of

MINE = "mine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``words`` say why it stands here, ``at`` since when; with ``says_call`` they say
    whom the ladder told last. ``also`` are the labels of other sections that fit (one's
    own are marked so). ``face`` is the clock that is due next, ``agreed`` how the
    team stands against its own target."""

    incident: Incident
    words: Words
    at: datetime | None
    says_call: bool
    face: Face | None
    agreed: AgreedFace | None
    ladder: Ladder | None
    also: Sequence[Words]
    is_mine: bool


def lines_of(
    chosen: Mapping[str, Sequence[int]], sections: Sequence[Section], lens: Lens
) -> dict[str, list[Line]]:
    """For these numbers by section their lines, in the same order. The statements are
    as many for one line as for a hundred."""
    pks = [pk for found in chosen.values() for pk in found]
    incidents = Incident.objects.filter(pk__in=pks)
    rows = {row.pk: row for row in incidents.for_list().order_by()}
    known = fits(sections, incidents, lens)
    beside = _beside(list(rows.values()), lens)
    told = _told(chosen, sections, lens)
    by_code = {each.code: each for each in sections}
    return {
        code: [
            _line(
                rows[pk],
                by_code[code],
                told.get((code, pk)),
                beside={name: found.get(pk) for name, found in beside.items()},
                also=[
                    each.label
                    for each in sections
                    if each.code in known[pk] - {code, MINE}
                ],
                lens=lens,
            )
            for pk in found
            if pk in rows
        ]
        for code, found in chosen.items()
    }


def _line(
    incident: Incident,
    section: Section,
    entry: Entry | None,
    *,
    beside: Mapping[str, Any],
    also: Sequence[Words],
    lens: Lens,
) -> Line:
    return Line(
        incident=incident,
        words=entry.sentence if entry else section.otherwise,
        at=entry.at if entry else None,
        says_call=entry is not None and entry.is_call,
        also=also,
        is_mine=lens.user.pk in {incident.owner_id, incident.desk_owner_id},
        **beside,
    )


def _beside(rows: Sequence[Incident], lens: Lens) -> dict[str, Mapping[int, Any]]:
    """What stands beside the words, by its name in a line and the incident's id."""
    return {
        "face": next_faces(rows, lens.at),
        "agreed": agreed_faces(
            {row.pk: row.hold_reason for row in rows},
            agreements_of(row.team_id for row in rows),
            lens.at,
        ),
        "ladder": ladders_of(rows, lens.user, until=lens.at + AT_RISK),
    }


def _told(
    chosen: Mapping[str, Sequence[int]], sections: Sequence[Section], lens: Lens
) -> dict[tuple[str, int], Entry]:
    """The last event that tells why, by section and number."""
    kinds = {each.code: set(each.kinds) for each in sections}
    others = set(chosen.get(MINE, ()))
    asked = [pk for code, found in chosen.items() if code != MINE for pk in found]
    events = [
        *_last_of_each_kind(asked, {kind for one in kinds.values() for kind in one}),
        *_last_of_others(others, lens),
    ]
    found: dict[tuple[str, int], Entry] = {}
    places = {pk: code for code, pks in chosen.items() for pk in pks}
    for event, entry in zip(events, timeline.entries_of(events), strict=True):
        code = places[event.subject_id]
        if code == MINE or entry.kind in kinds[code]:
            known = found.get((code, event.subject_id))
            if known is None or known.seq < entry.seq:
                found[code, event.subject_id] = entry
    return found


def _last_of_each_kind(pks: Iterable[int], kinds: Iterable[str]) -> Any:
    found = Event.objects.filter(
        subject_type="incident", subject_id__in=list(pks), kind__in=list(kinds)
    )
    # Where a rung raised attention, the rung says more.
    found = found.exclude(kind=Kind.RAISE_ATTENTION, data__because=Because.LADDER)
    return (
        found.order_by("subject_id", "kind", "-seq")
        .distinct("subject_id", "kind")
        .select_related("actor")
    )


def _last_of_others(pks: Iterable[int], lens: Lens) -> Any:
    found = acts_of_others(lens.user, lens.since).filter(subject_id__in=list(pks))
    return (
        found.order_by("subject_id", "-seq")
        .distinct("subject_id")
        .select_related("actor")
    )
