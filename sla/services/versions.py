"""What drafting and publishing have alike for calendars and for policies."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import User
from sla.models.versions import Version
from sla.permissions import may_draft, may_publish

TOLERANCE = timedelta(minutes=5)


def require_drafting(by: User) -> None:
    if not may_draft(by):
        raise PermissionDenied(_("Managers and administrators write drafts."))


def require_publishing(by: User) -> None:
    if not may_publish(by):
        raise PermissionDenied(_("An administrator publishes it."))


def require_draft(version: Version) -> None:
    if version.is_published:
        raise ValidationError(
            _("%(version)s is published and stays as it is. Copy it to a new draft.")
            % {"version": version}
        )


def require_no_draft(versions: Any) -> None:
    draft = versions.drafts().first()
    if draft is not None:
        raise ValidationError(
            _("There is a draft already, version %(number)d: go on with that.")
            % {"number": draft.number}
        )


def next_number(versions: Any) -> int:
    latest = versions.order_by("-number").first()
    return latest.number + 1 if latest else 1


def version_to_copy(versions: Any, number: int | None) -> Any:
    """That version, or the latest one, or None where there is none at all."""
    if number is not None:
        return versions.get(number=number)
    return versions.order_by("-number").first()


def begin(version: Version, *, versions: Any, at: datetime, from_now: bool) -> None:
    """Settle from when on it counts; refuse the past, but for a first version."""
    before = versions.before(version.number).first()
    if from_now:
        version.effective_from = at
    if before is None:
        return
    if version.effective_from <= before.effective_from:
        raise ValidationError(
            _(
                "Version %(number)d is in force from %(moment)s only. Choose a later"
                " moment for this one."
            )
            % {"number": before.number, "moment": shown(before.effective_from)}
        )
    if has_passed(version, before=before, at=at):
        raise ValidationError(
            _(
                "It would have been in force since %(moment)s: what was promised stays"
                " promised. Choose a later moment, or let it begin now."
            )
            % {"moment": shown(version.effective_from)}
        )


def has_passed(version: Version, *, before: Version | None, at: datetime) -> bool:
    """Whether its moment is over, so that it can only begin when it is published. A
    first version may reach back."""
    return before is not None and version.effective_from < at - TOLERANCE


def mark_published(version: Version, *, by: User, at: datetime) -> None:
    version.published_at = at
    version.published_by = by
    version.full_clean()
    version.save()


def shown(moment: datetime) -> str:
    """In the reader's time zone, as everywhere."""
    return date_format(localtime(moment), "DATETIME_FORMAT")
