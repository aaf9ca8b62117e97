"""What the pages about tickets have in common: numbers and times, nothing else."""

import re
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin import ByPredicate

NUMBER = re.compile(r"\s*(?:inc-)?0*([0-9]{1,18})\s*", re.IGNORECASE)


class Figures(ByPredicate, admin.ModelAdmin):
    """To look at for whoever may enter, and to be found by the exact number only.

    ``number_field`` is the way to the number of the incident.
    """

    number_field: ClassVar[str] = "pk"
    search_fields = ["=pk"]
    search_help_text = _("Exact number, such as INC-00042 or 42")
    show_full_result_count = False
    list_per_page = 50
    actions = None
    view_on_site = False  # The page of the desk is not for those who enter here.

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        if not search_term:
            return queryset, False
        found = NUMBER.fullmatch(search_term)
        if found is None:
            return queryset.none(), False
        return queryset.filter(**{self.number_field: int(found[1])}), False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
