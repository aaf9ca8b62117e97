"""History, timers and messages in Django admin: to look at, without any words."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import permissions
from accounts.admin import ReadOnly
from activity.models import (
    ClockJump,
    Delivery,
    Event,
    GuardLift,
    Heartbeat,
    Note,
    Timer,
)
from activity.services.deliveries import send_again


class Log(ReadOnly, admin.ModelAdmin):
    """A long list. Filters only where the choices are known, not looked for."""

    show_full_result_count = False
    list_per_page = 50
    actions: list[Any] = []


@admin.register(Event)
class EventAdmin(Log):
    list_display = [
        "at",
        "subject_type",
        "subject_id",
        "seq",
        "kind",
        "actor",
        "public",
    ]
    list_filter = ["public"]
    list_select_related = ["actor"]
    search_fields = ["=subject_id", "=kind", "=request_id"]
    ordering = ["-at", "-pk"]
    date_hierarchy = "at"
    exclude = ["hash"]


@admin.register(Note)
class NoteAdmin(Log):
    """That there are words, and whether they were redacted; not the words."""

    list_display = ["event", "name", "redacted_at", "redacted_by"]
    list_select_related = ["event", "redacted_by"]
    fields = ["event", "name", "redacted_at", "redacted_by"]


@admin.register(Timer)
class TimerAdmin(Log):
    list_display = ["due_at", "subject_type", "subject_id", "kind", "step", "state"]
    list_filter = ["state"]
    search_fields = ["=subject_id"]


@admin.register(Delivery)
class DeliveryAdmin(Log):
    list_display = [
        "queued_at",
        "recipient",
        "channel",
        "state",
        "digest",
        "tries",
        "error",
    ]
    list_filter = ["state", "channel", "is_digest"]
    list_select_related = ["recipient", "digest"]
    search_fields = ["=address"]
    exclude = ["envelope", "lease_token", "lease_until"]
    actions = ["send_again"]

    def has_send_permission(self, request: HttpRequest) -> bool:
        return permissions.is_administrator(request.user)

    @admin.action(
        description=_("Send again what failed for good"), permissions=["send"]
    )
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        failed = list(queryset.failed().values_list("pk", flat=True))  # type: ignore[attr-defined]
        for pk in failed:
            send_again(pk)
        sentence = ngettext(
            "%(count)d message is on its way again.",
            "%(count)d messages are on their way again.",
            len(failed),
        )
        self.message_user(request, sentence % {"count": len(failed)})


@admin.register(Heartbeat)
class HeartbeatAdmin(Log):
    list_display = ["name", "beat_at"]


@admin.register(GuardLift)
class GuardLiftAdmin(Log):
    list_display = ["at", "database_user", "reason"]


@admin.register(ClockJump)
class ClockJumpAdmin(Log):
    list_display = ["seen_at", "seconds", "released_at", "released_by"]
    list_select_related = ["released_by"]
