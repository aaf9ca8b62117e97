"""A text without the people in it, so that others may read what it says.

Pure: no database. It finds what it is told of (the people) and what has a
form of its own (addresses, telephone numbers, user ids, tickets). It cannot find a
stranger's name: whoever goes on with the text reads it first. A name that is also a
word (*Page*, *Will*) is taken out only where it must be one, and told of otherwise.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from django.utils.functional import Promise

from incidents.neutral_forms import MARKS, WORDS, forms_in, titled_in

PARTICLES: Final = frozenset(
    re.findall(
        r"\w+",
        """
        al af av ben bin da de del della den der di dos du el ibn la las le los ter
        van vom von zu zum zur
        """,
    )
)
# From how many letters on a part of a name is looked for, and in any case.
FEWEST, FEWEST_IN_ANY_CASE = 2, 3
LOOKS_BACK = 20
_TOKEN: Final = re.compile(r"[^\W_]+(?:['\u2019](?=[A-Z\u00c0-\u00de])[^\W_]+)*")
_TITLE: Final = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Herrn?|Frau|Fru|Dr|Prof)\b\.?[ ])+$"
    r"|(?<!\w)(?P<initial>[A-Z])\.[ ]?$"
    r"|(?<!\w)[oOdD]['\u2019]$"
)
_BETWEEN: Final = re.compile(r"[ \t]*[,.\-\u2010\u2011]?[ \t]*|[ \t]*\n[ \t]*")
_SHORTENED: Final = re.compile(
    r"(?i:\b(?:tel|ext|no|nr|ca|approx|resp|usw|bzw|etc|e\.g|i\.e|z\.b|mr|mrs|dr)\.)$"
)
_GREETED: Final = re.compile(
    r"(?:\b(?:mr|mrs|ms|miss|dr|prof|herr|herrn|frau|fru|hi|hello|hallo|hej|dear|liebe"
    r"|lieber|moin|thanks|thank you|danke|regards|gruss|gr\u00fc\u00dfe|gru\u00df"
    r"|colleague|user|name is|called|ask|asked|told|@)\.?[ ,:\n]{0,3})$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """``role`` is what is said instead, such as ``the reporter``. With ``only_whole``
    nothing but the whole name is looked for: this person has no part in it."""

    name: str
    role: str | Promise
    email: str = ""
    only_whole: bool = False


@dataclass(frozen=True, slots=True)
class Neutral:
    """``count`` is how often something was taken out, ``doubtful`` what may be a name
    and was left, as it is written there."""

    text: str
    count: int = 0
    doubtful: tuple[str, ...] = ()


class Span(NamedTuple):
    start: int
    end: int
    words: str | Promise


class _Token(NamedTuple):
    start: int
    end: int
    written: str
    folded: str


def neutral(text: str, people: Sequence[Person]) -> Neutral:
    """The text with neutral words for the people, their addresses and numbers."""
    text = unicodedata.normalize("NFC", text)
    parts = _Parts(people)
    fixed = [Span(*form) for form in forms_in(text, _ids(people), parts.telling)]
    tokens = list(_tokens(text, fixed))
    spans, doubtful = _names(text, tokens, people, parts)
    titled = [Span(*form) for form in titled_in(text)]
    merged = _without_overlaps([*fixed, *spans, *titled])
    return Neutral(_replaced(text, merged), len(merged), tuple(dict.fromkeys(doubtful)))


def folded(text: str) -> str:
    """Without accents and case."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("\u2019", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def spellings(part: str) -> set[str]:
    """How one part of a name may be written: Müller, Muller, Mueller."""
    lower = unicodedata.normalize("NFC", part).casefold()
    wide = lower
    for mark, letters in MARKS:
        wide = wide.replace(mark, letters)
    found = {folded(lower), folded(wide)}
    narrow = folded(lower)
    for letters in ("ae", "oe", "ue"):
        if len(narrow) > FEWEST_IN_ANY_CASE + 1:
            narrow = narrow.replace(letters, letters[0])
    return found | {narrow}


def _tokens(text: str, taken: Iterable[Span]) -> Iterator[_Token]:
    free = bytearray(b"1" * len(text))
    for span in taken:
        free[span.start : span.end] = bytes(span.end - span.start)
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if all(free[start:end]):
            yield _Token(start, end, match.group(), folded(match.group()))


class _Parts:
    """Which spelling belongs to whom; whoever is named first has it. ``telling`` are
    those that are no words."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.roles: dict[str, int] = {}
        self.whole: dict[str, list[tuple[int, list[set[str]]]]] = {}
        self.initials: list[set[str]] = []
        for number, person in enumerate(people):
            parts = [spellings(part) for part in _TOKEN.findall(person.name)]
            self.initials.append({part[0] for spelt in parts for part in spelt})
            for spelling in parts[0] if parts else ():
                self.whole.setdefault(spelling, []).append((number, parts))
            for part in () if person.only_whole else parts:
                for spelling in self._alone(part):
                    self.roles.setdefault(spelling, number)
        self.telling = frozenset(
            part
            for part in self.roles.keys() - WORDS
            if len(part) >= FEWEST_IN_ANY_CASE
        )

    def _alone(self, part: set[str]) -> Iterator[str]:
        for spelling in part - PARTICLES:
            ends = [one for one in spelling.split("'") if len(one) > FEWEST]
            yield from (one for one in {spelling, *ends} if len(one) >= FEWEST)

    def ends(self, token: _Token, number: int) -> bool:
        """Whether a name of that person may end so: *Archer*, *A*."""
        is_initial = len(token.written) == 1 and token.folded in self.initials[number]
        return is_initial or self.owner(token) == number

    def owner(self, token: _Token) -> int | None:
        """Whose name this may be: also its genitive, as in *Bergs*."""
        found = self.roles.get(token.folded)
        if found is None and _is_genitive(token):
            found = self.roles.get(token.folded[:-1])
        return found


def _is_genitive(token: _Token) -> bool:
    is_long = len(token.folded) > FEWEST_IN_ANY_CASE
    return is_long and token.folded[-1] == "s" and token.written[0].isupper()


def _names(
    text: str, tokens: Sequence[_Token], people: Sequence[Person], parts: _Parts
) -> tuple[list[Span], list[str]]:
    spans: list[Span] = []
    doubtful: list[str] = []
    at = 0
    while at < len(tokens):
        number, length = _run(text, tokens, at, parts)
        if number is None:
            at += 1
            continue
        run = tokens[at : at + length]
        if _is_name(text, run):
            spans.append(
                _span(text, run, people[number], parts.initials[number], parts)
            )
        elif run[0].written[0].isupper():
            doubtful.append(run[0].written)
        at += length
    return spans, doubtful


def _run(
    text: str, tokens: Sequence[_Token], at: int, parts: _Parts
) -> tuple[int | None, int]:
    """Whose name begins here, and of how many words."""
    for number, whole in parts.whole.get(tokens[at].folded, ()):
        if len(whole) > 1 and _stands_whole(text, tokens, at, whole):
            return number, len(whole)
    owner = parts.owner(tokens[at])
    return (
        (None, 1) if owner is None else (owner, _length(text, tokens, at, parts, owner))
    )


def _length(
    text: str, tokens: Sequence[_Token], at: int, parts: _Parts, number: int
) -> int:
    """How many words in a row are this person's name."""
    length = 1
    while at + length < len(tokens) and _goes_on(
        text, tokens, at + length, parts, number
    ):
        length += 1
    while length > 1 and not parts.ends(tokens[at + length - 1], number):
        length -= 1
    return length


def _stands_whole(
    text: str, tokens: Sequence[_Token], at: int, whole: Sequence[set[str]]
) -> bool:
    run = tokens[at : at + len(whole)]
    if len(run) < len(whole):
        return False
    fits = all(
        token.folded in part
        or (token is run[-1] and token.folded.removesuffix("s") in part)
        for token, part in zip(run, whole, strict=True)
    )
    return fits and all(
        _BETWEEN.fullmatch(text[one.end : two.start]) for one, two in pairwise(run)
    )


def _goes_on(
    text: str, tokens: Sequence[_Token], at: int, parts: _Parts, number: int
) -> bool:
    """Whether this word still belongs to the name of the words before."""
    before, token = tokens[at - 1], tokens[at]
    between = text[before.end : token.start]
    if "\n" in between or not _BETWEEN.fullmatch(between):
        return False
    if parts.owner(token) == number:
        return not ("." in between and len(before.written) > 1)
    return _is_link(token) and "," not in between and "." not in between


def _is_link(token: _Token) -> bool:
    """*van* in Jan van Berg, *A* in Ann A. Archer."""
    return token.folded in PARTICLES or (
        len(token.written) == 1 and token.written.isupper()
    )


def _is_name(text: str, run: Sequence[_Token]) -> bool:
    """A name unless all of it could be words, or letters that stand for something."""
    token = run[0]
    is_high = any(one.written[0].isupper() for one in run)
    if all(one.folded in WORDS or one.folded[:-1] in WORDS for one in run):
        return is_high and (len(run) > 1 or _must_be_name(text, token))
    if len(token.folded) <= FEWEST and len(run) == 1:
        return is_high and not token.written.isupper()
    return True


def _must_be_name(text: str, token: _Token) -> bool:
    owns = re.match(r"['\u2019]s\b", text[token.end : token.end + 3])
    before = text[max(0, token.start - LOOKS_BACK) : token.start]
    return owns is not None or _GREETED.search(before) is not None


def _span(
    text: str, run: Sequence[_Token], person: Person, initials: set[str], parts: _Parts
) -> Span:
    start, end, words = run[0].start, run[-1].end, str(person.role)
    before = _TITLE.search(text[max(0, start - LOOKS_BACK) : start])
    if before and folded(before["initial"] or "") in {"", *initials}:
        start -= len(before.group())
    last = run[-1].folded
    is_quoted = text[start - 1 : start] in {"'", "\u2018"}
    owns = re.match(r"['\u2019](?!\w)", text[end : end + 2])
    if last[-1] == "s" and owns and not is_quoted:
        return Span(start, end + 1, f"{words}'s")
    if last not in parts.roles and last[:-1] in parts.roles:
        words += "'s"
    return Span(start, end, words)


def _ids(people: Sequence[Person]) -> frozenset[str]:
    """What user ids of these people may look like: aarcher, ann.archer, archera."""
    found: set[str] = set()
    for person in people:
        parts = [folded(part) for part in _TOKEN.findall(person.name)]
        local = person.email.partition("@")[0].casefold()
        if local not in {*parts, *WORDS}:
            found.add(local)
        if len(parts) < FEWEST or person.only_whole:
            continue
        first, last = parts[0], parts[-1]
        found |= {first + last, last + first, first[0] + last, last + first[0]}
        found |= {first + last[0]}
        if min(len(first), len(last)) >= FEWEST_IN_ANY_CASE:
            found |= {first[:3] + last[:3], last[:3] + first[:3]}
    return frozenset(one for one in found if len(one) > FEWEST_IN_ANY_CASE)


def _without_overlaps(spans: Iterable[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _begins(text: str, at: int) -> bool:
    """Whether a sentence begins here."""
    before = text[max(0, at - LOOKS_BACK) : at].rstrip(" \t*_>-\"'(")
    if _SHORTENED.search(before):
        return False
    return before[-1:] in {".", "!", "?", "\n"} or (not before and at <= LOOKS_BACK)


def _replaced(text: str, spans: Sequence[Span]) -> str:
    parts, at = [], 0
    for start, end, words in spans:
        parts.append(text[at:start])
        said = str(words)
        parts.append(said[:1].upper() + said[1:] if _begins(text, start) else said)
        at = end
    return "".join([*parts, text[at:]])
