"""What of the knowledge base may help with an incident, and what was used of it."""

from dataclasses import dataclass
from typing import Any, Final

from accounts.models import User
from incidents import permissions as may
from incidents.known_errors import why_not_told, words_for_agents
from incidents.models import Incident, KnownErrorUse
from knowledgebase.services.suggesting import Suggestion, question, suggest

SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Likely:
    """A suggestion, and what can be done with it here. ``untold`` says why its words
    are not for the reporter, ``steps`` are those for who applies it."""

    suggestion: Suggestion
    untold: str
    steps: str


def known_errors_for(incident: Incident, by: User) -> dict[str, Any]:
    """The context of the block about known errors."""
    uses = list(KnownErrorUse.objects.filter(incident=incident).for_page())
    works = may.may_work(incident, by)
    return {
        "incident": incident,
        "uses": uses[::-1],
        "likely": [] if incident.is_ended else _likely(incident, by, uses),
        "may_use": works and not incident.is_ended,
        "may_judge": works,
    }


def _likely(incident: Incident, by: User, uses: list[KnownErrorUse]) -> list[Likely]:
    """At most three that were not used here yet."""
    used = {use.version_id for use in uses}
    asked = question(
        subject=incident.title,
        text=incident.description,
        service=incident.service,
        category=incident.category,
    )
    found = suggest(asked, by=by, most=SHOWN + len(used))
    fresh = [one for one in found if one.version.pk not in used]
    return [
        Likely(one, why_not_told(incident, one.version), words_for_agents(one.version))
        for one in fresh[:SHOWN]
    ]
