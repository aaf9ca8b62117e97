"""Escalating, handing back, and what the next tier reads first."""

from datetime import timedelta

from playwright.sync_api import Page

from accounts.models import EscalationPath, Team
from activity import clock
from incidents import services
from incidents.models import Incident
from sla.models import Calendar, OperationalTarget
from tests.browser.sheets import LONG
from tests.browser.sheets_ticket import HOSTILE, TicketSheet, send
from tests.incidents import stories
from tests.incidents.checking.asked import BLANK
from tests.incidents.using.known import known
from tests.people import Cast
from tests.sla.settings_cast import keep_service_levels


def agreed(cast: Cast) -> None:
    """Every team with a target; one more team with a name that never breaks."""
    keep_service_levels()
    storage = Team.objects.create(name=f"Storage {LONG}", tier=2)
    EscalationPath.objects.create(from_team=cast.desk, to_team=storage)
    for team, minutes in ((cast.desk, 30), (cast.network, 240), (storage, 90)):
        calendar = Calendar.objects.get(name="Around the clock")
        OperationalTarget.objects.create(team=team, calendar=calendar, minutes=minutes)


def with_known_errors(cast: Cast) -> Incident:
    agreed(cast)
    known(cast)
    return stories.triaged(cast, **BLANK)


def without_known_errors(cast: Cast) -> Incident:
    agreed(cast)
    stories.escalated(cast)
    return stories.triaged(cast)


def checked(cast: Cast) -> Incident:
    incident = stories.triaged(cast)
    stories.checked(incident, by=cast.bo)
    return stories.again(incident)


def without_a_path(cast: Cast) -> Incident:
    EscalationPath.objects.all().delete()
    return checked(cast)


def new(cast: Cast) -> Incident:
    agreed(cast)
    stories.catalogue()
    return stories.reported(cast)


def back_and_forth(cast: Cast) -> Incident:
    """Up and down twice and up again, over days; one agreement missed."""
    agreed(cast)
    at = clock.now() - timedelta(days=3)
    with clock.frozen_at(at):
        incident = stories.triaged(cast, title=f"Blank {LONG}")
    for round_ in range(2):
        at += timedelta(hours=5 + round_)
        with clock.frozen_at(at):
            services.take_incident(incident.pk, by=cast.cy, expected_version=None)
        at += timedelta(minutes=25)
        with clock.frozen_at(at):
            stories.escalated(cast, of=stories.again(incident))
        at += timedelta(hours=6)
        with clock.frozen_at(at):
            services.take_incident(incident.pk, by=cast.ned, expected_version=None)
            services.hand_back_incident(
                incident.pk,
                by=cast.ned,
                expected_version=None,
                reason=f"Not the network. {HOSTILE}",
            )
    stories.checked(incident, by=cast.bo)
    services.escalate_incident(
        incident.pk,
        by=cast.bo,
        expected_version=None,
        team=cast.network,
        package=stories.package(
            tried=f"Another cable: {LONG}\n\nThe driver. {HOSTILE}"
        ),
    )
    return stories.again(incident)


def unfold(page: Page, incident: Incident, cast: Cast) -> None:
    page.locator(".whole-history > summary").click()


SHEETS = [
    TicketSheet("escalate", with_known_errors, "escalate/"),
    TicketSheet("escalate-wrong", with_known_errors, "escalate/", act=send),
    TicketSheet("escalate-unknown", without_known_errors, "escalate/"),
    TicketSheet("escalate-checked", checked, "escalate/"),
    TicketSheet("escalate-nowhere", without_a_path, "escalate/"),
    TicketSheet("triage-and-escalate", new, "triage-and-escalate/"),
    TicketSheet("triage-and-escalate-wrong", new, "triage-and-escalate/", act=send),
    TicketSheet("hand-back", back_and_forth, "hand-back/", "ned"),
    TicketSheet("ticket-handed-over", back_and_forth, by="ned"),
    TicketSheet("ticket-handed-over-unfolded", back_and_forth, by="ned", act=unfold),
    TicketSheet("ticket-bounced", back_and_forth),
]
