"""Since when somebody was away, by what is known of them anyway."""

from datetime import datetime, time, timedelta
from typing import Final

from django.db.models import F, Q, Window
from django.db.models.functions import Lead
from django.utils import timezone

from accounts.models import User
from activity.models import Event

# Who does nothing for that long has left.
BREAK: Final = timedelta(hours=4)
SHIFT: Final = timedelta(hours=8)
FARTHEST: Final = timedelta(days=14)
EVENING: Final = time(18)


def left_at(user: User, at: datetime) -> datetime | None:
    """Their last act before they came: before the last time that they did nothing for
    four hours, also if it lasts until ``at``. ``None`` if there is none in two weeks.

    Acts are events of the history, which are there for other reasons. Nobody notes
    down when somebody looks at a page.
    """
    acts = Event.objects.filter(actor=user, at__lte=at, at__gt=at - FARTHEST)
    following = acts.order_by().annotate(
        next_at=Window(Lead("at"), order_by=F("at").asc())
    )
    is_last = Q(next_at=None, at__lte=at - BREAK)
    before_break = following.filter(is_last | Q(next_at__gte=F("at") + BREAK))
    found: datetime | None = (
        before_break.order_by("-at").values_list("at", flat=True).first()
    )
    return found


def last_evening(at: datetime) -> datetime:
    """Six o'clock of the day before, in the viewer's zone."""
    day = timezone.localdate(at) - timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, EVENING))
