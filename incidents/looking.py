"""What may help somebody before they report: articles, and troubles that are known.

Nothing of what they type is kept. Only words that everybody may read are matched: what
the desk announced, never what another reporter wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from incidents.models import Announcement
from incidents.services.reporting import title_from
from knowledgebase.matching import Asked, Index, Known, candidates
from knowledgebase.sections import Section, sections
from knowledgebase.services import Suggestion, question, suggest

MOST: Final = 3
MOST_ANNOUNCED: Final = 50
SHORTEST: Final = 6
# There are few of them and they go on now, so less has to agree than for an article.
ENOUGH: Final = 0.25


@dataclass(frozen=True)
class Offered:
    """One article, as it is read in place."""

    suggestion: Suggestion
    parts: Sequence[Section]

    @property
    def article(self) -> object:
        return self.suggestion.article

    @property
    def version(self) -> object:
        return self.suggestion.version

    @property
    def because(self) -> str:
        return str(self.suggestion.because)


@dataclass(frozen=True)
class Help:
    """``code`` is the same as long as the same is offered."""

    articles: Sequence[Offered] = ()
    announced: Sequence[Announcement] = ()

    @property
    def is_empty(self) -> bool:
        return not self.articles and not self.announced

    @cached_property
    def code(self) -> str:
        known = [f"n{one.pk}.{one.own or ''}" for one in self.announced]
        return " ".join(
            known + [f"a{one.suggestion.version.pk}" for one in self.articles]
        )

    @property
    def said(self) -> str:
        """For who does not see the page: how much there is, and where."""
        count = len(self.articles) + len(self.announced)
        if not count:
            return _("Nothing found that may help. Send your report.")
        return ngettext(
            "%(count)d thing that may help is listed below the text.",
            "%(count)d things that may help are listed below the text.",
            count,
        ) % {"count": count}


def help_for(text: str, user: User) -> Help:
    """At most three articles and three announcements for what is being typed."""
    if len("".join(text.split())) < SHORTEST:
        return Help()
    subject = title_from(text)
    found = suggest(question(subject=subject, text=text), by=user, most=MOST)
    articles = [Offered(one, _readable(one, user)) for one in found]
    return Help(
        [one for one in articles if one.parts],
        announced_like(Asked(subject=subject, text=text), user),
    )


def announced_like(asked: Asked, user: User) -> list[Announcement]:
    """Active announcements that may be about the same, the likeliest first."""
    rows = Announcement.objects.visible_to(user).active().for_portal(user)
    active = {str(row.pk): row for row in rows[:MOST_ANNOUNCED]}
    if not active:
        return []
    index = _index(tuple(_known(row) for row in active.values()))
    found = candidates(asked, index, most=MOST, threshold=ENOUGH)
    return [active[one.code] for one in found]


def _readable(one: Suggestion, user: User) -> list[Section]:
    """What reporters can do; whoever reports does not want what agents do."""
    parts = sections(one.version, one.article.kind, user)
    return [part for part in parts if not part.inside]


def _known(row: Announcement) -> Known:
    services = (row.service.name,) if row.service else ()
    return Known(code=str(row.pk), title=row.title, symptom=row.text, services=services)


@lru_cache(maxsize=4)
def _index(known: tuple[Known, ...]) -> Index:
    return Index.of(known)
