"""The numbers that a score is made of.

They were found on the training part of the labelled tickets alone; ``docs/matching.md``
says how. Whoever changes one measures anew."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    # Of an article's fields, beside the title, the symptom and other words (1).
    place: float = 0.6
    body: float = 0.45
    # Of a ticket's text beside its subject.
    text: float = 0.3
    # Of a word that fewer tickets than this hold, and no article: mostly a name.
    name_below: int = 6
    name: float = 0.05
    # The same before any ticket is known by which to tell names, and after how many
    # they are told for certain.
    unheard: float = 0.5
    tickets_enough: int = 2000
    # How much of the score is what the article says of the ticket's words; the rest is
    # how much of one of the article's sentences the ticket says.
    ticket_share: float = 0.6
    # What nothing in common weighs: so one shared word is not all.
    ticket_slack: float = 0.75
    sentence_slack: float = 0.5
    # One word in common and no other.
    alone: float = 0.8
    # A word that was not written so, but nearly.
    misspelt: float = 0.8
    # What is left of the distance to 1 where a telling signature hit, and how much less
    # where it hit none of the past tickets: so a narrow one goes before a wide one.
    decisive: float = 0.25
    rare: float = 0.15
    # To what power the score goes: where a signature of any error hit, and where the
    # service, the category are the same. Labelled tickets have neither of these two, so
    # they are set with care, not found.
    generic: float = 0.8
    service: float = 0.85
    category: float = 0.9

    def name_after(self, tickets: int) -> float:
        """What a name weighs where so many past tickets are known."""
        doubt = max(0.0, 1 - tickets / self.tickets_enough)
        return self.name + (self.unheard - self.name) * doubt


WEIGHTS: Final = Weights()
# Below this nothing is shown.
THRESHOLD: Final = 0.4
