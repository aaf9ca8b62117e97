"""A night at the desk: Bo went home in the evening, and this is what he comes to."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from accounts.models import Membership, Team
from activity import clock
from catalogue.models import Location, Workplace
from incidents import services
from incidents.codes import Because, HoldReason
from incidents.models import Incident
from incidents.services.attention import raise_attention
from tests.incidents import stories
from tests.incidents.shifts.words import written
from tests.people import Cast, make_user

# Bo's last act; the others went on.
LEFT: Final = timedelta(hours=14)
NIGHT: Final = timedelta(hours=6)


def night(cast: Cast) -> dict[str, Incident]:
    """One ticket for every section of the hand-over, by its code."""
    now = clock.now()
    with clock.frozen_at(now - LEFT):
        evening = _evening(cast)
    with clock.frozen_at(now - NIGHT):
        found = _in_the_night(cast, evening)
    with clock.frozen_at(now - timedelta(minutes=100)):
        found["risk"] = stories.reported(cast, title="Projector in room 4 is dark")
        Incident.objects.filter(pk=found["risk"].pk).update(
            due_at=now + timedelta(minutes=40)
        )
    return {code: stories.again(one) for code, one in found.items()}


def _evening(cast: Cast) -> dict[str, Incident]:
    return {
        "major": stories.in_progress(cast, title="Nobody can log in to the records"),
        "back": stories.resolved(cast, title="Label printer prints blank labels"),
        "answered": stories.in_progress(cast, title="Scanner folder is full"),
        "mine": stories.in_progress(cast, title="Headset is silent"),
        "attention": stories.in_progress(cast, title="Pager of the night doctor"),
        "close": stories.resolved(cast, title="Second monitor stays dark"),
        "waits": stories.in_progress(cast, title="New badge reader", owner=cast.cy),
    }


def _in_the_night(cast: Cast, found: dict[str, Incident]) -> dict[str, Incident]:
    services.declare_major(
        found["major"].pk, by=cast.lea, expected_version=None, reason="Three wards."
    )
    services.reject_resolution(
        found["back"].pk, by=cast.ann, complaint="canarycomplaint"
    )
    services.answer_desk(found["answered"].pk, by=cast.ann, message="canaryanswer")
    services.retitle_incident(
        found["mine"].pk, by=cast.cy, expected_version=None, title="Headset stays mute"
    )
    stories.confirmed(cast, of=found["close"])
    _raise_attention(found["attention"], cast)
    found["holds"] = stories.on_hold(
        cast,
        of=found.pop("waits"),
        reason=HoldReason.AWAITING_SUPPLIER,
        until=clock.now() + NIGHT + timedelta(hours=3),
    )
    found["missed"] = stories.reported(
        cast, title="Heart monitors are silent", impact=1, urgency=1
    )
    found["unowned"] = stories.reported(cast, title="Fax of ward 2 jams")
    jumps = stories.triaged(cast, title="Mouse jumps", by=cast.cy)
    found["solved"] = stories.resolved(
        cast, of=stories.in_progress(cast, of=jumps, owner=cast.cy)
    )
    found["came"] = _from_another_desk(cast)
    written(cast, by=cast.cy)
    return found


@transaction.atomic
def _raise_attention(incident: Incident, cast: Cast) -> None:
    locked = Incident.objects.lock(incident.pk)
    raise_attention(locked, level=1, because=Because.BOUNCES, by=cast.lea)


def _from_another_desk(cast: Cast) -> Incident:
    second = Team.objects.create(name="Second desk", tier=1, is_service_desk=True)
    dot = make_user("Dot Dahl")
    Membership.objects.create(user=dot, team=second)
    annex = Location.objects.create(name="Annex", desk=second)
    rae = make_user("Rae Rask")
    Workplace.objects.create(user=rae, location=annex)
    incident = stories.reported(cast, by=rae, title="Door of the pharmacy")
    stories.triaged(cast, of=incident, by=dot, team=second)
    services.transfer_incident(
        incident.pk,
        by=dot,
        expected_version=None,
        team=cast.desk,
        reason="canarytransfer",
    )
    return stories.again(incident)
