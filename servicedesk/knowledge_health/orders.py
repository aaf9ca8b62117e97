"""In which order articles are shown, by any column, the worst first unless asked."""

from collections.abc import Callable
from typing import Any, Final

from servicedesk.knowledge_health.figures import Health

Key = Callable[[Health], Any]


def badness(health: Health) -> tuple[Any, ...]:
    """Whose success is surely lowest: by the upper end of its range, so that one
    failure alone says less than many. Then what readers say, what waits, and what
    should have been looked at."""
    return (
        health.success.high,
        health.votes.high,
        -health.came_back,
        -health.waiting,
        health.article.review_by,
        *_by_title(health),
    )


def _by_title(health: Health) -> tuple[Any, ...]:
    return health.article.title.casefold(), health.article.pk


# As they are sorted when the column is chosen; a minus before it turns them.
KEYS: Final[dict[str, Key]] = {
    "title": _by_title,
    "uses": lambda health: health.uses,
    "success": lambda health: health.success.low,
    "back": lambda health: health.came_back,
    "solved": lambda health: health.solved,
    "votes": lambda health: health.votes.low,
    "waiting": lambda health: health.waiting,
    "review": lambda health: health.article.review_by,
}


def in_order(rows: list[Health], sort: str) -> list[Health]:
    """Equals by title."""
    key = KEYS.get(sort.removeprefix("-"))
    if key is None:
        return sorted(rows, key=badness)
    rows = sorted(rows, key=_by_title)
    return sorted(rows, key=key, reverse=sort.startswith("-"))
