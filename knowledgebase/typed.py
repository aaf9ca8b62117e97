"""What somebody typed into a search box, as PostgreSQL and the speller are asked."""

import re
from collections.abc import Callable, Collection, Iterable
from functools import reduce
from operator import or_
from typing import Final

from django.contrib.postgres.search import SearchQuery, SearchQueryCombinable

from knowledgebase.matching.spelling import SHORTEST, Spelling
from knowledgebase.matching.vocabulary import STOP

# Stems of these, and the words as they are: a code has no stem.
LANGUAGES: Final = ("english", "german", "simple")
LONGEST_QUERY: Final = 150
# More words are not corrected: each costs a look at the words that are known.
MOST_CORRECTED: Final = 4
PART: Final = re.compile(r'-?"[^"]*"|[^\s"]+')
WORD: Final = re.compile(r"\w+")


def query_of(words: str) -> SearchQueryCombinable:
    """All of the words, in any of the languages; ``"two words"`` stand together,
    ``-word`` is left out whatever its ending."""
    parts = PART.findall(words)
    out = [part for part in parts if is_left_out(part)]
    wanted = " ".join(part for part in parts if part not in out)
    query: SearchQueryCombinable = reduce(or_, _in_each_language(wanted))
    if not wanted:
        return query
    for part in out:
        for spoken in _in_each_language(part.lstrip("-")):
            query &= ~spoken
    return query


def is_left_out(part: str) -> bool:
    return len(part) > 1 and part.startswith("-")


def _in_each_language(words: str) -> list[SearchQuery]:
    return [
        SearchQuery(words, config=config, search_type="websearch")
        for config in LANGUAGES
    ]


def codes_in(words: str) -> list[str]:
    """What may be an error code: all of it, or one word of it with a digit."""
    whole = " ".join(words.split())
    parts = [part.strip("\"'.,;:()") for part in whole.split()]
    codes = [part for part in parts if any(map(str.isdigit, part))]
    return list(dict.fromkeys(code.upper() for code in [whole, *codes] if code))


def correctable(words: str) -> list[str]:
    """Its words that somebody may have misspelt."""
    wanted = " ".join(part for part in PART.findall(words) if not is_left_out(part))
    plain = [word.lower() for word in WORD.findall(wanted)]
    return [
        word
        for word in dict.fromkeys(plain)
        if len(word) >= SHORTEST and word.isalpha() and word not in STOP
    ][:MOST_CORRECTED]


def put_right(
    words: str,
    *,
    known: Callable[[list[str]], Collection[str]],
    near: Callable[[str], Iterable[str]],
) -> str:
    """The same with each unknown word replaced by the nearest of those near it;
    nothing where no word has one."""
    typed = correctable(words)
    right = known(typed) if typed else ()
    meant = {}
    for word in typed:
        found = None if word in right else Spelling(near(word)).nearest(word)
        if found is not None:
            meant[word] = found.word
    if not meant:
        return ""
    return WORD.sub(lambda word: meant.get(word[0].lower(), word[0]), words)
