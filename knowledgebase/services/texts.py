"""Words that a move asks for."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST_REASON = 2000


def required(name: str, text: str, sentence: str) -> str:
    """The text without spaces around it. Raises ``ValidationError`` by field."""
    found = text.strip()
    if not found:
        raise ValidationError({name: sentence})
    if len(found) > LONGEST_REASON:
        raise ValidationError(
            {name: _("Write at most %(count)d signs.") % {"count": LONGEST_REASON}}
        )
    return found


def optional(name: str, text: str) -> str:
    """As ``required``, where nobody has to say anything."""
    return required(name, text, "") if text.strip() else ""
