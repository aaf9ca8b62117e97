"""What readers say of articles, and what becomes of it."""

from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from activity import clock
from activity.lifecycle import begin, fire
from activity.refusals import Conflict, NotAllowed
from knowledgebase import permissions as may
from knowledgebase.codes import Unhelpful
from knowledgebase.events import Said
from knowledgebase.models import Article, ArticleVersion, Feedback
from knowledgebase.services.texts import optional, required

MOST_AN_HOUR: Final = 30


@transaction.atomic
def give_feedback(
    pk: int, *, by: User, number: int, helped: bool, reason: str = "", words: str = ""
) -> Feedback:
    """Say whether the version that readers see helped. It replaces what the same
    person said before; the same again changes nothing. Raises ``Conflict`` when they
    read another version than the one shown now."""
    # One after the other: nobody has two answers that count.
    article: Article = Article.objects.lock(pk)
    version = _the_one_shown(article, number)
    if not may.may_say(article, by):
        raise NotAllowed(article, move="say")
    words, reason = optional("words", words), "" if helped else reason
    _require_reason(helped, reason)
    before = Feedback.objects.current().filter(about=version, by=by).first()
    if before is not None and not words and _says(before) == (helped, reason):
        return before
    require_patience(by)
    if before is not None:
        _replace(before, by)
    fresh = Feedback(about=version, by=by, helped=helped, reason=reason, at=clock.now())
    data = {"article": article.pk, "version": version.number, "helped": helped}
    notes = {"words": words} if words else {}
    begin(fresh, Said.GIVE, by=by, data=data | {"reason": reason}, notes=notes)
    return fresh


@transaction.atomic
def handle_feedback(
    pk: int, *, by: User, expected_version: int | None, answer: str
) -> Feedback:
    """Say what became of it; who had said that it did not help is told."""
    answer = required("answer", answer, _("Say what became of it."))
    feedback: Feedback = Feedback.objects.lock(pk)
    fire(
        feedback.handle,
        by=by,
        expected_version=expected_version,
        data={"article": feedback.about.article_id},
        notes={"answer": answer},
    )
    return feedback


def _the_one_shown(article: Article, number: int) -> ArticleVersion:
    shown = article.current
    if shown is None:
        raise Conflict(
            article, move="say", why=_("Only what is published is asked about.")
        )
    if shown.number != number:
        raise Conflict(
            article,
            move="say",
            why=_("A newer version was published meanwhile. Read that one first."),
        )
    return shown


def _require_reason(helped: bool, reason: str) -> None:
    if not helped and reason not in Unhelpful.values:
        raise ValidationError({"reason": _("Choose why it did not help.")})


def require_patience(by: User) -> None:
    """Raise ``ValidationError`` where somebody answers more than anybody reads."""
    since = clock.now() - timedelta(hours=1)
    if Feedback.objects.filter(by=by, at__gt=since).count() >= MOST_AN_HOUR:
        raise ValidationError(
            _("You have answered %(count)d times within an hour. Go on later.")
            % {"count": MOST_AN_HOUR}
        )


def _says(feedback: Feedback) -> tuple[bool, str]:
    return feedback.helped, feedback.reason


def _replace(before: Feedback, by: User) -> None:
    locked: Feedback = Feedback.objects.lock(before.pk)
    fire(locked.replace, by=by, data={"article": locked.about.article_id})
