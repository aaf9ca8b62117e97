"""Articles in Django admin: how many, where they stand, whose; never their words.

They are written and published on their own pages. A title belongs to the audience of
its article, and who looks here may be in none.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import ByPredicate
from knowledgebase.models import Article, Review


class Kept(ByPredicate, admin.ModelAdmin):
    """To look at."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Article)
class ArticleAdmin(Kept):
    list_display = ["reference", "kind", "audience", "status", "owner", "review_by"]
    list_filter = ["kind", "audience", "status"]
    list_select_related = ["owner"]
    date_hierarchy = "review_by"
    fields = ["kind", "audience", "status", "owner", "review_by"]
    ordering = ["-pk"]


@admin.register(Review)
class ReviewAdmin(Kept):
    list_display = ["version", "verdict", "by", "at"]
    list_filter = ["verdict"]
    list_select_related = ["version__article", "by"]
    date_hierarchy = "at"
    fields = ["version", "verdict", "by", "at"]
    ordering = ["-at", "-pk"]
