"""What the watchdog found, as lines of a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activity.models import Check
from incidents.models import Incident
from servicedesk.health_page.words import TIMER_KINDS, TOLD, WORDING, Wording
from servicedesk.watchdog.checks import CHECKS, DEADMAN

SILENT_AFTER = timedelta(minutes=2)
ORDER = [*CHECKS, DEADMAN]


@dataclass(frozen=True, slots=True)
class Line:
    """One check; without an answer it is not known."""

    name: str
    check: Check | None

    @property
    def wording(self) -> Wording:
        return WORDING[self.name]

    @property
    def state(self) -> str:
        return self.check.state if self.check else Check.State.UNKNOWN

    @property
    def state_words(self) -> str:
        return str(Check.State(self.state).label)

    @property
    def is_bad(self) -> bool:
        return self.state == Check.State.BAD

    @property
    def detail(self) -> dict[str, Any]:
        return self.check.detail if self.check else {}

    def figures(self) -> list[str]:
        """What was counted and when, as sentences."""
        return [*self._counted(), *self._moments(), *self._words()]

    def incidents(self) -> list[tuple[str, str]]:
        """Reference and address of each incident that is named."""
        return [
            (Incident(pk=pk).reference, incident_page(pk))
            for pk in self.detail.get("incidents", ())
        ]

    def _counted(self) -> Iterator[str]:
        count = self.detail.get("count")
        if count is not None and self.wording.counted is not None:
            sentence = self.wording.counted % {"count": count}
            yield sentence.format(count=count)
        if kinds := self.detail.get("kinds"):
            each = [f"{TIMER_KINDS.get(kind, kind)} {kinds[kind]}" for kind in kinds]
            yield _("Of them: %(each)s.") % {"each": ", ".join(sorted(each))}
        if differences := self.detail.get("differences"):
            yield ngettext(
                "%(count)d difference.", "%(count)d differences.", differences
            ) % {"count": differences}

    def _moments(self) -> Iterator[str]:
        for key, sentence in self.wording.moments:
            if key in self.detail:
                at = parse_datetime(self.detail[key] or "")
                yield sentence.format(moment=clock_face(at) if at else _("never"))

    def _words(self) -> Iterator[str]:
        detail = self.detail
        if "first" in detail:
            yield _("The first: %(what)s") % {"what": detail["first"]}
        if "seconds" in detail and self.name == "clock_jump":
            yield _("It jumped by %(seconds)d seconds.") % detail
        if told := TOLD.get(detail.get("told", "")):
            yield str(told)
        if "error" in detail:
            yield _("It could not be asked: %(error)s.") % detail


@dataclass(frozen=True, slots=True)
class Board:
    """All lines, and the one sentence above them."""

    lines: list[Line]
    at: datetime

    @property
    def looked_at(self) -> datetime | None:
        """When the watchdog looked last."""
        return max(
            (line.check.looked_at for line in self.lines if line.check), default=None
        )

    @property
    def is_silent(self) -> bool:
        """Whether nobody watches: what stands below is no news then."""
        looked_at = self.looked_at
        return looked_at is None or self.at - looked_at > SILENT_AFTER

    @property
    def wrong(self) -> int:
        return sum(line.is_bad for line in self.lines)

    @property
    def state(self) -> str:
        return Check.State.BAD if self.is_silent or self.wrong else Check.State.OK

    def sentence(self) -> str:
        looked_at = self.looked_at
        if looked_at is None:
            return _("The watchdog has not looked yet.")
        if self.is_silent:
            words = _("The watchdog has not looked since %(moment)s.")
            return words % {"moment": clock_face(looked_at)}
        if not self.wrong:
            return _("All is well, looked at %(moment)s.") % {
                "moment": clock_face(looked_at)
            }
        return ngettext(
            "%(count)d thing needs you, looked at %(moment)s.",
            "%(count)d things need you, looked at %(moment)s.",
            self.wrong,
        ) % {"count": self.wrong, "moment": clock_face(looked_at)}


def board(at: datetime) -> Board:
    """What is known at ``at``, what needs somebody first; one query."""
    known = {check.name: check for check in Check.objects.filter(name__in=ORDER)}
    lines = [Line(name, known.get(name)) for name in ORDER]
    return Board(sorted(lines, key=lambda line: not line.is_bad), at)


def clock_face(at: datetime) -> str:
    """The time of a day, in the viewer's zone; the date as well if it is another."""
    local = timezone.localtime(at)
    is_today = local.date() == timezone.localdate()
    return date_format(local, "H:i:s" if is_today else "j M Y, H:i:s")


def incident_page(pk: int) -> str:
    return reverse("admin:incidents_incident_change", args=[pk])
