"""Forms about who works on it, and when work waits."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Team, User
from activity import clock
from incidents.codes import OPEN, HoldReason
from incidents.forms.fields import Moment, Paragraphs
from incidents.forms.move import MoveForm
from sla.schedule import Schedule
from sla.services import working_days
from sla.working_days import is_working_day

MORNING = time(9)
MONDAY = 0


class PersonChoice(forms.ModelChoiceField):
    """People with what they have on their hands, if the rows count it."""

    def label_from_instance(self, obj: Any) -> str:
        count = getattr(obj, "open_count", None)
        if count is None:
            return str(obj.name)
        words = ngettext("%(name)s, %(count)d open", "%(name)s, %(count)d open", count)
        return words % {"name": obj.name, "count": count}


class AssignForm(MoveForm):
    to = PersonChoice(
        label=gettext_lazy("Who works on it"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Choose a person"),
        help_text=gettext_lazy("Who is away is not in the list."),
        error_messages={"required": gettext_lazy("Choose who works on it.")},
    )

    def prepare(self) -> None:
        self.fields["to"].queryset = members_here(  # type: ignore[attr-defined]
            self.incident.team, clock.now()
        )


class HandOverForm(MoveForm):
    to = PersonChoice(
        label=gettext_lazy("Desk owner"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Choose a person"),
        help_text=gettext_lazy("Answers for it until it is closed."),
        error_messages={"required": gettext_lazy("Choose a desk owner.")},
    )

    def prepare(self) -> None:
        desk = members_here(self.incident.desk, clock.now())
        others = desk.exclude(pk=self.incident.desk_owner_id or 0)
        self.fields["to"].queryset = others  # type: ignore[attr-defined]


class TransferForm(MoveForm):
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"),
        queryset=Team.objects.none(),
        empty_label=gettext_lazy("Choose a team"),
        help_text=gettext_lazy("Teams of the same tier."),
        error_messages={"required": gettext_lazy("Choose a team.")},
    )
    reason = Paragraphs(
        label=gettext_lazy("Why they get it"),
        help_text=gettext_lazy("For colleagues. The reporter cannot see this."),
        error_messages={
            "required": gettext_lazy("Tell the other team why they get this.")
        },
    )

    def prepare(self) -> None:
        held_by = self.incident.team
        teams = Team.objects.active().filter(tier=held_by.tier).exclude(pk=held_by.pk)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]


class HoldForm(MoveForm):
    """Until when is a quick choice, or a moment, which wins."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What it waits for"),
        choices=HoldReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what it waits for.")},
    )
    question = Paragraphs(
        label=gettext_lazy("Question to the reporter"),
        help_text=gettext_lazy("Only when it waits for the reporter, who gets it."),
        error_messages={"required": gettext_lazy("Write what you need to know.")},
    )
    explanation = Paragraphs(
        label=gettext_lazy("For colleagues"),
        required=False,
        help_text=gettext_lazy("The reporter cannot see this."),
    )
    soon = forms.ChoiceField(
        label=gettext_lazy("Until when at the latest"),
        widget=forms.RadioSelect,
        required=False,
    )
    until = Moment(
        label=gettext_lazy("Another time"),
        required=False,
        help_text=gettext_lazy("In your time zone. It counts before the choice above."),
    )

    def prepare(self) -> None:
        self.moments = quick_moments(clock.now())
        soon: Any = self.fields["soon"]
        soon.choices = [
            (name, _in_words(label, moment))
            for name, (label, moment) in self.moments.items()
        ]
        # A page that was opened before midnight may still send what is left out.
        twice = told_twice(self.moments)
        soon.widget.choices = [one for one in soon.choices if one[0] not in twice]
        soon.initial = "next_day"
        if self.is_bound:
            awaits = self.data.get("reason") == HoldReason.AWAITING_REPORTER
            self.fields["question"].required = awaits
        soon.required = True  # One is always chosen; a word about it would mislead.

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "until" in cleaned and not cleaned["until"] and "soon" in cleaned:
            cleaned["until"] = self.moments[cleaned["soon"]][1]
        if cleaned.get("until") and "soon" in self.errors:
            del self.errors["soon"]
        return cleaned

    def own_fields(self) -> list[str]:
        return ["reason", "question", "explanation", "until"]


def members_here(team: Team, at: datetime) -> QuerySet[User]:
    """Members and lead of a team who are not away, with ``open_count``."""
    here = Q(memberships__away_until=None) | Q(memberships__away_until__lte=at)
    in_team = Q(pk__in=User.objects.filter(here, memberships__team=team).values("pk"))
    people: QuerySet[User] = User.objects.people().active()
    members = people.filter(in_team | Q(pk=team.lead_id))
    still_open = Q(owned_incidents__status__in=OPEN)
    return members.annotate(open_count=Count("owned_incidents", filter=still_open))


def quick_moments(at: datetime) -> dict[str, tuple[str, datetime]]:
    """Usual moments to wait for, in the viewer's time zone; mornings are those of the
    desk's working days."""
    local, days = timezone.localtime(at), working_days()
    hours = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=3)
    monday = (MONDAY - local.weekday()) % 7 or 7
    return {
        "hours": (_("In two hours or a little more"), hours),
        "next_day": (
            _("The next working day, in the morning"),
            _morning(local, 1, days),
        ),
        "monday": (_("Next Monday, in the morning"), _morning(local, monday, days)),
        "week": (_("In a week"), _morning(local, 7, days)),
    }


def told_twice(moments: dict[str, tuple[str, datetime]]) -> set[str]:
    """What is the same moment as one before it, as next Monday is on a Friday."""
    first: dict[datetime, str] = {}
    for name, (_label, moment) in moments.items():
        first.setdefault(moment, name)
    return moments.keys() - set(first.values())


def _morning(local: datetime, days: int, schedule: Schedule) -> datetime:
    """Of the first working day so many days from now, or after."""
    day = local.date() + timedelta(days=days)
    while not is_working_day(day, schedule):
        day += timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, MORNING))


def _in_words(choice: str, moment: datetime) -> str:
    local = timezone.localtime(moment)
    return _("%(choice)s (%(weekday)s, %(moment)s)") % {
        "choice": choice,
        "weekday": date_format(local, "D"),
        "moment": date_format(local, "DATETIME_FORMAT"),
    }
