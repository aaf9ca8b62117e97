"""Which articles, and which of their versions."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchRank, TrigramDistance
from django.db import models
from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat, Upper

from accounts.models import Role, Team, User
from activity.models.subject import SubjectQuerySet
from knowledgebase import permissions as may
from knowledgebase.codes import (
    MISSES_KEPT_DAYS,
    OPEN,
    PROVEN,
    Audience,
    Hearing,
    Mark,
    State,
    Status,
)
from knowledgebase.planning import by_index_of_words
from knowledgebase.typed import codes_in, query_of

if TYPE_CHECKING:
    from knowledgebase.models import (  # noqa: F401 - used in generics
        ArticleImage,
        ArticleVersion,
        SearchMiss,
        Word,
    )

MOST_BY_CODE = 50
# More are not ranked; who finds as many has to say more.
MOST_RANKED = 500
MOST_ALIKE = 12
UNUSED_IMAGES_LIVE = timedelta(hours=24)


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
        """Those with a version that this person may read and that says the words:
        first whose error code they name, then the best. What is retired has none."""
        return self.in_order(self.hits(words, user))

    def hits(self, words: str, user: Any, *, is_narrowed: bool = True) -> list[int]:
        """Numbers of those that say the words, the best first: of the newest
        ``MOST_RANKED``.

        ``is_narrowed``: these articles are others than all that is published for this
        person. Then no other one may take the place of one of them.
        """
        readable = self._versions().readable_by(user)
        if is_narrowed:
            readable = readable.filter(article__in=self.order_by().values("pk"))
        else:
            readable = readable.as_published()
        coded = list(readable.showing(words).values_list("article", flat=True))
        said = readable.saying(words, user)
        return list(dict.fromkeys([*coded, *said]))

    def in_order(self, numbers: Sequence[int]) -> Self:
        """Of these articles those of that number, in the order of the numbers."""
        place = Func(
            Cast(Value(list(numbers)), ArrayField(BigIntegerField())),
            F("pk"),
            function="array_position",
            output_field=BigIntegerField(),
        )
        return self.filter(pk__in=numbers).order_by(place)

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


class FeedbackQuerySet(SubjectQuerySet):
    """What readers said; ask about the article first."""

    def visible_to(self, user: Any) -> Self:
        """One's own answers, and what is said of the articles that one keeps."""
        readable = self._articles().visible_to(user)
        found = self.filter(about__article__in=readable)
        if may.may_edit_all(user):
            return found
        seen = Q(by=user)
        if may.may_draft(user):
            seen |= Q(about__article__owner=user)
        return found.filter(seen)

    def current(self) -> Self:
        """What counts: the last answer of each person about each version."""
        return self.exclude(status=Hearing.REPLACED)

    def about_article(self, article: Any) -> Self:
        return self.filter(about__article=article)

    def waiting(self) -> Self:
        """It did not help, and nobody has said yet what became of that."""
        return self.filter(status=Hearing.GIVEN, helped=False)

    def asked_of(self, user: Any) -> Self:
        """What waits for the owner of the articles: for this person."""
        return self.visible_to(user).waiting().filter(about__article__owner=user)

    def for_list(self) -> Self:
        return self.select_related("by", "about__article__owner")

    def _articles(self) -> ArticleQuerySet:
        version: Any = self.model._meta.get_field("about").related_model
        model: Any = version._meta.get_field("article").related_model
        articles: ArticleQuerySet = model.objects.all()
        return articles


class VersionQuerySet(models.QuerySet["ArticleVersion"]):
    """Versions of articles that a person may see; ask about the article first."""

    def shown_to(self, user: Any) -> Self:
        """What readers are shown now, and what this person writes or reviews.

        ``stands`` is the state for which no index is kept: PostgreSQL shall find
        versions by their words, not by going through all that is published.
        """
        found = self.annotate(stands=Concat("state", Value("")))
        seen = Q(stands=State.PUBLISHED)
        if may.may_edit_all(user):
            return found.filter(seen | Q(stands__in=OPEN))
        if may.may_draft(user):
            seen |= Q(stands__in=OPEN, drafted_by=user)
        return found.filter(seen)

    def as_published(self) -> Self:
        """Of those that are shown."""
        return self.filter(Q(stands=State.PUBLISHED))

    def readable_by(self, user: Any) -> Self:
        """Shown to this person, as far as the version says it: whether somebody may
        read what is published hangs on its audience, which is the article's."""
        shown = self.shown_to(user)
        if may.works_on_tickets(user):
            return shown
        return shown.filter(audience__in=may.audiences_of(user))

    def visible_to(self, user: Any) -> Self:
        """The history of an article, for those who work with it."""
        if may.may_edit_all(user):
            return self
        if may.may_see_history(user):
            return self.filter(Q(state__in=PROVEN) | Q(drafted_by=user))
        return self.filter(
            state=State.PUBLISHED, article__audience__in=may.audiences_of(user)
        )

    def saying(self, words: str, user: Any) -> list[int]:
        """The articles of those that say the words, the best first."""
        query, vector = query_of(words), vector_for(user)
        with by_index_of_words():
            said = self.filter(**{vector: query}).order_by("-pk")
            newest = list(said.values_list("pk", flat=True)[:MOST_RANKED])
            ranked = self.model._default_manager.filter(pk__in=newest)
            best = ranked.annotate(rank=SearchRank(F(vector), query))
            order = best.order_by("-rank", "title", "pk")
            return list(order.values_list("article", flat=True))

    def showing(self, words: str) -> Self:
        """Those with this very error code, or one of them, in whatever case."""
        return (
            self.annotate(code=Upper("signatures__text"))
            .filter(code__in=codes_in(words))
            .order_by("pk")[:MOST_BY_CODE]
        )

    def with_parts(self) -> Self:
        return self.select_related("drafted_by").prefetch_related(
            "services", "categories__parent", "signatures"
        )


class WordQuerySet(models.QuerySet["Word"]):
    """Words of published articles."""

    def read_by(self, user: Any) -> Self:
        """Those that stand in something this person may read."""
        readers = {
            Audience.EVERYONE: Q(for_everyone__gt=0),
            Audience.STAFF: Q(for_staff__gt=0),
            Audience.AGENTS: Q(for_agents__gt=0),
        }
        reach = may.reach_of(user)
        return self.filter(readers[reach]) if reach else self.none()

    def like(self, word: str) -> Self:
        """The nearest by their letters, at most ``MOST_ALIKE``."""
        near = self.annotate(distance=TrigramDistance("word", word))
        return near.order_by("distance", "word")[:MOST_ALIKE]


class MissQuerySet(models.QuerySet["SearchMiss"]):
    """What people searched for in vain: for those who can write it down."""

    def visible_to(self, user: Any) -> Self:
        return self if may.may_draft(user) else self.none()

    def open(self) -> Self:
        """Neither answered nor dismissed, the most frequent first."""
        return self.filter(mark=Mark.OPEN).order_by("-count", "-last_on", "words")

    def forgotten(self, today: date) -> Self:
        """Nobody has searched so for long."""
        return self.filter(last_on__lt=today - timedelta(days=MISSES_KEPT_DAYS))


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
