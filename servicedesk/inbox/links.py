"""The links of a mail's plain text: those that lead to this desk, and no others."""

import re
from dataclasses import dataclass

from django.conf import settings

REST = r"(?:[/?#](?:[^\s<>\"']*[^\s<>\"'.,;:!?()\[\]])?)?"
# A full stop or a bracket behind an address belongs to the sentence.
END = r"(?=[<>\"'.,;:!?()\[\]]*(?:\s|$))"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text, and whether it is an address of ours."""

    text: str
    is_link: bool


def pieces(text: str) -> list[Piece]:
    """The text cut at our own addresses: put together again, it is the same text."""
    ours = rf"((?<![^\s<(]){re.escape(settings.SITE_URL)}{REST}){END}"
    parts = re.split(ours, text)
    return [Piece(part, at % 2 == 1) for at, part in enumerate(parts) if part]
