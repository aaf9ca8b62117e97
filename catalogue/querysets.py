"""Which services, categories and locations."""

from typing import Any, Self

from django.db import models

from catalogue.permissions import may_see_catalogue


class CatalogueQuerySet(models.QuerySet[Any]):
    """One class for all three: they are chosen from in the same way."""

    def visible_to(self, user: Any) -> Self:
        return self if may_see_catalogue(user) else self.none()

    def active(self) -> Self:
        """What can be chosen for something new."""
        return self.filter(is_active=True)
