"""Versions of a policy: drafted and published."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from sla.models import Calendar, CalendarVersion, Policy, PolicyVersion, Rung
from sla.models.ladders import RUNG_SETTINGS
from sla.models.policies import MATCHING, SETTINGS
from sla.services.ladders import require_sensible_ladder
from sla.services.versions import (
    begin,
    mark_published,
    next_number,
    require_draft,
    require_drafting,
    require_no_draft,
    require_publishing,
    shown,
    version_to_copy,
)


@transaction.atomic
def draft_policy_version(
    pk: int, *, by: User, at: datetime, copy_of: int | None = None
) -> PolicyVersion:
    """A new draft of the policy.

    It says what version number ``copy_of`` says, or else the latest one; the first
    draft of a policy promises nothing.
    """
    require_drafting(by)
    policy = Policy.objects.select_for_update().get(pk=pk)
    require_no_draft(policy.versions)
    source = version_to_copy(policy.versions.all(), copy_of)
    draft = PolicyVersion(
        policy=policy, number=next_number(policy.versions), effective_from=at
    )
    if source is None:
        draft.calendar = _oldest_calendar()
    else:
        for name in SETTINGS:
            setattr(draft, name, getattr(source, name))
    draft.save()
    if source is not None:
        _copy_ladder(source, draft)
    return draft


def _copy_ladder(source: PolicyVersion, draft: PolicyVersion) -> None:
    Rung.objects.bulk_create(
        Rung(version=draft, **{name: getattr(rung, name) for name in RUNG_SETTINGS})
        for rung in source.rungs.all()
    )


def _oldest_calendar() -> Calendar:
    calendar: Calendar | None = Calendar.objects.active().order_by("pk").first()
    if calendar is None:
        raise ValidationError(_("A policy needs a calendar: make one first."))
    return calendar


@transaction.atomic
def publish_policy_version(
    pk: int, *, by: User, at: datetime, from_now: bool = False
) -> PolicyVersion:
    """Let a draft count from its moment on, or ``from_now`` on; it stays as it is."""
    require_publishing(by)
    version = PolicyVersion.objects.select_for_update(of=("self",)).get(pk=pk)
    require_publishable_policy(version, at=at, from_now=from_now)
    mark_published(version, by=by, at=at)
    return version


def require_publishable_policy(
    version: PolicyVersion, *, at: datetime, from_now: bool
) -> None:
    """Refuse what cannot be published, in sentences; settle when it begins."""
    require_draft(version)
    begin(version, versions=version.policy.versions, at=at, from_now=from_now)
    _require_calendar(version)
    _require_no_tie(version)
    require_sensible_ladder(version)


def _require_calendar(version: PolicyVersion) -> None:
    published = CalendarVersion.objects.published().filter(calendar=version.calendar)
    if published.filter(effective_from__lte=version.effective_from).exists():
        return
    first = published.order_by("number").first()
    if first is None:
        raise ValidationError(
            _("The calendar “%(name)s” is not published yet: publish it first.")
            % {"name": version.calendar}
        )
    raise ValidationError(
        _(
            "The calendar “%(name)s” is in force from %(moment)s only. Let the policy"
            " begin then or later."
        )
        % {"name": version.calendar, "moment": shown(first.effective_from)}
    )


def _require_no_tie(version: PolicyVersion) -> None:
    """Also kept by the trigger ``policy_version_no_tie``."""
    rival = tied_with(version)
    if version.policy.is_active and rival is not None:
        raise ValidationError(
            _(
                "The policy “%(name)s” fits exactly the same tickets. Change its match"
                " or this one’s, or deactivate one of them."
            )
            % {"name": rival.policy}
        )


def tied_with(version: PolicyVersion) -> PolicyVersion | None:
    """A published version of another active policy that this one would tie with.

    The latest version of a policy is in force for ever; an earlier one until the
    next of its policy begins.
    """
    same: dict[str, Any] = {name: getattr(version, name) for name in MATCHING}
    rivals = PolicyVersion.objects.published().filter(
        Q(policy__is_active=True), ~Q(policy=version.policy_id), **same
    )
    for rival in rivals.select_related("policy"):
        after = rival.policy.versions.published().filter(number__gt=rival.number)
        following = after.order_by("number").first()
        if following is None or following.effective_from > version.effective_from:
            return rival
    return None
