"""Who may see the catalogue."""

from typing import Any

from accounts import permissions


def may_see_catalogue(user: Any) -> bool:
    """Everyone who reports trouble chooses from it."""
    return permissions.is_reporter(user)
