"""Published articles, ready to be matched: one index for each kind of reader.

Whoever reads less has an index of fewer articles and fewer of their texts: nothing is
suggested by a word that this person may not read.

An index is made once for many questions and kept in the process. It is made anew when
something was published or withdrawn, and every hour, because past tickets tell common
words from telling ones. While it is made, others are answered from the one before: what
is suggested is looked up in the database all the same (``services.suggesting``).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any, Final

from django.db.models import QuerySet

from knowledgebase import permissions as may
from knowledgebase.codes import Audience, State
from knowledgebase.matching import Asked, Index, Known
from knowledgebase.matching.patterns import pattern_of
from knowledgebase.models import ArticleVersion

ANEW_AFTER: Final = 3600.0  # seconds

Readers = tuple[frozenset[Audience], bool]
Stamp = tuple[Any, ...]
PastTickets = Callable[[], Iterable[Asked]]


@dataclass(frozen=True, slots=True)
class _Shelf:
    index: Index
    stamp: Stamp
    made_at: float

    def is_fresh(self, stamp: Stamp, at: float) -> bool:
        return self.stamp == stamp and at < self.made_at + ANEW_AFTER


_shelves: dict[Readers, _Shelf] = {}
_making = Lock()
_past: list[PastTickets] = []


def learn_from(past: PastTickets) -> None:
    """Register what past tickets said. ``past`` bounds how many it returns."""
    if past not in _past:
        _past.append(past)


def index_for(user: Any) -> Index:
    """What this person may be suggested; a code is the id of a version."""
    readers = frozenset(may.audiences_of(user)), may.works_on_tickets(user)
    stamp, at = _stamp(), monotonic()
    shelf = _shelves.get(readers)
    if shelf is not None and shelf.is_fresh(stamp, at):
        return shelf.index
    if shelf is None:
        with _making:
            return _made(readers, stamp, at)
    if _making.acquire(blocking=False):
        try:
            return _made(readers, stamp, at)
        finally:
            _making.release()
    return shelf.index


def _made(readers: Readers, stamp: Stamp, at: float) -> Index:
    """Unless somebody else made it while this one waited."""
    shelf = _shelves.get(readers)
    if shelf is None or not shelf.is_fresh(stamp, at):
        past = [ticket for read in _past for ticket in read()]
        shelf = _Shelf(Index.of(_known(readers), past), stamp, at)
        _shelves[readers] = shelf
    return shelf.index


def _stamp() -> Stamp:
    """Another one after whatever was published, superseded or retired."""
    versions = ArticleVersion.objects
    last: QuerySet[ArticleVersion, Any] = versions.filter(published_at__isnull=False)
    gone: QuerySet[ArticleVersion, Any] = versions.filter(ended_at__isnull=False)
    return (
        last.order_by("-published_at").values_list("pk", "published_at").first(),
        gone.order_by("-ended_at").values_list("pk", "ended_at").first(),
    )


def _known(readers: Readers) -> Iterable[Known]:
    audiences, works = readers
    shown = ArticleVersion.objects.filter(
        state=State.PUBLISHED, article__audience__in=audiences
    )
    for version in shown.select_related("article").with_parts():
        yield known(version, works=works)


def known(version: ArticleVersion, *, works: bool) -> Known:
    """The version as the matcher takes it; ``works``: with what only those read who
    work on tickets."""
    texts = [version.workaround_reporters, version.body]
    if works:
        texts += [version.cause, version.workaround_agents]
    return Known(
        code=str(version.pk),
        title=version.title,
        symptom=version.symptom,
        body="\n".join(texts),
        words=tuple(_apart(version.applicability)),
        signatures=tuple(pattern_of(one.text) for one in version.signatures.all()),
        services=tuple(service.name for service in version.services.all()),
        categories=tuple(map(str, version.categories.all())),
        kind=version.article.kind,
    )


def _apart(words: str) -> list[str]:
    return [word.strip() for word in words.replace(";", ",").split(",") if word.strip()]
