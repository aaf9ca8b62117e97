"""Writing: articles, their drafts and their next versions."""

from collections.abc import Iterator
from itertools import chain, count

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from activity import clock
from activity.lifecycle import begin, check_version, fire, record
from activity.refusals import Conflict, NotAllowed
from knowledgebase import permissions as may
from knowledgebase.codes import LONGEST_SLUG, OPEN, Kind, State
from knowledgebase.events import Kind as Event
from knowledgebase.models import Address, Article, ArticleVersion
from knowledgebase.models.life_cycle import has_draft
from knowledgebase.services.content import Content
from knowledgebase.services.illustrating import illustrate, require_images

# Addresses of the knowledge base itself.
RESERVED = frozenset(
    {"asked", "feedback", "gaps", "health", "images", "new", "preview", "reviews"}
)
LONGEST_STEM = LONGEST_SLUG - 6


@transaction.atomic
def draft_article(*, by: User, kind: str, content: Content) -> Article:
    """A new article with its first draft, which its writer and editors see."""
    if not may.may_draft(by):
        raise PermissionDenied(
            _("Members of the service desk, resolvers and knowledge editors write.")
        )
    if kind not in Kind.values:
        raise ValidationError({"kind": _("Choose what it is.")})
    content.check(kind)
    require_images(content, article=None, by=by)
    article = Article(
        kind=kind,
        title=content.title,
        audience=content.audience,
        owner=by,
        slug=free_slug(content.title),
    )
    begin(article, Event.DRAFT, by=by, data={"version": 1, "kind": kind})
    Address.objects.create(article=article, slug=article.slug)
    _open(article, 1, by, content)
    return article


@transaction.atomic
def save_draft(
    pk: int, *, by: User, expected_version: int | None, content: Content
) -> Article:
    """Change what is being written. Raises ``Conflict`` when somebody else did."""
    article: Article = Article.objects.lock(pk)
    check_version(article, expected_version)
    if not has_draft(article):
        raise Conflict(
            article,
            move="save",
            why=_("It is no draft any more: it waits for review, or was published."),
        )
    if not may.may_write(article, by):
        raise NotAllowed(article, move="save")
    content.check(article.kind)
    require_images(content, article=article, by=by)
    version = _in_work(article)
    record(article, Event.SAVE, by=by, data={"version": version.number})
    version.seq = article.version
    content.write_to(version)
    illustrate(version, content, by=by)
    _show_draft(article, version)
    return article


@transaction.atomic
def new_version(pk: int, *, by: User, expected_version: int | None) -> Article:
    """Begin the next version with the words of the current one; readers go on
    seeing the current one."""
    article: Article = Article.objects.lock(pk)
    number = _next_number(article)
    fire(
        article.start_version,
        by=by,
        expected_version=expected_version,
        data={"version": number},
    )
    assert article.current is not None  # noqa: S101 - it is published
    _open(article, number, by, Content.of(article.current))
    return article


@transaction.atomic
def restore_version(
    pk: int, *, by: User, expected_version: int | None, number: int
) -> Article:
    """A new draft with the words of an old version. A retired article is a draft
    again. Raises ``DoesNotExist`` for a version this person cannot see."""
    article: Article = Article.objects.lock(pk)
    old = article.versions.visible_to(by).exclude(state__in=OPEN).get(number=number)  # type: ignore[attr-defined]
    fresh = _next_number(article)
    fire(
        article.restore,
        by=by,
        expected_version=expected_version,
        data={"version": fresh, "from": number},
    )
    _open(article, fresh, by, Content.of(old))
    return article


@transaction.atomic
def discard_draft(pk: int, *, by: User, expected_version: int | None) -> Article:
    """Drop the next version of something published. It stays on record."""
    article: Article = Article.objects.lock(pk)
    version = article.open
    number = version.number if version else 0
    fire(
        article.discard,
        by=by,
        expected_version=expected_version,
        data={"version": number},
    )
    if version is not None:
        end(version, State.DISCARDED)
    return article


def end(version: ArticleVersion, state: State) -> None:
    """Nobody is shown it from now on, and nobody goes on with it."""
    version.state, version.ended_at = state, clock.now()
    version.save(update_fields=["state", "ended_at"])


def free_slug(title: str, article: Article | None = None) -> str:
    """An address that no other article has or ever had."""
    for slug in _slugs(title):
        taken = Address.objects.filter(slug=slug)
        if article is not None:
            taken = taken.exclude(article=article)
        if slug not in RESERVED and not taken.exists():
            return slug
    raise AssertionError("There is always a next number.")


def follow_title(article: Article) -> None:
    """A title that nobody may read any more does not live on in the address."""
    article.slug = free_slug(article.title, article)
    Address.objects.get_or_create(article=article, slug=article.slug)
    article.save(update_fields=["slug"])


def first_address(title: str) -> str:
    """The address that a title asks for."""
    return slugify(title)[:LONGEST_STEM].strip("-") or "article"


def _slugs(title: str) -> Iterator[str]:
    stem = first_address(title)
    return chain([stem], (f"{stem}-{number}" for number in count(2)))


def _next_number(article: Article) -> int:
    latest = article.versions.order_by("-number").first()
    return latest.number + 1 if latest else 1


def _in_work(article: Article) -> ArticleVersion:
    assert article.open is not None  # noqa: S101 - asked before
    return article.open


def _open(article: Article, number: int, by: User, content: Content) -> None:
    version = ArticleVersion(
        article=article, number=number, drafted_by=by, seq=article.version
    )
    content.write_to(version)
    illustrate(version, content, by=by)
    article.open = version
    article.save(update_fields=["open"])
    _show_draft(article, version)


def _show_draft(article: Article, version: ArticleVersion) -> None:
    """Before anything is published, the draft names the article."""
    if article.current_id is not None:
        return
    before = article.title
    article.show(version)
    article.save(update_fields=["title", "audience"])
    if article.title != before:
        follow_title(article)
