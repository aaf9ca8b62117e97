"""The figures as lines of a spreadsheet."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from servicedesk.knowledge_health.figures import Health

# With one of these in front a spreadsheet takes words for something to calculate.
CALCULATES: Final = ("=", "+", "-", "@", "\t", "\r")


def lines(rows: Iterable[Health], today: date) -> Iterator[list[str | int]]:
    yield _head()
    for health in rows:
        yield [harmless(cell) for cell in _line(health, today)]


def harmless(cell: str | int) -> str | int:
    """As it stands, with nothing that a spreadsheet would run."""
    if isinstance(cell, str) and cell.startswith(CALCULATES):
        return f"'{cell}"
    return cell


def _head() -> list[str | int]:
    return [
        _("Article"),
        _("Title"),
        _("Kind"),
        _("Owner"),
        _("Used"),
        _("Worked"),
        _("Worked in part"),
        _("Did not help"),
        _("Outcome not known"),
        _("Worked, at least %"),
        _("Worked, at most %"),
        _("Came back"),
        _("No ticket needed"),
        _("Readers it helped"),
        _("Readers it did not help"),
        _("Waiting for an answer"),
        _("Look at it again by"),
        _("Days left"),
    ]


def _line(health: Health, today: date) -> list[str | int]:
    article, share = health.article, health.success
    assert article.review_by is not None  # noqa: S101 - it is published
    return [
        article.reference,
        article.title,
        str(article.get_kind_display()),
        article.owner.name,
        health.uses,
        health.worked,
        health.partly,
        health.failed,
        health.unknown,
        share.low_percent if share.whole else "",
        share.high_percent if share.whole else "",
        health.came_back,
        health.solved,
        health.helped,
        health.did_not_help,
        health.waiting,
        article.review_by.isoformat(),
        health.days_left(today),
    ]
