"""Targets of teams: kept by administrators, read by managers."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import ByPredicate
from sla.models import OperationalTarget
from sla.permissions import may_publish


@admin.register(OperationalTarget)
class OperationalTargetAdmin(ByPredicate, admin.ModelAdmin):
    list_display = ["team", "minutes", "calendar"]
    list_select_related = ["team", "calendar"]
    search_fields = ["team__name"]
    autocomplete_fields = ["team"]
    fields = ["team", "minutes", "calendar"]

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return may_publish(request.user)
