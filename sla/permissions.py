"""Who may see, draft and publish calendars and policies."""

from typing import Any

from accounts import permissions


def may_see_service_levels(user: Any) -> bool:
    """What was promised is no secret to anyone who may log in."""
    return permissions.is_reporter(user)


def may_draft(user: Any) -> bool:
    """Managers propose and administrators too; a draft changes nothing yet."""
    return permissions.is_manager(user) or permissions.is_administrator(user)


def may_publish(user: Any) -> bool:
    """Only administrators decide what counts from when on."""
    return permissions.is_administrator(user)
