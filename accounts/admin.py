"""People, teams and roles in Django admin: kept by administrators, read by managers."""

from contextlib import suppress
from typing import Any, ClassVar

import allauth.account.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401 - both register what we take away
from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.models import Group
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Model, QuerySet
from django.forms import ModelForm, Select
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import permissions
from accounts.forms import time_zone_choices
from accounts.models import EscalationPath, Membership, RoleGrant, Team, User

admin.site.site_title = admin.site.site_header = _("Service desk administration")
admin.site.index_title = _("Settings and records")
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)


def may_be(field: Any, value: Any) -> bool:
    """Whether a field could hold this value at all."""
    try:
        field.to_python(value)
    except ValidationError:
        return False
    return True


class Choice(AutocompleteSelect):
    """Shows nothing as chosen where what was sent is no key at all."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        chosen = [key for key in value if may_be(self.field.target_field, key)]
        return super().optgroups(name, chosen, attr)


QUESTIONS = ("exact", "id__exact", "isnull")
DAYS = ("year", "month", "day")


class ByPredicate:
    """Asks our predicates instead of Django's permission tables.

    Administrators keep what managers may read; nothing is deleted unless a class
    says so.
    """

    list_filter: ClassVar[Any] = ()
    date_hierarchy: ClassVar[Any] = None

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Only the very questions that the filters of the page ask.

        Django lets the address of a list ask about any field, shown or not, and so
        spell out a text or a link letter by letter. Not even a filter is a way
        onwards: from a team one could ask for its lead, and from there for anything.
        """
        days = [f"{self.date_hierarchy}__{part}" for part in DAYS]
        asked = [f"{field}__{part}" for field in self.list_filter for part in QUESTIONS]
        return lookup in {*self.list_filter, *days, *asked}

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Fills in what the address says and the field understands, nothing else."""
        given = super().get_changeform_initial_data(request)  # type: ignore[misc]
        fields = self.get_form(request)().fields  # type: ignore[attr-defined]
        understood = {}
        for name in given.keys() & fields.keys():
            with suppress(ValidationError):
                understood[name] = fields[name].clean(given[name])
        return understood

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", Choice(db_field, admin.site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def response_action(
        self, request: HttpRequest, queryset: Any, *args: Any, **more: Any
    ) -> Any:
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(may_be(queryset.model._meta.pk, key) for key in chosen):
            raise BadRequest("A row that was chosen has no key.")
        return super().response_action(request, queryset, *args, **more)  # type: ignore[misc]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.may_enter_admin(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.may_enter_admin(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.is_administrator(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.is_administrator(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WithZones:
    """A list of time zones to choose from, instead of a name to know."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "time_zone":
            kwargs["widget"] = Select(choices=time_zone_choices())
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class ReadOnly(ByPredicate):
    """What happened: administrators look, nobody edits."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.is_administrator(request.user)

    has_module_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LinkInline(ByPredicate, admin.StackedInline):
    """Rows that may be taken away again: who is in a team, where it escalates to."""

    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.is_administrator(request.user)


class MembershipInline(LinkInline):
    model = Membership
    autocomplete_fields = ["user", "team"]


class RoleInline(LinkInline):
    model = RoleGrant
    fk_name = "user"
    readonly_fields = ["granted_by", "granted_at"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.is_administrator(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # Granted or taken away, never turned into another.


class PathInline(LinkInline):
    model = EscalationPath
    fk_name = "from_team"
    autocomplete_fields = ["to_team"]


@admin.register(User)
class UserAdmin(WithZones, ByPredicate, admin.ModelAdmin):
    """Accounts. A new one gets a link by e-mail to choose a password."""

    list_display = ["name", "email", "is_active", "joined_at"]
    list_filter = ["is_active", "role_grants__role", "memberships__team"]
    search_fields = ["name", "email"]
    fields = ["name", "email", "time_zone", "language", "theme", "is_active"]
    inlines = [MembershipInline, RoleInline]
    actions = ["send_password_link"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(is_system=False)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.is_administrator(request.user)

    has_module_permission = has_view_permission

    def save_model(
        self, request: HttpRequest, obj: User, form: ModelForm, change: bool
    ) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change and obj.is_active:
            send_password_link(request, obj)
            self.message_user(
                request,
                _("%(name)s gets an e-mail with a link to choose a password.")
                % {"name": obj.name},
            )

    def save_formset(
        self, request: HttpRequest, form: Any, formset: Any, change: bool
    ) -> None:
        for row in formset.save(commit=False):
            if isinstance(row, RoleGrant) and row.granted_by_id is None:
                row.granted_by = request.user
        super().save_formset(request, form, formset, change)

    @admin.action(
        description=_("Send a link to choose a password"), permissions=["change"]
    )
    def send_password_link(self, request: HttpRequest, queryset: QuerySet) -> None:
        people = list(queryset.filter(is_active=True))
        for user in people:
            send_password_link(request, user)
        sentence = ngettext(
            "%(count)d person gets an e-mail with a link.",
            "%(count)d people get an e-mail with a link.",
            len(people),
        )
        self.message_user(request, sentence % {"count": len(people)}, messages.SUCCESS)


def send_password_link(request: HttpRequest, user: User) -> None:
    """Mail the same link that "Forgot your password?" does."""
    form = ResetPasswordForm(data={"email": user.email})
    if form.is_valid():
        form.save(request)


@admin.register(Team)
class TeamAdmin(ByPredicate, admin.ModelAdmin):
    list_display = ["name", "tier", "is_service_desk", "lead", "manager", "is_active"]
    list_filter = ["tier", "is_service_desk", "is_active"]
    list_select_related = ["lead", "manager"]
    search_fields = ["name"]
    autocomplete_fields = ["lead", "manager"]
    inlines = [MembershipInline, PathInline]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> list[str]:
        return ["tier"] if obj else []  # Fixed once it exists: team_tier_fixed.
