"""What keeps an article found, owned and true."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from activity import clock
from activity.lifecycle import check_version, fire, record
from activity.refusals import Conflict, NotAllowed
from knowledgebase import permissions as may
from knowledgebase.codes import LATEST_REVIEW_DAYS, LONGEST_SLUG, State, Status
from knowledgebase.events import Kind as Event
from knowledgebase.models import Address, Article
from knowledgebase.services.drafting import RESERVED, end
from knowledgebase.services.texts import required


@transaction.atomic
def retire_article(
    pk: int, *, by: User, expected_version: int | None, reason: str
) -> Article:
    """Nobody finds it any more. Only a new draft of an old version brings it back."""
    reason = required("reason", reason, _("Say why nobody needs it any more."))
    article: Article = Article.objects.lock(pk)
    current, opened = article.current, article.open
    fire(
        article.retire,
        by=by,
        expected_version=expected_version,
        notes={"reason": reason},
    )
    if current is not None:
        end(current, State.SUPERSEDED)
    if opened is not None:
        end(opened, State.DISCARDED)
    return article


@transaction.atomic
def rename_article(
    pk: int, *, by: User, expected_version: int | None, slug: str
) -> Article:
    """Give it another address; the old ones lead to it for ever."""
    article: Article = Article.objects.lock(pk)
    check_version(article, expected_version)
    if not may.may_rename(article, by):
        raise NotAllowed(article, move="rename")
    slug = require_free(article, slug)
    if slug == article.slug:
        return article
    data = {"from": article.slug, "to": slug}
    record(article, Event.RENAME, by=by, data=data)
    Address.objects.get_or_create(article=article, slug=slug)
    article.slug = slug
    article.save(update_fields=["slug"])
    return article


def require_free(article: Article, slug: str) -> str:
    """The address as it may be used. Raises ``ValidationError`` by field."""
    slug = slug.strip().lower()
    try:
        validate_slug(slug)
    except ValidationError as error:
        raise ValidationError({"slug": error.messages}) from error
    taken = Address.objects.filter(slug=slug).exclude(article=article).exists()
    if taken or slug in RESERVED or len(slug) > LONGEST_SLUG:
        raise ValidationError({"slug": _("This address is taken. Choose another.")})
    return slug


@transaction.atomic
def hand_over_owner(
    pk: int, *, by: User, expected_version: int | None, to: User
) -> Article:
    """Somebody else answers for it from now on."""
    article: Article = Article.objects.lock(pk)
    check_version(article, expected_version)
    if not may.may_keep(article, by):
        raise NotAllowed(article, move="hand_over")
    if not may.may_draft(to):
        raise ValidationError(
            {"to": _("Choose somebody of the service desk, a resolver or an editor.")}
        )
    record(article, Event.HAND_OVER, by=by, data={"owner": to.pk})
    article.owner = to
    article.save(update_fields=["owner"])
    return article


@transaction.atomic
def confirm_review(
    pk: int, *, by: User, expected_version: int | None, review_by: date
) -> Article:
    """It still holds; look at it again by that day."""
    article: Article = Article.objects.lock(pk)
    check_version(article, expected_version)
    if article.status != Status.PUBLISHED:
        raise Conflict(
            article,
            move="confirm_review",
            why=_("Only what is published is looked at again."),
        )
    if not may.may_keep(article, by):
        raise NotAllowed(article, move="confirm_review")
    require_day(review_by)
    data = {"review_by": review_by.isoformat()}
    record(article, Event.CONFIRM, by=by, data=data)
    article.review_by = review_by
    article.save(update_fields=["review_by"])
    return article


def require_day(review_by: date) -> None:
    """Raise ``ValidationError`` for a day that is past or out of sight."""
    today = timezone.localdate(clock.now())
    if not today < review_by <= today + timedelta(days=LATEST_REVIEW_DAYS):
        raise ValidationError(
            {"review_by": _("Choose a day after today, within the next two years.")}
        )
