"""Why an article is suggested, and why a signature is refused, in words."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from knowledgebase.matching import Because, Candidate, Reason, Refused, Why


def in_words(candidate: Candidate) -> str:
    """As on the page: *same error code E102, same service, 3 shared terms: vpn, …*"""
    return ", ".join(SAID[reason.because](reason) for reason in candidate.reasons)


def refused_in_words(refused: Refused) -> str:
    """What its editor has to write differently."""
    return str(REFUSED[refused.why]) % {"about": refused.about}


def _signature(reason: Reason) -> str:
    if all(_is_code(found) for found in reason.words):
        return _("same error code %(found)s") % {"found": _listed(reason)}
    return _("says “%(found)s”") % {"found": _("”, “").join(reason.words)}


def _is_code(found: str) -> bool:
    return " " not in found and any(letter.isdigit() for letter in found)


def _terms(reason: Reason) -> str:
    count = len(reason.words)
    return ngettext(
        "%(count)d shared term: %(terms)s", "%(count)d shared terms: %(terms)s", count
    ) % {"count": count, "terms": _listed(reason)}


def _listed(reason: Reason) -> str:
    return ", ".join(reason.words)


SAID: Final[Mapping[Because, Callable[[Reason], str]]] = {
    Because.SIGNATURE: _signature,
    Because.SERVICE: lambda _reason: _("same service"),
    Because.CATEGORY: lambda _reason: _("same category"),
    Because.TERMS: _terms,
    Because.MISSPELT: lambda r: _("nearly the same: %(terms)s") % {"terms": _listed(r)},
}
REFUSED: Final[Mapping[Why, str | Promise]] = {
    Why.TOO_LONG: gettext_lazy("A signature has at most %(about)s characters."),
    Why.TOO_DEEP: gettext_lazy("Groups are at most %(about)s deep."),
    Why.TOO_LARGE: gettext_lazy("This says too much at once; use fewer repeats."),
    Why.NO_ANCHOR: gettext_lazy(
        "At least %(about)s letters or digits in a row must always occur, as in"
        " “job .+ failed”."
    ),
    Why.NOT_OPENED: gettext_lazy("A %(about)s has nothing that it closes."),
    Why.NOT_CLOSED: gettext_lazy("A %(about)s is not closed."),
    Why.NOTHING_TO_REPEAT: gettext_lazy("There is nothing that %(about)s repeats."),
    Why.REPEATED_TWICE: gettext_lazy("%(about)s follows another repeat."),
    Why.NO_COUNT: gettext_lazy(
        "Write how often as {3}, {2,} or {2,5}, none over %(about)s."
    ),
    Why.UNKNOWN: gettext_lazy("%(about)s is not known in signatures."),
    Why.EMPTY: gettext_lazy("%(about)s names no letter."),
    Why.NO_RANGE: gettext_lazy("%(about)s does not go from a letter to a later one."),
    Why.FOLDED: gettext_lazy(
        "%(about)s stands for two letters here; write (?: | ) instead of [ ]."
    ),
}
