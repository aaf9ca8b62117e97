"""Calendars, their versions, and the holidays of countries."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activity import clock
from sla.admin.addresses import page_of
from sla.admin.versions import NamedAdmin, Part, VersionAdmin
from sla.forms import CalendarVersionForm, CountryForm, HolidaysForm, ShiftFormSet
from sla.models import Calendar, CalendarVersion, Holiday, Shift
from sla.permissions import may_draft
from sla.services import (
    copy_country_holidays,
    countries,
    draft_calendar_version,
    publish_calendar_version,
)
from sla.services.calendars import require_publishable_calendar
from sla.wording import calendar_changes, week


class ShiftInline(Part, admin.StackedInline):
    model = Shift
    formset = ShiftFormSet


class HolidayInline(Part, admin.StackedInline):
    model = Holiday


@admin.register(Calendar)
class CalendarAdmin(NamedAdmin):
    draft_version = staticmethod(draft_calendar_version)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_fields(request, obj)
        return [*fields, "counts_days"] if obj else fields


@admin.register(CalendarVersion)
class CalendarVersionAdmin(VersionAdmin):
    named = "calendar"
    holidays_route = "admin:sla_calendarversion_holidays"
    form = CalendarVersionForm
    inlines = [ShiftInline, HolidayInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "effective_from",
                    "zone",
                    "holidays_of",
                    "note",
                    "published_at",
                    "publisher",
                ]
            },
        )
    ]
    readonly_fields = [*VersionAdmin.readonly_fields, "holidays_of"]
    publish_version = staticmethod(publish_calendar_version)
    require_publishable = staticmethod(require_publishable_calendar)

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """A published version is read as a table instead."""
        return [] if obj and obj.is_published else self.inlines

    def changes(self, version: Any, before: Any) -> list[Any]:
        return calendar_changes(version, before)

    def compared(self, version: Any) -> dict[str, Any]:
        return super().compared(version) | {"week": week(version)}

    @admin.display(description=gettext_lazy("holidays of"))
    def holidays_of(self, version: CalendarVersion) -> str:
        if not version.country:
            return _("No country was copied.")
        name = countries().get(version.country, version.country)
        return f"{name}, {version.subdivision}" if version.subdivision else name

    def get_urls(self) -> list[URLPattern]:
        holidays = path(
            "<int:pk>/holidays/",
            self.admin_site.admin_view(self.holidays_view),
            name="sla_calendarversion_holidays",
        )
        return [holidays, *super().get_urls()]

    def holidays_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose a country, then a part and years; copy into the draft."""
        if not may_draft(request.user):
            raise PermissionDenied
        version = get_object_or_404(self.get_queryset(request), pk=pk)
        if version.is_published:
            messages.warning(request, _("This version is published already."))
            return redirect(page_of(version))
        asked = request.POST if request.method == "POST" else request.GET
        chosen = CountryForm(
            asked if "country" in asked else None, auto_id="id_chosen_%s"
        )
        chosen.initial["country"] = version.country
        form = None
        if chosen.is_valid():
            form = _holidays_form(request, version, chosen.cleaned_data["country"])
            if form.is_valid():
                return self.copied(request, version, form)
        return self.confirm(
            request,
            "admin/sla/holidays.html",
            version,
            title=_("Copy holidays of a country"),
            country_form=chosen,
            form=form,
        )

    def copied(
        self, request: HttpRequest, version: CalendarVersion, form: HolidaysForm
    ) -> HttpResponse:
        count = copy_country_holidays(
            version.pk,
            by=request.user,  # type: ignore[arg-type]
            country=form.cleaned_data["country"],
            subdivision=form.cleaned_data["subdivision"],
            years=form.years(),
        )
        sentence = ngettext(
            "%(count)d holiday was added.", "%(count)d holidays were added.", count
        )
        messages.success(request, sentence % {"count": count})
        self.log_change(request, version, sentence % {"count": count})
        return redirect(page_of(version))


def _holidays_form(
    request: HttpRequest, version: CalendarVersion, country: str
) -> HolidaysForm:
    year = clock.now().year
    part = version.subdivision if version.country == country else ""
    initial = {
        "country": country,
        "subdivision": part,
        "first_year": year,
        "last_year": year + 2,
    }
    posted = request.POST if request.method == "POST" else None
    return HolidaysForm(posted, country=country, initial=initial)
