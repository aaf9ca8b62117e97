"""The time of the whole desk, in every thread: a story of days, told in seconds.

Nobody sleeps and nothing in the database is moved. What is due meanwhile happens when a
story says that time passes, as if worker and beat had been there.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from activity import clock
from activity.services import deliveries
from activity.services.timers import sweep


class TimeMachine:
    """It begins on a Monday at midnight in UTC, two weeks ago or a little more: long
    enough that everything which follows lies in the past."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = clock.now()
        back = timedelta(days=now.weekday() + 14)
        self.beginning = datetime.combine(now.date() - back, datetime.min.time(), UTC)
        self.moment = self.beginning
        self._patches = monkeypatch
        for module in (clock, timezone):
            monkeypatch.setattr(module, "now", lambda: self.moment)

    def at(self, day: int, hour: int, minute: int = 0) -> datetime:
        """A moment of the story: day 0 is the Monday."""
        return self.beginning + timedelta(days=day, hours=hour, minutes=minute)

    def go_to(self, day: int, hour: int, minute: int = 0) -> None:
        self.moment = self.at(day, hour, minute)

    def happens(self, day: int, hour: int, minute: int = 0) -> None:
        """Go there, and let happen what is due by then."""
        self.go_to(day, hour, minute)
        sweep(at=self.moment)
        deliveries.send_due()

    def come_back(self) -> None:
        """To the present, where everything goes on by itself again."""
        self._patches.undo()
        sweep()
        deliveries.send_due()
