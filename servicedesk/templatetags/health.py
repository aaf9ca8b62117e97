"""One line about health, on the first page of Django admin."""

from typing import Any

from django import template

from accounts import permissions
from activity import clock
from servicedesk.health_page.board import Board, board

register = template.Library()


@register.simple_tag(takes_context=True)
def health_board(context: dict[str, Any]) -> Board | None:
    """What the watchdog found; ``None`` for whom it is not."""
    if not permissions.is_administrator(context["request"].user):
        return None
    return board(clock.now())
