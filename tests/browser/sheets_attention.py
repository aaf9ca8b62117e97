"""Pages about ladders and attention: the link, the ticket, the queue, the reporter's
word, and the ladder in administration."""

from typing import Any

from django.urls import reverse

from activity import clock
from incidents import services
from incidents.models import Incident
from sla.models import Policy, PolicyVersion, Rung
from tests.browser.sheets_answering import Sheet
from tests.incidents import stories
from tests.incidents.ladders.climbs import called_twice, ladder, minutes
from tests.incidents.letters import letter
from tests.people import Cast
from tests.sla.settings_cast import draft_policy, in_days

TITLE = "Payments time out at the till"


def told(cast: Cast) -> Incident:
    """Lea and Max were told; the commanders are next."""
    return called_twice(cast, title=TITLE)


def attended(cast: Cast) -> Incident:
    return attend(told(cast), cast)


def attend(incident: Incident, cast: Cast) -> Incident:
    with clock.frozen_at(minutes(245)):
        services.acknowledge_attention(incident.pk, by=cast.lea)
    return stories.again(incident)


def link_of(incident: Incident, cast: Cast) -> str:
    return letter(incident, "rung", cast.max).path("/attend/")


def asking_link(cast: Cast) -> str:
    return link_of(told(cast), cast)


def answered_link(cast: Cast) -> str:
    incident = told(cast)
    path = link_of(incident, cast)
    attend(incident, cast)
    return path


def void_link(cast: Cast) -> str:
    incident = told(cast)
    path = link_of(incident, cast)
    stories.resolved(cast, of=incident)
    return path


def called_ticket(cast: Cast) -> str:
    return told(cast).get_absolute_url()


def attended_ticket(cast: Cast) -> str:
    return attended(cast).get_absolute_url()


def call_form(cast: Cast) -> str:
    return f"{told(cast).get_absolute_url()}call-attention/"


def queue(cast: Cast) -> str:
    told(cast)
    stories.in_progress(cast, title="Nothing special")
    return "/queue/?v=attention"


def nothing_in_queue(cast: Cast) -> str:
    return "/queue/?v=attention"


def urge_form(cast: Cast) -> str:
    return f"{stories.in_progress(cast, title=TITLE).reporter_url()}urgent/"


def urged_report(cast: Cast) -> str:
    incident = stories.in_progress(cast, title=TITLE)
    services.urge(incident.pk, by=cast.ann, reason="Pay day is tomorrow.")
    return incident.reporter_url()


def _draft(cast: Cast, **rung: Any) -> PolicyVersion:
    version = PolicyVersion.objects.get(policy=Policy.objects.get(is_active=True))
    draft = draft_policy(
        version.policy,
        effective_from=in_days(1),
        response_target=30,
        resolution_target=240,
    )
    share = {"trigger": "resolution_percent", "percent": 50, "tells": "team_lead"}
    Rung.objects.create(
        **{"version": draft, "position": 1, "acknowledge_within": 90, **share, **rung}
    )
    return draft


def drafted_ladder(cast: Cast) -> str:
    ladder()
    return f"/admin/sla/policyversion/{_draft(cast, tells='commander').pk}/change/"


def published_ladder(cast: Cast) -> str:
    return f"/admin/sla/policyversion/{ladder().pk}/change/"


def rehearsal(cast: Cast) -> str:
    stories.resolved(cast, of=told(cast))
    return reverse("admin:incidents_policy_rehearsal", args=[_draft(cast).pk])


SHEETS = [
    Sheet("attention-link", asking_link),
    Sheet("attention-link-answered", answered_link),
    Sheet("attention-link-void", void_link),
    Sheet("attention-ticket", called_ticket, by="lea"),
    Sheet("attention-ticket-attended", attended_ticket, by="lea"),
    Sheet("attention-asked-for", call_form, by="bo"),
    Sheet("attention-queue", queue, by="bo"),
    Sheet("attention-queue-empty", nothing_in_queue, by="bo"),
    Sheet("attention-urge", urge_form, by="ann"),
    Sheet("attention-urged", urged_report, by="ann"),
    Sheet("ladder-draft", drafted_ladder, by="max"),
    Sheet("ladder-published", published_ladder, by="ida"),
    Sheet("ladder-rehearsal", rehearsal, by="max"),
]
