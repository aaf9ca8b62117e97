"""What editors decide about gaps."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from activity import clock
from knowledgebase import permissions as may
from knowledgebase.models import GapDecision


@transaction.atomic
def decide_gap(marks: Collection[str], *, by: User, is_dismissed: bool) -> GapDecision:
    """What is known by these marks needs no article, or does after all."""
    if not may.may_decide_gap(by):
        raise PermissionDenied(
            _("Knowledge editors and leads decide what needs no article.")
        )
    decision: GapDecision = GapDecision.objects.create(
        marks=sorted(marks), is_dismissed=is_dismissed, by=by, at=clock.now()
    )
    return decision
