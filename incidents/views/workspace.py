"""What the page of one incident shows, gathered with few queries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q, prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from activity import clock
from incidents import moves, timeline
from incidents import permissions as may
from incidents.clocks.faces import because, faces
from incidents.codes import LinkKind, Risk
from incidents.events import Kind
from incidents.forms.talking import NoteForm, ReplyForm
from incidents.ladders.listed import next_told, promised_at
from incidents.ladders.shown import Shown, attention_shown
from incidents.models import Incident, Link
from incidents.refused import naming_refused
from incidents.timeline import Entry
from incidents.views.known import knowledge_of
from incidents.views.status import look_of
from incidents.views.tiers import way_of
from incidents.views.together import together

BUTTONS = 3
EARLIER = 3
VIEWS = {
    "all": gettext_lazy("All"),
    "conversation": gettext_lazy("Conversation"),
    "internal": gettext_lazy("Internal"),
    "changes": gettext_lazy("Changes"),
}
WANTED: dict[str, Callable[[Entry], bool]] = {
    "conversation": lambda entry: entry.is_conversation,
    "internal": lambda entry: entry.is_internal,
    "changes": lambda entry: entry.kind not in timeline.TALK,
}
# In the order in which they happen. The first two may stay unknown for ever.
TIMES = (
    ("occurred_at", gettext_lazy("Occurred")),
    ("detected_at", gettext_lazy("Detected")),
    ("reported_at", gettext_lazy("Reported")),
    ("acknowledged_at", gettext_lazy("Acknowledged")),
    ("responded_at", gettext_lazy("First reply")),
    ("restored_at", gettext_lazy("Works again")),
    ("resolved_at", gettext_lazy("Resolved")),
    ("confirmed_at", gettext_lazy("Confirmed")),
    ("closed_at", gettext_lazy("Closed")),
)


@dataclass(frozen=True, slots=True)
class Time:
    """One of the times that are kept apart; ``words`` where there is none."""

    label: str | Promise
    at: datetime | None
    words: str


def gathered(
    incident: Incident,
    *,
    by: User,
    view: str = "all",
    write: str = "",
    reply: ReplyForm | None = None,
    note: NoteForm | None = None,
) -> dict[str, Any]:
    """The whole context of the page."""
    at = clock.now()
    prefetch_related_objects([incident], "attachments", "shares__user")
    entries = naming_refused(timeline.full_timeline(incident), incident, by=by)
    return {
        "incident": incident,
        "at": at,
        **_next_steps(incident, by, at),
        "views": VIEWS,
        "view": view if view in VIEWS else "all",
        "blocks": timeline.blocks(_seen_in(view, entries)),
        "shown_count": len(entries),
        **_composers(incident, by, write, reply, note),
        **_people(incident, by),
        **_status(incident),
        "times": _times(incident),
        **_promised(incident, at),
        "attention": _attention(incident, entries, by),
        **way_of(incident, entries, by=by, at=at),
        "knowledge": knowledge_of(incident, entries, by),
        "local_time": _local_time(incident.reporter, at),
        **_asked(incident, entries),
        "links": _links(incident, by),
        **together(incident, by),
        "earlier": _earlier(incident, by),
        "may_work": may.may_work(incident, by),
        "may_share": may.may_share(incident, by),
    }


def _promised(incident: Incident, at: datetime) -> dict[str, Any]:
    """Its clocks, and which policy promised them because of what."""
    rows = incident.clocks.select_related(
        "policy__policy", "policy__service", "policy__team"
    )
    shown = faces(rows, at, hold=incident.hold_reason)
    clock_ = shown[-1].clock if shown else None
    return {
        "clocks": shown,
        "policy": clock_.policy if clock_ else None,
        "because": because(clock_) if clock_ else "",
    }


def _attention(incident: Incident, entries: list[Entry], by: User) -> Shown | None:
    called = any(entry.is_call for entry in entries)
    promised = promised_at([incident.pk] if called else [])
    pk = incident.pk
    shown = attention_shown(incident, entries, by, promised=promised.get(pk, 0))
    if shown is None or shown.next_at is None:
        return shown
    return replace(shown, next_tells=next_told([pk]).get(pk, ""))


def _next_steps(incident: Incident, by: User, at: datetime) -> dict[str, Any]:
    offers = moves.offers(incident, by, at)
    allowed = [offer for offer in offers if offer.is_allowed]
    return {
        "steps": allowed[:BUTTONS],
        "more": allowed[BUTTONS:],
        "blocked": [offer for offer in offers if not offer.is_allowed],
    }


def _seen_in(view: str, entries: Iterable[Entry]) -> list[Entry]:
    wanted = WANTED.get(view)
    return [entry for entry in entries if wanted is None or wanted(entry)]


def _composers(
    incident: Incident,
    by: User,
    write: str,
    reply: ReplyForm | None,
    note: NoteForm | None,
) -> dict[str, Any]:
    """Both for who works on it, the note alone after the end; for readers, whom to
    ask instead."""
    if not may.may_work(incident, by):
        move = moves.BY_NAME["reply"]
        people = move.who(incident).exclude(pk=by.pk)[:EARLIER]
        return {"reading_only": move.only, "who_can": people}
    write = "reply" if reply is not None else "note" if note is not None else write
    composers: dict[str, Any] = {
        "is_own": incident.reporter_id == by.pk,
        "note_form": note or NoteForm(incident=incident, by=by),
        "write": write,
        "form": reply or note,
    }
    if not incident.is_ended:
        composers["reply_form"] = reply or ReplyForm(incident=incident, by=by)
    return composers


def _people(incident: Incident, by: User) -> dict[str, Any]:
    readers = [share.user for share in incident.shares.all()]
    watchers = [watch.user for watch in incident.watches.select_related("user")]
    return {
        "watchers": watchers,
        "is_watching": any(watcher.pk == by.pk for watcher in watchers),
        "readers": readers,
        "hears_count": len(watchers) + len(readers),
    }


def _status(incident: Incident) -> dict[str, Any]:
    words = incident.get_status_display()
    if incident.hold_reason:
        words = incident.get_hold_reason_display()
    risks = [Risk(risk).label for risk in incident.risks]
    return {"status_look": look_of(incident), "status_words": words, "risks": risks}


def _times(incident: Incident) -> list[Time]:
    return [
        Time(label, getattr(incident, name), _no_time(incident, name))
        for name, label in TIMES
    ]


def _no_time(incident: Incident, name: str) -> str:
    """Unknown is a fact; what has not happened yet is another."""
    if name in {"occurred_at", "detected_at"}:
        return _("unknown")
    if name == "restored_at" and incident.resolution_id:
        return _("unknown")
    return _("not yet") if not incident.is_ended else _("never")


def _local_time(person: User, at: datetime) -> str:
    local = timezone.localtime(at, person.zone)
    return _("%(weekday)s, %(time)s") % {
        "weekday": date_format(local, "D"),
        "time": date_format(local, "TIME_FORMAT"),
    }


def _asked(incident: Incident, entries: Iterable[Entry]) -> dict[str, Any]:
    """How often we asked about the current resolution, the last time first."""
    if incident.resolution is None:
        return {}
    since = incident.resolution.seq
    again = [one for one in entries if one.kind == Kind.REMIND and one.seq > since]
    return {"reminders": again[::-1], "asked_count": len(again) + 1}


def _links(incident: Incident, by: User) -> list[dict[str, Any]]:
    """What it belongs to, as far as this person may see it."""
    seen = Incident.objects.visible_to(by)
    others = Q(to_incident=incident) & ~Q(kind=LinkKind.PARENT)  # Parts stand apart.
    rows = (
        Link.objects.filter(Q(from_incident=incident) | others)
        .filter(from_incident__in=seen, to_incident__in=seen)
        .select_related("from_incident", "to_incident")
    )
    return [_link(row, incident) for row in rows]


def _link(row: Link, incident: Incident) -> dict[str, Any]:
    outward = row.from_incident_id == incident.pk
    return {
        "pk": row.pk,
        "label": OUTWARD[row.kind] if outward else INWARD[row.kind],
        "other": row.to_incident if outward else row.from_incident,
        "by_hand": row.kind in {"parent", "related"},
    }


OUTWARD = {
    "duplicate": gettext_lazy("Duplicate of"),
    "parent": gettext_lazy("Part of"),
    "follow_up": gettext_lazy("Follow-up of"),
    "related": gettext_lazy("Related to"),
}
INWARD = {
    "duplicate": gettext_lazy("Has the duplicate"),
    "parent": gettext_lazy("Has the part"),
    "follow_up": gettext_lazy("Has the follow-up"),
    "related": gettext_lazy("Related to"),
}


def _earlier(incident: Incident, by: User) -> Any:
    """What the same person reported last."""
    seen = Incident.objects.visible_to(by).exclude(pk=incident.pk)
    return seen.filter(reporter=incident.reporter).order_by("-reported_at")[:EARLIER]
