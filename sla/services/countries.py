"""Public holidays of countries and their parts, from python-holidays."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, Final

import holidays
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from holidays.registry import COUNTRIES

NAME_LENGTH: Final = 150
ENGLISH: Final = "en_US"


@cache
def countries() -> dict[str, str]:
    """The countries whose holidays are known: names by code (ISO 3166), by name."""
    named = {codes[1]: name for name, codes in COUNTRIES.items()}
    return {
        code: _spelled(named[code]) for code in sorted(named, key=named.__getitem__)
    }


@cache
def subdivisions(country: str) -> dict[str, str]:
    """The parts of a country with holidays of their own: names by code, by code."""
    source: Any = holidays.country_holidays(country)
    aliases = source.get_subdivision_aliases()
    return {code: _longest(code, aliases) for code in sorted(source.subdivisions)}


def _spelled(name: str) -> str:
    words = name.replace("_", " ").title()
    return words.replace(" And ", " and ").replace(" Of ", " of ")


def _longest(code: str, aliases: dict[str, list[str]]) -> str:
    return max([code, *aliases.get(code, [])], key=len)


def country_holidays(
    country: str, subdivision: str, years: Iterable[int]
) -> dict[date, str]:
    """Each public holiday by its day, earliest first."""
    if country not in countries():
        raise ValidationError(
            _("No holidays are known for “%(country)s”. Use a code such as DE.")
            % {"country": country}
        )
    if subdivision and subdivision not in subdivisions(country):
        raise ValidationError(_part_unknown(country, subdivision))
    found = holidays.country_holidays(
        country,
        subdiv=subdivision or None,
        years=sorted(set(years)),
        language=_language(country),
        expand=False,
    )
    return {day: found[day][:NAME_LENGTH] for day in sorted(found)}


def _part_unknown(country: str, subdivision: str) -> str:
    known = ", ".join(subdivisions(country))
    if not known:
        return _("%(country)s has no parts with holidays of their own.") % {
            "country": country
        }
    return _("%(country)s has no part “%(part)s”. Use one of: %(known)s.") % {
        "country": country,
        "part": subdivision,
        "known": known,
    }


def _language(country: str) -> str | None:
    """The reader's, as far as the source speaks it, else the country's own."""
    source: Any = holidays.country_holidays(country)
    spoken: tuple[str, ...] = source.supported_languages
    reader = get_language() or ""
    wanted = ENGLISH if reader.startswith("en") else reader
    return wanted if wanted in spoken else source.default_language
