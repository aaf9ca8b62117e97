"""A month at Harbour Hospital, told one incident at a time."""

from servicedesk.demonstration.stage import Story
from servicedesk.demonstration.stories.asked import ASKED
from servicedesk.demonstration.stories.closed import CLOSED
from servicedesk.demonstration.stories.ended import ENDED
from servicedesk.demonstration.stories.escalated import ESCALATED
from servicedesk.demonstration.stories.everyday import EVERYDAY
from servicedesk.demonstration.stories.fresh import FRESH
from servicedesk.demonstration.stories.held import HELD
from servicedesk.demonstration.stories.worked import WORKED

STORIES: tuple[Story, ...] = (
    *EVERYDAY,
    *CLOSED,
    *ENDED,
    *ASKED,
    *HELD,
    *WORKED,
    *ESCALATED,
    *FRESH,
)
