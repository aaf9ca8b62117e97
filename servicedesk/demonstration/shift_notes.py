"""What one shift of Harbour Hospital tells the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from activity import clock
from incidents import services
from incidents.models import ShiftNote
from servicedesk.demonstration.moments import When, ago, day
from servicedesk.demonstration.stage import NAMESPACE, Cast


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """``name`` never changes: it is how the word is found again. ``seen`` says who
    pressed *Seen*, and when."""

    name: str
    team: str
    by: str
    at: When
    text: str
    seen: Sequence[tuple[When, str]] = ()

    @property
    def submission(self) -> UUID:
        return uuid5(NAMESPACE, f"shift note {self.name}")


NOTES = [
    Told(
        name="print-heads",
        team="Service desk",
        by="Jonas",
        at=day(1, "17:40"),
        text="The supplier of the label printers calls at nine about the print heads."
        " The spare one is in the cupboard behind the desk.",
        seen=[(day(1, "17:55"), "Priya")],
    ),
    Told(
        name="generator-test",
        team="Service desk",
        by="Marta",
        at=ago(hours=3, minutes=10),
        text="Tomorrow from six to seven the generator is tested: the screens on ward 3"
        " go dark for a moment. No ticket for that, please; tell whoever calls.",
    ),
    Told(
        name="access-points",
        team="Network",
        by="Lin",
        at=ago(hours=2, minutes=45),
        text="Two access points lie configured on the bench, for the ceiling above"
        " room 311. The ladder is with the caretaker.",
    ),
]


def leave_notes(now: datetime) -> None:
    """Write those words that were not written here yet; what became of the others is
    left alone."""
    numbers = [told.submission for told in NOTES]
    found = ShiftNote.objects.filter(submission__in=numbers)
    there = set(found.values_list("submission", flat=True))
    cast = Cast()
    for told in NOTES:
        if told.submission not in there:
            _leave(told, cast, now)


def _leave(told: Told, cast: Cast, now: datetime) -> None:
    with clock.frozen_at(told.at(now)):
        note = services.write_shift_note(
            cast.team(told.team),
            by=cast.person(told.by),
            text=told.text,
            submission=told.submission,
        )
    for at, name in told.seen:
        with clock.frozen_at(at(now)):
            services.see_shift_note(note.pk, by=cast.person(name))
