"""Parts of a page, each a condition: a number and the rows behind it cannot differ.

Where a page sorts tickets into sections, each stands in one: the first that fits.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.utils.functional import Promise

from accounts.models import User
from incidents.querysets import RANK, IncidentQuerySet
from incidents.tiers.present import NONE

Words = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """Who looks, at which teams, from when to when. ``desks`` are those of the teams
    that are service desks; ``past`` is what is past its team's own target at ``at``,
    by the calendars of the teams (``incidents.tiers.present``)."""

    user: User
    teams: frozenset[int]
    desks: frozenset[int]
    since: datetime
    at: datetime
    past: Q = NONE

    @property
    def held(self) -> Q:
        return Q(team__in=self.teams)

    @property
    def ours(self) -> Q:
        """Held by these teams, or answered for by their desks."""
        return self.held | Q(desk__in=self.desks)

    @property
    def mine(self) -> Q:
        return Q(owner=self.user) | Q(desk_owner=self.user)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """``about`` says exactly what it holds. ``kinds`` are the events that tell why
    something stands in it; ``otherwise`` is said where there is none."""

    code: str
    label: Words
    about: Words
    ask: Callable[[Lens], Q]
    kinds: tuple[str, ...] = ()
    otherwise: Words = ""
    is_desk: bool = False


@dataclass(frozen=True, slots=True)
class Sorted:
    """The numbers of incidents by section, each the most urgent first."""

    sections: Sequence[Section]
    found: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def of(self, code: str) -> Sequence[int]:
        return self.found.get(code, ())

    def count(self, code: str) -> int:
        return len(self.of(code))

    @property
    def total(self) -> int:
        return sum(map(len, self.found.values()))


def sort_into(
    sections: Sequence[Section], incidents: IncidentQuerySet, lens: Lens
) -> Sorted:
    """Each incident in the first section that fits, or in none. One query."""
    cases = [When(each.ask(lens), then=Value(each.code)) for each in sections]
    place = Case(*cases, default=Value(""), output_field=CharField())
    rows = incidents.annotate(section=place).order_by(*RANK)
    found: dict[str, list[int]] = {}
    for pk, code in rows.values_list("pk", "section"):
        if code:
            found.setdefault(code, []).append(pk)
    return Sorted(sections, found)


def count_each(
    sections: Sequence[Section], incidents: IncidentQuerySet, lens: Lens
) -> dict[str, int]:
    """How many of these fit each section, alone and beside the others. One query."""
    counts = {
        f"in_{place}": Count("pk", filter=each.ask(lens))
        for place, each in enumerate(sections)
    }
    found = incidents.aggregate(**counts)
    return {each.code: found[f"in_{place}"] for place, each in enumerate(sections)}


def fits(
    sections: Iterable[Section], incidents: QuerySet[Any], lens: Lens
) -> dict[int, set[str]]:
    """Of every one of these incidents the codes of all sections that fit. One query."""
    flags = {
        f"fits_{each.code}": Case(
            When(each.ask(lens), then=Value(each.code)),
            default=Value(""),
            output_field=CharField(),
        )
        for each in sections
    }
    rows = incidents.order_by().annotate(**flags).values_list("pk", *flags)
    return {pk: {code for code in codes if code} for pk, *codes in rows}
