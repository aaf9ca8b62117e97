"""Which articles may help with a report or a ticket, and why.

Nothing is written. What is suggested was looked up a moment ago: it is published, its
reader may read it, and the words that matched are words they may read.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, cast

from accounts.models import User
from catalogue.models import Category, Service
from knowledgebase.codes import Kind
from knowledgebase.matching import Asked, Candidate, candidates
from knowledgebase.models import Article, ArticleVersion
from knowledgebase.reasons import in_words
from knowledgebase.shelves import index_for

# Of which some may have been withdrawn a moment ago, or be of another kind.
LOOKED_AT: Final = 20


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``score`` is from 0 to 1; ``because`` says why, for people."""

    article: Article
    version: ArticleVersion
    score: float
    because: str


def question(
    *,
    subject: str = "",
    text: str = "",
    service: Service | None = None,
    category: Category | None = None,
) -> Asked:
    """What the matcher is asked; what is not known yet may be left out."""
    return Asked(
        subject=subject,
        text=text,
        service=service.name if service else "",
        category=str(category) if category else "",
    )


def suggest(
    asked: Asked,
    *,
    by: User,
    most: int = 3,
    kinds: Collection[Kind] = tuple(Kind),
) -> list[Suggestion]:
    """At most ``most`` articles for this person, the best first, or none.

    Each has ``article.current`` loaded, which is ``version``. Costs three statements,
    or five for what was published since the last time.
    """
    if not asked.whole.strip():
        return []
    found = candidates(asked, index_for(by), most=LOOKED_AT)
    shown = _shown([candidate.code for candidate in found], by, kinds)
    suggestions = (
        _suggestion(shown[candidate.code], candidate)
        for candidate in found
        if candidate.code in shown
    )
    return [one for one, _number in zip(suggestions, range(most), strict=False)]


def _shown(
    codes: Sequence[str], by: User, kinds: Collection[Kind]
) -> dict[str, Article]:
    """Those that are shown to this person now, by the id of their version."""
    if not codes:
        return {}
    articles = Article.objects.published().visible_to(by).filter(kind__in=kinds)
    readable = articles.filter(current__in=codes).select_related("current")
    return {str(article.current_id): article for article in readable}


def _suggestion(article: Article, candidate: Candidate) -> Suggestion:
    version = cast("ArticleVersion", article.current)
    return Suggestion(article, version, candidate.score, in_words(candidate))
