"""Which stays of incidents with teams."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef

from incidents.codes import COMES_BACK_BY

if TYPE_CHECKING:
    from incidents.models import TierStay  # noqa: F401 - used in generics


class StayQuerySet(models.QuerySet["TierStay"]):
    def visible_to(self, user: Any) -> Self:
        """Those of incidents whose internal part the person may see."""
        related: Any = self.model._meta.get_field("incident").related_model
        visible = related._default_manager.visible_to(user).order_by()
        return self.filter(incident__in=visible)

    def open(self) -> Self:
        """Where an incident is now; one that has ended is nowhere."""
        return self.filter(left_seq=None)

    def bounces(self) -> Self:
        """With which a team got back what it had before: exactly those that
        ``incidents.tiers.bounces.bounces_of`` finds, ticket by ticket."""
        earlier = self.model._default_manager.filter(
            incident=OuterRef("incident"),
            team=OuterRef("team"),
            entered_seq__lt=OuterRef("entered_seq"),
        )
        return self.filter(Exists(earlier), why__in=COMES_BACK_BY)
