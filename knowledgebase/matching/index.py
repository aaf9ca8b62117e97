"""Articles made ready to be asked for, once for many questions."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from knowledgebase.matching.cleaning import LONGEST, essence
from knowledgebase.matching.records import Asked, Known
from knowledgebase.matching.signatures import Signatures
from knowledgebase.matching.spelling import Spelling
from knowledgebase.matching.templates import Templates
from knowledgebase.matching.terms import Term, family, keys, terms
from knowledgebase.matching.weights import WEIGHTS, Weights

# Past tickets on which signatures are tried, to see how rare they are.
MOST_TRIED: Final = 1000
_SENTENCE: Final = re.compile(r"[.;!?]\s|\n")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article. ``terms``: how much each weighs here, up to 1. ``sentences``: the
    title, each sentence of the symptom and each of the other words that is more than
    one, as terms, and how much it says in all. ``words``: those that are one."""

    known: Known
    terms: Mapping[str, float]
    sentences: tuple[tuple[tuple[str, ...], float], ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Background:
    """What past tickets are like: in how many each term is, their set phrases, and some
    of them as they stand, to try signatures on."""

    seen: Counter[str]
    tickets: int
    templates: Templates
    some: Sequence[str]

    @classmethod
    def of(cls, past: Iterable[Asked]) -> Self:
        tickets = list(past)
        seen = Counter[str]()
        for ticket in tickets:
            said = keys(essence(ticket.whole))
            seen.update(said | {family(key) for key in said} - {""})
        templates = Templates.of(one.text for one in tickets)
        some = tickets[:: max(math.ceil(len(tickets) / MOST_TRIED), 1)]
        return cls(seen, len(tickets), templates, [one.whole[:LONGEST] for one in some])


class Index:
    """Does not depend on the order of the articles, and does not change."""

    def __init__(
        self, known: Iterable[Known], background: Background, weights: Weights
    ) -> None:
        articles = sorted(known, key=lambda one: one.code)
        said = [_Said.by(one) for one in articles]
        weighed = [
            _weighed(*pair, weights) for pair in zip(articles, said, strict=True)
        ]
        self.weights = weights
        self.templates = background.templates
        self._background = background
        self._articles = len(articles)
        self._name = weights.name_after(background.tickets)
        self._held = Counter(key for terms in weighed for key in terms)
        self._numbers = _postings(weighed)
        self.entries = [
            self._entry(*row) for row in zip(articles, said, weighed, strict=True)
        ]
        self.number_of = {one.code: number for number, one in enumerate(articles)}
        self._keys = {one.word: one.key for each in said for one in each.terms}
        self._spelling = Spelling(self._keys)
        self.signatures = Signatures(
            ((one.code, pattern) for one in articles for pattern in one.signatures),
            background.some,
        )

    @property
    def refused(self) -> list[tuple[str, str]]:
        """Code and pattern of each signature that is not allowed, and so left out."""
        return self.signatures.refused

    @classmethod
    def of(
        cls,
        known: Iterable[Known],
        background: Iterable[Asked] = (),
        weights: Weights = WEIGHTS,
    ) -> Self:
        """``background``: past tickets, by which common words are told from telling
        ones."""
        return cls(known, Background.of(background), weights)

    def holding(self, key: str) -> list[int]:
        """The numbers of the articles with this term, the most about it first."""
        return self._numbers.get(key, [])

    def is_common(self, key: str) -> bool:
        """Often enough in tickets to be a word and no slip."""
        return self._background.seen[key] >= self.weights.name_below

    def meant_by(self, word: str) -> tuple[str, float] | None:
        """The term that a misspelt word was meant to be, and how nearly it is."""
        near = self._spelling.nearest(word)
        return (self._keys[near.word], near.share) if near else None

    def telling(self, key: str) -> float:
        """How much a term says: about 1 where it is one article's alone, the less the
        more hold it. What no article and hardly a ticket holds is mostly a name, and
        says little."""
        documents = max(self._background.tickets + self._articles, 1)
        seen = self._background.seen[key] + self._held[key]
        says = math.log(1 + documents / (1 + seen)) / math.log(1 + documents / 2)
        is_word = self._held[key] or self.is_common(key)
        return says if is_word else says * self._name

    def _entry(
        self, known: Known, said: "_Said", weighed: Mapping[str, float]
    ) -> Entry:
        sentences = tuple(
            (tuple(sorted(one)), sum(self.telling(key) for key in sorted(one)))
            for one in dict.fromkeys(said.sentences)
        )
        return Entry(known, weighed, sentences, tuple(sorted(said.words)))


@dataclass(frozen=True, slots=True)
class _Said:
    """What an article says in so many words: all but its body and where it belongs."""

    sentences: tuple[frozenset[str], ...]
    words: frozenset[str]
    terms: frozenset[Term]

    @classmethod
    def by(cls, known: Known) -> Self:
        texts = (known.title, *_SENTENCE.split(known.symptom))
        told = [frozenset(terms(text)) for text in texts]
        other = [frozenset(terms(word)) for word in known.words]
        told += [one for one in other if len(one) > 1]
        alone = [one for one in other if len(one) == 1]
        return cls(
            tuple(_keys(one) for one in told if one),
            _keys(frozenset[Term]().union(*alone)),
            frozenset[Term]().union(*told, *alone),
        )


def _keys(found: Iterable[Term]) -> frozenset[str]:
    return frozenset(term.key for term in found)


def _weighed(known: Known, said: _Said, weights: Weights) -> dict[str, float]:
    found = dict.fromkeys(keys(known.body), weights.body)
    place = " ".join((*known.services, *known.categories))
    found |= dict.fromkeys(keys(place), weights.place)
    found |= dict.fromkeys(_keys(said.terms), 1.0)
    return found | {kin: found[key] for key in found if (kin := family(key))}


def _postings(weighed: list[dict[str, float]]) -> Mapping[str, list[int]]:
    places = sorted(
        (-weight, number, key)
        for number, terms in enumerate(weighed)
        for key, weight in terms.items()
    )
    found: defaultdict[str, list[int]] = defaultdict(list)
    for _weight, number, key in places:
        found[key].append(number)
    return found
