"""The check for known errors, which escalation asks for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from activity import clock
from activity.lifecycle import record
from activity.models import Event
from activity.refusals import Conflict
from incidents import permissions as may
from incidents.codes import MOST_CANDIDATES, Decided, HowUsed, Refusal
from incidents.events import STAY_ENDS, Kind
from incidents.models import (
    CheckedCandidate,
    Incident,
    KnownErrorCheck,
    KnownErrorUse,
)
from incidents.services.asking import lock, require_sight, some
from incidents.services.using import use_workaround
from knowledgebase.services.suggesting import Suggestion, question, suggest

THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """About one candidate. ``refusal`` is a code, ``word`` what is said besides; both
    are for refused ones."""

    decided: str
    refusal: str = ""
    word: str = ""


def candidates_for(incident: Incident, by: User) -> list[Suggestion]:
    """What the knowledge base suggests for it to this person, the best first."""
    asked = question(
        subject=incident.title,
        text=incident.description,
        service=incident.service,
        category=incident.category,
    )
    return suggest(asked, by=by, most=MOST_CANDIDATES)


@transaction.atomic
def check_known_errors(
    pk: int,
    *,
    by: User,
    expected_version: int | None,
    shown: Sequence[int],
    decisions: Mapping[int, Decision],
) -> KnownErrorCheck:
    """Decide on every known error that was shown; where none was, that is recorded.

    ``shown`` are ids of versions in their order, ``decisions`` are by these. What is
    used and was not yet is written down as applied. Raises ``ValidationError``: for a
    field ``decided_<version>`` or ``refusal_<version>`` where one is not decided on,
    for no field where something else would be shown now.
    """
    incident = lock(
        pk,
        by=by,
        move="check_known_errors",
        may=may.may_work,
        expected_version=expected_version,
    )
    _refuse_not_open(incident)
    require_sight(incident, by, "check_known_errors")
    candidates = candidates_for(incident, by)
    if [one.version.pk for one in candidates] != list(shown):
        sentence = _("Other known errors are suggested by now. Decide on these.")
        raise ValidationError(sentence)
    _require_decisions(shown, decisions)
    uses = {
        version: _use(incident, by, version)
        for version in shown
        if decisions[version].decided == Decided.USED
    }
    return _write(Incident.objects.lock(pk), by, candidates, decisions, uses)


def _refuse_not_open(incident: Incident) -> None:
    if not incident.is_open:
        why = _("It is solved or has ended: there is nothing to check.")
        raise Conflict(incident, move="check_known_errors", why=why)


def _require_decisions(shown: Iterable[int], decisions: Mapping[int, Decision]) -> None:
    errors = {}
    for version in shown:
        decision = decisions.get(version)
        if decision is None or decision.decided not in Decided.values:
            errors[f"decided_{version}"] = _("Say whether you use it.")
        elif decision.decided == Decided.REFUSED and (
            decision.refusal not in Refusal.values
        ):
            errors[f"refusal_{version}"] = _("Say why you do not use it.")
    if errors:
        raise ValidationError(errors)


def uses_of_this_stay(incident: Incident) -> QuerySet[KnownErrorUse]:
    """What was used since the team that holds it got it, and since the last solution
    of it failed; the latest last."""
    ends = Event.objects.about(incident).filter(kind__in=STAY_ENDS)
    began = ends.order_by("-seq").values_list("seq", flat=True).first()
    used: QuerySet[KnownErrorUse] = KnownErrorUse.objects.filter(
        incident=incident, seq__gt=began or 0
    )
    return used.order_by("seq")


def _use(incident: Incident, by: User, version: int) -> KnownErrorUse:
    """What was used in this stay, or what is written down as applied now."""
    used = uses_of_this_stay(incident).filter(version=version).last()
    if used is not None:
        return used
    return use_workaround(
        incident.pk, by=by, version=version, how=HowUsed.APPLIED, expected_version=None
    )


def _write(
    incident: Incident,
    by: User,
    candidates: Sequence[Suggestion],
    decisions: Mapping[int, Decision],
    uses: Mapping[int, KnownErrorUse],
) -> KnownErrorCheck:
    at = clock.now()
    event = record(
        incident,
        Kind.CHECK,
        by=by,
        at=at,
        data={"shown": len(candidates), "used": len(uses)},
        notes=_words(candidates, decisions),
    )
    check = KnownErrorCheck.objects.create(
        incident=incident, shown=len(candidates), seq=event.seq, by=by, at=at
    )
    for position, one in enumerate(candidates, 1):
        decision = decisions[one.version.pk]
        refused = decision.decided == Decided.REFUSED
        CheckedCandidate.objects.create(
            within=check,
            position=position,
            version=one.version,
            score=Decimal(str(one.score)).quantize(THOUSANDTH),
            decided=decision.decided,
            refusal=decision.refusal if refused else "",
            use=uses.get(one.version.pk),
        )
    made: KnownErrorCheck = check
    return made


def _words(
    candidates: Sequence[Suggestion], decisions: Mapping[int, Decision]
) -> dict[str, str]:
    """By the place of what they are about: they are people's words, and can go."""
    return some(
        {
            f"refusal_{place}": decisions[one.version.pk].word
            for place, one in enumerate(candidates, 1)
            if decisions[one.version.pk].decided == Decided.REFUSED
        }
    )
