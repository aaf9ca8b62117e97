from incidents.models.announcement import Announcement, Deflection
from incidents.models.attachment import Attachment
from incidents.models.checking import CheckedCandidate, KnownErrorCheck, Retold
from incidents.models.clock import Clock, PolicyMatch
from incidents.models.confirmation import Confirmation, Rejection, Waiver
from incidents.models.hand_over import HandOver
from incidents.models.importing import (
    ImportedIncident,
    ImportRun,
    RefusedRow,
)
from incidents.models.incident import Incident
from incidents.models.known_error import KnownErrorUse, UseOutcome
from incidents.models.people import Share, Watch
from incidents.models.relation import Holding, Link
from incidents.models.resolution import Resolution
from incidents.models.severity import SeverityLevel, SeverityRule
from incidents.models.template import TicketTemplate
from incidents.models.tier_stay import TierStay
from incidents.models.words import Words

__all__ = [
    "Announcement",
    "Attachment",
    "CheckedCandidate",
    "Clock",
    "Confirmation",
    "Deflection",
    "HandOver",
    "Holding",
    "ImportRun",
    "ImportedIncident",
    "Incident",
    "KnownErrorCheck",
    "KnownErrorUse",
    "Link",
    "PolicyMatch",
    "RefusedRow",
    "Rejection",
    "Resolution",
    "Retold",
    "SeverityLevel",
    "SeverityRule",
    "Share",
    "TicketTemplate",
    "TierStay",
    "UseOutcome",
    "Waiver",
    "Watch",
    "Words",
]
