"""What belongs to one incident is solved with it: each report for itself."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from activity.models import Event
from activity.refusals import Conflict, NotAllowed, explain
from incidents import permissions as may
from incidents.codes import SOLVER_CODES, Status
from incidents.models import Incident
from incidents.services.asking import LONGEST_TEXT, require
from incidents.services.classifying import Classification, triage_and_go_on
from incidents.services.contacting import own_desk
from incidents.services.resolving import Solution, resolve_incident
from incidents.services.working import resume_incident, take_incident


@dataclass(frozen=True, slots=True)
class Left:
    """A part that stays open, and why."""

    part: Incident
    why: str


@dataclass(frozen=True, slots=True)
class Together:
    """What became of the open parts of ``master``."""

    master: Incident
    solved: list[Incident]
    left: list[Left]


def resolve_parts(pk: int, *, by: User) -> Together:
    """Resolve every open report that is part of a solved incident, with the same words
    for its reporter. Each is a transaction of its own, goes the whole way through the
    desk, and asks its own confirmer. What cannot be is named, and stays open.

    Raises ``Conflict`` unless the master is solved by the desk.
    """
    master: Incident = Incident.objects.select_related("resolution").get(pk=pk)
    if not may_be_shared(master):
        raise Conflict(master, move="resolve_parts", why=not_solved(master))
    require(may.may_resolve_parts, master, by, "resolve_parts")
    solution = _solution_of(master)
    result = Together(master, [], [])
    for part in Incident.objects.parts_of(master).open().order_by("pk"):
        why = _try(part, master, solution, by)
        if why:
            result.left.append(Left(part, why))
            continue
        result.solved.append(part)
    return result


def may_be_shared(master: Incident) -> bool:
    """Whether it has a solution of the desk that others can be told."""
    solved = master.status in {Status.RESOLVED, Status.CLOSED}
    resolution = master.resolution
    return bool(solved and resolution and resolution.code in SOLVER_CODES)


def not_solved(master: Incident) -> str:
    if master.resolution is None:
        return _("Resolve the incident itself first.")
    return _("Nobody here solved it: look at each of its reports.")


def _try(part: Incident, master: Incident, solution: Solution, by: User) -> str:
    """Why it could not be; ``""`` if it is done."""
    try:
        with transaction.atomic():
            _make_ready(part.pk, master, by)
            resolve_incident(part.pk, by=by, expected_version=None, solution=solution)
    except Conflict as refusal:
        return refusal.sentence()
    except NotAllowed:
        return _("You may not resolve it.")
    except ValidationError as error:
        return " ".join(error.messages)
    except IntegrityError as error:
        if not explain(error):
            raise
        return explain(error)
    return ""


def _make_ready(pk: int, master: Incident, by: User) -> None:
    """The way of a first contact: triage, take, and then it can be solved."""
    part: Incident = Incident.objects.lock(pk)
    if not part.is_open:
        raise Conflict(part, why=_("It is not open any more."))
    if part.status == Status.NEW:
        _triage(part, master, by)
        part = Incident.objects.lock(pk)
    if may.is_owner(part, by) and part.owner_id is not None:
        return _go_on(part, by)
    if part.owner is not None:
        sentence = _("%(name)s works on it.") % {"name": part.owner.name}
        raise Conflict(part, why=sentence)
    if not may.may_take(part, by):
        sentence = _("It is with %(team)s.") % {"team": part.team.name}
        raise Conflict(part, why=sentence)
    take_incident(pk, by=by, expected_version=None)
    return _go_on(Incident.objects.lock(pk), by)


def _go_on(part: Incident, by: User) -> None:
    if part.status == Status.ON_HOLD:
        resume_incident(part.pk, by=by, expected_version=None)


def _triage(part: Incident, master: Incident, by: User) -> None:
    if master.category is None or master.service is None:
        raise Conflict(part, why=_("Nobody has triaged it yet."))
    triage_and_go_on(
        part.pk,
        by=by,
        expected_version=None,
        classification=Classification(
            category=master.category,
            service=master.service,
            impact=part.impact,
            urgency=part.urgency,
            kind=master.kind,
            people_affected=part.people_affected,
        ),
        team=own_desk(part, by),
    )


def _solution_of(master: Incident) -> Solution:
    resolution = master.resolution
    if resolution is None:
        raise Conflict(master, move="resolve_parts", why=not_solved(master))
    event = Event.objects.about(master).get(seq=resolution.seq)
    notes = {note.name: note.text for note in event.notes.all()}
    checked = _("Solved together with %(reference)s. %(how)s")
    how = {"reference": master.reference, "how": notes.get("verification", "")}
    return Solution(
        code=resolution.code,
        text=notes.get("solution", ""),
        verification=(checked % how).strip()[:LONGEST_TEXT],
        restored_at=resolution.restored_at,
    )
