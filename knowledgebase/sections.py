"""The parts of an article's page, in order, for one reader."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from knowledgebase import permissions as may
from knowledgebase.codes import Kind
from knowledgebase.markdown import Picture, images_of
from knowledgebase.models import ArticleImage

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and Markdown, and its images that the reader sees, by number.
    ``inside`` is for people who work on tickets."""

    name: str
    heading: Words
    text: str
    inside: bool = False
    pictures: Mapping[int, Picture] = field(default_factory=dict)


BODY: dict[str, Words] = {
    Kind.KNOWN_ERROR: _("More about it"),
    Kind.HOW_TO: _("How it is done"),
    Kind.FAQ: _("Answer"),
}


def sections(said: Any, kind: str, user: Any) -> list[Section]:
    """What of ``said`` (a version, or what is being typed) this person reads."""
    works = may.works_on_tickets(user)
    parts = _parts(said, kind, works)
    read = [part for part in parts if part.text.strip() and (works or not part.inside)]
    pictures = pictures_of((part.text for part in read), user)
    return [replace(part, pictures=pictures) for part in read]


def pictures_of(texts: Iterable[str], user: Any) -> Mapping[int, Picture]:
    """The images of these texts that this person may see. Costs one statement where
    there are any."""
    numbers = {number for text in texts for number in images_of(text).numbers}
    if not numbers:
        return {}
    return ArticleImage.objects.visible_to(user).in_bulk(numbers)


def _parts(said: Any, kind: str, works: bool) -> Iterator[Section]:
    if kind == Kind.KNOWN_ERROR:
        for_readers = _("What reporters can do") if works else _("What helps meanwhile")
        yield Section("symptom", _("What you notice"), said.symptom)
        yield Section(
            "workaround_agents",
            _("What agents do"),
            said.workaround_agents,
            inside=True,
        )
        yield Section("workaround_reporters", for_readers, said.workaround_reporters)
        yield Section("cause", _("Cause"), said.cause, inside=True)
    yield Section("body", BODY[kind], said.body)
