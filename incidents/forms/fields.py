"""Fields that several forms of the desk share."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident
from incidents.services.asking import EARLIEST_YEAR, LATEST_YEAR

LOCAL = "%Y-%m-%dT%H:%M"
NUMBER = re.compile(r"(?:INC-?)?0*(\d{1,18})", re.IGNORECASE)

Choice = tuple[Any, str]
Grouped = list[Choice | tuple[str, list[Choice]]]


class Paragraphs(forms.CharField):
    """A text of several lines. How long it may be, the service says."""

    widget = forms.Textarea(attrs={"rows": 4})


class Moment(forms.DateTimeField):
    """A moment in the viewer's time zone; cleans to an aware one."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
    default_error_messages = {
        "invalid": _("Enter a day and a time, such as 21/11/2026 14:30."),
    }

    def clean(self, value: Any) -> datetime | None:
        """A year that the database could not give back is no answer."""
        moment: datetime | None = super().clean(value)
        if moment is not None and not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            return timezone.localtime(value).strftime(LOCAL)
        return super().prepare_value(value)


class IncidentNumber(forms.CharField):
    """The number of an incident, as ``INC-00042`` or ``42``.

    Cleans to the incident. The form that has it sets ``user``; what they cannot see
    is as missing as what does not exist.
    """

    user: Any = None

    def clean(self, value: Any) -> Incident | None:
        text = super().clean(value)
        if not text:
            return None
        match = NUMBER.fullmatch(text)
        rows = Incident.objects.visible_to(self.user)
        found: Incident | None = rows.filter(pk=match[1]).first() if match else None
        if found is None:
            sentence = _("There is no incident %(number)s that you can see.")
            raise ValidationError(sentence, params={"number": text[:40]})
        return found


def tree_choices(entries: Iterable[Any], *, empty: str) -> Grouped:
    """The entries of a tree, grouped by what stands on top."""
    rows = {entry.pk: entry for entry in entries}
    groups: dict[Any, list[Choice]] = {}
    for entry in rows.values():
        path = _path(entry, rows)
        label = " / ".join(one.name for one in path[1:]) or entry.name
        groups.setdefault(path[0], []).append((entry.pk, label))
    found: Grouped = [("", empty)]
    for top in sorted(groups, key=lambda entry: entry.name.casefold()):
        members = groups[top]
        if len(members) == 1:
            found.append((members[0][0], top.name))
            continue
        first = [choice for choice in members if choice[0] == top.pk]
        others = [choice for choice in members if choice[0] != top.pk]
        found.append((top.name, first + sorted(others, key=lambda one: one[1])))
    return found


def _path(entry: Any, rows: dict[Any, Any]) -> list[Any]:
    """From the top down to the entry, as far as it can be chosen."""
    path = [entry]
    while path[0].parent_id in rows and len(path) < len(rows):
        path.insert(0, rows[path[0].parent_id])
    return path
