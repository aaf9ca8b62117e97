"""The catalogue in Django admin."""

from django.contrib import admin

from accounts.admin import ByPredicate, LinkInline, UserAdmin, WithZones
from catalogue.models import Category, Location, Service, Workplace


class EntryAdmin(ByPredicate, admin.ModelAdmin):
    list_filter = ["is_active"]
    search_fields = ["name"]


@admin.register(Service)
class ServiceAdmin(EntryAdmin):
    list_display = ["name", "criticality", "team", "owner", "parent", "is_active"]
    list_filter = ["criticality", "is_active"]
    list_select_related = ["team", "owner", "parent"]
    autocomplete_fields = ["parent", "owner", "team"]


@admin.register(Category)
class CategoryAdmin(EntryAdmin):
    list_display = ["name", "parent", "team", "is_active"]
    list_select_related = ["parent", "team"]
    autocomplete_fields = ["parent", "team"]


@admin.register(Location)
class LocationAdmin(WithZones, EntryAdmin):
    list_display = ["name", "parent", "desk", "time_zone", "is_active"]
    list_select_related = ["parent", "desk"]
    autocomplete_fields = ["parent"]


class WorkplaceInline(LinkInline):
    model = Workplace
    autocomplete_fields = ["location"]


# A person's page shows where they work; accounts knows nothing of locations.
UserAdmin.inlines = [*UserAdmin.inlines, WorkplaceInline]
