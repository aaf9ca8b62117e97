"""Which checks for known errors, and who was told a workaround that has changed."""

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Exists, OuterRef, QuerySet

from activity.models import Event
from activity.models.event import AppendOnlyQuerySet
from incidents.codes import HowUsed
from incidents.events import STAY_ENDS
from incidents.querysets import ActQuerySet

if TYPE_CHECKING:
    from incidents.models import CheckedCandidate  # noqa: F401 - used in generics


class CheckQuerySet(ActQuerySet):
    """Checks of incidents for known errors."""

    def of_this_stay(self) -> Self:
        """Those that still count: since them it went to no other team but by triage,
        and no solution of it was given or failed."""
        later = Event.objects.filter(
            subject_type="incident",
            subject_id=OuterRef("incident"),
            kind__in=STAY_ENDS,
            seq__gt=OuterRef("seq"),
        )
        return self.filter(~Exists(later))


class CandidateQuerySet(AppendOnlyQuerySet):
    """What was shown in a check; ask about the check first."""


class RetoldQuerySet(ActQuerySet):
    """Who was told a new workaround after an old one."""


def told_older(uses: Any, article: Any) -> QuerySet[Any]:
    """Of ``uses``, one for each incident whose reporter was told an older version of
    the article and not the current one: the last that they were told."""
    told = uses.model._base_manager.filter(
        incident=OuterRef("incident"), how=HowUsed.TOLD
    )
    retold = uses.model._meta.get_field("retold").related_model._base_manager
    current = retold.filter(incident=OuterRef("incident"), version=article.current_id)
    later = told.filter(version__article=article, seq__gt=OuterRef("seq"))
    found: QuerySet[Any] = (
        uses.filter(how=HowUsed.TOLD, version__article=article)
        .exclude(version=article.current_id)
        .filter(~Exists(later), ~Exists(current))
    )
    return found
