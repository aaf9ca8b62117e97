"""A believable desk to try the product on: a month at Harbour Hospital.

Everything is found again, so filling twice changes nothing.
"""

from servicedesk.demonstration.filling import fill
from servicedesk.demonstration.hospital import (
    DOMAIN,
    PASSWORD,
    PEOPLE,
    TEAMS,
    furnish,
    is_empty,
    logins,
)

__all__ = [
    "DOMAIN",
    "PASSWORD",
    "PEOPLE",
    "TEAMS",
    "fill",
    "furnish",
    "is_empty",
    "logins",
]
