"""What the pages of calendars and of policies have alike."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import permissions
from accounts.admin import ByPredicate
from activity import clock
from sla.admin.addresses import deadline_of, page_of
from sla.forms import PublishForm
from sla.models.versions import Version
from sla.permissions import may_draft, may_publish
from sla.services.versions import has_passed


@dataclass(frozen=True, slots=True)
class Entry:
    """A version in the list of its calendar or policy."""

    version: Any
    address: str
    is_in_force: bool


class Kept(ByPredicate, admin.ModelAdmin):
    """Managers and administrators read; who changes what, each class says."""

    view_on_site = False
    actions = None

    def confirm(
        self,
        request: HttpRequest,
        template: str,
        record: Any,
        *,
        title: str,
        **context: Any,
    ) -> HttpResponse:
        """A page of its own, with its title, that asks before something is done."""
        everything = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "record": record,
            "page": page_of(record),
            **context,
        }
        return TemplateResponse(request, template, everything)


class NamedAdmin(Kept):
    """Calendars and policies: a name, and below it the versions."""

    draft_version: ClassVar[Any]
    change_form_template = "admin/sla/named_change_form.html"
    change_list_template = "admin/sla/named_change_list.html"
    list_display = ["name", "in_force", "draft", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name"]
    fields = ["name", "is_active"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_draft(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A name is shown everywhere, and an inactive policy fits no ticket."""
        return permissions.is_administrator(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("versions")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["name", "is_active"] if obj else ["name"]

    def get_urls(self) -> list[URLPattern]:
        draft = path(
            "<int:pk>/draft/",
            self.admin_site.admin_view(self.draft_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_draft",
        )
        return [draft, *super().get_urls()]

    def draft_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then make a draft, the copy of a version or the very first."""
        if not may_draft(request.user):
            raise PermissionDenied
        record = get_object_or_404(self.model, pk=pk)
        asked = request.POST if request.method == "POST" else request.GET
        copy_of = _number(asked.get("copy_of"))
        if copy_of is not None:
            get_object_or_404(record.versions, number=copy_of)
        existing = record.versions.drafts().first()
        if existing is not None:
            messages.warning(
                request, _("There is a draft already: go on with this one.")
            )
            return redirect(page_of(existing))
        if request.method != "POST":
            latest = record.versions.first()
            number = copy_of or (latest.number if latest else None)
            title = _("New draft of “%(record)s”") % {"record": record}
            return self.confirm(
                request, "admin/sla/draft.html", record, title=title, copy_of=number
            )
        draft = type(self).draft_version(
            pk, by=request.user, at=clock.now(), copy_of=copy_of
        )
        self.log_change(request, record, _("Made draft %d.") % draft.number)
        return redirect(page_of(draft))

    def response_add(self, request: HttpRequest, obj: Any, *args: Any) -> HttpResponse:
        """On to the first draft: a name alone is of no use."""
        if "_save" not in request.POST:
            return super().response_add(request, obj, *args)
        draft = type(self).draft_version(obj.pk, by=request.user, at=clock.now())
        messages.success(
            request,
            _("“%(name)s” was made. Here is its first version, a draft.")
            % {"name": obj},
        )
        return redirect(page_of(draft))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **more: Any
    ) -> HttpResponse:
        record = more.get("obj")
        entries = self.entries(record) if record else []
        extra = {
            "show_save_and_continue": False,
            "show_save_and_add_another": False,
            "versions": entries,
            "deadline_page": self.deadline_page(entries),
            "may_draft": may_draft(request.user),
            "draft_route": f"admin:sla_{self.opts.model_name}_draft",
            "has_draft": any(not entry.version.is_published for entry in entries),
        }
        return super().render_change_form(request, context | extra, *args, **more)

    def deadline_page(self, entries: list[Entry]) -> str:
        """Asks about what is in force, else about the latest."""
        ordered = sorted(entries, key=lambda entry: not entry.is_in_force)
        return deadline_of(ordered[0].version) if ordered else ""

    def entries(self, record: Any) -> list[Entry]:
        versions = list(record.versions.select_related("published_by"))
        current = self._current(versions)
        return [
            Entry(version, page_of(version), version is current) for version in versions
        ]

    def _current(self, versions: Any) -> Any:
        """The version in force just now, or None."""
        now = clock.now()
        begun = [v for v in versions if v.is_published and v.effective_from <= now]
        return max(begun, key=lambda version: version.number, default=None)

    @admin.display(description=gettext_lazy("in force"))
    def in_force(self, record: Any) -> str:
        current = self._current(record.versions.all())
        if current is None:
            return "–"
        return _("Version %(number)d") % {"number": current.number}

    @admin.display(description=gettext_lazy("draft"))
    def draft(self, record: Any) -> str:
        for version in record.versions.all():
            if not version.is_published:
                return _("Version %(number)d") % {"number": version.number}
        return "–"


class DraftOnly:
    """Rows and pages that change while their version is a draft, and never after."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_draft(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_draft(request.user) and not (obj and obj.is_published)


class Part(DraftOnly, ByPredicate):
    """Rows that go with their version: fixed once it is published. An inline."""

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj and not obj.is_published else 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


class VersionAdmin(DraftOnly, Kept):
    """One version: a form while it is a draft, to read once it is published."""

    named: ClassVar[str]
    publish_version: ClassVar[Any]
    require_publishable: ClassVar[Any]
    holidays_route: ClassVar[str] = ""
    change_form_template = "admin/sla/version_change_form.html"
    list_display = ["__str__", "effective_from", "published_at", "published_by"]
    readonly_fields = ["published_at", "publisher"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # Found by the calendar or policy that it belongs to.

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and self.has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related(self.named, "published_by")

    def get_urls(self) -> list[URLPattern]:
        publish = path(
            "<int:pk>/publish/",
            self.admin_site.admin_view(self.publish_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_publish",
        )
        return [publish, *super().get_urls()]

    @admin.display(description=gettext_lazy("published by"))
    def publisher(self, version: Any) -> str:
        return str(version.published_by or "-")

    def before(self, version: Any) -> Any:
        """The published version that this one follows, or None."""
        return version.named.versions.before(version.number).first()

    def changes(self, version: Any, before: Any) -> list[Any]:
        raise NotImplementedError

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what changes from when on, ask, publish."""
        if not may_publish(request.user):
            raise PermissionDenied
        version = get_object_or_404(self.get_queryset(request), pk=pk)
        if version.is_published:
            messages.warning(request, _("This version is published already."))
            return redirect(page_of(version))
        at, before = clock.now(), self.before(version)
        # Asking settles on the version when it begins.
        moment = version.effective_from
        is_over = has_passed(version, before=before, at=at)
        posted = request.POST if request.method == "POST" else None
        form = PublishForm(posted, check=self.check_of(version), at=at)
        if form.is_valid():
            return self.published(request, version, form)
        asked = {"form": form, "at": at, "moment": moment, "is_over": is_over}
        context = self.compared(version) | asked
        title = _("Publish %(record)s?") % {"record": version}
        return self.confirm(
            request, "admin/sla/publish.html", version, title=title, **context
        )

    def check_of(self, version: Any) -> Any:
        return lambda **asked: type(self).require_publishable(version, **asked)

    def published(
        self, request: HttpRequest, version: Any, form: PublishForm
    ) -> HttpResponse:
        type(self).publish_version(
            version.pk,
            by=request.user,
            at=form.at,
            from_now=form.cleaned_data["from_now"],
        )
        self.log_change(request, version, _("Published."))
        messages.success(request, _("%(version)s is published.") % {"version": version})
        return redirect(page_of(version))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Stay with the draft: it shows now what changes, and can be published."""
        super().response_change(request, obj)
        return redirect(page_of(obj))

    def response_delete(
        self, request: HttpRequest, obj_display: str, obj_id: int
    ) -> HttpResponse:
        messages.success(request, _("%(draft)s is deleted.") % {"draft": obj_display})
        return redirect(f"admin:sla_{self.named}_changelist")

    def compared(self, version: Version) -> dict[str, Any]:
        before = self.before(version)
        changes = self.changes(version, before) if before else []
        return {
            "before": before,
            "changes": changes,
            "impact_route": f"admin:incidents_{self.named}_impact",
        }

    def shown_beside(self, version: Any) -> dict[str, Any]:
        """What its page shows besides, of a version as it is kept."""
        return {}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **more: Any
    ) -> HttpResponse:
        version = more["obj"]
        # After a refusal the version holds what was typed, which may be impossible.
        beside = self.shown_beside(version) if request.method == "GET" else {}
        extra = (
            self.compared(version)
            | beside
            | {
                "deadline_page": deadline_of(version),
                "may_publish": may_publish(request.user) and not version.is_published,
                "may_copy": may_draft(request.user) and version.is_published,
                "publish_route": f"admin:sla_{self.opts.model_name}_publish",
                "draft_route": f"admin:sla_{self.named}_draft",
                "holidays_route": self.holidays_route,
                "show_save_and_continue": False,
                "show_save_and_add_another": False,
                "named_page": page_of(version.named),
            }
        )
        return super().render_change_form(request, context | extra, *args, **more)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 9 else None
