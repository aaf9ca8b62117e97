"""Articles for what somebody typed: what says it, or else what says words like it."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.search import SearchHeadline
from django.db.models import TextField, Value
from django.db.models.functions import Concat

from knowledgebase import permissions as may
from knowledgebase.markdown import FOUND_FROM, FOUND_TO
from knowledgebase.models import Article, ArticleVersion, Word
from knowledgebase.querysets import ArticleQuerySet
from knowledgebase.typed import put_right, query_of

PUBLIC_TEXTS: Final = ("symptom", "workaround_reporters", "body")
INTERNAL_TEXTS: Final = ("workaround_agents", "cause")
HEADLINES: Final = ("english", "german")


@dataclass(frozen=True, slots=True)
class Found:
    """Numbers of what is found, the best first; ``words`` are those that they say,
    ``instead`` the same if nothing says what was typed."""

    numbers: list[int]
    words: str
    instead: str = ""


def articles_saying(
    words: str, *, user: Any, within: ArticleQuerySet, is_narrowed: bool = True
) -> Found:
    """Of these articles (``ArticleQuerySet.hits``). A word is taken for another only if
    nothing says all of them and nothing that this person may read has it."""
    numbers = within.hits(words, user, is_narrowed=is_narrowed)
    meant = "" if numbers else spelled(words, user)
    if not meant:
        return Found(numbers, words)
    others = within.hits(meant, user, is_narrowed=is_narrowed)
    return Found(others, meant, meant) if others else Found([], words)


def spelled(words: str, user: Any) -> str:
    """What was probably meant, in words that this person may read; or nothing."""
    readable = Word.objects.read_by(user)
    return put_right(
        words,
        known=lambda typed: set(
            readable.filter(pk__in=typed).values_list("pk", flat=True)
        ),
        near=lambda word: readable.like(word).values_list("pk", flat=True),
    )


def excerpts_of(articles: Any, words: str, user: Any) -> dict[int, str]:
    """By number of version, where the words stand in what this person may read."""
    if not words:
        return {}
    texts = [*PUBLIC_TEXTS, *(INTERNAL_TEXTS if may.works_on_tickets(user) else ())]
    together = [part for name in texts for part in (name, Value("\n"))]
    shown = [shown_pk(article) for article in articles]
    found = ArticleVersion.objects.filter(pk__in=shown).annotate(
        **headlines(Concat(*together, output_field=TextField()), words)
    )
    rows = found.order_by().values_list("pk", *HEADLINES)
    return {pk: the_marked(*headlines) for pk, *headlines in rows}


def headlines(text: Any, words: str, **options: Any) -> dict[str, SearchHeadline]:
    """Where the words stand in the text, once for the endings of each language."""
    given = {"max_words": 32, "min_words": 16} | options
    return {
        language: SearchHeadline(
            text,
            query_of(words),
            config=language,
            start_sel=FOUND_FROM,
            stop_sel=FOUND_TO,
            **given,
        )
        for language in HEADLINES
    }


def the_marked(*headlines: str) -> str:
    """The one in which most is marked."""
    return max(headlines, key=lambda text: text.count(FOUND_FROM))


def shown_pk(article: Article) -> int:
    """Of the version that its list row is about."""
    return article.current_id or article.open_id or 0
