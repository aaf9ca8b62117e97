"""Rows beside an incident: that something was said or done, not what was said."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext as _

from accounts import permissions
from incidents.admin.figures import Figures
from incidents.admin.impact import impact_urls
from incidents.admin.rehearsal import rehearsal_urls
from incidents.models import (
    Announcement,
    Attachment,
    Clock,
    Confirmation,
    Holding,
    KnownErrorCheck,
    KnownErrorUse,
    Link,
    PolicyMatch,
    Rejection,
    Resolution,
    Retold,
    Share,
    TierStay,
    UseOutcome,
    Waiver,
    Watch,
)


class Rows(Figures):
    """For administrators."""

    number_field: ClassVar[str] = "incident"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.is_administrator(request.user)

    has_module_permission = has_view_permission


class Acts(Rows):
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]


@admin.register(Resolution)
class ResolutionAdmin(Acts):
    list_display = ["incident", "number", "code", "team", "by", "at", "restored_at"]
    list_filter = ["code", "team"]
    list_select_related = ["incident", "team", "by"]


@admin.register(Confirmation)
class ConfirmationAdmin(Acts):
    list_display = ["incident", "resolution", "channel", "by", "recorded_by", "at"]
    list_filter = ["channel"]
    list_select_related = ["resolution__incident", "incident", "by", "recorded_by"]


@admin.register(Rejection)
class RejectionAdmin(Acts):
    list_display = ["incident", "resolution", "channel", "by", "at"]
    list_filter = ["channel"]
    list_select_related = ["resolution__incident", "incident", "by"]


@admin.register(Waiver)
class WaiverAdmin(Acts):
    list_display = ["incident", "resolution", "by", "at"]
    list_select_related = ["resolution__incident", "incident", "by"]


@admin.register(KnownErrorUse)
class KnownErrorUseAdmin(Acts):
    """What of the knowledge base was used: by number, never by title."""

    list_display = ["incident", "version", "how", "by", "at"]
    list_filter = ["how"]
    list_select_related = ["incident", "version__article", "by"]


@admin.register(UseOutcome)
class UseOutcomeAdmin(Acts):
    list_display = ["incident", "use", "asked", "outcome", "by", "at"]
    list_filter = ["asked", "outcome"]
    list_select_related = ["incident", "use__incident", "use__version__article", "by"]


@admin.register(KnownErrorCheck)
class KnownErrorCheckAdmin(Acts):
    list_display = ["incident", "shown", "by", "at"]
    list_filter = ["shown"]
    list_select_related = ["incident", "by"]


@admin.register(Retold)
class RetoldAdmin(Acts):
    """Who was told a new workaround after an old one."""

    list_display = ["incident", "version", "by", "at"]
    list_select_related = ["incident", "version__article", "by"]


@admin.register(Attachment)
class AttachmentAdmin(Rows):
    """A list without pages: the name of a file is a word, and would head its page."""

    list_display = [
        "incident",
        "seq",
        "public",
        "content_type",
        "size",
        "uploaded_by",
        "uploaded_at",
    ]
    list_display_links = None
    list_filter = ["public"]
    list_select_related = ["incident", "uploaded_by"]
    date_hierarchy = "uploaded_at"
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("name", "file")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_view_permission(request)


@admin.register(Link)
class LinkAdmin(Rows):
    number_field = "from_incident"
    list_display = ["from_incident", "kind", "to_incident", "by"]
    list_filter = ["kind"]
    list_select_related = ["from_incident", "to_incident", "by"]


@admin.register(Announcement)
class AnnouncementAdmin(Rows):
    """That something was announced; what it said is on the portal."""

    list_display = ["incident", "by", "at", "service", "ended_by", "ended_at"]
    list_filter = ["service"]
    list_select_related = ["incident", "by", "service", "ended_by"]
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]
    exclude = ["title", "text"]


@admin.register(Watch)
class WatchAdmin(Rows):
    list_display = ["incident", "user"]
    list_select_related = ["incident", "user"]


@admin.register(Share)
class ShareAdmin(Rows):
    list_display = ["incident", "user", "shared_by"]
    list_select_related = ["incident", "user", "shared_by"]


@admin.register(Holding)
class HoldingAdmin(Rows):
    """Which teams hold or held an incident, and so may read it."""

    list_display = ["incident", "team"]
    list_filter = ["team"]
    list_select_related = ["incident", "team"]
    ordering = ["-incident", "pk"]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """They are no stays: each team once, without times."""
        title = _("Teams that hold or held an incident, and so may read it")
        return super().changelist_view(
            request, {**(extra_context or {}), "title": title}
        )


@admin.register(TierStay)
class StayAdmin(Rows):
    """Which team had an incident from when to when, and how it came there."""

    list_display = ["incident", "team", "tier", "entered_at", "left_at", "why"]
    list_filter = ["tier", "why", "team"]
    list_select_related = ["incident", "team"]
    date_hierarchy = "entered_at"
    ordering = ["-incident_id", "entered_seq"]


@admin.register(Clock)
class ClockAdmin(Rows):
    """What was promised for an incident, and how each promise stood last."""

    list_display = [
        "incident",
        "metric",
        "cycle",
        "state",
        "policy",
        "target",
        "elapsed",
        "due_at",
        "breached_at",
    ]
    list_filter = ["metric", "state"]
    list_select_related = ["incident", "policy__policy"]
    ordering = ["-incident", "metric", "cycle"]

    def get_urls(self) -> list[URLPattern]:
        """What drafts would do to clocks, which is for those who write them."""
        site = self.admin_site
        return [*impact_urls(site), *rehearsal_urls(site), *super().get_urls()]


@admin.register(PolicyMatch)
class PolicyMatchAdmin(Rows):
    """Which policy held for an incident from when on."""

    list_display = ["incident", "seq", "at", "version"]
    list_select_related = ["incident", "version__policy"]
    ordering = ["-incident", "seq"]
