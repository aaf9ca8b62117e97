"""What managers and administrators fill in about calendars and policies."""

from sla.forms.deadlines import (
    CalendarQuestion,
    Holds,
    PolicyQuestion,
    Question,
    TicketQuestion,
)
from sla.forms.versions import (
    CalendarVersionForm,
    CountryForm,
    DurationField,
    HolidaysForm,
    PolicyVersionForm,
    PublishForm,
    RungForm,
    RungFormSet,
    ShiftFormSet,
)

__all__ = [
    "CalendarQuestion",
    "CalendarVersionForm",
    "CountryForm",
    "DurationField",
    "Holds",
    "HolidaysForm",
    "PolicyQuestion",
    "PolicyVersionForm",
    "PublishForm",
    "Question",
    "RungForm",
    "RungFormSet",
    "ShiftFormSet",
    "TicketQuestion",
]
