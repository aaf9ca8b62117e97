"""What the desk tells everybody, and what it solves together."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, ngettext

from catalogue.models import Service
from incidents import permissions as may
from incidents.forms.ending import ResolveForm
from incidents.forms.fields import Paragraphs, tree_choices
from incidents.forms.move import MoveForm
from incidents.models import Announcement, Incident
from incidents.models.announcement import LONGEST_HEADLINE, LONGEST_NOTICE


class AnnounceForm(MoveForm):
    """In words made for everybody: nothing of the report is filled in."""

    title = forms.CharField(
        label=gettext_lazy("What is going wrong, in one sentence"),
        max_length=LONGEST_HEADLINE,
        help_text=gettext_lazy(
            "Everybody who logs in reads this. Name nobody, and use none of the"
            " reporter's words."
        ),
        error_messages={
            "required": gettext_lazy("Say in one sentence what is going wrong."),
            "max_length": gettext_lazy("Shorten this to %(limit_value)d characters."),
        },
    )
    text = Paragraphs(
        label=gettext_lazy("What people can do meanwhile"),
        required=False,
        max_length=LONGEST_NOTICE,
        help_text=gettext_lazy("Everybody reads this as well."),
        error_messages={
            "max_length": gettext_lazy("Shorten this to %(limit_value)d characters."),
        },
    )
    service = forms.ModelChoiceField(
        label=gettext_lazy("Service"),
        queryset=Service.objects.none(),
        required=False,
        help_text=gettext_lazy("Reports that are made with “Me too” get it."),
    )

    def prepare(self) -> None:
        told = Announcement.objects.active().of(self.incident).first()
        words = {"title": told.title, "text": told.text} if told else {}
        service = told.service if told else self.incident.service
        self.initial = {"service": service, **words, **self.initial}
        field: Any = self.fields["service"]
        field.queryset = Service.objects.filter(is_active=True)
        empty = str(gettext_lazy("No certain one"))
        field.choices = tree_choices(field.queryset, empty=empty)


class ResolveTogetherForm(ResolveForm):
    """Asks whether the open reports that are part of it are resolved as well."""

    with_parts = forms.BooleanField(required=False, initial=True)

    def prepare(self) -> None:
        super().prepare()
        if not self.part_count or not may.may_resolve_parts(self.incident, self.by):
            del self.fields["with_parts"]
            return
        label = ngettext(
            "Also resolve the %(count)d open report that is part of it",
            "Also resolve the %(count)d open reports that are part of it",
            self.part_count,
        )
        field = self.fields["with_parts"]
        field.label = label % {"count": self.part_count}
        field.help_text = gettext_lazy(
            "With the same words. Everybody is asked for themselves whether it works."
        )

    @cached_property
    def part_count(self) -> int:
        found: int = Incident.objects.parts_of(self.incident).open().count()
        return found

    def own_fields(self) -> list[str]:
        return [name for name in super().own_fields() if name != "with_parts"]

    @property
    def takes_parts(self) -> bool:
        return bool(self.cleaned_data.get("with_parts"))
