"""How well each article fits a ticket, and the reasons."""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from knowledgebase.matching.cleaning import LONGEST, essence, repaired
from knowledgebase.matching.index import Entry, Index
from knowledgebase.matching.records import Asked, Because, Candidate, Known, Reason
from knowledgebase.matching.signatures import Hit
from knowledgebase.matching.terms import Term, family, terms
from knowledgebase.matching.weights import THRESHOLD

# Articles looked at closely, and places in the index read to choose them: however many
# articles there are.
MOST_SCORED: Final = 200
MOST_READ: Final = 5000
_TOLD: Final = 5
# Of a text: what forms leave of it is cut again.
_READ_AT_MOST: Final = 5 * LONGEST


@dataclass(frozen=True, slots=True)
class _Word:
    """A term of the ticket. ``meant`` is what it is looked for as; ``telling`` how much
    it says, ``weight`` how much where it stands."""

    meant: str
    word: str
    telling: float
    weight: float
    is_misspelt: bool = False


@dataclass(frozen=True, slots=True)
class _Question:
    asked: Asked
    words: Mapping[str, _Word]
    hits: Mapping[int, list[Hit]]


def candidates(
    asked: Asked, index: Index, *, most: int = 3, threshold: float = THRESHOLD
) -> list[Candidate]:
    """The best first; of equals the first by code. None below the threshold."""
    found = (one for one in scored(asked, index) if one.score >= threshold)
    return heapq.nsmallest(most, found, key=lambda one: (-one.score, one.code))


def scored(asked: Asked, index: Index) -> list[Candidate]:
    """Every article that was looked at closely and has anything to say for it: at most
    ``MOST_SCORED``."""
    question = _question(asked, index)
    looked_at = (
        _candidate(question, index, number) for number in _worth_a_look(question, index)
    )
    return [candidate for candidate in looked_at if candidate.score > 0]


def _question(asked: Asked, index: Index) -> _Question:
    subject = essence(asked.subject)
    text = essence(index.templates.filled_in(_beginning(asked)))
    words: dict[str, _Word] = {}
    for said, share in ((subject, 1.0), (text, index.weights.text)):
        for term in terms(said):
            word = _word(term, share, index)
            known = words.get(word.meant)
            if known is None or word.weight > known.weight:
                words[word.meant] = word
    return _Question(asked, dict(sorted(words.items())), _hits(asked, index))


def _beginning(asked: Asked) -> str:
    return asked.text[:_READ_AT_MOST]


def _word(term: Term, share: float, index: Index) -> _Word:
    meant, likeness = term.key, 1.0
    if not index.holding(meant):
        meant, likeness = _instead(term, index)
    telling = index.telling(meant) * likeness
    return _Word(meant, term.word, telling, telling * share, likeness < 1)


def _instead(term: Term, index: Index) -> tuple[str, float]:
    """For a term of no article: the one that was meant, and how surely."""
    if index.holding(kin := family(term.key)):
        return kin, 1.0
    near = None if index.is_common(term.key) else index.meant_by(term.word)
    return (near[0], near[1] * index.weights.misspelt) if near else (term.key, 1.0)


def _hits(asked: Asked, index: Index) -> dict[int, list[Hit]]:
    found: dict[int, list[Hit]] = {}
    filled_in = index.templates.filled_in(_beginning(asked))
    hits = _hits_in(_beginning(asked), asked, index)
    own = hits if filled_in == _beginning(asked) else _hits_in(filled_in, asked, index)
    for hit in hits:
        # What stands in every such form or alert decides nothing alone.
        told = hit if hit in own else hit._replace(is_generic=True)
        found.setdefault(index.number_of[hit.code], []).append(told)
    return found


def _hits_in(text: str, asked: Asked, index: Index) -> list[Hit]:
    return index.signatures.hits(repaired(f"{asked.subject}\n{text}"[:LONGEST]))


def _worth_a_look(question: _Question, index: Index) -> list[int]:
    """Those with a signature that hit, then those that share most, the rarest terms
    read first."""
    chosen = dict.fromkeys(islice(question.hits, MOST_SCORED))
    common: dict[int, float] = {}
    for number, weight in islice(_read(question, index), MOST_READ):
        common[number] = common.get(number, 0.0) + weight
    best = sorted(common, key=lambda number: (-common[number], number))
    for number in best[: MOST_SCORED - len(chosen)]:
        chosen[number] = None
    return list(chosen)


def _read(question: _Question, index: Index) -> Iterator[tuple[int, float]]:
    rarest_first = sorted(
        question.words.values(), key=lambda word: (-word.telling, word.meant)
    )
    for word in rarest_first:
        for number in index.holding(word.meant):
            weight = index.entries[number].terms[word.meant]
            yield number, weight * word.weight


def _candidate(question: _Question, index: Index, number: int) -> Candidate:
    entry, hits = index.entries[number], question.hits.get(number, [])
    shared = [word for key, word in question.words.items() if key in entry.terms]
    score = _by_terms(question, index, entry, shared)
    score = _raised(score, question.asked, index, entry.known, hits)
    return Candidate(
        entry.known.code,
        round(score, 4),
        tuple(_reasons(question.asked, entry, shared, hits)),
    )


def _by_terms(
    question: _Question, index: Index, entry: Entry, shared: list[_Word]
) -> float:
    """How much of the ticket the article speaks of, and how much of one of its
    sentences the ticket says: both are needed."""
    weights = index.weights
    covered = sum(word.weight * entry.terms[word.meant] for word in shared)
    missing = sum(
        word.weight for key, word in question.words.items() if key not in entry.terms
    )
    of_ticket = covered / (covered + missing + weights.ticket_slack)
    of_sentence = max(_said(question, index, entry), default=0.0)
    fits = of_ticket**weights.ticket_share * of_sentence ** (1 - weights.ticket_share)
    return fits if len(shared) > 1 else fits * weights.alone


def _said(question: _Question, index: Index, entry: Entry) -> Iterator[float]:
    """Of each sentence, how much of it the ticket says; other words help where they
    are there, and are not missed where they are not."""
    words = question.words
    other = sum(words[key].telling for key in entry.words if key in words)
    slack = other + index.weights.sentence_slack
    for sentence, telling in entry.sentences:
        said = other + sum(words[key].telling for key in sentence if key in words)
        yield said / (telling + slack)


def _raised(
    score: float, asked: Asked, index: Index, known: Known, hits: list[Hit]
) -> float:
    """A telling signature takes most of what is missing to certainty; all else only
    raises what terms found."""
    weights = index.weights
    if asked.service in known.services:
        score **= weights.service
    if asked.category in known.categories:
        score **= weights.category
    if telling := [hit.telling for hit in hits if not hit.is_generic]:
        left = weights.decisive - weights.rare * max(telling)
        return 1 - (1 - score) * left
    return score**weights.generic if hits else score


def _reasons(
    asked: Asked, entry: Entry, shared: list[_Word], hits: list[Hit]
) -> Iterator[Reason]:
    if found := dict.fromkeys(_as_written(hit.found, asked) for hit in hits):
        yield Reason(Because.SIGNATURE, tuple(found))
    if asked.service in entry.known.services:
        yield Reason(Because.SERVICE, (asked.service,))
    if asked.category in entry.known.categories:
        yield Reason(Because.CATEGORY, (asked.category,))
    told = sorted(shared, key=lambda word: (-word.weight, word.meant))[:_TOLD]
    if words := dict.fromkeys(word.word for word in told if not word.is_misspelt):
        yield Reason(Because.TERMS, tuple(words))
    if words := dict.fromkeys(word.word for word in told if word.is_misspelt):
        yield Reason(Because.MISSPELT, tuple(words))


def _as_written(found: str, asked: Asked) -> str:
    """With the capitals of the ticket, where folding left the letters as they are."""
    text = f"{asked.subject}\n{_beginning(asked)}"
    at = text.lower().find(found)
    return text[at : at + len(found)] if at >= 0 else found
