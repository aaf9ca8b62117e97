"""Incidents in the administration: as sound as the rest of it."""

import pytest
from django.db.models import F

from incidents.codes import Origin
from incidents.models import ImportedIncident, ImportRun, Incident, TicketTemplate
from incidents.replay.step import Reason
from tests.browser.conftest import Open
from tests.browser.soundness import check
from tests.browser.test_admin_pages import UNDECIDED
from tests.incidents import stories
from tests.incidents.test_admin_imports import left_out, make_run, replayed
from tests.people import Cast, make_cast

ADMINISTRATOR = {
    "incidents": "/admin/incidents/incident/",
    "incident": "/admin/incidents/incident/{incident}/change/",
    "resolutions": "/admin/incidents/resolution/",
    "attachments": "/admin/incidents/attachment/",
    "severity-matrix": "/admin/incidents/severityrule/",
    "severity-level": "/admin/incidents/severitylevel/1/change/",
    "ticket-template": "/admin/incidents/tickettemplate/{template}/change/",
    "imports": "/admin/incidents/importrun/",
    "import": "/admin/incidents/importrun/{finished}/change/",
    "import-unfinished": "/admin/incidents/importrun/{unfinished}/change/",
    "rows-not-taken": "/admin/incidents/refusedrow/",
    "imported-incidents": "/admin/incidents/importedincident/",
    "imported-incident": "/admin/incidents/importedincident/{imported}/change/",
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
    reasons = [*Reason, *[Reason.VALUE] * 51]
    replayed(cast, *reasons, number="INC0000045", file_name="incident_event_log.csv.xz")
    left_out(make_run(position=420, refused=9), *Reason)
    TicketTemplate.objects.create(name="Paper jam", title="Printer shows a paper jam")
    return cast


def address(path: str) -> str:
    return path.format(
        incident=Incident.objects.filter(origin=Origin.DESK).latest("pk").pk,
        template=TicketTemplate.objects.get().pk,
        finished=ImportRun.objects.get(position=F("rows")).pk,
        unfinished=ImportRun.objects.get(position__lt=F("rows")).pk,
        imported=ImportedIncident.objects.get().pk,
    )


@pytest.mark.parametrize("name", ADMINISTRATOR)
def test_page_of_the_administrator_is_sound(
    name: str, visit: Open, people: Cast
) -> None:
    window = visit(people.ida)
    window.go(address(ADMINISTRATOR[name]))
    check(window, f"admin-{name}", undecided=UNDECIDED)


def test_a_list_without_an_import_is_sound(visit: Open, transactional_db: None) -> None:
    window = visit(make_cast().ida)
    window.go("/admin/incidents/importrun/")
    check(window, "admin-imports-none", undecided=UNDECIDED)


@pytest.mark.parametrize("name", MANAGER)
def test_page_of_the_manager_is_sound(name: str, visit: Open, people: Cast) -> None:
    window = visit(people.max)
    window.go(address(MANAGER[name]))
    check(window, f"admin-manager-{name}", undecided=UNDECIDED)
