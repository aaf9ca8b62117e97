"""What a person is told when a move is refused: 403 with whom to ask, 409 with what
changed and everything they typed.

Whoever reads the reporter's pages is told only what is public; who may see nothing
of the incident gets ``None``, so that the plain page answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity import clock
from activity.refusals import Conflict, NotAllowed
from incidents import moves, timeline
from incidents import permissions as may
from incidents.codes import CancelReason, HoldReason
from incidents.forms.talking import AskForm
from incidents.models import Incident
from incidents.refused import naming_refused
from incidents.views.move_pages import PAGES

CODES = {*HoldReason.values, *CancelReason.values}
MOST_NAMES = 5
LONGEST_VERSION = 9
# Names of posted fields that are people's words, and how they are called.
TEXTS = {
    "message": gettext_lazy("Your message"),
    "text": gettext_lazy("What you wrote"),
    "question": gettext_lazy("Your question"),
    "complaint": gettext_lazy("What does not work"),
    "description": gettext_lazy("What is wrong"),
    "reason": gettext_lazy("Your reason"),
    "explanation": gettext_lazy("Your explanation"),
    "verification": gettext_lazy("How you made sure that it works"),
    "account": gettext_lazy("What they told you"),
    "title": gettext_lazy("Subject"),
}
# What belongs to one request and is made anew for the next.
OWN = {"csrfmiddlewaretoken", "version", "edit", "preview", "kept", "drop", "take_out"}
SENT = {"reply", "answer", "ask"}
DESK_PLACES = ("/tickets/", "/queue/")
# Routes whose name is not the name of their move.
ROUTES = {"share_ticket": "share", "unlink": "link", "still_broken": "reject"}


@dataclass(frozen=True, slots=True)
class Typed:
    """One posted text."""

    name: str
    label: Any
    text: str


def told_of_conflict(request: HttpRequest, refusal: Conflict) -> HttpResponse | None:
    """The page of 409, or ``None`` for who may not see the incident."""
    seen = _seen(request, refusal.subject)
    if seen is None:
        return None
    incident, internal = seen
    move = _move(request, refusal.move)
    possible = internal and _is_possible(request, incident, move)
    changes = _changes(request, incident, internal=internal)
    ruled_out = internal and not possible and changes and not refusal.why
    context = {
        "incident": incident,
        "sentence": _sentence(refusal, changes),
        "ruled_out": moves.wrong_state(incident) if ruled_out else "",
        "changes": changes,
        "move": moves.BY_NAME.get(move),
        "possible": possible,
        "sends": move in SENT,
        "may_note": internal and may.may_work(incident, request.user),  # type: ignore[arg-type]
        "back": _back(incident, internal=internal),
        "internal": internal,
        **_typed(request, move),
    }
    return render(request, "incidents/conflict.html", context, status=409)


def told_of_refusal(request: HttpRequest, refusal: NotAllowed) -> HttpResponse | None:
    """The page of 403, or ``None`` for who may not see the incident."""
    seen = _seen(request, refusal.subject)
    if seen is None:
        return None
    incident, internal = seen
    move = moves.BY_NAME.get(_move(request, refusal.move))
    context = {
        "incident": incident,
        "move": move,
        "back": _back(incident, internal=internal),
        "internal": internal,
        "people": [],
        **_typed(request, refusal.move),
    }
    if internal and move is not None:
        people = move.who(incident).exclude(pk=request.user.pk or 0)
        context["people"] = people[:MOST_NAMES]
        context["ask_form"] = AskForm(
            incident=incident,
            by=request.user,
            initial={"message": _wish(incident, move), "to": people.first()},
            asked=QueryDict(f"move={move.name}"),
        )
    return render(request, "incidents/refused.html", context, status=403)


def _seen(request: HttpRequest, subject: Any) -> tuple[Incident, bool] | None:
    """The incident as it is now, and whether this is a page of the desk."""
    if not isinstance(subject, Incident) or not request.user.is_authenticated:
        return None
    rows = Incident.objects.for_page().with_reminders()
    internal = _is_desk_page(request)
    seen = rows.visible_to if internal else rows.public_for
    found = seen(request.user).filter(pk=subject.pk).first()
    return None if found is None else (found, internal)


def _is_desk_page(request: HttpRequest) -> bool:
    """Whoever is the reporter may work at the desk as well: the page decides."""
    return request.path.startswith(DESK_PLACES)


def _move(request: HttpRequest, move: str) -> str:
    """What was tried, as the address has it where the refusal does not say."""
    match = request.resolver_match
    route = match.url_name if match else ""
    if route in moves.BY_NAME:
        return str(route)
    return ROUTES.get(route or "", move)


def _is_possible(request: HttpRequest, incident: Incident, move: str) -> bool:
    """Whether the same address would accept it by now."""
    match = request.resolver_match
    of_this_one = match is not None and match.kwargs.get("pk") == incident.pk
    if request.method != "POST" or not of_this_one or move not in moves.BY_NAME:
        return False
    return moves.is_possible(incident, move, request.user, clock.now())  # type: ignore[arg-type]


def _sentence(refusal: Conflict, changes: list[timeline.Entry]) -> str:
    """What happened: the reason that the service knows, or else the last change."""
    if refusal.why or not changes:
        return refusal.sentence()
    return _("Meanwhile: %(event)s.") % {"event": changes[-1].sentence}


def _changes(
    request: HttpRequest, incident: Incident, *, internal: bool
) -> list[timeline.Entry]:
    """What happened after the version that was posted; nothing where none was."""
    version = request.POST.get("version", "")
    if not version.isdecimal() or len(version) > LONGEST_VERSION:
        return []
    changes = timeline.since(incident, int(version), internal=internal)
    return naming_refused(changes, incident, by=request.user)  # type: ignore[arg-type]


def _typed(request: HttpRequest, move: str) -> dict[str, Any]:
    """The words that were posted, the values beside them, and the files that wait."""
    labels = {**TEXTS, **_labels(move)}
    texts: list[Typed] = []
    values: list[tuple[str, str]] = []
    for name, found in request.POST.lists():
        if name in OWN:
            continue
        for value in map(str, found):
            if name in TEXTS and value not in CODES:
                texts.append(Typed(name, labels[name], value))
            else:
                values.append((name, value))
    return {
        "texts": texts,
        "said": [typed for typed in texts if typed.text.strip()],
        "together": _together(texts),
        "values": values,
        "kept": getattr(request, "kept_files", request.POST.getlist("kept")),
        "lost_files": bool(request.FILES) and not hasattr(request, "kept_files"),
    }


def _labels(move: str) -> dict[str, Any]:
    """How the form of this move calls its fields."""
    page = PAGES.get(move)
    fields = page.form.base_fields if page else {}
    return {name: field.label for name, field in fields.items()}


def _together(texts: Iterable[Typed]) -> str:
    return "\n\n".join(typed.text for typed in texts if typed.text.strip())


def _back(incident: Incident, *, internal: bool) -> str:
    return incident.get_absolute_url() if internal else incident.reporter_url()


def _wish(incident: Incident, move: moves.Move) -> str:
    facts = {"move": move.label, "reference": incident.reference}
    return _("Could you do “%(move)s” for %(reference)s?") % facts
