"""Exact numbers lead straight to what they name."""

import re
from typing import Any, Final

from incidents.filters import number_in
from incidents.models import Incident
from incidents.searching import incident_named
from knowledgebase.models import Article

ARTICLE: Final = re.compile(r"kb[-\s]?0*([1-9][0-9]{0,17})", re.IGNORECASE)


def named_by(words: str, user: Any) -> str | None:
    """The address of the one ticket or article of this number, if this person may see
    it. What they may not see is as missing as what is not there."""
    return _article_named(words, user) or _ticket_named(words, user)


def is_number(words: str) -> bool:
    """Whether it can only be a number, there or not: nothing to write an article on."""
    return ARTICLE.fullmatch(words) is not None or number_in(words) is not None


def _article_named(words: str, user: Any) -> str | None:
    number = ARTICLE.fullmatch(words)
    if number is None:
        return None
    seen = Article.objects.visible_to(user).filter(pk=int(number[1])).first()
    return seen.get_absolute_url() if seen is not None else None


def _ticket_named(words: str, user: Any) -> str | None:
    found = incident_named(words, user=user)
    return address_of(found, user) if found is not None else None


def address_of(incident: Incident, user: Any) -> str:
    """The desk's page for those who work on it, the reporter's for others."""
    on_desk = Incident.objects.visible_to(user).filter(pk=incident.pk)
    return incident.get_absolute_url() if on_desk.exists() else incident.reporter_url()
