"""Tickets that are about the same thing, by the terms that they share.

Pure: no database. What a caller may rely on:

- The same tickets make the same groups, whatever their order.
- A ticket is in one group at most, and a group has at least ``FEWEST`` tickets.
- Each ticket of a group shares at least two of its terms, or its one error code.
- The work is bounded: of each ticket at most ``MOST_TERMS`` terms count.
"""

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from knowledgebase.matching.cleaning import essence
from knowledgebase.matching.templates import Templates
from knowledgebase.matching.terms import keys, terms

FEWEST: Final = 3
# The most telling terms of a ticket; pairs of them are what groups begin with.
MOST_TERMS: Final = 10
# Of a group: what it is known by, and how many words name it.
MOST_CORE: Final = 8
NAMED_BY: Final = 4
# A term that stands in so large a share of all tickets tells nothing. Of few tickets
# many may be about the same.
COMMON: Final = 0.2
COMMON_OF_FEW: Final = 0.6
FEW: Final = 20
# What stands in the subject says more than what stands in the text.
_TEXT: Final = 0.5
_CODE: Final = re.compile(r"(?=\w*\d)(?=\w*[^\W\d_])\w{4,}")

Seed = tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """A ticket as it is compared."""

    code: int
    subject: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Cluster:
    """``core`` are the terms it is known by, ``words`` how people read the commonest of
    them, ``codes`` its tickets."""

    core: tuple[str, ...]
    words: tuple[str, ...]
    codes: tuple[int, ...]


def clusters(tickets: Iterable[Told], *, names: Collection[str] = ()) -> list[Cluster]:
    """The largest first. Words of ``names`` count for nothing: no group is about a
    person."""
    told = sorted(tickets)
    said = _telling(told, frozenset(keys(" ".join(names))))
    found = []
    for core, codes in _grouped(said):
        found.append(Cluster(core, _words(core, codes, said), tuple(sorted(codes))))
    return sorted(found, key=lambda one: (-len(one.codes), one.core))


@dataclass(frozen=True, slots=True)
class _Said:
    """The telling terms of a ticket with their weights, how it wrote them, and which of
    them its subject names."""

    weights: Mapping[str, float]
    words: Mapping[str, str]
    subject: frozenset[str]


def _telling(told: Sequence[Told], names: frozenset[str]) -> dict[int, _Said]:
    templates = Templates.of(one.text for one in told)
    read = {one.code: _read(one, templates) for one in told}
    seen = Counter(key for weights, _words in read.values() for key in weights)
    most = max(FEWEST, COMMON * len(told), min(COMMON_OF_FEW * len(told), FEW))
    says = {
        key: math.log(1 + len(told) / n)
        for key, n in seen.items()
        if FEWEST <= n <= most and key not in names
    }
    return {
        code: _best(weights, words, says) for code, (weights, words) in read.items()
    }


def _read(one: Told, templates: Templates) -> tuple[dict[str, float], dict[str, str]]:
    weights: dict[str, float] = {}
    words: dict[str, str] = {}
    parts = ((one.subject, 1.0), (templates.filled_in(one.text), _TEXT))
    for text, share in parts:
        for term in terms(essence(text)):
            weights[term.key] = max(share, weights.get(term.key, 0.0))
            words.setdefault(term.key, term.word)
    return weights, words


def _best(
    weights: Mapping[str, float], words: Mapping[str, str], says: Mapping[str, float]
) -> _Said:
    weighed = {key: says[key] * share for key, share in weights.items() if key in says}
    best = heapq.nsmallest(MOST_TERMS, weighed, key=lambda key: (-weighed[key], key))
    return _Said(
        {key: weighed[key] for key in best},
        {key: words[key] for key in best},
        frozenset(key for key in best if weights[key] == 1),
    )


def _grouped(said: Mapping[int, _Said]) -> Iterable[tuple[Seed, set[int]]]:
    """The seed that says most in all first; its tickets are in no later group."""
    holding = _holding(said)
    weight = {
        seed: _seed_weight(seed, next(iter(codes)), said)
        for seed, codes in holding.items()
    }
    heap = [(-len(codes) * weight[seed], seed) for seed, codes in holding.items()]
    heapq.heapify(heap)
    left = set(said)
    while heap:
        value, seed = heapq.heappop(heap)
        codes = holding[seed] & left
        if len(codes) < FEWEST or not _is_their_subject(seed, codes, said):
            continue
        now = -len(codes) * weight[seed]
        if now > value:
            heapq.heappush(heap, (now, seed))
            continue
        core = _core(seed, codes, said)
        codes |= {code for code in left if _belongs(said[code], core, seed)}
        left -= codes
        yield core, codes


def _is_their_subject(seed: Seed, codes: set[int], said: Mapping[int, _Said]) -> bool:
    """Most name it there, and do not only mention it."""
    naming = [code for code in codes if not said[code].subject.isdisjoint(seed)]
    return 2 * len(naming) > len(codes)


def _holding(said: Mapping[int, _Said]) -> dict[Seed, set[int]]:
    """Which tickets hold both terms of a pair, or an error code."""
    found: defaultdict[Seed, set[int]] = defaultdict(set)
    for code, one in said.items():
        held = sorted(one.weights)
        for pair in combinations(held, 2):
            found[pair].add(code)
        for key in held:
            if _CODE.fullmatch(key):
                found[(key,)].add(code)
    return {seed: codes for seed, codes in found.items() if len(codes) >= FEWEST}


def _seed_weight(seed: Seed, code: int, said: Mapping[int, _Said]) -> float:
    """How much its terms say; a code alone as much as two."""
    return sum(said[code].weights[key] for key in seed) * (2 / len(seed))


def _core(seed: Seed, codes: set[int], said: Mapping[int, _Said]) -> Seed:
    """The seed and what at least half of its tickets say as well."""
    seen = Counter(key for code in sorted(codes) for key in said[code].weights)
    shared = [key for key, n in seen.items() if 2 * n >= len(codes) and key not in seed]
    shared.sort(key=lambda key: (-seen[key], key))
    return tuple(sorted([*seed, *shared[: MOST_CORE - len(seed)]]))


def _belongs(one: _Said, core: Seed, seed: Seed) -> bool:
    if len(seed) == 1:
        return seed[0] in one.weights
    return len(one.weights.keys() & set(core)) * 2 > max(len(core), 3)


def _words(core: Seed, codes: set[int], said: Mapping[int, _Said]) -> tuple[str, ...]:
    """How the commonest terms are written most often."""
    seen = Counter(key for code in codes for key in said[code].weights if key in core)
    best = sorted(core, key=lambda key: (-seen[key], key))[:NAMED_BY]
    return tuple(_written(key, codes, said) for key in best)


def _written(key: str, codes: set[int], said: Mapping[int, _Said]) -> str:
    ways = Counter(said[code].words[key] for code in codes if key in said[code].words)
    return min(ways, key=lambda word: (-ways[word], word))
