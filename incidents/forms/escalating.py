"""Forms that send an incident to another tier."""

from typing import Any

from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Team
from incidents import permissions as may
from incidents.codes import OPEN
from incidents.forms.checking import PARTS, AsksKnownErrors
from incidents.forms.classification import ClassificationForm
from incidents.forms.fields import Paragraphs
from incidents.forms.move import MoveForm
from incidents.forms.triage import TriageForm
from incidents.models.hand_over import PACKAGE
from incidents.services.checking import candidates_for
from incidents.services.contacting import own_desk
from incidents.services.escalating import Package, check_of_this_stay, needs_check
from incidents.tiers.ways import teams_above, teams_above_of
from sla.wording import in_hours

OTHERS_NOW = gettext_lazy(
    "Other known errors are suggested by now than those you saw. What you decided on is"
    " kept; please decide on the rest."
)


class TeamAbove(forms.ModelChoiceField):
    """A team with what it has on its hands, and how long it says that it takes."""

    def label_from_instance(self, obj: Any) -> str:
        parts = [obj.name, _load(obj)]
        target = getattr(obj, "operational_target", None)
        if target is not None:
            words = _("takes up to %(time)s by the calendar “%(calendar)s”")
            said = {"time": in_hours(target.amount), "calendar": target.calendar.name}
            parts.append(words % said)
        return " · ".join(parts)


def with_load(teams: Any) -> Any:
    """Each with ``open_count`` and ``unowned_count``, and its target."""
    still_open = Q(incidents__status__in=OPEN)
    unowned = still_open & Q(incidents__owner=None)
    return teams.annotate(
        open_count=Count("incidents", filter=still_open, distinct=True),
        unowned_count=Count("incidents", filter=unowned, distinct=True),
    ).select_related("operational_target__calendar")


def _load(team: Any) -> str:
    words = ngettext("%(count)d open", "%(count)d open", team.open_count)
    counted = words % {"count": team.open_count}
    if not team.unowned_count:
        return counted
    waiting = ngettext(
        "%(count)d without an owner", "%(count)d without an owner", team.unowned_count
    )
    return f"{counted}, {waiting % {'count': team.unowned_count}}"


class PackageForm(AsksKnownErrors, MoveForm):
    """The team, and the hand-over package: all of it is asked. Where nobody has checked
    for known errors yet, the form asks about these as well."""

    team = TeamAbove(
        label=gettext_lazy("Who gets it"),
        queryset=Team.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who gets it.")},
    )
    symptom = Paragraphs(
        label=gettext_lazy("What was observed"),
        help_text=gettext_lazy(
            "The symptom as it was seen: who, where, since when, with which words on"
            " the screen."
        ),
        error_messages={
            "required": gettext_lazy("Write what was observed, as it was observed.")
        },
    )
    diagnosis = Paragraphs(
        label=gettext_lazy("What is known so far"),
        help_text=gettext_lazy(
            "What you found out, what you suspect, and what you could rule out."
        ),
        error_messages={
            "required": gettext_lazy("Write what you know and what you suspect so far.")
        },
    )
    tried = Paragraphs(
        label=gettext_lazy("What was tried, with results"),
        help_text=gettext_lazy(
            "A line for each thing: what was done, and what came of it. “Nothing”"
            " needs its reason."
        ),
        error_messages={
            "required": gettext_lazy("Write what was tried, and what came of it.")
        },
    )
    wanted = Paragraphs(
        label=gettext_lazy("What is asked of the next team"),
        help_text=gettext_lazy(
            "One question or one thing to do. All of this is for colleagues; the"
            " reporter cannot see it."
        ),
        error_messages={
            "required": gettext_lazy("Write what the next team is asked to do.")
        },
    )

    def prepare(self) -> None:
        super().prepare()
        teams = list(with_load(self.teams()))
        field: Any = self.fields["team"]
        field.queryset = Team.objects.filter(pk__in=[team.pk for team in teams])
        field.choices = [(team.pk, field.label_from_instance(team)) for team in teams]
        if str(self.initial.get("team")) not in {str(team.pk) for team in teams}:
            self.initial.pop("team", None)
        if len(teams) == 1:
            self.initial.setdefault("team", teams[0].pk)
        if self.needs_check():
            self.ask_about(candidates_for(self.incident, self.by))
        asked = [name for name in self.fields if name.rpartition("_")[0] in PARTS]
        first = ClassificationForm.base_fields
        self.order_fields([*first, *asked, "team", *PACKAGE])

    def teams(self) -> Any:
        return teams_above(self.incident)

    def needs_check(self) -> bool:
        is_due = needs_check(self.incident)
        return is_due and check_of_this_stay(self.incident) is None

    @property
    def checks(self) -> bool:
        """Whether it asks about known errors; there may be none to ask about."""
        return "shown" in self.fields

    def package(self) -> Package:
        return Package(**{name: self.cleaned_data[name] for name in PACKAGE})

    def package_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("team", *PACKAGE)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.checks and not self.is_about_what_is_shown:
            sent: Any = self.data
            self.data = sent.copy()
            self.data["shown"] = self.initial["shown"]  # type: ignore[index]
            raise forms.ValidationError(OTHERS_NOW)
        return cleaned

    def typed(self) -> dict[str, Any]:
        return AsksKnownErrors.typed(self) | MoveForm.typed(self)


class EscalateForm(PackageForm):
    def given(self) -> dict[str, Any]:
        return {"team": self.cleaned_data["team"], "package": self.package()}


class TriageEscalateForm(PackageForm, TriageForm):  # type: ignore[misc]
    """What it is, and then who else has to look at it, on one page."""

    def desk(self) -> Team | None:
        """For which it is triaged; ``None`` for who may not."""
        if not may.may_triage(self.incident, self.by):
            return None
        return own_desk(self.incident, self.by)

    def teams(self) -> Any:
        desk = self.desk()
        if desk is None:
            return Team.objects.none()
        return teams_above_of(desk, is_major=self.incident.is_major)

    def needs_check(self) -> bool:
        return check_of_this_stay(self.incident) is None

    def triage_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ClassificationForm.base_fields]

    def given(self) -> dict[str, Any]:
        return {
            "classification": self.classification(),
            "team": self.cleaned_data["team"],
            "package": self.package(),
        }


class HandBackForm(MoveForm):
    reason = Paragraphs(
        label=gettext_lazy("Why they get it back"),
        help_text=gettext_lazy("For colleagues. The reporter cannot see this."),
        error_messages={
            "required": gettext_lazy("Tell the other team why they get it back.")
        },
    )
