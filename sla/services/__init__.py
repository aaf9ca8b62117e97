"""What people do with calendars and policies, and which of them count.

A use case takes the record's id first and everything else by name; ``by`` is who does
it. They raise ``PermissionDenied`` (not this person), ``ValidationError`` (a sentence
that says what to do) and ``DoesNotExist``.
"""

from sla.services.calendars import (
    copy_country_holidays,
    draft_calendar_version,
    publish_calendar_version,
)
from sla.services.countries import countries, subdivisions
from sla.services.foretelling import (
    Forecast,
    Hold,
    foretell_calendar,
    foretell_policy,
)
from sla.services.matching import Match, match_policy
from sla.services.operational import Agreement, agreements_of
from sla.services.policies import draft_policy_version, publish_policy_version
from sla.services.schedules import (
    editions_of,
    schedule_of,
    schedules_read_once,
    working_days,
)

__all__ = [
    "Agreement",
    "Forecast",
    "Hold",
    "Match",
    "agreements_of",
    "copy_country_holidays",
    "countries",
    "draft_calendar_version",
    "draft_policy_version",
    "editions_of",
    "foretell_calendar",
    "foretell_policy",
    "match_policy",
    "publish_calendar_version",
    "publish_policy_version",
    "schedule_of",
    "schedules_read_once",
    "subdivisions",
    "working_days",
]
