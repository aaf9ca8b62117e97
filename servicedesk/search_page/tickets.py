"""Found tickets, in the words of whoever reads them."""

from typing import Any

from django.db.models import F

from accounts.models import User
from incidents.models import Incident
from incidents.views.portal_list import with_states
from incidents.views.status import look_of
from knowledgebase.searching import HEADLINES, headlines, the_marked


def ticket_rows(order: list[int], words: str, user: User) -> list[dict[str, Any]]:
    """For those who work on one its status and reporter, for others where it stands."""
    marked = _marked(order, words)
    these = Incident.objects.filter(pk__in=order)
    worked_on = {
        incident.pk: _for_desk(incident)
        for incident in these.visible_to(user).select_related("reporter", "service")
    }
    others = [pk for pk in order if pk not in worked_on]
    read = {}
    if others:
        own = Incident.objects.public_for(user).filter(pk__in=others)
        states = with_states(own.for_reporter_list(), user)
        read = {row["incident"].pk: _for_reader(row) for row in states}
    found = worked_on | read
    return [found[pk] | marked[pk] for pk in order if pk in found]


def _for_desk(incident: Incident) -> dict[str, Any]:
    return {
        "incident": incident,
        "url": incident.get_absolute_url(),
        "look": look_of(incident),
        "status": incident.get_status_display(),
        "reporter": incident.reporter.name,
        "service": incident.service.name if incident.service else "",
    }


def _for_reader(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "incident": row["incident"],
        "url": row["incident"].reporter_url(),
        "look": row["state"].kind_of_tag,
        "status": row["state"].word,
    }


def _marked(order: list[int], words: str) -> dict[int, dict[str, str]]:
    """By number, subject and report with the words marked in them."""
    titles = headlines(F("title"), words, highlight_all=True)
    texts = headlines(F("description"), words)
    found = (
        Incident.objects.filter(pk__in=order)
        .annotate(
            **{f"title_{name}": headline for name, headline in titles.items()},
            **{f"text_{name}": headline for name, headline in texts.items()},
        )
        .order_by()
        .values(
            "pk", *(f"{of}_{name}" for of in ("title", "text") for name in HEADLINES)
        )
    )
    return {
        row["pk"]: {
            of: the_marked(*(row[f"{of}_{name}"] for name in HEADLINES))
            for of in ("title", "text")
        }
        for row in found
    }
