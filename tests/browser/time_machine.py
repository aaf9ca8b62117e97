"""The time of the whole desk, in every thread: a story of days, told in seconds.

Nobody sleeps and nothing in the database is moved. What is due meanwhile happens when a
story says that time passes, as if worker and beat had been there.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from activity import clock
from activity.models import Delivery, Timer
from activity.services import deliveries
from activity.services.timers import sweep

# In a minute of the story beat wakes the worker more often than this.
WAKE_UPS = 10


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
        for _wake_up in range(WAKE_UPS):
            sweep(at=self.moment)
            deliveries.send_due()
            if not self._due():
                return
        raise AssertionError(f"still due at {self.moment}: {self._due()}")

    def _due(self) -> list[object]:
        """A sweep passes over what somebody holds just then, for the next one."""
        timers = Timer.objects.due(self.moment)
        waiting = Delivery.objects.waiting().filter(next_try_at__lte=self.moment)
        return [*timers.values(), *waiting.values("pk", "address", "tries", "error")]

    def come_back(self) -> None:
        """To the present, where everything goes on by itself again."""
        self._patches.undo()
        sweep()
        deliveries.send_due()
