"""Words to the next shift, as the people of the cast write them."""

from typing import Any
from uuid import uuid4

from accounts.models import Team, User
from incidents import services
from incidents.models import ShiftNote
from tests.people import Cast

TEXT = "The supplier calls back about the label printer at seven."


def written(
    cast: Cast, *, by: User | None = None, team: Team | None = None, text: str = TEXT
) -> ShiftNote:
    """Bo tells the desk, unless somebody else is named."""
    return services.write_shift_note(
        team or cast.desk, by=by or cast.bo, text=text, submission=uuid4()
    )


def seen_by(note: ShiftNote) -> list[Any]:
    return [each.by for each in note.seen.select_related("by").order_by("pk")]
