"""Known errors that a form asks about, as the page shows them."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from incidents.codes import Decided
from incidents.forms.checking import Asked, AsksKnownErrors
from incidents.models import KnownErrorUse
from incidents.services.checking import uses_of_this_stay
from knowledgebase.sections import sections

HIDDEN = {"symptom"}  # It stands above.


def candidates_in(form: AsksKnownErrors, *, by: User) -> list[dict[str, Any]]:
    """Each with its words and its fields; what was used already is chosen as used."""
    used = {use.version_id: use for use in uses_of_this_stay(form.incident)}
    for pk in used.keys() & set(form.numbers):
        form.initial.setdefault(f"decided_{pk}", Decided.USED)
    return [_candidate(asked, used, by) for asked in form.each()]


def _candidate(
    asked: Asked, used: Mapping[int, KnownErrorUse], by: User
) -> dict[str, Any]:
    article, version = asked.suggestion.article, asked.suggestion.version
    parts = sections(version, article.kind, by)
    return {
        "asked": asked,
        "article": article,
        "version": version,
        "because": asked.suggestion.because,
        "sections": [part for part in parts if part.name not in HIDDEN],
        "use": used.get(version.pk),
    }
