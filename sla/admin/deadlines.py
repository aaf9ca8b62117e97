"""Test a deadline: a question in the address, an answer line by line."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from activity import clock
from sla.admin.addresses import DEADLINE, page_of
from sla.clock import Line
from sla.codes import Metric, Pause
from sla.forms import (
    CalendarQuestion,
    Holds,
    PolicyQuestion,
    Question,
    TicketQuestion,
)
from sla.forms.deadlines import LOCAL
from sla.models import PolicyVersion
from sla.permissions import may_draft
from sla.services import (
    Forecast,
    Hold,
    foretell_calendar,
    foretell_policy,
    match_policy,
)
from sla.wording import WHY

LINES_SHOWN: Final = 400
DEFAULT_AMOUNT: Final = "8 h"


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the explanation, in words; ``total`` is what was counted so far."""

    line: Line
    why: str | Promise
    holiday: str
    total: timedelta

    @property
    def length(self) -> timedelta:
        return self.line.end - self.line.start


@dataclass(frozen=True, slots=True)
class Shown:
    """A forecast as the page shows it. Of very many lines the first ones."""

    forecast: Forecast
    label: str
    lines: Sequence[Told]

    @property
    def left_out(self) -> int:
        return len(self.forecast.lines) - len(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``version`` is the policy's or calendar's that counts, ``why`` it fits, ``notes``
    what one should know besides."""

    start: datetime
    holds: Sequence[Hold]
    version: Any = None
    why: str = ""
    refusal: str = ""
    notes: Sequence[str] = ()
    forecasts: Sequence[Shown] = ()

    @property
    def page(self) -> str:
        return page_of(self.version)


def _of_ticket(start: datetime, holds: list[Hold], **ticket: Any) -> Answer:
    match = match_policy(at=start, **ticket)
    if match is None:
        refusal = _("No policy fits: nothing would be promised.")
        return Answer(start=start, holds=holds, refusal=refusal)
    return _by_policy(start, holds, version=match.version, why=match.words)


def _by_policy(
    start: datetime, holds: list[Hold], *, version: PolicyVersion, why: str = ""
) -> Answer:
    found = foretell_policy(version, at=start, holds=holds)
    return Answer(
        start=start,
        holds=holds,
        version=version,
        why=why,
        refusal="" if found else _("This version promises nothing."),
        notes=list(_notes(version, holds)),
        forecasts=[_shown(one, str(one.metric.label)) for one in found],
    )


def _notes(version: PolicyVersion, holds: list[Hold]) -> Iterator[str]:
    reasons = {hold.reason for hold in holds}
    for reason in sorted(reasons - set(version.pauses_on)):
        sentence = _("%(reason)s: by this policy the clocks go on meanwhile.")
        yield sentence % {"reason": Pause(reason).label}
    if Pause.AWAITING_REPORTER in reasons:
        yield _(
            "On a ticket the question to the reporter is an answer and an update. Here"
            " nobody answers."
        )


def _by_calendar(
    start: datetime, holds: list[Hold], *, version: Any, amount: timedelta
) -> Answer:
    found = foretell_calendar(version, amount, at=start, holds=holds)
    shown = _shown(found, _("Working time"))
    return Answer(start=start, holds=holds, version=version, forecasts=[shown])


def _shown(forecast: Forecast, label: str) -> Shown:
    return Shown(forecast, label, list(_told(forecast)))


def _told(forecast: Forecast) -> Iterator[Told]:
    total = timedelta()
    for line in forecast.lines[:LINES_SHOWN]:
        total += line.end - line.start if line.counts else timedelta()
        name = forecast.holidays.get(line.holiday, "") if line.holiday else ""
        yield Told(line, WHY[line.why], name, total)


@dataclass(frozen=True, slots=True)
class Subject:
    """What one may ask about."""

    label: Any
    form: type[Question]
    answer: Callable[..., Answer]


SUBJECTS: Final = {
    "ticket": Subject(gettext_lazy("A ticket"), TicketQuestion, _of_ticket),
    "policy": Subject(
        gettext_lazy("A version of a policy"), PolicyQuestion, _by_policy
    ),
    "calendar": Subject(
        gettext_lazy("A calendar and an amount of time"),
        CalendarQuestion,
        _by_calendar,
    ),
}


@dataclass(frozen=True, slots=True)
class Tab:
    label: Any
    address: str
    is_current: bool


@require_safe
def test_deadline(request: HttpRequest) -> HttpResponse:
    """Nothing is kept: the address holds all that was asked."""
    if not may_draft(request.user):
        raise PermissionDenied
    name = request.GET.get("of", "ticket")
    subject = SUBJECTS.get(name, SUBJECTS["ticket"])
    asked = _asked(request.GET, subject, clock.now())
    form = subject.form(asked, initial={"start": clock.now()})
    holds = Holds(asked)
    context = {
        **admin.site.each_context(request),
        "title": _("Test a deadline"),
        "of": name if name in SUBJECTS else "ticket",
        "tabs": list(_tabs(request.GET, subject)),
        "form": form,
        "holds": holds,
        "answer": _answer(subject, form, holds),
        "zone": timezone.get_current_timezone_name(),
    }
    return TemplateResponse(request, "admin/sla/deadline.html", context)


def _asked(given: QueryDict, subject: Subject, at: datetime) -> QueryDict | None:
    """What the address asks, from now on where it does not say when; ``None`` where it
    asks nothing yet. A link may name the version alone."""
    if not given.keys() & subject.form.base_fields.keys() - {"start"}:
        return None
    asked = given.copy()
    asked.setdefault("start", timezone.localtime(at).strftime(LOCAL))
    asked.setdefault("amount", DEFAULT_AMOUNT)
    return asked


def _answer(subject: Subject, form: Question, holds: Holds) -> Answer | None:
    is_asked = form.is_bound and form.is_valid()
    start = form.cleaned_data.get("start") if form.is_bound else None
    if not (holds.are_valid(start) and is_asked):
        return None
    question = dict(form.cleaned_data)
    start = question.pop("start")
    cleaned = holds.cleaned()
    try:
        return subject.answer(start, cleaned, **question)
    except ValidationError as refusal:
        return Answer(start=start, holds=cleaned, refusal=" ".join(refusal.messages))


def _tabs(given: QueryDict, current: Subject) -> Iterator[Tab]:
    """To ask about something else keeps when, and the holds."""
    kept = {
        key: given[key] for key in given if key == "start" or key.startswith("hold")
    }
    for name, subject in SUBJECTS.items():
        address = reverse(DEADLINE, query={"of": name, **kept})
        yield Tab(subject.label, address, subject is current)


@dataclass(frozen=True, slots=True)
class Promised:
    """What one version promises, beside others."""

    label: str
    forecast: Forecast | None


@dataclass(frozen=True, slots=True)
class OpenedNow:
    """What would happen to a ticket that is opened now, by each of the versions."""

    at: datetime
    rows: Sequence[tuple[str, Sequence[Promised]]]
    refusal: str = ""


def opened_now(version: PolicyVersion, at: datetime) -> OpenedNow:
    """By this version as if it were in force, and by the one that is."""
    at = at.replace(second=0, microsecond=0)
    current = PolicyVersion.objects.by(at).filter(policy=version.policy_id).first()
    others = [current] if current and current.pk != version.pk else []
    try:
        by_version = {
            label: {one.metric: one for one in foretell_policy(each, at=at)}
            for label, each in [(_("This version"), version), *map(_in_force, others)]
        }
    except ValidationError as refusal:
        return OpenedNow(at, [], " ".join(refusal.messages))
    rows = [
        (
            str(metric.label),
            [Promised(label, found.get(metric)) for label, found in by_version.items()],
        )
        for metric in Metric
        if any(metric in found for found in by_version.values())
    ]
    return OpenedNow(at, rows, "" if rows else _("Nothing is promised."))


def _in_force(version: PolicyVersion) -> tuple[str, PolicyVersion]:
    words = _("Version %(number)d, in force") % {"number": version.number}
    return words, version
