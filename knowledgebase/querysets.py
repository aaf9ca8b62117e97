"""Which articles, and which of their versions."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from accounts.models import Role, Team, User
from activity.models.subject import SubjectQuerySet
from knowledgebase import permissions as may
from knowledgebase.codes import OPEN, PROVEN, State, Status

if TYPE_CHECKING:
    from knowledgebase.models import (  # noqa: F401 - used in generics
        ArticleImage,
        ArticleVersion,
    )

MOST_BY_CODE = 50
UNUSED_IMAGES_LIVE = timedelta(hours=24)


def asked_for(words: str) -> SearchQuery:
    """What somebody typed, as stems of English words and as plain words."""
    stems = SearchQuery(words, config="english", search_type="websearch")
    plain = SearchQuery(words, config="simple", search_type="websearch")
    return stems | plain


def vector_for(user: Any) -> str:
    """Nobody finds an article by a word of it that they may not read."""
    return "search_all" if may.works_on_tickets(user) else "search_public"


def people_who_write() -> Any:
    """Everybody who can write an article, and so answer for one."""
    teams = Team.objects.active().filter(Q(is_service_desk=True) | Q(tier__gt=1))
    works = Q(memberships__team__in=teams) | Q(led_teams__in=teams)
    edits = Q(role_grants__role=Role.KNOWLEDGE_EDITOR)
    found = User.objects.people().active().filter(works | edits)
    return found.distinct().order_by("name", "pk")


class ArticleQuerySet(SubjectQuerySet):
    """Every list, count and search starts with ``visible_to``."""

    def visible_to(self, user: Any) -> Self:
        """Published ones for this person's audiences; what is not published for
        editors and for who writes it; what is retired for editors alone."""
        if may.may_edit_all(user):
            return self
        seen = Q(status=Status.PUBLISHED, audience__in=may.audiences_of(user))
        if may.may_draft(user):
            seen |= Q(open__drafted_by=user)
        return self.filter(seen)

    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def stale(self, today: date) -> Self:
        """Published, and nobody has looked whether it still holds."""
        return self.published().filter(review_by__lt=today)

    def in_review(self) -> Self:
        """Those with a version that waits for an editor, the longest first."""
        waiting = self.filter(open__state=State.IN_REVIEW)
        return waiting.order_by("open__submitted_at", "pk")

    def about_service(self, service: Any) -> Self:
        return self._about("services", [service])

    def about_category(self, category: Any) -> Self:
        """The category itself, or one of those below it."""
        below = type(category).objects.filter(Q(pk=category.pk) | Q(parent=category))
        return self._about("categories", below)

    def _about(self, part: str, chosen: Any) -> Self:
        shown = self._versions().filter(
            Q(pk=OuterRef("current")) | Q(pk=OuterRef("open"), article__current=None),
            **{f"{part}__in": chosen},
        )
        return self.filter(Exists(shown))

    def matching(self, words: str, user: Any) -> Self:
        """Those with a version that this person may read and that says the words,
        the best first. What is retired has no such version."""
        query, vector = asked_for(words), vector_for(user)
        readable = self._versions().shown_to(user)
        # Read first: the two indexes are used together only for numbers at hand.
        coded = list(readable.showing(words).values_list("pk", flat=True))
        said = readable.filter(Q(**{vector: query}) | Q(pk__in=coded))
        best = (
            said.filter(article=OuterRef("pk"))
            .annotate(rank=SearchRank(F(vector), query))
            .order_by("-rank")
            .values("rank")[:1]
        )
        found = self.filter(pk__in=said.values("article"))
        return found.annotate(rank=Subquery(best)).order_by("-rank", "title", "pk")

    def for_list(self) -> Self:
        """What one row of a list shows."""
        return self.select_related("owner", "current", "open__drafted_by")

    def for_page(self) -> Self:
        return self.select_related("owner", "current", "open__drafted_by")

    def _versions(self) -> "VersionQuerySet":
        """All versions, by way of the field: the models stand above this module."""
        model: Any = self.model._meta.get_field("current").related_model
        versions: VersionQuerySet = model.objects.all()
        return versions


class VersionQuerySet(models.QuerySet["ArticleVersion"]):
    """Versions of articles that a person may see; ask about the article first."""

    def shown_to(self, user: Any) -> Self:
        """What readers are shown now, and what this person writes or reviews."""
        seen = Q(state=State.PUBLISHED)
        if may.may_edit_all(user):
            return self.filter(seen | Q(state__in=OPEN))
        if may.may_draft(user):
            seen |= Q(state__in=OPEN, drafted_by=user)
        return self.filter(seen)

    def visible_to(self, user: Any) -> Self:
        """The history of an article, for those who work with it."""
        if may.may_edit_all(user):
            return self
        if may.may_see_history(user):
            return self.filter(Q(state__in=PROVEN) | Q(drafted_by=user))
        return self.filter(
            state=State.PUBLISHED, article__audience__in=may.audiences_of(user)
        )

    def showing(self, code: str) -> Self:
        """Those with this very error code, in whatever case."""
        exact = self.filter(signatures__text__iexact=" ".join(code.split()))
        return exact.order_by("pk")[:MOST_BY_CODE]

    def with_parts(self) -> Self:
        return self.select_related("drafted_by").prefetch_related(
            "services", "categories__parent", "signatures"
        )


class ImageQuerySet(models.QuerySet["ArticleImage"]):
    """Images: one is seen by whoever reads a text that shows it."""

    def visible_to(self, user: Any) -> Self:
        """Shown by a version that this person may see, in a part of it that they
        read; and what whoever writes has chosen, before any version shows it."""
        seen = Exists(self._shown_to(user))
        if not may.may_draft(user):
            return self.filter(seen)
        shown = Exists(self._illustrations().filter(image=OuterRef("pk")))
        writes = Q(article__open__drafted_by=user)
        if may.may_edit_all(user):
            writes = Q(article__isnull=False)
        own = Q(article=None, uploaded_by=user) | (writes & ~Q(shown))
        return self.filter(Q(seen) | own)

    def waiting_of(self, user: Any) -> Self:
        """Chosen by this person, for a draft that is not saved yet."""
        return self.filter(article=None, uploaded_by=user)

    def usable_in(self, article: Any, by: Any) -> Self:
        """Those that a draft of this article, or of a new one, may show."""
        usable = Q(article=None, uploaded_by=by)
        if article is not None:
            usable |= Q(article=article)
        return self.visible_to(by).filter(usable)

    def unused(self, at: datetime) -> Self:
        """No version shows them, a day after they were chosen."""
        return self.filter(illustrations=None, uploaded_at__lt=at - UNUSED_IMAGES_LIVE)

    def _shown_to(self, user: Any) -> Any:
        every = self._illustrations()
        versions = every.model._meta.get_field("version").related_model.objects
        articles = versions.model._meta.get_field("article").related_model.objects
        found = every.filter(
            image=OuterRef("pk"),
            version__in=versions.visible_to(user),
            version__article__in=articles.visible_to(user),
        )
        return found if may.works_on_tickets(user) else found.filter(inside=False)

    def _illustrations(self) -> Any:
        """By way of the field: the models stand above this module."""
        model: Any = self.model._meta.get_field("illustrations").related_model
        return model.objects.all()
