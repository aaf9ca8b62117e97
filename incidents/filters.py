"""What the queue can be narrowed to. The address says all of it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import django_filters
from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import permissions as people
from accounts.models import Team, User
from catalogue.models import Service
from incidents import figures
from incidents.codes import (
    CancelReason,
    ClosureBasis,
    Kind,
    Risk,
    Severity,
    Status,
)
from incidents.models import Incident
from incidents.querysets import RANK, IncidentQuerySet
from sla.codes import Attention

REFERENCE: Final = re.compile(r"(?:inc[-\s]?|#\s?)?0*([1-9][0-9]{0,17})", re.IGNORECASE)
LONGEST_PERIOD: Final = 366

Words = str | Promise
Ask = Callable[[datetime], Q]


@dataclass(frozen=True, slots=True)
class Condition:
    """One value of a filter: its words, and what it asks at a moment."""

    label: Words
    ask: Ask


def always(condition: Q) -> Ask:
    return lambda _at: condition


AGE_WORDS: Final[dict[tuple[int, int | None], Words]] = {
    (0, 1): gettext_lazy("under a day"),
    (1, 3): gettext_lazy("1 to 3 days"),
    (3, 5): gettext_lazy("3 to 5 days"),
    (3, 7): gettext_lazy("3 to 7 days"),
    (5, None): gettext_lazy("5 days or more"),
    (7, None): gettext_lazy("7 days or more"),
}


def age_code(days: tuple[int, int | None]) -> str:
    """``1-3`` for one to three days, ``5-`` for five and more."""
    first, last = days
    return f"{first}-{'' if last is None else last}"


def _ages(
    ages: figures.Ages, ask: Callable[[tuple[int, int | None], datetime], Q]
) -> dict[str, Condition]:
    return {
        age_code(days): Condition(AGE_WORDS[days], partial(ask, days)) for days in ages
    }


STATUSES: Final[dict[str, Condition]] = {
    "open": Condition(gettext_lazy("All open"), always(figures.IS_OPEN)),
    **{
        str(status): Condition(status.label, always(Q(status=status)))
        for status in Status
    },
}
RISKS: Final[dict[str, Condition]] = {
    "any": Condition(gettext_lazy("Any risk"), always(Q(risk_count__gt=0))),
    **{
        str(risk): Condition(risk.label, always(Q(**{f"is_{risk}_risk": True})))
        for risk in Risk
    },
}
MAJOR: Final = {
    "yes": Condition(gettext_lazy("Major incidents only"), always(Q(is_major=True)))
}
ATTENTION: Final[dict[str, Condition]] = {
    "any": Condition(gettext_lazy("Needs attention"), always(figures.NEEDS_ATTENTION)),
    "waits": Condition(
        gettext_lazy("Called, no answer yet"), always(figures.told_in_vain())
    ),
    **{
        str(level): Condition(level.label, always(Q(attention__gte=level)))
        for level in Attention
        if level
    },
}
BASES: Final[dict[str, Condition]] = {
    "desk": Condition(
        gettext_lazy("by the desk, on any ground"), always(figures.CLOSED_BY_DESK)
    ),
    "yes": Condition(
        gettext_lazy("after a confirmation"), always(figures.REALLY_CONFIRMED)
    ),
    **{
        str(basis): Condition(basis.label, always(Q(closure_basis=basis)))
        for basis in ClosureBasis
    },
    "one": Condition(
        gettext_lazy("call recorded and closed by the same person"),
        always(figures.CALLED_AND_CLOSED_BY_ONE),
    ),
}
REASONS: Final = {
    str(reason): Condition(reason.label, always(Q(cancel_reason=reason)))
    for reason in CancelReason
}
HELD: Final = {"long": Condition(gettext_lazy("over a day"), figures.held_long)}
CHANGED: Final = {
    "yes": Condition(gettext_lazy("yes"), always(figures.changed_after_triage()))
}
DUE: Final = {
    "overdue": Condition(gettext_lazy("overdue now"), figures.overdue),
    "soon": Condition(gettext_lazy("due in the next 4 hours"), figures.due_soon),
    "missed": Condition(gettext_lazy("missed at any time"), figures.missed),
    "paused": Condition(gettext_lazy("paused"), always(figures.paused())),
}
WAIVABLE: Final = {"yes": Condition(gettext_lazy("possible now"), figures.waivable)}

# The default is the rank; a minus turns a sort round.
SORTS: Final[dict[str, tuple[Words, tuple[Any, ...]]]] = {
    "rank": (gettext_lazy("Most urgent first"), RANK),
    "severity": (
        gettext_lazy("Severity, highest first"),
        ("severity", "reported_at", "pk"),
    ),
    "-severity": (
        gettext_lazy("Severity, lowest first"),
        ("-severity", "reported_at", "pk"),
    ),
    "due": (
        gettext_lazy("Time left, least first"),
        (F("due_at").asc(nulls_last=True), "severity", "reported_at", "pk"),
    ),
    "-due": (
        gettext_lazy("Time left, most first"),
        (F("due_at").desc(nulls_last=True), "severity", "reported_at", "pk"),
    ),
    "reported": (gettext_lazy("Reported, oldest first"), ("reported_at", "pk")),
    "-reported": (gettext_lazy("Reported, newest first"), ("-reported_at", "-pk")),
    "updated": (gettext_lazy("Updated, oldest first"), ("last_event_at", "pk")),
    "-updated": (gettext_lazy("Updated, newest first"), ("-last_event_at", "-pk")),
}


class ConditionFilter(django_filters.ChoiceFilter):
    """A closed list of conditions."""

    def __init__(self, conditions: Mapping[str, Condition], **given: Any) -> None:
        self.conditions = conditions
        choices = [(code, each.label) for code, each in conditions.items()]
        super().__init__(choices=choices, **given)

    def filter(self, qs: Any, value: str) -> Any:
        return qs.filter(self.conditions[value].ask(self.parent.at)) if value else qs


class DaysFilter(django_filters.NumberFilter):
    """The last so many days, by whatever ``ask`` says happened in them."""

    field_class = forms.IntegerField

    def __init__(self, ask: Ask, **given: Any) -> None:
        self.ask = ask
        super().__init__(min_value=1, max_value=LONGEST_PERIOD, **given)

    def get_max_validator(self) -> None:
        return None

    def filter(self, qs: Any, value: int | None) -> Any:
        return (
            qs.filter(self.ask(self.parent.at - timedelta(days=value))) if value else qs
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter that is on; ``query`` is the address without it."""

    name: str
    label: str
    value: str
    query: str


class QueueFilter(django_filters.FilterSet):
    """The filters of the queue, over what one person may see.

    A value that makes no sense is left out and named in ``problems``; the rest
    counts. ``chips`` are the filters that are on.
    """

    q = django_filters.CharFilter(
        method="by_text", max_length=150, label=gettext_lazy("Search")
    )
    status = ConditionFilter(STATUSES, label=gettext_lazy("Status"))
    severity = django_filters.ChoiceFilter(
        choices=Severity.choices, label=gettext_lazy("Severity")
    )
    owner = django_filters.ChoiceFilter(method="by_owner", label=gettext_lazy("Owner"))
    team = django_filters.ChoiceFilter(label=gettext_lazy("Team"))
    service = django_filters.ChoiceFilter(
        method="by_service", label=gettext_lazy("Service")
    )
    due = ConditionFilter(DUE, label=gettext_lazy("Promise"))
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=gettext_lazy("Kind"))
    risk = ConditionFilter(RISKS, label=gettext_lazy("Risk"))
    major = ConditionFilter(MAJOR, label=gettext_lazy("Major"))
    attention = ConditionFilter(ATTENTION, label=gettext_lazy("Attention"))

    # Where the figures of the lead lead to.
    age = ConditionFilter(
        _ages(figures.AGES, figures.open_for), label=gettext_lazy("Open for")
    )
    silent = ConditionFilter(
        _ages(figures.SILENCES, figures.silent_for),
        label=gettext_lazy("Resolved without an answer for"),
    )
    held = ConditionFilter(HELD, label=gettext_lazy("On hold"))
    waiver = ConditionFilter(WAIVABLE, label=gettext_lazy("Waiver"))
    basis = ConditionFilter(BASES, label=gettext_lazy("Closed"))
    reason = ConditionFilter(REASONS, label=gettext_lazy("Cancelled as"))
    ended = DaysFilter(figures.ended_since, label=gettext_lazy("Ended in the last"))
    triaged = DaysFilter(
        figures.triaged_since, label=gettext_lazy("Triaged in the last")
    )
    changed = ConditionFilter(CHANGED, label=gettext_lazy("Changed after triage"))

    class Meta:
        model = Incident
        fields: list[str] = []

    SHOWN = ("status", "severity", "owner")
    MORE = ("due", "team", "service", "kind", "risk", "major", "attention")

    def __init__(
        self,
        data: QueryDict,
        *,
        visible: IncidentQuerySet,
        within: IncidentQuerySet,
        user: User,
        at: datetime | None = None,
    ) -> None:
        """``visible`` is all that the person may see, ``within`` what the view of
        the queue holds of it."""
        super().__init__(data, within)
        self.user = user
        self.at = at or timezone.now()
        choices = {
            "owner": owner_choices(user, visible),
            "team": team_choices(user, visible),
            "service": service_choices(user, visible),
        }
        for name, found in choices.items():
            self.filters[name].extra["choices"] = found
        for name in (*self.SHOWN, *self.MORE):
            self.filters[name].extra["empty_label"] = _("Any")

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        """Its number, here or in the system that it came from, words of its subject,
        or the name of its reporter."""
        found = Q(title__icontains=value) | Q(reporter__name__icontains=value)
        found |= Q(imported__number__in=spellings(value))
        number = number_in(value)
        return queryset.filter(found | Q(pk=number) if number else found)

    def by_owner(self, queryset: Any, name: str, value: str) -> Any:
        if value == "nobody":
            return queryset.filter(owner=None)
        return queryset.filter(owner=self.user.pk if value == "me" else int(value))

    def by_service(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(service=None if value == "none" else int(value))

    def queryset_without(self, name: str) -> Any:
        """What would be found if this one filter were off."""
        found = self.queryset
        for other, value in self._cleaned().items():
            if other != name:
                found = self.filters[other].filter(found, value)
        return found

    @property
    def shown_fields(self) -> list[Any]:
        return [self.form[name] for name in self.SHOWN]

    @property
    def more_fields(self) -> list[Any]:
        return [self.form[name] for name in self.MORE]

    @property
    def more_count(self) -> int:
        """How many of the folded filters are on."""
        on = self._cleaned()
        return sum(bool(on.get(name)) for name in self.MORE)

    @property
    def drill_values(self) -> list[tuple[str, str]]:
        """Filters that have no control of their own, to be carried along."""
        own = {"q", *self.SHOWN, *self.MORE}
        hidden = [name for name in self.filters if name not in own]
        return [(name, self.data[name]) for name in hidden if name in self.data]

    @property
    def chips(self) -> list[Chip]:
        return [
            Chip(
                name=name,
                label=str(self.filters[name].label),
                value=value,
                query=without(self.data, name, "page"),
            )
            for name, value in self._on()
        ]

    @property
    def problems(self) -> list[str]:
        """In words, what of the address was not understood."""
        return [*self._wrong_values(), *self._doubled()]

    def _on(self) -> Iterator[tuple[str, str]]:
        for name, value in self._cleaned().items():
            if value in (None, ""):
                continue
            choices = getattr(self.form.fields[name], "choices", ())
            words = {str(code): label for code, label in choices}
            if isinstance(value, int):
                words[str(value)] = ngettext("%d day", "%d days", value) % value
            yield name, str(words.get(str(value), value))

    def _cleaned(self) -> dict[str, Any]:
        self.form.is_valid()
        return dict(self.form.cleaned_data)

    def _wrong_values(self) -> Iterator[str]:
        for name in self.errors:
            yield _("%(filter)s “%(value)s” is not known, so it is left out.") % {
                "value": self.data[name][:50],
                "filter": self.filters[name].label,
            }

    def _doubled(self) -> Iterator[str]:
        for name, values in self.data.lists():
            if name in self.filters and len(values) > 1:
                sentence = _("%(filter)s is given more than once: the last one counts.")
                yield sentence % {"filter": self.filters[name].label}


def spellings(number: str) -> set[str]:
    """A number of another system, as it was typed and in capital letters."""
    return {number.strip(), number.strip().upper()}


def number_in(text: str) -> int | None:
    """The number of an incident, if that is all the text says: 42, #42, INC-00042."""
    found = REFERENCE.fullmatch(text.strip())
    return int(found.group(1)) if found else None


def without(data: QueryDict, *names: str) -> str:
    """The query string with these parameters taken out, and with none left empty."""
    kept = QueryDict(mutable=True)
    for name, values in data.lists():
        if name not in names and any(values):
            kept.setlist(name, [value for value in values if value])
    return kept.urlencode()


def team_choices(user: User, visible: IncidentQuerySet) -> list[tuple[str, str]]:
    """Teams that hold what the person sees, and their own; the desk knows all."""
    known = Q(pk__in=user.standing.teams) | Q(_holds("team", visible))
    if people.is_agent(user):
        known |= Q(is_active=True)
    return _named(Team.objects.filter(known).order_by("tier", "name"))


def service_choices(user: User, visible: IncidentQuerySet) -> list[tuple[str, str]]:
    known = Q(_holds("service", visible))
    if people.is_agent(user):
        known |= Q(is_active=True)
    services = Service.objects.filter(known).order_by("name")
    return [("none", _("None yet")), *_named(services)]


def owner_choices(user: User, visible: IncidentQuerySet) -> list[tuple[str, Any]]:
    """Colleagues, and whoever owns something that the person sees."""
    known = Q(_holds("owner", visible)) | Q(
        memberships__team__in=user.standing.teams, is_active=True
    )
    if people.is_agent(user):
        known |= Q(memberships__isnull=False, is_active=True)
    users = User.objects.people().filter(known).distinct().order_by("name", "pk")
    return [("me", _("Me")), ("nobody", _("Nobody yet")), *_named(users)]


def _holds(field: str, visible: IncidentQuerySet) -> Exists:
    return Exists(visible.filter(**{field: OuterRef("pk")}))


def _named(rows: QuerySet[Any]) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]
