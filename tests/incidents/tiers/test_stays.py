"""The fold itself, and the rows that a migration fills in."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from django.apps import apps

from activity.models import Event
from incidents.models import TierStay
from incidents.tiers.keeping import differences
from incidents.tiers.stays import Stay, stays_of
from tests.database import sql, without
from tests.incidents import stories
from tests.incidents.replay import imported
from tests.people import Cast

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
DESK, NORTH, NETWORK = 1, 2, 3
TIERS = {DESK: 1, NORTH: 1, NETWORK: 2}
MOVES = {"resolve": "resolved", "close": "closed", "cancel": "cancelled"}


def told(*events: tuple[str, dict[str, Any]]) -> list[Event]:
    """One a minute; only what ends it needs its state."""
    return [
        Event(
            seq=seq,
            kind=f"incident.{kind}",
            at=NINE + timedelta(minutes=seq),
            data=data,
            to_status=data.get("status") or MOVES.get(kind),
        )
        for seq, (kind, data) in enumerate(events, start=1)
    ]


def short(stays: list[Stay]) -> list[tuple[int, str, int, int | None]]:
    return [(stay.team_id, stay.why, stay.entered_seq, stay.left_seq) for stay in stays]


def test_what_is_solved_goes_home_and_what_has_ended_is_with_nobody() -> None:
    events = told(
        ("report", {"team": DESK}),
        ("triage", {"team": DESK}),
        ("take", {"owner": 7}),
        ("escalate", {"from": DESK, "team": NETWORK}),
        ("resolve", {"team": NETWORK, "desk": DESK}),
        ("close", {}),
        ("reopen", {"team": NETWORK}),
    )
    assert short(stays_of(events, TIERS)) == [
        (DESK, "report", 1, 4),
        (NETWORK, "escalate", 4, 5),
        (DESK, "resolve", 5, 6),
        (NETWORK, "reopen", 7, None),
    ]
    assert stays_of(events, TIERS)[-1].after_seq == 6


def test_events_of_earlier_versions_did_not_say_who_gets_it() -> None:
    events = told(
        ("report", {"team": DESK}),
        ("triage", {"team": NORTH}),
        ("transfer", {"from": NORTH, "team": DESK}),
        ("resolve", {"team": DESK}),
        ("reject", {}),
        ("cancel", {}),
        ("reopen", {"from": "cancelled"}),
    )
    assert [team for team, *_rest in short(stays_of(events, TIERS))] == [
        *(DESK, NORTH, DESK, DESK, DESK, DESK)
    ]


def test_rows_of_another_system_pass_it_on_end_it_and_bring_it_back() -> None:
    events = told(
        ("report", {"team": DESK}),
        ("replay", {"team": NETWORK, "status": "in_progress"}),
        ("replay", {}),
        ("replay", {"status": "resolved"}),
        ("replay", {"team": NORTH, "status": "closed"}),
        ("replay", {"team": NETWORK}),
        ("replay", {"status": "assigned"}),
    )
    assert short(stays_of(events, TIERS)) == [
        (DESK, "report", 1, 2),
        (NETWORK, "replay", 2, 5),
        (NETWORK, "replay", 7, None),
    ]


def test_several_moves_at_one_instant_are_stays_without_length() -> None:
    events = told(
        ("report", {"team": DESK}),
        ("triage", {"team": NORTH}),
        ("escalate", {"team": NETWORK}),
    )
    for event in events:
        event.at = NINE
    first, second, third = stays_of(events, TIERS)
    assert first.left_at == second.entered_at == second.left_at == third.entered_at


def test_a_migration_fills_in_what_is_here_already(cast: Cast) -> None:
    stories.everything(cast)
    stories.handed_back(cast)
    imported.closed(cast)
    before = kept()
    without(
        "incidents_tierstay.tier_stay_never_deleted",
        "incidents_handover.hand_over_append_only",
    )
    sql("DELETE FROM incidents_handover")
    sql("DELETE FROM incidents_tierstay")
    import_module("incidents.migrations.0022_stays_filled").fill(apps, None)
    assert kept() == before
    assert list(differences()) == []


def kept() -> list[Any]:
    names = ("incident", "team", "why", "entered_seq", "left_seq", "left_at")
    return list(TierStay.objects.order_by("incident_id", "entered_seq").values(*names))
