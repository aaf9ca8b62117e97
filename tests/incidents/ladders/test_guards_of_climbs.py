"""What PostgreSQL refuses about ladders by any path, and which guard it is.

Every attack runs twice: as it is, where it must be refused with the rule's name, and
with that guard taken away, where it must go through.
"""

from typing import Any, Final

import pytest
from django.db import IntegrityError, connection, transaction

from activity import clock
from activity.models import Event
from activity.refusals import broken_rule, explain
from incidents import services
from incidents.events import Kind
from incidents.models import Incident
from tests.database import sql
from tests.incidents import forgery, stories
from tests.incidents.attacks import Case, table
from tests.incidents.ladders.climbs import answered, ladder, minutes, staff, swept
from tests.people import Cast

EVENTS: Final = "activity_event"


def waiting(cast: Cast) -> Incident:
    """A ladder stands, nobody was told."""
    ladder()
    staff(cast)
    return answered(cast)


def told_two(cast: Cast) -> Incident:
    incident = waiting(cast)
    swept(180)
    swept(240.1)
    return stories.again(incident)


def answered_call(cast: Cast) -> Incident:
    incident = told_two(cast)
    services.acknowledge_attention(incident.pk, by=cast.lea)
    return stories.again(incident)


def come_back(cast: Cast) -> Incident:
    """Nobody answered in the first climb; in the second, somebody was told."""
    incident = told_two(cast)
    with clock.frozen_at(minutes(241)):
        stories.resolved(cast, of=incident)
    with clock.frozen_at(minutes(242)):
        services.reject_resolution(
            incident.pk,
            by=cast.ann,
            expected_version=None,
            complaint="It still fails.",
            channel="portal",
        )
    swept(242.1)
    return stories.again(incident)


def solved(cast: Cast) -> Incident:
    return stories.resolved(cast, of=waiting(cast))


def _climb(incident: Incident) -> int:
    """The first that was begun."""
    rungs = Event.objects.about(incident).filter(kind=Kind.RUNG)
    return rungs.first().data["climb"] if rungs else 1  # type: ignore[union-attr]


def _forge(incident: Incident, cast: Cast, kind: str, **data: Any) -> None:
    said = {
        "climb": _climb(incident),
        "rung": 6,
        "trigger": "unacknowledged",
        "recipients": [],
        "answer_by": minutes(300).isoformat(),
        **data,
    }
    seq = forgery.event(incident, kind, by=cast.bo, data=said)
    forgery.edit(incident, version=seq)


def tell_a_lower_rung(incident: Incident, cast: Cast) -> None:
    _forge(incident, cast, "rung", rung=4)


def tell_after_the_answer(incident: Incident, cast: Cast) -> None:
    _forge(incident, cast, "rung")


def tell_in_an_earlier_climb(incident: Incident, cast: Cast) -> None:
    _forge(incident, cast, "rung")


def tell_in_no_climb(incident: Incident, cast: Cast) -> None:
    _forge(incident, cast, "rung", climb=9_999)


def tell_in_what_began_no_climb(incident: Incident, cast: Cast) -> None:
    took = Event.objects.about(incident).get(kind=Kind.TAKE)
    _forge(incident, cast, "rung", climb=took.seq)


def tell_what_nobody_said(incident: Incident, cast: Cast) -> None:
    """A word may be told below what was told before, if it was said."""
    _forge(incident, cast, "rung", rung=2, trigger="by_hand")


def tell_no_place(incident: Incident, cast: Cast) -> None:
    _forge(incident, cast, "rung", rung=None)


def tell_without_a_reason(incident: Incident, cast: Cast) -> None:
    _forge(incident, cast, "rung", trigger=None)


def tell_until_no_moment(incident: Incident, cast: Cast) -> None:
    _forge(incident, cast, "rung", answer_by=None)


def tell_nobody_knows_whom(incident: Incident, cast: Cast) -> None:
    _forge(incident, cast, "rung", recipients=None)


def tell_of_what_is_solved(incident: Incident, cast: Cast) -> None:
    _forge(incident, cast, "rung")


def answer_to_nobody(incident: Incident, cast: Cast) -> None:
    _forge(incident, cast, "acknowledge_attention")


RUNG: Final = table(EVENTS, "rung_in_its_climb")
CASES: Final = [
    *(
        Case(attack, story, "rung_in_its_climb", RUNG)
        for attack, story in (
            (tell_a_lower_rung, told_two),
            (tell_after_the_answer, answered_call),
            (tell_in_an_earlier_climb, come_back),
            (tell_in_no_climb, waiting),
            (tell_in_what_began_no_climb, waiting),
            (tell_what_nobody_said, told_two),
            (tell_no_place, told_two),
            (tell_without_a_reason, told_two),
            (tell_until_no_moment, told_two),
            (tell_nobody_knows_whom, told_two),
            (tell_of_what_is_solved, solved),
        )
    ),
    Case(
        answer_to_nobody,
        waiting,
        "acknowledgement_of_told",
        table(EVENTS, "acknowledgement_of_told"),
    ),
]
ids = [case.name for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_is_refused_by_name(cast: Cast, case: Case) -> None:
    case.is_refused_by_name(cast)


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_would_pass_without_that_guard(cast: Cast, case: Case) -> None:
    case.passes_without_its_guards(cast)


def tell_once_more(incident: Incident, cast: Cast) -> None:
    _forge(incident, cast, "rung", rung=5)


def answer_once_more(incident: Incident, cast: Cast) -> None:
    _forge(incident, cast, "acknowledge_attention")


def urge_once_more(incident: Incident, cast: Cast) -> None:
    _forge(incident, cast, "urge", stay=_stay(incident))


def urged(cast: Cast) -> Incident:
    incident = waiting(cast)
    services.urge(incident.pk, by=cast.ann, reason="Pay day.")
    return stories.again(incident)


def _stay(incident: Incident) -> int:
    return incident.stays.get(left_seq=None).entered_seq


TWICE: Final = [
    (tell_once_more, told_two, "incident_rung_once", "rung_in_its_climb"),
    (answer_once_more, answered_call, "incident_acknowledged_once", ""),
    (urge_once_more, urged, "incident_urged_once", ""),
]


@pytest.mark.parametrize(("attack", "story", "index", "trigger"), TWICE)
def test_nothing_of_it_happens_twice(
    cast: Cast, attack: Any, story: Any, index: str, trigger: str
) -> None:
    """Where a trigger sees it first, the index alone does as well."""
    incident = story(cast)
    connection.check_constraints()
    if trigger:
        sql(f"ALTER TABLE activity_event DISABLE TRIGGER {trigger}")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        attack(incident, cast)
    assert broken_rule(caught.value) == index
    assert explain(caught.value)
    sql(f"DROP INDEX {index}")
    attack(incident, cast)
