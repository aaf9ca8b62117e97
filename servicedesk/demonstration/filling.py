"""All of the demonstration at once."""

from datetime import datetime

from django.db import transaction

from activity import clock
from servicedesk.demonstration.articles import write_down
from servicedesk.demonstration.hospital import furnish
from servicedesk.demonstration.shift_notes import leave_notes
from servicedesk.demonstration.stage import play
from servicedesk.demonstration.stories import STORIES
from servicedesk.demonstration.templates import lay_out


@transaction.atomic
def fill(at: datetime | None = None) -> None:
    """Create whatever of the demonstration is not there yet; all of it or nothing.

    The stories lead up to ``at`` (aware), which is now.
    """
    now = at or clock.now()
    furnish()
    lay_out()
    write_down(now)
    play(STORIES, now)
    leave_notes(now)
