from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = _("Catalogue")
    guards = [
        ("accounts_team", "team_desk_in_use"),
        ("catalogue_location", "location_desk_is_desk"),
        ("catalogue_category", "category_no_circle"),
        ("catalogue_location", "location_no_circle"),
        ("catalogue_service", "service_no_circle"),
    ]
