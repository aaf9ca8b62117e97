"""From a draft to what everybody is shown, with a second person in between."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from activity import clock
from activity.lifecycle import check_version, fire
from activity.refusals import Conflict
from knowledgebase.codes import REVIEW_EVERY_DAYS, State, Verdict
from knowledgebase.models import Article, ArticleVersion, Review
from knowledgebase.models.life_cycle import has_draft
from knowledgebase.services.drafting import end, follow_title
from knowledgebase.services.texts import required


@transaction.atomic
def submit_for_review(pk: int, *, by: User, expected_version: int | None) -> Article:
    """Ask a knowledge editor to publish the draft. Its words rest meanwhile."""
    article: Article = Article.objects.lock(pk)
    check_version(article, expected_version)
    version = article.open
    missing = version.missing() if version is not None and has_draft(article) else []
    if missing:
        raise Conflict(article, move="submit", why=" ".join(missing))
    number = version.number if version else 0
    fire(article.submit, by=by, data={"version": number})
    if version is not None:
        version.state, version.submitted_at = State.IN_REVIEW, clock.now()
        version.save(update_fields=["state", "submitted_at"])
    return article


@transaction.atomic
def send_back(
    pk: int, *, by: User, expected_version: int | None, reason: str
) -> Article:
    """Make it a draft again, with a reason for who wrote it; they take it back
    themselves in the same way."""
    reason = required("reason", reason, _("Say what is missing."))
    article: Article = Article.objects.lock(pk)
    version = article.open
    event = fire(
        article.send_back,
        by=by,
        expected_version=expected_version,
        data={"version": version.number if version else 0},
        notes={"reason": reason},
    )
    if version is not None:
        _decide(version, Verdict.SEND_BACK, by=by, seq=event.seq)
        version.state, version.submitted_at = State.DRAFT, None
        version.save(update_fields=["state", "submitted_at"])
    return article


@transaction.atomic
def publish_article(pk: int, *, by: User, expected_version: int | None) -> Article:
    """Show it to its audience in place of the version before. Who publishes wrote
    nothing of it: PostgreSQL asks the history as well."""
    article: Article = Article.objects.lock(pk)
    before, version, title = article.current, article.open, article.title
    day = timezone.localdate(clock.now()) + timedelta(days=REVIEW_EVERY_DAYS)
    event = fire(
        article.publish,
        by=by,
        expected_version=expected_version,
        data={"version": version.number if version else 0},
        review_by=day,
    )
    if version is not None:
        _decide(version, Verdict.PUBLISH, by=by, seq=event.seq)
        if before is not None:
            end(before, State.SUPERSEDED)
        version.state, version.published_at = State.PUBLISHED, clock.now()
        version.save(update_fields=["state", "published_at"])
    if article.title != title:
        follow_title(article)
    return article


def _decide(version: ArticleVersion, verdict: Verdict, *, by: User, seq: int) -> None:
    Review.objects.create(
        version=version, verdict=verdict, by=by, at=clock.now(), seq=seq
    )
