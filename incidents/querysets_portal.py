"""Which announcements and deflections."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

from django.db import models
from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    Subquery,
)
from django.db.models.functions import Coalesce

from accounts import permissions as people
from incidents.codes import OPEN, LinkKind, Status
from incidents.models.incident import Incident
from incidents.models.relation import Link
from knowledgebase.models import ArticleVersion

if TYPE_CHECKING:
    from incidents.models import Announcement, Deflection  # noqa: F401 - in generics

# Who reports within a day after an article helped was not helped by it.
FOLLOWED_WITHIN: Final = timedelta(hours=24)
PART_OF: Final = LinkKind.PARENT


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Every list starts with ``visible_to``."""

    def visible_to(self, user: Any) -> Self:
        """They are made for everybody who logs in."""
        return self if people.is_reporter(user) else self.none()

    def active(self) -> Self:
        return self.filter(ended_at=None)

    def of(self, incident: Any) -> Self:
        return self.filter(incident=incident)

    def for_portal(self, user: Any) -> Self:
        """``reports``: how many there are of it; ``since``: when it was announced for
        the first time; ``own``: this person's open report of it, if there is one."""
        first = self.model._default_manager.filter(incident=OuterRef("incident"))
        return self.select_related("service").annotate(
            reports=Coalesce(Subquery(_parts_counted()), 0) + 1,
            since=Subquery(first.order_by("at").values("at")[:1]),
            own=Subquery(_reports_of(user).values("pk")[:1]),
        )


class DeflectionQuerySet(models.QuerySet["Deflection"]):
    def visible_to(self, user: Any) -> Self:
        """Whom an article helped is theirs to know; others get counts."""
        return self.filter(by=user)

    def standing(self) -> Self:
        """Nobody took them back."""
        return self.filter(taken_back_at=None)

    def with_follow_up(self) -> Self:
        """``was_followed``: the same person reported something within 24 hours that
        may be the same. A report whose service nobody named yet may always be, so what
        helped is rather counted too low than too high."""
        named = ArticleVersion.services.through._base_manager.filter(
            articleversion=OuterRef(OuterRef("version"))
        )
        reported = Incident._base_manager.filter(
            reporter=OuterRef("by"),
            reported_at__gte=OuterRef("at"),
            reported_at__lt=ExpressionWrapper(
                OuterRef("at") + FOLLOWED_WITHIN, output_field=DateTimeField()
            ),
        )
        about = (
            Q(service=None)
            | ~Exists(named)
            | Exists(named.filter(service=OuterRef("service")))
        )
        return self.annotate(was_followed=Exists(reported.filter(about)))

    def proven(self, at: datetime) -> Self:
        """Those that count at this moment: not taken back, a day old, and no report
        of the same person followed."""
        settled = self.standing().filter(at__lte=at - FOLLOWED_WITHIN)
        return settled.with_follow_up().filter(was_followed=False)


def _parts_counted() -> Any:
    parts = Link._base_manager.filter(to_incident=OuterRef("incident"), kind=PART_OF)
    counted = parts.exclude(from_incident__status=Status.CANCELLED).order_by()
    return counted.values("to_incident").annotate(n=Count("pk")).values("n")


def _reports_of(user: Any) -> Any:
    """Open reports of this person: the announced one itself, or a part of it."""
    part = Link._base_manager.filter(
        from_incident=OuterRef("pk"),
        to_incident=OuterRef(OuterRef("incident")),
        kind=PART_OF,
    )
    own = Incident._base_manager.filter(reporter=user, status__in=OPEN)
    return own.filter(Q(pk=OuterRef("incident")) | Exists(part)).order_by("pk")
