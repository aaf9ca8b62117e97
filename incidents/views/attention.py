"""Whoever was told says that they attend to it: on the ticket, or by a link."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from activity import clock
from activity.models import Event
from activity.refusals import Conflict
from incidents import services
from incidents.events import Kind
from incidents.ladders import links
from incidents.ladders.links import CallLink
from incidents.ladders.shown import Call, call_of
from incidents.ladders.words import reason_first
from incidents.models import Incident
from incidents.notifications.letters import in_words_of
from incidents.services.climbing import present_climb_of
from incidents.timeline import entries_of
from incidents.views.answering import only_for_the_reader
from incidents.views.moves import leave, the_incident, viewer

GONE: Final = 410
LONGEST_NUMBER: Final = 9


@require_POST
def acknowledge_attention(request: HttpRequest, pk: int) -> HttpResponse:
    """One press on the page of the ticket, about the call that the page showed."""
    incident = the_incident(request, pk)
    climb = request.POST.get("climb", "")
    if climb and not (climb.isdecimal() and len(climb) <= LONGEST_NUMBER):
        raise BadRequest("A call has a number.")
    seen = int(climb) if climb else None
    services.acknowledge_attention(pk, by=viewer(request), climb=seen)
    messages.success(request, _("You attend to it. Nobody else is told."))
    return leave(request, incident)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A link of this desk, and what it is good for now."""

    link: CallLink
    incident: Incident
    person: User
    told: Event | None
    told_since: Sequence[Call]  # After this person, by the same climb.
    stands: bool  # Its call does: whoever has it may read what it was about.
    answered: Event | None

    @property
    def is_open(self) -> bool:
        """Whether somebody may still answer to it."""
        return self.stands and self.answered is None and self.incident.is_open


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@only_for_the_reader
def attend_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button; the GET changes nothing, no log-in. It shows numbers, teams
    and times: whoever was told may be somebody who sees no words of tickets."""
    case = _case_of(token)
    with in_words_of(case.person):
        if request.method == "POST" and case.is_open:
            # Somebody may be faster: the page says who.
            with suppress(Conflict):
                services.acknowledge_attention(
                    case.incident.pk, by=case.person, climb=case.link.climb
                )
            case = _case_of(token)
        return _page(request, case)


def _case_of(token: str) -> _Case:
    """Raises ``Http404`` for a token that this desk never wrote."""
    try:
        link = links.read(token)
    except signing.BadSignature:
        raise Http404 from None
    found = Incident.objects.select_related("team__lead", "desk")
    incident = get_object_or_404(found, pk=link.incident)
    person = get_object_or_404(User.objects.people().active(), pk=link.person)
    about = Event.objects.about(incident).filter(data__climb=link.climb)
    rungs = about.filter(kind=Kind.RUNG).select_related("actor")
    told = rungs.filter(data__recipients__contains=[person.pk]).last()
    answers = about.filter(kind=Kind.ACKNOWLEDGE).select_related("actor")
    later = rungs.filter(seq__gt=told.seq) if told else rungs.none()
    climb = present_climb_of(incident)
    is_present = climb is not None and climb.seq == link.climb
    return _Case(
        link=link,
        incident=incident,
        person=person,
        told=told,
        told_since=[
            call_of(entry) for entry in entries_of(list(later)) if entry.called
        ],
        answered=answers.first(),
        stands=is_present and told is not None and not link.is_expired,
    )


def _page(request: HttpRequest, case: _Case) -> HttpResponse:
    context: dict[str, Any] = {"incident": case.incident, "person": case.person}
    if case.told is not None and case.stands and (case.is_open or case.answered):
        answer_by = datetime.fromisoformat(case.told.data["answer_by"])
        context |= {
            "reason": reason_first(case.told.data, case.told.at),
            "told_at": case.told.at,
            "answer_by": answer_by,
            "is_past": answer_by < clock.now(),
            "told_since": case.told_since,
            "answered": case.answered,
        }
        return render(request, "incidents/attention/by_link.html", context)
    context["is_expired"] = case.link.is_expired
    return render(request, "incidents/attention/gone.html", context, status=GONE)
