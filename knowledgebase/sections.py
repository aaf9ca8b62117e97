"""The parts of an article's page, in order, for one reader."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from knowledgebase import permissions as may
from knowledgebase.codes import Kind

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and Markdown. ``inside`` is for people who work on tickets."""

    name: str
    heading: Words
    text: str
    inside: bool = False


BODY: dict[str, Words] = {
    Kind.KNOWN_ERROR: _("More about it"),
    Kind.HOW_TO: _("How it is done"),
    Kind.FAQ: _("Answer"),
}


def sections(said: Any, kind: str, user: Any) -> list[Section]:
    """What of ``said`` (a version, or what is being typed) this person reads."""
    works = may.works_on_tickets(user)
    parts = _parts(said, kind, works)
    return [part for part in parts if part.text.strip() and (works or not part.inside)]


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
