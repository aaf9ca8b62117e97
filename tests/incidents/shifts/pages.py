"""The pages of a shift as somebody reads them at a moment."""

from datetime import datetime
from typing import Any, Final

from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from activity import clock
from incidents.models import Incident

HANDOVER: Final = reverse("incidents:handover")


def page_of(team: Team) -> str:
    return reverse("incidents:team", args=[team.pk])


def read(user: User, address: str, at: datetime, **query: Any) -> Any:
    client = Client()
    client.force_login(user)
    with clock.frozen_at(at):
        return client.get(address, query)


def shown(page: Any) -> dict[str, list[int]]:
    """The rows of a hand-over: numbers by the code of their section."""
    return {
        block.section.code: [line.incident.pk for line in lines]
        for block, lines in page.context["blocks"]
    }


def line_of(page: Any, incident: Incident) -> Any:
    (line,) = [
        line
        for _block, lines in page.context["blocks"]
        for line in lines
        if line.incident.pk == incident.pk
    ]
    return line


def also(line: Any) -> list[str]:
    return [str(label) for label in line.also]


def figures(page: Any) -> dict[str, int]:
    """The numbers of a team's page by the code of their section."""
    return {section.code: count for section, count in page.context["figures"]}
