"""A person's reports as lists: what is under which tab, and what an empty one says."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from incidents.clocks.promises import Times
from incidents.codes import ENDED
from incidents.models import Incident
from incidents.promise_words import next_promise
from incidents.reporter_words import reporter_state

LONGEST_NUMBER = 12
TABS: Final = (
    ("open", gettext_lazy("Open")),
    ("ended", gettext_lazy("Ended")),
    ("shared", gettext_lazy("Shared with me")),
)


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why a list is empty, and one thing to do about it."""

    title: str
    text: str
    url: str = ""
    label: str = ""


def chosen_tab(name: str) -> str:
    """A tab that exists, whatever the address says."""
    return name if name in dict(TABS) else "open"


def of_tab(user: User, tab: str) -> Any:
    readable = Incident.objects.public_for(user)
    if tab == "shared":
        return readable.shared_with(user)
    own = readable.own_of(user)
    return own.ended() if tab == "ended" else own.exclude(status__in=ENDED)


def counts(user: User) -> dict[str, int]:
    """How many reports are under each tab."""
    own = Q(reporter=user) | Q(confirmer=user)
    ended = Q(status__in=ENDED)
    found: dict[str, int] = Incident.objects.public_for(user).aggregate(
        open=Count("pk", filter=own & ~ended),
        ended=Count("pk", filter=own & ended),
        shared=Count("pk", filter=~own),
    )
    return found


def matching(reports: Any, words: str) -> Any:
    """Those whose subject holds the words, or whose reference they are."""
    if not words:
        return reports
    number = words.upper().removeprefix("INC").lstrip("- ")
    condition = Q(title__icontains=words)
    if number.isdecimal() and len(number) <= LONGEST_NUMBER:
        condition |= Q(pk=int(number))
    return reports.filter(condition)


def with_states(incidents: Any, user: User) -> list[dict[str, Any]]:
    """Rows of a list: the incident, where it stands in this person's words, and what
    is promised next."""
    at = timezone.now()
    rows = [(row, Times.of(row, at)) for row in incidents]
    return [
        {
            "incident": row,
            "state": reporter_state(row, user, times),
            "next": next_promise(times),
        }
        for row, times in rows
    ]


def nothing(tab: str, words: str, numbers: dict[str, int]) -> Nothing:
    """What an empty list says: nothing found, all done, or nothing yet."""
    if words:
        return Nothing(
            _("No report matches “%(words)s”") % {"words": words},
            _("Look at the spelling, or look under another tab."),
            f"?show={tab}",
            _("Show all of this tab"),
        )
    if tab == "shared":
        return Nothing(
            _("Nobody shares a report with you"),
            _("When a colleague does, you can read it here."),
        )
    if tab == "ended":
        return Nothing(
            _("Nothing has ended yet"),
            _("Reports come here once you confirmed that they are solved."),
        )
    return _nothing_open(numbers)


def _nothing_open(numbers: dict[str, int]) -> Nothing:
    report, label = reverse("incidents:report"), _("Report a problem")
    if numbers["ended"]:
        return Nothing(
            _("Nothing is open"), _("All your reports have ended."), report, label
        )
    return Nothing(
        _("You have not reported anything yet"),
        _("When something does not work, tell the service desk and follow it here."),
        report,
        label,
    )
