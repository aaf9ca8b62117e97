"""Which calendars, which policies and which of their versions."""

from datetime import datetime
from typing import Any, Self

from django.db import models

from sla.permissions import may_draft, may_see_service_levels


class NamedQuerySet(models.QuerySet[Any]):
    """Calendars and policies: they are chosen from in the same way."""

    def visible_to(self, user: Any) -> Self:
        return self if may_see_service_levels(user) else self.none()

    def active(self) -> Self:
        """What can be chosen for something new."""
        return self.filter(is_active=True)


class VersionQuerySet(models.QuerySet[Any]):
    """Versions of calendars or of policies."""

    def visible_to(self, user: Any) -> Self:
        """Everyone may see what is published; drafts are for those who write them."""
        if may_draft(user):
            return self
        return self.published() if may_see_service_levels(user) else self.none()

    def published(self) -> Self:
        return self.exclude(published_at=None)

    def drafts(self) -> Self:
        return self.filter(published_at=None)

    def by(self, moment: datetime) -> Self:
        """Published ones that came into force by that moment, latest first."""
        return self.published().filter(effective_from__lte=moment).order_by("-number")

    def before(self, number: int) -> Self:
        """Published ones of a smaller number, latest first."""
        return self.published().filter(number__lt=number).order_by("-number")


class CalendarVersionQuerySet(VersionQuerySet):
    def with_days(self) -> Self:
        """With the shifts and holidays that ``hours`` asks for."""
        return self.prefetch_related("shifts", "holidays")


class PolicyVersionQuerySet(VersionQuerySet):
    def in_force(self, at: datetime) -> Self:
        """The one version of each active policy that counts at that moment."""
        return (
            self.by(at)
            .filter(policy__is_active=True)
            .order_by("policy_id", "-number")
            .distinct("policy_id")
        )


class OperationalTargetQuerySet(models.QuerySet[Any]):
    """What teams agreed to among themselves."""

    def visible_to(self, user: Any) -> Self:
        return self if may_see_service_levels(user) else self.none()
