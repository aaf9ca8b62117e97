"""A workaround has changed: who was told the old one is told the new one, once."""

from enum import StrEnum

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from activity import clock
from activity.lifecycle import record
from activity.refusals import Conflict
from incidents import permissions as may
from incidents.codes import HowUsed
from incidents.events import Kind
from incidents.known_errors import message_from, why_not_told
from incidents.models import Incident, KnownErrorUse, Retold
from incidents.querysets_known import told_older
from incidents.services.asking import LONGEST_TEXT
from incidents.services.using import use_workaround
from knowledgebase.codes import State
from knowledgebase.models import Article, ArticleVersion


class Result(StrEnum):
    """What came of telling one reporter."""

    TOLD = "told"
    WRITTEN = "written"
    ALREADY = "already"
    BUSY = "busy"
    REFUSED = "refused"


Outcome = tuple[Result, str]


def tell_new_version(pk: int, *, by: User, version: int) -> Outcome:
    """Tell the reporter of one incident what its article says now: what came of it,
    and in words why nothing did.

    A reply where the incident has not ended, a letter where it has: nothing is
    reopened. It is a transaction of its own, so that one who cannot be told keeps no
    other from it, and never waits for somebody who holds the incident. Raises
    ``DoesNotExist`` for what ``by`` cannot see.
    """
    try:
        with transaction.atomic():
            Incident.objects.visible_to(by).get(pk=pk)
            return _tell_unless_busy(pk, by, version)
    except Conflict as refusal:
        return Result.REFUSED, refusal.sentence()


def _tell_unless_busy(pk: int, by: User, version: int) -> Outcome:
    new = _published(by, version)
    if new is None:
        return Result.REFUSED, _("The article says something else by now.")
    free = Incident.objects.lock_free([pk])
    if not free:
        return Result.BUSY, _("Somebody works on it just now. Try again.")
    return _tell(free[0], by, new)


def letter_about(incident: Incident, version: ArticleVersion) -> str:
    """What the reporter is told, in their language."""
    with translation.override(incident.reporter.language):
        opening = _("We told you a workaround once: “%(title)s”. It has changed.")
        return "\n\n".join(
            [
                opening % {"title": version.title},
                _("This is what helps now:"),
                message_from(version),
            ]
        )


def why_not_anew(incident: Incident, version: ArticleVersion, by: User) -> str:
    """Why the reporter cannot be told of it; ``""`` if they can."""
    if not may.may_work(incident, by):
        return _("Only the service desk and the team that holds it write to them.")
    if not incident.reporter.is_active:
        return _("%(name)s has left.") % {"name": incident.reporter.name}
    if len(letter_about(incident, version)) > LONGEST_TEXT:
        return _("It is too long for a message. Write to them yourself.")
    return why_not_told(incident, version)


def _published(by: User, version: int) -> ArticleVersion | None:
    """The version, if it is what is published of an article that ``by`` may read."""
    seen = Article.objects.visible_to(by)
    found: ArticleVersion | None = (
        ArticleVersion.objects.select_related("article")
        .filter(pk=version, article__in=seen, state=State.PUBLISHED)
        .first()
    )
    return found


def _tell(incident: Incident, by: User, new: ArticleVersion) -> Outcome:
    former = told_older(incident.uses.all(), new.article).first()
    if former is None:
        return Result.ALREADY, _("They have been told already.")
    why = why_not_anew(incident, new, by)
    if why:
        return Result.REFUSED, why
    said = letter_about(incident, new)
    ended = incident.is_ended
    seq = (_write if ended else _reply)(incident, by, new, said)
    _keep(incident, by, new, former, seq)
    return (Result.WRITTEN if ended else Result.TOLD), ""


def _reply(incident: Incident, by: User, new: ArticleVersion, said: str) -> int:
    """The number of the use that tells them."""
    return use_workaround(
        incident.pk,
        by=by,
        version=new.pk,
        how=HowUsed.TOLD,
        message=said,
        expected_version=None,
    ).seq


def _write(incident: Incident, by: User, new: ArticleVersion, said: str) -> int:
    """The number of the letter about what has ended."""
    data = {"article": new.article_id, "number": new.number, "version": new.pk}
    event = record(
        incident, Kind.RETELL, by=by, data=data, notes={"message": said}, public=True
    )
    return event.seq


def _keep(
    incident: Incident, by: User, new: ArticleVersion, former: KnownErrorUse, seq: int
) -> None:
    Retold.objects.create(
        incident=incident,
        version=new,
        former=former,
        seq=seq,
        by=by,
        at=clock.now(),
    )
