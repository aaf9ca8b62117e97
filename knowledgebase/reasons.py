"""Why an article is suggested, in words."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knowledgebase.matching import Because, Candidate, Reason


def in_words(candidate: Candidate) -> str:
    """As on the page: *same error code E102, same service, 3 shared terms: vpn, …*"""
    return ", ".join(SAID[reason.because](reason) for reason in candidate.reasons)


def _terms(reason: Reason) -> str:
    count = len(reason.words)
    return ngettext(
        "%(count)d shared term: %(terms)s", "%(count)d shared terms: %(terms)s", count
    ) % {"count": count, "terms": _listed(reason)}


def _listed(reason: Reason) -> str:
    return ", ".join(reason.words)


SAID: Final[Mapping[Because, Callable[[Reason], str]]] = {
    Because.SIGNATURE: lambda r: _("same error code %(found)s") % {"found": _listed(r)},
    Because.SERVICE: lambda _reason: _("same service"),
    Because.CATEGORY: lambda _reason: _("same category"),
    Because.TERMS: _terms,
    Because.MISSPELT: lambda r: _("nearly the same: %(terms)s") % {"terms": _listed(r)},
}
