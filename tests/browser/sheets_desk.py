"""The desk's lists on a busy day, and on days when there is nothing to see."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Membership
from activity import clock
from activity.models import Delivery
from catalogue.models import Service
from incidents import services
from incidents.codes import HoldReason
from incidents.models import Incident
from tests.browser.sheets import LONG, Sheet
from tests.incidents import stories
from tests.incidents.crowd import make_incidents
from tests.people import Cast, make_user

TITLES = (
    "Payments time out at the till in the north clinic since the lunch break",
    "VPN drops every few minutes",
    "Label printer prints blank labels",
    "Second monitor stays dark after the update of last night, also with another cable",
    "I cannot open the shared calendar of ward 3",
    "The laboratory shows results of yesterday’s patients under today’s date and nobody"
    " notices until the ward calls back",
    "Password expired",
    "Telephone in room 214 has no dial tone",
    "Scanner folder is full",
    f"Error 0x80070005 in {LONG}{LONG}",
)
SERVICES = ("Laboratory results", "Printing", "E-mail and calendar")


def busy_day(cast: Cast) -> None:
    """Some sixty tickets of several people, in every state."""
    reporters = [cast.ann, cast.zed, make_user(f"Ottilie {LONG} {LONG}")]
    for number, name in enumerate(SERVICES):
        service = Service.objects.create(name=name)
        make_incidents(
            19,
            cast,
            reporters=reporters,
            titles=TITLES[number * 3 :] + TITLES[: number * 3],
            at=timezone.now() - timedelta(days=number * 2),
            service=service,
            is_security_risk=number == 1,
        )
    _by_the_services(cast)
    _away(cast)


def _by_the_services(cast: Cast) -> None:
    major = stories.in_progress(cast, title="Nobody can log in to patient records")
    services.declare_major(
        major.pk, by=cast.lea, expected_version=None, reason="Three wards stand still."
    )
    stories.on_hold(cast, title="Which of the two printers is it?")
    stories.on_hold(cast, title="New badge reader", reason=HoldReason.AWAITING_SUPPLIER)
    _with_promises(cast)
    stories.resolved(cast, title=TITLES[5])
    stories.reminded(cast, title="Coffee machine talks to the network")
    stories.reminded(cast, title="Projector flickers", times=1)
    stories.confirmed(cast, title=TITLES[3])
    stories.called(cast, title="Headset is silent")
    stories.waived(cast, title="Mouse jumps")
    for number in range(6):
        stories.closed(cast, title=f"Old trouble {number}")
    stories.closed(cast, of=stories.called(cast), by=cast.bo)
    stories.cancelled(cast, title="Not a fault at all")


def _with_promises(cast: Cast) -> None:
    """Overdue, urgent, soon and with time left; one mail that never arrived."""
    for minutes in (300, 14, 11, 1):
        with clock.frozen_at(clock.now() - timedelta(minutes=minutes)):
            stories.reported(
                cast, impact=1, urgency=1, title=f"Heart monitors are silent {minutes}"
            )
    silent = stories.reminded(cast, title=f"Fax of ward 2, {LONG}{LONG}")
    letters = Delivery.objects.filter(recipient=silent.confirmer)
    letters.filter(event__subject_id=silent.pk).update(state=Delivery.State.FAILED)
    services.answer_desk(silent.pk, by=silent.confirmer, message="I am travelling.")


def _away(cast: Cast) -> None:
    Membership.objects.filter(user=cast.cy).update(
        away_until=timezone.now() + timedelta(days=4)
    )


def major_of(cast: Cast) -> Incident:
    found: Incident = Incident.objects.get(is_major=True)
    return found


BUSY = [
    Sheet("queue", "/queue/?v=teams", "bo"),
    Sheet("queue-mine", "/queue/", "bo"),
    Sheet("queue-all-second-page", "/queue/?v=all&page=2", "lea"),
    Sheet("queue-ended", "/queue/?v=ended", "lea"),
    Sheet(
        "queue-filtered",
        "/queue/?v=all&severity=4&team=1&sort=-updated&basis=confirmed&status=purple"
        "&ended=30&prio=2",
        "bo",
    ),
    Sheet("queue-overdue", "/queue/?v=overdue", "lea"),
    Sheet("queue-promises", "/queue/?v=all&due=missed&sort=due", "bo"),
    Sheet("queue-nothing-found", "/queue/?v=teams&q=printr&severity=2", "bo"),
    Sheet("queue-nothing-at-all", "/queue/?v=all&q=INC-99999", "bo"),
    Sheet("queue-resolver-done", "/queue/", "ned"),
    Sheet("confirmations", "/queue/confirmations/", "bo"),
    Sheet("confirmations-desk", "/queue/confirmations/?who=all", "lea"),
    Sheet("waivers", "/queue/waivers/", "lea"),
    Sheet("lead", "/queue/lead/", "lea"),
]
QUIET = [
    Sheet("queue-nothing-yet", "/queue/", "bo"),
    Sheet("confirmations-none", "/queue/confirmations/", "cy"),
    Sheet("queue-nothing-due", "/queue/?v=due", "bo"),
    Sheet("waivers-none", "/queue/waivers/", "lea"),
    Sheet("lead-quiet", "/queue/lead/", "lea"),
    Sheet("queue-forbidden", "/queue/", "ann"),
]
