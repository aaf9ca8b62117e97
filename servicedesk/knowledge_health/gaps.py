"""Groups of solved tickets that no article helps with.

They are made anew from what one person may see: whoever may not read a ticket learns
nothing of it, not even a word that names a group.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from django.db.models import Exists, OuterRef

from accounts.models import User
from activity.models import Event
from incidents.codes import Status
from incidents.models import Incident, KnownErrorUse
from knowledgebase.matching import Asked, Index, candidates
from knowledgebase.models import GapDecision
from knowledgebase.services.suggesting import question
from knowledgebase.shelves import index_for
from servicedesk.knowledge_health.clustering import Cluster, Told, clusters

LOOKED_BACK: Final = timedelta(days=90)
# The latest ones; each is compared with every article.
MOST_READ: Final = 600
MOST_DECISIONS: Final = 500
# A group that has so much in common with one that was decided about is the same.
ALIKE: Final = 0.5
# The kind of event that says that an article was written from a ticket.
WRITTEN_DOWN: Final = "incident.write_article"


@dataclass(frozen=True, slots=True)
class Gap:
    """A group; ``marks`` are what it is known by, without its words."""

    cluster: Cluster
    marks: tuple[str, ...]
    is_dismissed: bool

    @property
    def key(self) -> str:
        return _digest(" ".join(self.marks), 16)

    @property
    def title(self) -> str:
        """To begin an article with."""
        words = " ".join(self.cluster.words)
        return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class Gaps:
    """``read`` is how many tickets were looked at; ``is_cut`` says that there were
    more."""

    found: list[Gap]
    read: int
    is_cut: bool


def gaps_for(user: User, at: datetime) -> Gaps:
    """The largest group first."""
    rows = _unwritten(user, at)
    asked = tuple(
        (
            row.pk,
            question(
                subject=row.title,
                text=row.description,
                service=row.service,
                category=row.category,
            ),
        )
        for row in rows[:MOST_READ]
    )
    names = frozenset(
        person.name
        for row in rows[:MOST_READ]
        for person in (row.reporter, row.confirmer, row.owner, row.desk_owner)
        if person is not None
    )
    found = _grouped(asked, names, index_for(user))
    decided = list(GapDecision.objects.order_by("-at", "-pk")[:MOST_DECISIONS])
    return Gaps(
        [_gap(cluster, decided) for cluster in found],
        len(asked),
        len(rows) > MOST_READ,
    )


def marks_of(core: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(_digest(term, 12) for term in core))


def is_alike(one: Collection[str], other: Collection[str]) -> bool:
    """At least half of all that either is known by."""
    mine, theirs = set(one), set(other)
    return len(mine & theirs) >= ALIKE * len(mine | theirs)


def _unwritten(user: User, at: datetime) -> list[Incident]:
    """Solved lately, without a known error that was used and without an article that
    was written from it; one more than is read, if there are."""
    written = Event.objects.filter(
        subject_type="incident", subject_id=OuterRef("pk"), kind=WRITTEN_DOWN
    )
    used = KnownErrorUse.objects.filter(incident=OuterRef("pk"))
    solved = Incident.objects.visible_to(user).filter(
        status__in=[Status.RESOLVED, Status.CLOSED],
        resolved_at__gt=at - LOOKED_BACK,
    )
    rows = solved.filter(~Exists(used.order_by()), ~Exists(written.order_by()))
    people = ("reporter", "confirmer", "owner", "desk_owner")
    places = ("service", "category__parent")
    latest = rows.select_related(*people, *places).order_by("-resolved_at", "-pk")
    return list(latest[: MOST_READ + 1])


@lru_cache(maxsize=2)
def _grouped(
    asked: tuple[tuple[int, Asked], ...], names: frozenset[str], index: Index
) -> list[Cluster]:
    """The same tickets and articles make the same groups, so the last ones are kept."""
    told = [
        Told(pk, one.subject, one.text)
        for pk, one in asked
        if not candidates(one, index, most=1)
    ]
    return clusters(told, names=names)


def _gap(cluster: Cluster, decided: list[GapDecision]) -> Gap:
    """The latest decision about one like it counts."""
    marks = marks_of(cluster.core)
    about = (one for one in decided if is_alike(one.marks, marks))
    last = next(about, None)
    return Gap(cluster, marks, last is not None and last.is_dismissed)


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
