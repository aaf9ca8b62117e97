"""The saved views of the queue: a name, a condition, and what to say when empty."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts import permissions as people
from accounts.models import User
from incidents import figures
from incidents.codes import REOPEN_WINDOW, Status
from incidents.querysets import IncidentQuerySet

Words = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A part of the queue with a name. ``is_desk``: only the service desk has it;
    ``done`` and ``then`` are said when nothing is left in it; with ``shows_calls`` each
    row says who was called and who is next."""

    code: str
    label: Words
    ask: Callable[[User, datetime], Q]
    done: Words
    then: Words
    is_desk: bool = False
    is_counted: bool = True
    shows_calls: bool = False
    sort: str = "rank"


def _of_teams(user: User) -> Q:
    return Q(team__in=user.standing.teams)


VIEWS: Final = (
    SavedView(
        code="mine",
        label=gettext_lazy("My open"),
        ask=lambda user, at: figures.IS_OPEN & Q(owner=user),
        done=gettext_lazy("Nothing open is yours"),
        then=gettext_lazy("Take the next one when you are ready."),
    ),
    SavedView(
        code="attention",
        label=gettext_lazy("Attention"),
        ask=lambda user, at: figures.NEEDS_ATTENTION,
        done=gettext_lazy("Nothing needs attention from above"),
        then=gettext_lazy("Nobody above was asked to look at anything open."),
        shows_calls=True,
    ),
    SavedView(
        code="overdue",
        label=gettext_lazy("Overdue"),
        ask=lambda user, at: figures.overdue(at) & _of_teams(user),
        done=gettext_lazy("Nothing is overdue"),
        then=gettext_lazy("No promise of your teams that still counts is past due."),
        sort="due",
    ),
    SavedView(
        code="due",
        label=gettext_lazy("Due soon"),
        ask=lambda user, at: figures.due_soon(at) & _of_teams(user),
        done=gettext_lazy("Nothing due in the next 4 hours"),
        then=gettext_lazy("What comes due in your teams appears here."),
        sort="due",
    ),
    SavedView(
        code="unassigned",
        label=gettext_lazy("Unassigned"),
        ask=lambda user, at: figures.IS_OPEN & Q(owner=None) & _of_teams(user),
        done=gettext_lazy("Everything has an owner"),
        then=gettext_lazy("Nothing of your teams waits for somebody to take it."),
    ),
    SavedView(
        code="teams",
        label=gettext_lazy("Open in my teams"),
        ask=lambda user, at: figures.IS_OPEN & _of_teams(user),
        done=gettext_lazy("Nothing is open"),
        then=gettext_lazy("Your teams have nothing to work on just now."),
    ),
    SavedView(
        code="new",
        label=gettext_lazy("New"),
        ask=lambda user, at: Q(status=Status.NEW),
        done=gettext_lazy("Everything is triaged"),
        then=gettext_lazy("New reports appear here until somebody triages them."),
        is_desk=True,
    ),
    SavedView(
        code="waiting",
        label=gettext_lazy("Waiting for reporter"),
        ask=lambda user, at: figures.AWAITS_REPORTER & _of_teams(user),
        done=gettext_lazy("Nobody has to answer us"),
        then=gettext_lazy("What waits for an answer of its reporter appears here."),
    ),
    SavedView(
        code="close",
        label=gettext_lazy("To close"),
        ask=lambda user, at: figures.READY_TO_CLOSE,
        done=gettext_lazy("Nothing is ready to close"),
        then=gettext_lazy("What is confirmed or waived appears here."),
        is_desk=True,
    ),
    SavedView(
        code="ended",
        label=gettext_lazy("Ended"),
        ask=lambda user, at: figures.ended_since(at - REOPEN_WINDOW),
        done=gettext_lazy("Nothing ended in the last 14 days"),
        then=gettext_lazy("What is closed or cancelled can be reopened for 14 days."),
        sort="-updated",
    ),
    SavedView(
        code="all",
        label=gettext_lazy("All tickets"),
        ask=lambda user, at: Q(),
        done=gettext_lazy("There are no tickets yet"),
        then=gettext_lazy("What people report appears here."),
        is_counted=False,
    ),
)


def views_for(user: User) -> list[SavedView]:
    return [view for view in VIEWS if people.is_agent(user) or not view.is_desk]


def counts_of(
    views: Iterable[SavedView], user: User, visible: IncidentQuerySet, at: datetime
) -> dict[str, int]:
    """How many each of these views holds, by code. One query."""
    alive = figures.IS_OPEN | Q(status=Status.RESOLVED)
    lately = alive | figures.ended_since(at - REOPEN_WINDOW)
    counted = {
        view.code: Count("pk", filter=view.ask(user, at))
        for view in views
        if view.is_counted
    }
    return dict(visible.filter(lately).aggregate(**counted))
