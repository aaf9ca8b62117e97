"""Incidents for what somebody typed: by their number, by what they say, or else by
words like it."""

from collections.abc import Iterator
from typing import Any

from incidents.filters import number_in, spellings
from incidents.models import Incident
from incidents.querysets import IncidentQuerySet, WordsQuerySet
from knowledgebase.searching import Found
from knowledgebase.searching import spelled as as_in_articles
from knowledgebase.typed import WORD, put_right


def incident_named(text: str, *, user: Any) -> Incident | None:
    """The only one of this number that this person may read: in the system that it
    came from, or else here."""
    elsewhere = Incident.objects.filter(imported__number__in=spellings(text))
    there = _readable(elsewhere, user)
    if len(there) == 1:
        return there.pop()
    number = number_in(text)
    if number is None:
        return None
    here = _readable(Incident.objects.filter(pk=number), user)
    return here.pop() if here else None


def _readable(named: IncidentQuerySet, user: Any) -> set[Incident]:
    return {*named.visible_to(user)[:2], *named.public_for(user)[:2]}


def incidents_saying(words: str, *, user: Any) -> Found:
    """Of those that this person may find."""
    findable = Incident.objects.words_for(user)
    numbers = findable.saying(words)
    if numbers:
        return Found(numbers, words)
    for meant in _meant(words, findable, user):
        others = findable.saying(meant)
        if others:
            return Found(others, meant, meant)
    return Found([], words)


def _meant(words: str, findable: WordsQuerySet, user: Any) -> Iterator[str]:
    """What may have been meant: in words of subjects, or of articles."""
    in_subjects = put_right(
        words,
        known=lambda typed: [word for word in typed if findable.saying(word)],
        near=lambda word: _words_of(findable.titles_like(word)),
    )
    for meant in (in_subjects, as_in_articles(words, user)):
        if meant:
            yield meant


def _words_of(titles: list[str]) -> set[str]:
    return {word.lower() for title in titles for word in WORD.findall(title)}
