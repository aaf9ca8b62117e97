"""Known errors at work: told or applied, and whether it helped."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from activity import clock
from activity.lifecycle import record
from activity.refusals import Conflict
from incidents import permissions as may
from incidents.codes import AskedOf, HowUsed, Outcome
from incidents.events import Kind
from incidents.known_errors import why_not_told, why_not_used
from incidents.models import Incident, KnownErrorUse, UseOutcome
from incidents.services.asking import lock, refuse_ended, require_code, some
from incidents.services.talking import write_reply
from knowledgebase.models import ArticleVersion


@transaction.atomic
def use_workaround(  # noqa: PLR0913 - all by name
    pk: int,
    *,
    by: User,
    version: int,
    how: str,
    expected_version: int | None,
    message: str = "",
    files: Sequence[int] = (),
) -> KnownErrorUse:
    """Tell the reporter what a published version says, or write down that one did it.

    To tell is a reply to the reporter: ``message`` is public and ``files`` go with
    it. What is applied may have a ``message`` for colleagues. Raises ``Conflict``
    where that version is not what the article says any more.
    """
    incident = lock(
        pk,
        by=by,
        move="use_workaround",
        may=may.may_work,
        expected_version=expected_version,
    )
    refuse_ended(incident, "use_workaround")
    require_code("how", how, HowUsed.values)
    used, at = _in_force(incident, version, by), clock.now()
    data = {
        "version": used.pk,
        "article": used.article_id,
        "number": used.number,
        "how": str(how),
    }
    notes = {}
    if how == HowUsed.TOLD:
        data["reply"] = _tell(incident, used, by, at, message, files)
    else:
        notes = some({"internal": message})
    event = record(incident, Kind.USE, by=by, at=at, data=data, notes=notes)
    made: KnownErrorUse = KnownErrorUse.objects.create(
        incident=incident, version=used, how=how, seq=event.seq, by=by, at=at
    )
    return made


@transaction.atomic
def judge_workaround(
    pk: int,
    *,
    by: User,
    use: int,
    outcome: str,
    asked: str = AskedOf.DESK,
    expected_version: int | None = None,
) -> UseOutcome:
    """Say whether what was used helped; the desk also after the end. A later answer
    counts instead of an earlier one. Raises ``KnownErrorUse.DoesNotExist``."""
    require_code("asked", asked, AskedOf.values)
    incident = lock(
        pk,
        by=by,
        move="judge_workaround",
        may=may.may_work if asked == AskedOf.DESK else may.may_confirm,
        expected_version=expected_version,
    )
    used: KnownErrorUse = incident.uses.get(pk=use)
    if asked == AskedOf.CONFIRMER and not used.was_told:
        raise ValidationError({"asked": _("They were not told of it.")})
    return _judge(incident, used, by, str(outcome), asked, clock.now())


def judge_all(
    incident: Incident,
    answers: Mapping[int, str],
    *,
    by: User,
    asked: str,
    at: datetime,
) -> None:
    """Write down what a move was told beside, on its locked incident.

    ``answers`` are outcomes by the id of the use; an empty one says nothing.
    """
    given = {pk: outcome for pk, outcome in answers.items() if outcome}
    uses = incident.uses.filter(pk__in=given).order_by("seq") if given else []
    for use in uses:
        if asked == AskedOf.DESK or use.was_told:
            _judge(incident, use, by, given[use.pk], asked, at)


def _judge(
    incident: Incident,
    use: KnownErrorUse,
    by: User,
    outcome: str,
    asked: str,
    at: datetime,
) -> UseOutcome:
    require_code("outcome", outcome, Outcome.values)
    data = {
        "use": use.pk,
        "article": use.version.article_id,
        "number": use.version.number,
        "asked": str(asked),
        "outcome": outcome,
        "recorded": asked == AskedOf.CONFIRMER and not may.is_confirmer(incident, by),
    }
    event = record(incident, Kind.JUDGE, by=by, at=at, data=data)
    made: UseOutcome = UseOutcome.objects.create(
        incident=incident,
        use=use,
        asked=asked,
        outcome=outcome,
        seq=event.seq,
        by=by,
        at=at,
    )
    return made


def _in_force(incident: Incident, version: int, by: User) -> ArticleVersion:
    """The version, which nobody replaces or retires before this is committed.

    Raises ``ArticleVersion.DoesNotExist`` for one that ``by`` may not read.
    """
    found = (
        ArticleVersion.objects.visible_to(by)
        .select_related("article")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=version)
    )
    why = why_not_used(found)
    if why:
        raise Conflict(incident, move="use_workaround", why=why)
    return found


def _tell(
    incident: Incident,
    used: ArticleVersion,
    by: User,
    at: datetime,
    message: str,
    files: Sequence[int],
) -> int:
    """The number of the reply."""
    why = why_not_told(incident, used)
    if why:
        raise ValidationError({"how": why})
    return write_reply(incident, by=by, at=at, message=message, files=files).seq
