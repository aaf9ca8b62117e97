"""A ticket that a known error fits, and what is decided about it."""

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.models import User
from incidents import services
from incidents.codes import Decided, Refusal
from incidents.models import Incident, KnownErrorCheck
from incidents.services.checking import Decision, candidates_for
from tests.incidents import stories

BLANK: dict[str, Any] = {
    "title": "Label printer prints blank labels, E102",
    "description": "The labels come out blank after the update. It shows E102.",
}
USED = Decision(decided=Decided.USED)


def refused(word: str = "Labels are fine.") -> Decision:
    return Decision(decided=Decided.REFUSED, refusal=Refusal.OTHER_SYMPTOM, word=word)


def shown_to(incident: Incident, by: User) -> list[int]:
    found = candidates_for(stories.again(incident), by)
    return [one.version.pk for one in found]


def check(
    incident: Incident,
    *,
    by: User,
    decisions: Mapping[int, Decision],
    shown: Sequence[int] | None = None,
    **more: Any,
) -> KnownErrorCheck:
    given = {"expected_version": None} | more
    return services.check_known_errors(
        incident.pk,
        by=by,
        shown=shown_to(incident, by) if shown is None else shown,
        decisions=decisions,
        **given,
    )
