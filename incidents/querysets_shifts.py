"""Which words to the next shift."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from accounts import permissions as people

if TYPE_CHECKING:
    from incidents.models import ShiftNote  # noqa: F401 - used in generics

# After that a word that nobody took note of is only in the list of all.
SHOWN_FOR: Final = timedelta(days=14)


class ShiftNoteQuerySet(models.QuerySet["ShiftNote"]):
    """Every list starts with ``visible_to``."""

    def visible_to(self, user: Any) -> Self:
        """What a team tells itself its members and its lead read, and nobody else."""
        if not people.is_reporter(user):
            return self.none()
        return self.filter(team__in=user.standing.teams)

    def waiting_for(self, user: Any, at: datetime) -> Self:
        """Of the last two weeks what others wrote, and this person has not marked as
        seen; what was redacted has nothing to tell."""
        seen = self._seen().filter(note=OuterRef("pk"), by=user)
        return self.filter(
            ~Q(by=user), ~Exists(seen), redacted_at=None, at__gt=at - SHOWN_FOR
        )

    def for_list(self) -> Self:
        """With author, team, and by whom it was seen; the newest first."""
        seen = Prefetch("seen", queryset=self._seen().select_related("by"))
        return self.select_related("by", "team", "redacted_by").prefetch_related(seen)

    def _seen(self) -> Any:
        related: Any = self.model._meta.get_field("seen").related_model
        return related._base_manager.order_by("at", "pk")
