"""Ladders in lists: whom the rungs of many tickets told, who attends to it, and whom
the next one tells."""

from collections.abc import Collection, Sequence
from typing import Final

from django.db.models import Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.functional import Promise

from accounts.models import User
from activity.models import Event
from incidents.events import Kind
from incidents.ladders.climbing import COMES_BACK
from incidents.ladders.shown import Shown, attention_shown
from incidents.models import Incident, PolicyMatch
from incidents.timeline import Entry, entries_of
from sla.codes import Tells
from sla.models import Rung

# All that says how far a ladder was climbed.
HOW_FAR: Final = (Kind.RUNG, Kind.ACKNOWLEDGE, *COMES_BACK)


def unanswered_calls() -> QuerySet[Event]:
    """Rungs of the incident around it that told somebody, and that nobody answered
    since; none of a climb that is over."""
    is_later_climb = Q(climb__gt=OuterRef("seq"))
    since = (
        _of_incidents()
        .filter(subject_id=OuterRef("subject_id"), seq__gt=OuterRef("seq"))
        .annotate(climb=Cast(KT("data__climb"), IntegerField()))
        .filter(~Q(kind=Kind.RUNG) | is_later_climb)
    )
    promised = PolicyMatch.objects.filter(
        incident=OuterRef("subject_id"), seq__gt=OuterRef("seq")
    )
    told = _of_incidents().filter(subject_id=OuterRef("pk"), kind=Kind.RUNG)
    return told.filter(~Q(data__recipients=[]), ~Exists(since), ~Exists(promised))


def ladders_shown(incidents: Sequence[Incident], by: User) -> dict[int, Shown]:
    """What the page of each says of its ladder, by its id. At most four queries.
    ``incidents`` come with their ``team``."""
    about = _of_incidents().filter(subject_id__in=[one.pk for one in incidents])
    events = list(about.order_by("subject_id", "seq").select_related("actor"))
    told: dict[int, list[Entry]] = {}
    for event, entry in zip(events, entries_of(events), strict=True):
        told.setdefault(event.subject_id, []).append(entry)
    promised = promised_at(told)
    found = {
        one.pk: attention_shown(
            one, told.get(one.pk, []), by, promised=promised.get(one.pk, 0)
        )
        for one in incidents
    }
    return {pk: shown for pk, shown in found.items() if shown is not None}


def promised_at(incidents: Collection[int]) -> dict[int, int]:
    """The number of the event from which on the policy of each holds. One query, or
    none for nothing."""
    if not incidents:
        return {}
    matches = PolicyMatch.objects.filter(incident__in=incidents).order_by()
    return dict(matches.values_list("incident").annotate(Max("seq")))


def next_told(incidents: Collection[int]) -> dict[int, str | Promise]:
    """Whom the next rung of these tells, unless somebody answers before: a person by
    name, otherwise whoever that is then. One query."""
    holds = PolicyMatch.objects.filter(incident=OuterRef(OuterRef("pk")))
    version = holds.order_by("-seq").values("version")[:1]
    rung = Rung.objects.filter(
        version=Subquery(version), position=OuterRef("rung_position")
    )
    rows = (
        Incident.objects.filter(pk__in=incidents, rung_at__isnull=False)
        .order_by()
        .annotate(
            tells=Subquery(rung.values("tells")[:1]),
            name=Subquery(rung.values("person__name")[:1]),
        )
    )
    return {
        pk: name or Tells(tells).label
        for pk, tells, name in rows.values_list("pk", "tells", "name")
        if tells
    }


def _of_incidents() -> QuerySet[Event]:
    found: QuerySet[Event] = Event.objects.filter(
        subject_type=Incident.subject_type, kind__in=HOW_FAR
    )
    return found
