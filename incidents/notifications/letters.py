"""A letter: its words, in the language and the time zone of who reads it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format

from accounts.models import User
from activity.outbox import Message

if TYPE_CHECKING:
    from incidents.notifications.occasion import Occasion

LONGEST_PREVIEW = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Somewhere to go from a letter; ``url`` is a whole address."""

    url: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What somebody wrote. ``label`` may be empty."""

    text: str
    label: str = ""

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one person reads. The subject gets the reference of the incident.

    ``quotes`` come after ``intro``, then ``after``, then the buttons. With ``asks``
    the first two buttons answer whether it works, and the letter says so. What
    ``is_by_number`` names the ticket by its number alone; what ``may_wait`` may come as
    a line of a digest, unless the ticket itself may not.
    """

    subject: str
    heading: str
    greeting: str = ""
    intro: Sequence[str] = ()
    quotes: Sequence[Quote] = ()
    asks: bool = False
    after: Sequence[str] = ()
    buttons: Sequence[Way] = ()
    way: Way | None = None
    note: str = ""
    is_by_number: bool = False
    may_wait: bool = False
    until: str = ""

    @property
    def line(self) -> str:
        """What a digest says of it."""
        return " – ".join(filter(None, [self.subject, self.heading, self.until]))

    @property
    def preview(self) -> str:
        """What a list of mail shows beside the subject."""
        first = [*self.intro, *(quote.text for quote in self.quotes), ""][0]
        return " ".join(first.split())[:LONGEST_PREVIEW]


Writer = Callable[["Occasion", User], Letter]


def message(occasion: "Occasion", to: User, writer: Writer) -> Message:
    """The letter as it goes into the outbox: plain text and HTML."""
    with in_words_of(to):
        letter = writer(occasion, to)
        reference = occasion.incident.reference
        title = "" if letter.is_by_number else f" – {occasion.incident.title}"
        context = {
            "letter": letter,
            "heading": letter.heading,
            "intro": letter.intro,
            "reference": f"{reference}{title}",
            "footer_note": letter.note,
        }
        return Message(
            to=to,
            subject=f"{letter.subject} [{reference}]",
            text=render_to_string("incidents/mail/letter.txt", context).strip() + "\n",
            html=render_to_string("incidents/mail/letter.html", context),
            may_wait=letter.may_wait and occasion.may_wait,
            line=f"{reference}: {letter.line}",
            url=letter.buttons[0].url if letter.buttons else "",
        )


@contextmanager
def in_words_of(user: User) -> Iterator[None]:
    """Speak the language of this person and show times in their zone."""
    with translation.override(user.language), timezone.override(user.zone):
        yield


def moment(at: datetime) -> str:
    """A moment in the zone at hand, which it names: ``3 Mar 2026, 14:05 CET``."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATETIME_FORMAT')} {local:%Z}"


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
