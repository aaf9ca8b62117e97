"""What was brought in from another system: to look at and to download, no words."""

import shlex
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import display_for_value
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.admin import ReadOnly
from incidents.admin.figures import NUMBER
from incidents.codes import ImportSource
from incidents.filters import spellings
from incidents.import_report import report_lines
from incidents.models import ImportedIncident, ImportRun, RefusedRow

ROWS_SHOWN = 50


class Imports(ReadOnly, admin.ModelAdmin):
    """For administrators."""

    show_full_result_count = False
    list_per_page = 50
    actions = None
    view_on_site = False


class ByNumber(Imports):
    """To be found by the exact number only, as the other system writes it."""

    search_fields = ["=number"]
    search_help_text = gettext_lazy("Exact number there")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        return (queryset.filter(self.matching(term)) if term else queryset), False

    def matching(self, number: str) -> Q:
        return Q(number__in=spellings(number))


@dataclass(frozen=True, slots=True)
class ReasonCount:
    words: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page of one import shows besides its own fields."""

    run: ImportRun

    def command(self) -> str:
        """The command that takes this import up again, as a shell reads it."""
        options = self.run.options
        words = ["manage.py", f"import_{self.run.source}", self.run.file_name]
        if zone := options.get("time_zone"):
            words.append(f"--time-zone={zone}")
        words += [f"--first-line={name}" for name in options.get("first_line", [])]
        return shlex.join(words)

    def reasons(self) -> list[ReasonCount]:
        """Most first."""
        return [
            ReasonCount(str(reason.label), count, self._rows(reason__exact=reason))
            for reason, count in self.run.refusals_by_reason()
        ]

    def first_rows(self) -> QuerySet[RefusedRow]:
        return self.run.refusals.order_by("line")[:ROWS_SHOWN]

    def has_more(self) -> bool:
        return self.run.refused > ROWS_SHOWN

    def all_rows(self) -> str:
        return self._rows()

    def brought_in(self) -> str:
        return _list_of("importedincident", self.run)

    def _rows(self, **asked: str) -> str:
        return _list_of("refusedrow", self.run, **asked)


def _list_of(model: str, run: ImportRun, **asked: str) -> str:
    """The address of a list that shows what belongs to this import."""
    query = {"run__id__exact": run.pk, **asked}
    return reverse(f"admin:incidents_{model}_changelist", query=query)


@admin.register(ImportRun)
class ImportRunAdmin(Imports):
    list_display = [
        "file_name",
        "source",
        "started_at",
        "finished",
        "rows",
        "taken",
        "refused",
        "incidents",
        "moves",
    ]
    fieldsets = [
        (None, {"fields": ["source", "file_name", "digest", "started_at", "finished"]}),
        (
            gettext_lazy("What came of it"),
            {"fields": ["rows", "taken", "refused", "incidents", "moves"]},
        ),
        (gettext_lazy("Options"), {"fields": ["time_zone", "first_line"]}),
    ]

    def get_urls(self) -> list[URLPattern]:
        report = path(
            "<int:pk>/report.csv",
            self.admin_site.admin_view(self.report),
            name="incidents_importrun_report",
        )
        return [report, *super().get_urls()]

    @method_decorator(require_safe)
    def report(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """Every row that was not taken, as a file; read while it is sent."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = get_object_or_404(ImportRun, pk=pk)
        return StreamingHttpResponse(
            report_lines(run),
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="import-{run.pk}.csv"'
            },
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **more: Any
    ) -> HttpResponse:
        overview = Overview(more["obj"])
        return super().render_change_form(
            request, context | {"overview": overview}, *args, **more
        )

    @admin.display(description=gettext_lazy("finished"), ordering="finished_at")
    def finished(self, run: ImportRun) -> str:
        percent = run.position * 100 // run.rows if run.rows else 0
        shown = _("not yet: %(percent)d %%") % {"percent": percent}
        if run.is_finished:
            shown = display_for_value(run.finished_at, "")
        return format_html('<span class="nowrap">{}</span>', shown)

    @admin.display(description=gettext_lazy("times without a zone"))
    def time_zone(self, run: ImportRun) -> str:
        zone = run.options.get("time_zone")
        return _("Read as those of %(zone)s.") % {"zone": zone} if zone else "-"

    @admin.display(description=gettext_lazy("groups of tier 1"))
    def first_line(self, run: ImportRun) -> str:
        named = run.options.get("first_line", [])
        if named:
            return ", ".join(named)
        if run.source == ImportSource.VINST:
            return _("None was named: the log itself says which line a team is.")
        return _("None was named: a group that was made here is tier 2.")


@admin.register(RefusedRow)
class RefusedRowAdmin(ByNumber):
    list_display = ["line", "number", "reason", "detail", "run"]
    list_filter = ["reason", "run"]
    list_select_related = ["run"]
    ordering = ["-run_id", "line"]
    fields = ["run", "line", "number", "reason", "detail"]


@admin.register(ImportedIncident)
class ImportedIncidentAdmin(ByNumber):
    """Under which number, never under which words."""

    list_display = [
        "number",
        "here",
        "source",
        "state",
        "counted_there",
    ]
    list_filter = ["source", "run"]
    search_help_text = gettext_lazy("Exact number, there or here")
    ordering = ["-incident"]
    fields = [
        "number",
        "source",
        "here",
        "run",
        "state",
        "last_at",
        "team",
        "counted_there",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        found = super().get_queryset(request).select_related("incident", "run", "team")
        return found.defer("incident__title", "incident__description")

    def matching(self, number: str) -> Q:
        ours = NUMBER.fullmatch(number)
        there = super().matching(number)
        return there | Q(pk=int(ours[1])) if ours else there

    @admin.display(description=gettext_lazy("number here"), ordering="incident")
    def here(self, imported: ImportedIncident) -> str:
        page = reverse("admin:incidents_incident_change", args=[imported.pk])
        return format_html('<a href="{}">{}</a>', page, imported.incident.reference)

    @admin.display(description=gettext_lazy("counters there"))
    def counted_there(self, imported: ImportedIncident) -> str:
        counted = sorted(imported.counters.items())
        return ", ".join(f"{name} {count}" for name, count in counted) or "-"
