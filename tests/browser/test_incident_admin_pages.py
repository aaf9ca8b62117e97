"""Incidents in the administration: as sound as the rest of it."""

import pytest

from incidents.models import Incident, TicketTemplate
from tests.browser.conftest import Open
from tests.browser.soundness import check
from tests.browser.test_admin_pages import UNDECIDED
from tests.incidents import stories
from tests.people import Cast, make_cast

ADMINISTRATOR = {
    "incidents": "/admin/incidents/incident/",
    "incident": "/admin/incidents/incident/{incident}/change/",
    "resolutions": "/admin/incidents/resolution/",
    "attachments": "/admin/incidents/attachment/",
    "severity-matrix": "/admin/incidents/severityrule/",
    "severity-level": "/admin/incidents/severitylevel/1/change/",
    "ticket-template": "/admin/incidents/tickettemplate/{template}/change/",
}
MANAGER = {
    "incidents": "/admin/incidents/incident/?status__exact=closed",
    "severity-matrix": "/admin/incidents/severityrule/",
}


@pytest.fixture
def people(transactional_db: None) -> Cast:
    cast = make_cast()
    stories.closed(cast)
    stories.in_progress(cast)
    TicketTemplate.objects.create(name="Paper jam", title="Printer shows a paper jam")
    return cast


def address(path: str) -> str:
    return path.format(
        incident=Incident.objects.latest("pk").pk,
        template=TicketTemplate.objects.get().pk,
    )


@pytest.mark.parametrize("name", ADMINISTRATOR)
def test_page_of_the_administrator_is_sound(
    name: str, visit: Open, people: Cast
) -> None:
    window = visit(people.ida)
    window.go(address(ADMINISTRATOR[name]))
    check(window, f"admin-{name}", undecided=UNDECIDED)


@pytest.mark.parametrize("name", MANAGER)
def test_page_of_the_manager_is_sound(name: str, visit: Open, people: Cast) -> None:
    window = visit(people.max)
    window.go(address(MANAGER[name]))
    check(window, f"admin-manager-{name}", undecided=UNDECIDED)
