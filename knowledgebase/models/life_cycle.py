"""The moves of an article: from where, to where, by whom.

A method sets only what the new state forces. Services lock, call
``activity.lifecycle.fire`` and write the rows beside.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from django_fsm import RETURN_VALUE, transition

from accounts.models import User
from activity.transitions import only_if
from knowledgebase import permissions as may
from knowledgebase.codes import State, Status

if TYPE_CHECKING:
    from knowledgebase.models import Article, ArticleVersion

LIVE = [Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED]


def has_draft(article: Any) -> bool:
    return article.open is not None and article.open.state == State.DRAFT


def is_under_review(article: Any) -> bool:
    return article.open is not None and article.open.state == State.IN_REVIEW


def has_nothing_open(article: Any) -> bool:
    return article.open is None


def is_complete(article: Any) -> bool:
    return article.open is not None and not article.open.missing()


class LifeCycle:
    """Mixin of ``Article``. One that is published stays so, for its readers, while
    its next version is written and reviewed."""

    @transition(
        "status",
        source=[Status.DRAFT, Status.PUBLISHED],
        target=RETURN_VALUE(Status.IN_REVIEW, Status.PUBLISHED),
        conditions=[has_draft, is_complete],
        permission=only_if(may.may_write),
    )
    def submit(self, *, by: User, at: datetime) -> str:
        return self._unless_published(Status.IN_REVIEW)

    @transition(
        "status",
        source=[Status.IN_REVIEW, Status.PUBLISHED],
        target=RETURN_VALUE(Status.DRAFT, Status.PUBLISHED),
        conditions=[is_under_review],
        permission=only_if(may.may_send_back),
    )
    def send_back(self, *, by: User, at: datetime) -> str:
        return self._unless_published(Status.DRAFT)

    @transition(
        "status",
        source=[Status.IN_REVIEW, Status.PUBLISHED],
        target=Status.PUBLISHED,
        conditions=[is_under_review],
        permission=only_if(may.may_publish),
    )
    def publish(self, *, by: User, at: datetime, review_by: date) -> None:
        article = cast("Article", self)
        version = cast("ArticleVersion", article.open)
        article.show(version)
        article.current, article.open = version, None
        article.review_by = review_by

    @transition(
        "status",
        source=[Status.PUBLISHED],
        target=Status.PUBLISHED,
        conditions=[has_nothing_open],
        permission=only_if(may.may_start),
    )
    def start_version(self, *, by: User, at: datetime) -> None:
        """Readers notice nothing."""

    @transition(
        "status",
        source=[Status.PUBLISHED, Status.RETIRED],
        target=RETURN_VALUE(Status.PUBLISHED, Status.DRAFT),
        conditions=[has_nothing_open],
        permission=only_if(may.may_start),
    )
    def restore(self, *, by: User, at: datetime) -> str:
        return self._unless_published(Status.DRAFT)

    @transition(
        "status",
        source=[Status.PUBLISHED],
        target=Status.PUBLISHED,
        conditions=[has_draft],
        permission=only_if(may.may_write),
    )
    def discard(self, *, by: User, at: datetime) -> None:
        cast("Article", self).open = None

    @transition(
        "status",
        source=LIVE,
        target=Status.RETIRED,
        permission=only_if(may.may_retire),
    )
    def retire(self, *, by: User, at: datetime) -> None:
        article = cast("Article", self)
        article.current = article.open = article.review_by = None

    def _unless_published(self, status: Status) -> str:
        found = str(cast("Article", self).status)
        return found if found == Status.PUBLISHED else str(status)
