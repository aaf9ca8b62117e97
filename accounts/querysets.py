"""Which people and which teams."""

import re
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import BaseUserManager
from django.db import models, transaction
from django.db.models import Q

from accounts import permissions

if TYPE_CHECKING:
    from accounts.models import Team, User  # noqa: F401 - used in generics

SYSTEM_EMAIL = "system@servicedesk.invalid"


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: Any) -> Self:
        """Oneself; everyone for those who work on tickets or keep accounts."""
        if permissions.may_see_people(user):
            return self.people()
        if not permissions.is_reporter(user):
            return self.none()
        return self.filter(pk=user.pk)

    def called(self, words: str) -> Self:
        """Whose name or address has each of the words somewhere in it."""
        found = self
        for word in words.split():
            part = re.escape(word)
            found = found.filter(Q(name__iregex=part) | Q(email__iregex=part))
        return found.order_by("-is_active", "name", "pk")

    def people(self) -> Self:
        """Without the system's own account."""
        return self.filter(is_system=False)

    def active(self) -> Self:
        return self.filter(is_active=True)

    def administrators(self) -> Self:
        """Those who can administer just now."""
        return self.active().filter(role_grants__role="administrator")

    def is_last_administrator(self, pk: int | None) -> bool:
        """Whether nobody could administer without this one."""
        administrators = self.administrators()
        return (
            administrators.filter(pk=pk).exists()
            and not administrators.exclude(pk=pk).exists()
        )


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates accounts; the e-mail address is the log-in."""

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)

    def create_user(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """Create one account. Without a password the person has to reset it first."""
        user: User = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user

    @transaction.atomic
    def create_superuser(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """Create an administrator: what ``manage.py createsuperuser`` calls."""
        user = self.create_user(email, password, **fields)
        user.role_grants.create(role="administrator", granted_by=self.system())
        return user

    def system(self) -> "User":
        """The actor of what the product does by itself. It can never log in."""
        user, _ = self.get_or_create(
            is_system=True,
            defaults={
                "email": SYSTEM_EMAIL,
                "name": "Service desk (automatic)",
                "password": "!",
                "is_active": False,
            },
        )
        return user


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: Any) -> Self:
        """Names of teams are no secret to anyone who may log in."""
        return self if permissions.is_reporter(user) else self.none()

    def figures_visible_to(self, user: Any) -> Self:
        """Active ones whose figures this person may read: their own and those they
        manage; every one for a service desk, managers and administrators."""
        if not permissions.is_reporter(user):
            return self.none()
        if permissions.is_agent(user) or permissions.may_enter_admin(user):
            return self.active()
        return self.active().filter(Q(pk__in=user.standing.teams) | Q(manager=user))

    def active(self) -> Self:
        return self.filter(is_active=True)
