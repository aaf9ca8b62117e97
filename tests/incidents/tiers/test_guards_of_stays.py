"""Which team had an incident: attacks by SQL on stays, steps, packages and attention.

``tests/incidents/test_guards.py`` runs each twice.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Team, User
from activity.refusals import broken_rule
from incidents import services
from incidents.models import HandOver, Incident, KnownErrorCheck
from incidents.services.attention import raise_attention
from tests.database import sql, without
from tests.incidents import forgery, stories
from tests.incidents.attacks import Case, table
from tests.people import Cast

STAYS = "incidents_tierstay"
PACKAGES = "incidents_handover"
WORDS = dict.fromkeys(("symptom", "diagnosis", "tried", "wanted"), "0" * 64)


# ---- stories


def looked_up(cast: Cast) -> Incident:
    """With the desk, and checked for known errors."""
    incident = stories.triaged(cast)
    stories.checked(incident, by=cast.bo)
    return stories.again(incident)


def watched(cast: Cast) -> Incident:
    """From above, on level 1."""
    incident = stories.triaged(cast)
    with transaction.atomic():
        held: Incident = Incident.objects.lock(incident.pk)
        raise_attention(held, level=1, because="bounces", values={"bounces": 3})
    return stories.again(incident)


# ---- stays


def forget_a_stay(incident: Incident, cast: Cast) -> None:
    sql(f"DELETE FROM {STAYS} WHERE incident_id = %s", incident.pk)


def rewrite_a_former_stay(incident: Incident, cast: Cast) -> None:
    sql(f"UPDATE {STAYS} SET why = 'replay' WHERE left_seq IS NOT NULL")


def move_the_stay(incident: Incident, cast: Cast) -> None:
    """The incident would be with a team that does not have it."""
    other = second_desk()
    sql(f"UPDATE {STAYS} SET team_id = %s WHERE left_seq IS NULL", other.pk)


def move_the_incident(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, team_id=cast.network.pk)


def born_nowhere(incident: Incident, cast: Cast) -> None:
    forgery.born(incident, keeps=False)


def change_hands_without_a_stay(incident: Incident, cast: Cast) -> None:
    forgery.move(
        incident,
        "reopen",
        by=cast.bo,
        to="assigned",
        data={"team": incident.team_id},
        keeps=False,
    )


def stay_without_its_event(incident: Incident, cast: Cast) -> None:
    """Somebody only wrote a note."""
    other = second_desk()
    seq = forgery.event(incident, "note", by=cast.bo, keeps=False)
    forgery.edit(incident, version=seq, team_id=other.pk)
    pass_on(incident, other, "transfer", seq)


def stay_of_another_team_than_told(incident: Incident, cast: Cast) -> None:
    other = second_desk()
    forgery.move(
        incident,
        "transfer",
        by=cast.bo,
        to="assigned",
        data={"team": incident.team_id},
        keeps=False,
    )
    forgery.edit(incident, team_id=other.pk)
    pass_on(incident, other, "transfer", incident.version + 1)


def leave_too_late(incident: Incident, cast: Cast) -> None:
    """Who closed it had it for longer than they had."""
    forgery.close(incident, by=cast.cy, keeps=False)
    late = incident.stays.get(left_seq=None).entered_at + timedelta(days=9)
    leave(incident, incident.version + 1, late)


# ---- steps


def skip_a_tier(incident: Incident, cast: Cast) -> None:
    escalate(incident, cast.vendor, by=cast.bo)


def escalate_where_no_path_leads(incident: Incident, cast: Cast) -> None:
    escalate(incident, Team.objects.create(name="Storage", tier=2), by=cast.bo)


def escalate_unchecked(incident: Incident, cast: Cast) -> None:
    escalate(incident, cast.network, by=cast.bo)


def escalate_down(incident: Incident, cast: Cast) -> None:
    escalate(incident, cast.desk, by=cast.ned)


def begin_above_the_desk(incident: Incident, cast: Cast) -> None:
    """Where nobody would have looked whether it is a known error."""
    incident.team = cast.vendor
    forgery.born(incident)


def transfer_up(incident: Incident, cast: Cast) -> None:
    pass_by_event(incident, cast.network, "transfer", by=cast.bo)


def transfer_to_oneself(incident: Incident, cast: Cast) -> None:
    pass_by_event(incident, cast.desk, "transfer", by=cast.bo)


def triage_up(incident: Incident, cast: Cast) -> None:
    pass_by_event(incident, cast.network, "triage", by=cast.bo)


def hand_back_to_a_stranger(incident: Incident, cast: Cast) -> None:
    pass_by_event(incident, second_desk(), "hand_back", by=cast.ned)


def hand_back_upwards(incident: Incident, cast: Cast) -> None:
    pass_by_event(incident, cast.vendor, "hand_back", by=cast.ned)


# ---- packages


def escalate_without_a_word(incident: Incident, cast: Cast) -> None:
    escalate(incident, cast.network, by=cast.bo, words={})


def escalate_with_half_of_it(incident: Incident, cast: Cast) -> None:
    escalate(incident, cast.network, by=cast.bo, words={"symptom": "0" * 64})


def escalate_without_a_row(incident: Incident, cast: Cast) -> None:
    escalate(incident, cast.network, by=cast.bo, keeps_package=False)


def package_without_event(incident: Incident, cast: Cast) -> None:
    stay = incident.stays.get(left_seq=None)
    HandOver.objects.create(
        incident=incident, stay=stay, seq=900, by=cast.bo, at=incident.reported_at
    )


def edit_a_package(incident: Incident, cast: Cast) -> None:
    sql(f"UPDATE {PACKAGES} SET by_id = %s", cast.cy.pk)


def delete_a_package(incident: Incident, cast: Cast) -> None:
    sql(f"DELETE FROM {PACKAGES}")


# ---- attention


def look_at_it_silently(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, attention=2)


def look_away_silently(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, attention=0)


def born_under_eyes(incident: Incident, cast: Cast) -> None:
    forgery.born(incident, attention=3)


def say_that_somebody_looks(incident: Incident, cast: Cast) -> None:
    seq = forgery.event(incident, "raise_attention", by=cast.bo, data={"level": 4})
    forgery.edit(incident, version=seq)


def raise_what_is_that_high(incident: Incident, cast: Cast) -> None:
    seq = forgery.event(incident, "raise_attention", by=cast.bo, data={"level": 1})
    forgery.edit(incident, version=seq)


def lower_by_a_step(incident: Incident, cast: Cast) -> None:
    seq = forgery.event(incident, "lower_attention", by=cast.bo, data={"level": 1})
    forgery.edit(incident, version=seq)


# ---- how a forger does it


def second_desk() -> Team:
    found, _made = Team.objects.get_or_create(
        name="North desk", defaults={"tier": 1, "is_service_desk": True}
    )
    return found


def leave(incident: Incident, seq: int, at: Any) -> None:
    sql(
        f"UPDATE {STAYS} SET left_seq = %s, left_at = %s"
        " WHERE incident_id = %s AND left_seq IS NULL",
        *(seq, at, incident.pk),
    )


def pass_on(incident: Incident, team: Team, why: str, seq: int) -> None:
    """The stays, as if this event had changed hands; its clock went back a little."""
    at = incident.stays.get(left_seq=None).entered_at
    leave(incident, seq, at)
    forgery.insert(
        STAYS,
        incident_id=incident.pk,
        team_id=team.pk,
        tier=team.tier,
        why=why,
        entered_seq=seq,
        entered_at=at,
        after_seq=seq,
        after_at=at,
    )


def pass_by_event(incident: Incident, team: Team, kind: str, *, by: User) -> None:
    forgery.move(
        incident,
        kind,
        by=by,
        to="assigned",
        data={"team": team.pk},
        team_id=team.pk,
        owner_id=None,
    )


def escalate(
    incident: Incident,
    team: Team,
    *,
    by: User,
    words: dict[str, str] = WORDS,
    keeps_package: bool = True,
) -> None:
    """With a check where there is one, and with a package."""
    checked = KnownErrorCheck.objects.filter(incident=incident).last()
    forgery.move(
        incident,
        "escalate",
        by=by,
        to="assigned",
        data={
            "team": team.pk,
            "check": checked.seq if checked else None,
            "notes": words,
        },
        team_id=team.pk,
        owner_id=None,
    )
    if not keeps_package:
        return
    forgery.insert(
        PACKAGES,
        incident_id=incident.pk,
        stay_id=incident.stays.get(left_seq=None).pk,
        seq=incident.version + 1,
        by_id=by.pk,
        at=forgery.NOW,
        check_made_id=checked.pk if checked else None,
    )


BEGUN = table(STAYS, "tier_stay_begun")
LEFT = table(STAYS, "tier_stay_left")
STEP = table(STAYS, "tier_stay_step")
WHOLE = (
    f"{PACKAGES}.hand_over_is_whole",
    "activity_event.escalation_has_hand_over",
)
ROW = "incidents_incident"
AGREES = "tier_stay_agrees"
HAS_EVENT = "tier_stay_has_event"
IS_WHOLE = "hand_over_is_whole"
BY_EVENT = "incident_attention_by_event"
UPDATED = table(ROW, "incident_attention_on_update")
CASES = [
    Case(
        forget_a_stay,
        stories.triaged,
        "tier_stay_kept",
        table(STAYS, "tier_stay_never_deleted"),
    ),
    Case(
        rewrite_a_former_stay,
        stories.escalated,
        "tier_stay_kept",
        (*table(STAYS, "tier_stay_fixed"), *LEFT),
    ),
    Case(
        move_the_stay,
        stories.triaged,
        "tier_stay_kept",
        table(STAYS, "tier_stay_fixed", "tier_stay_agrees"),
    ),
    Case(
        move_the_incident,
        stories.triaged,
        AGREES,
        table(ROW, "incident_stay_agrees_on_update"),
    ),
    Case(
        born_nowhere,
        stories.reported,
        AGREES,
        (
            *table(ROW, "incident_stay_agrees_on_insert"),
            "activity_event.event_has_stay",
        ),
    ),
    Case(
        change_hands_without_a_stay,
        stories.triaged,
        HAS_EVENT,
        ("activity_event.event_has_stay",),
    ),
    Case(stay_without_its_event, stories.triaged, HAS_EVENT, BEGUN),
    Case(stay_of_another_team_than_told, stories.triaged, HAS_EVENT, BEGUN),
    Case(leave_too_late, stories.confirmed, HAS_EVENT, LEFT),
    Case(skip_a_tier, looked_up, "tier_stay_step", STEP),
    Case(escalate_down, stories.escalated, "tier_stay_step", STEP),
    Case(begin_above_the_desk, stories.reported, "tier_stay_step", STEP),
    Case(transfer_up, stories.triaged, "tier_stay_step", STEP),
    Case(transfer_to_oneself, stories.triaged, "tier_stay_step", STEP),
    Case(triage_up, stories.reported, "tier_stay_step", STEP),
    Case(escalate_where_no_path_leads, looked_up, "escalation_follows_path", STEP),
    Case(escalate_unchecked, stories.triaged, "escalation_is_checked", STEP),
    Case(escalate_unchecked, stories.handed_back, "escalation_is_checked", STEP),
    Case(
        hand_back_to_a_stranger,
        stories.escalated,
        "hand_back_to_sender",
        STEP,
    ),
    Case(hand_back_upwards, stories.escalated, "hand_back_to_sender", STEP),
    Case(escalate_without_a_word, looked_up, IS_WHOLE, WHOLE),
    Case(escalate_with_half_of_it, looked_up, IS_WHOLE, WHOLE),
    Case(escalate_without_a_row, looked_up, IS_WHOLE, WHOLE),
    Case(package_without_event, stories.triaged, IS_WHOLE, WHOLE),
    Case(
        edit_a_package,
        stories.escalated,
        "hand_over_kept",
        table(PACKAGES, "hand_over_append_only"),
    ),
    Case(
        delete_a_package,
        stories.escalated,
        "hand_over_kept",
        table(PACKAGES, "hand_over_append_only"),
    ),
    Case(look_at_it_silently, stories.triaged, BY_EVENT, UPDATED),
    Case(look_away_silently, watched, BY_EVENT, UPDATED),
    Case(
        born_under_eyes,
        stories.reported,
        BY_EVENT,
        table(ROW, "incident_attention_on_insert"),
    ),
    Case(
        say_that_somebody_looks,
        stories.triaged,
        BY_EVENT,
        ("activity_event.incident_attention_on_event",),
    ),
    Case(
        raise_what_is_that_high,
        watched,
        "attention_rises",
        ("activity_event.attention_rises",),
    ),
    Case(
        lower_by_a_step,
        watched,
        "attention_rises",
        ("activity_event.attention_rises",),
    ),
]
TRUNCATED = {
    f"{STAYS}.tier_stay_no_truncate": "tier_stay_kept",
    f"{PACKAGES}.hand_over_no_truncate": "hand_over_kept",
}
ids = [case.name for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_is_refused_by_name(cast: Cast, case: Case) -> None:
    incident = case.story(cast)
    connection.check_constraints()
    sql("SET CONSTRAINTS ALL DEFERRED")
    with pytest.raises(IntegrityError) as caught:
        case.attempt(incident, cast)
    assert broken_rule(caught.value) == case.rule


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_would_pass_without_that_guard(cast: Cast, case: Case) -> None:
    case.passes_without_its_guards(cast)


def closed_again_in_between(incident: Incident, cast: Cast) -> None:
    """Open for a while without anybody having it."""
    open_again: dict[str, Any] = {
        "by": cast.bo,
        "to": "assigned",
        "data": {"team": incident.team_id},
    }
    forgery.event(incident, "reopen", **open_again, keeps=False)
    forgery.event(incident, "cancel", by=cast.bo, to="cancelled", keeps=False)
    forgery.event(incident, "reopen", **open_again)
    sql(
        "UPDATE incidents_incident SET status = 'assigned', version = version + 3,"
        " closed_at = NULL, closed_by_id = NULL, closure_basis = '',"
        " resolution_id = NULL, resolved_at = NULL, confirmed_at = NULL"
        " WHERE id = %s",
        incident.pk,
    )


def test_a_gap_is_only_what_was_really_over(cast: Cast) -> None:
    incident = stories.closed(cast)
    without("activity_event.event_has_stay", f"{ROW}.incident_closed_fixed")
    case = Case(closed_again_in_between, stories.closed, "", ())
    with pytest.raises(IntegrityError) as caught:
        case.attempt(incident, cast)
    assert broken_rule(caught.value) == "tier_stay_no_gap"


def test_a_major_incident_skips_a_tier(cast: Cast) -> None:
    """The very same that is refused above."""
    incident = looked_up(cast)
    services.declare_major(
        incident.pk, by=cast.lea, expected_version=None, reason="Nobody can print."
    )
    skip_a_tier(stories.again(incident), cast)
    connection.check_constraints()
