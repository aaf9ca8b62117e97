"""VINST's log in our words, row by row; and the independent count, by hand."""

import csv
import lzma
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from incidents.codes import DEFAULT_MATRIX
from incidents.replay import cells, vinst
from incidents.replay.step import Reason, Refused, Step, TeamName
from tests.incidents.replay import independent

ROOT = Path(settings.BASE_DIR)
INVENTED = Path(__file__).parent / "data" / "vinst.csv"
WHOLE = ROOT.parent / "shared/data/bpic2013_volvo/incidents.dev.csv.xz"
ROW = {
    "case_id": "9-100001",
    "event_no": "3",
    "timestamp": "2024-03-04T08:01:10+01:00",
    "status": "Accepted",
    "sub_status": "In Progress",
    "support_team": "M20 2nd",
    "owner": "Su  Lian",
    "function_division": "",
    "org_line": "Org line Z",
    "org_country": "se",
    "owner_country": "Sweden",
    "impact": "High",
    "product": "PROD9001",
}


def rows(path: Path) -> list[dict[str, str]]:
    opened: Any = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(row: dict[str, str], line: int = 2) -> Step:
    return vinst.read(
        row, line=line, zone=ZoneInfo("Europe/Stockholm"), first_line=frozenset()
    )


def step(**values: str) -> Step:
    return read(ROW | values)


def refusal(**values: str) -> tuple[Reason, str]:
    with pytest.raises(Refused) as refused:
        step(**values)
    return refused.value.reason, refused.value.detail


def test_the_header_of_the_log_is_the_list_of_columns() -> None:
    assert tuple(rows(INVENTED)[0]) == vinst.COLUMNS == tuple(ROW)


def test_a_row_is_read_into_the_words_of_this_desk() -> None:
    assert step() == Step(
        line=2,
        digest=cells.digest(ROW),
        number="9-100001",
        at=datetime(2024, 3, 4, 7, 1, 10, tzinfo=UTC),
        reported_at=datetime(2024, 3, 4, 7, 1, 10, tzinfo=UTC),
        state=vinst.STATES["Accepted/In Progress"],
        title="PROD9001",
        description="Imported without text: product “PROD9001”.",
        actor="Su Lian",
        team=TeamName("M20 2nd", 2),
        owner="Su Lian",
        service="PROD9001",
        impact=1,
        urgency=2,
        severity=2,
        counters={"event_no": 3},
        extras={
            "org_line": "Org line Z",
            "org_country": "se",
            "owner_country": "Sweden",
            "impact": "High",
        },
    )


@pytest.mark.parametrize("missing", ["", "?"])
def test_a_missing_value_is_unknown(missing: str) -> None:
    needed = {"case_id", "timestamp", "status", "sub_status"}
    read_ = step(**{name: missing for name in vinst.COLUMNS if name not in needed})
    assert {read_.actor, read_.owner, read_.reporter, read_.service} == {""}
    assert {read_.team, read_.impact, read_.urgency, read_.severity} == {None}
    assert (read_.counters, read_.extras) == ({}, {})
    assert read_.title == "Without product"
    assert read_.description == "Imported without text: no product."


@pytest.mark.parametrize(
    ("team", "tier"),
    [
        ("S42", 1),
        ("G230 2nd", 2),
        ("T30 3rd", 3),
        ("G230  2nd", 2),
        ("Grand", 1),
        ("2nd", 1),
        ("S42 4th", 1),
    ],
)
def test_the_suffix_of_a_team_is_its_tier(team: str, tier: int) -> None:
    assert step(support_team=team).team == TeamName(" ".join(team.split()), tier)


def test_a_team_whose_name_is_cut_keeps_its_tier() -> None:
    team = step(support_team="S" * 120 + " 3rd").team
    assert team is not None
    assert (len(team.name), team.tier) == (100, 3)


def test_one_word_stands_for_impact_urgency_and_severity() -> None:
    """And they agree with the matrix that this desk starts with."""
    words = {
        word: (one.impact, one.urgency, one.severity)
        for word in ("Major", "High", "Medium", "Low")
        if (one := step(impact=word)).extras["impact"] == word
    }
    assert words == {
        "Major": (1, 1, 1),
        "High": (1, 2, 2),
        "Medium": (2, 2, 3),
        "Low": (3, 3, 4),
    }
    for impact, urgency, severity in words.values():
        assert DEFAULT_MATRIX[impact or 0, urgency or 0] == severity


def test_who_only_sent_it_on_does_not_own_it() -> None:
    queued = step(status="Queued", sub_status="Awaiting Assignment")
    assert not queued.state.is_owned
    assert [code for code, one in vinst.STATES.items() if not one.is_owned] == [
        queued.state.code
    ]


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2024-10-27T02:30:00+02:00", datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
        ("2024-10-27T02:10:00+01:00", datetime(2024, 10, 27, 1, 10, tzinfo=UTC)),
        ("2024-03-10T01:30:00-0600", datetime(2024, 3, 10, 7, 30, tzinfo=UTC)),
        ("2024-03-10 01:30:00.25Z", datetime(2024, 3, 10, 1, 30, 0, 250000, UTC)),
        # Without an offset they are clocks in the zone.
        ("2024-10-27T02:30", datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
        ("2024-03-31T02:30:00", datetime(2024, 3, 31, 1, 30, tzinfo=UTC)),
    ],
)
def test_times_have_their_offset_or_are_those_of_the_zone(
    written: str, utc: datetime
) -> None:
    assert step(timestamp=written).at == utc
    assert step(timestamp=written).at.tzinfo is UTC


@pytest.mark.parametrize(
    ("values", "reason", "detail"),
    [
        ({"case_id": ""}, Reason.NUMBER, ""),
        ({"case_id": "9" * 41}, Reason.NUMBER, "9" * 41),
        ({"timestamp": ""}, Reason.TIME, ""),
        ({"timestamp": "2024-03-04"}, Reason.TIME, "2024-03-04"),
        ({"timestamp": "20240304T080000"}, Reason.TIME, "20240304T080000"),
        ({"timestamp": "2024-02-30T08:00"}, Reason.TIME, "2024-02-30T08:00"),
        ({"timestamp": "1989-12-31T23:59"}, Reason.TIME, "1989-12-31T23:59"),
        ({"timestamp": "9999-12-31T23:59Z"}, Reason.TIME, "9999-12-31T23:59Z"),
        ({"timestamp": "0001-01-01T00:00Z"}, Reason.TIME, "0001-01-01T00:00Z"),
        (
            {"timestamp": "2024-03-04T08:00+99:00"},
            Reason.TIME,
            "2024-03-04T08:00+99:00",
        ),
        ({"sub_status": "Wait - Moon"}, Reason.STATE, "Accepted/Wait - Moon"),
        ({"status": "", "sub_status": ""}, Reason.STATE, "/"),
        ({"impact": "Huge"}, Reason.VALUE, "impact: Huge"),
        ({"event_no": "one"}, Reason.VALUE, "event_no: one"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(
    values: dict[str, str], reason: Reason, detail: str
) -> None:
    assert refusal(**values) == (reason, detail)


def test_the_invented_log_has_every_state() -> None:
    assert {read(row).state.code for row in rows(INVENTED)} == set(vinst.STATES)


def test_the_independent_count_agrees_with_a_count_by_hand() -> None:
    counts = independent.count(INVENTED, "vinst")
    assert (counts.rows, counts.repeats, counts.incidents) == (60, 1, 10)
    assert (counts.out_of_order, counts.gaps, counts.doubled) == (1, 0, 0)
    # 9-100003 after closing; 9-100007 after cancelling and after a call.
    assert counts.reopenings == 3
    # Cases 2 to 10: 2, 2, 0, 1, 1, 0, 0, 0, 2.
    assert counts.reassignments == 8
    # 9-100003 went from tier 1 to 3 and back.
    assert counts.tier_jumps == 2
    assert counts.tier_moves == {
        (1, 2): 3,
        (2, 3): 1,
        (1, 3): 1,
        (3, 1): 1,
        (3, 2): 1,
        (2, 1): 1,
    }
    # Cases 1 to 10: 2, 15, 9, 3, 5, 5, 6, 3, 4, 2.
    assert counts.state_events.total() == 54
    assert counts.severities == {4: 4, 3: 2, 2: 2, 1: 1, None: 1}
    assert counts.statuses == {
        "closed": 6,
        "assigned": 2,
        "resolved": 1,
        "on_hold": 1,
    }


def test_a_row_without_a_state_is_no_state_event() -> None:
    """9-100004: in progress, unmatched, in progress, resolved, closed."""
    counts = independent.count(INVENTED, "vinst")
    assert not [event for event in counts.state_events if "Unmatched" in str(event)]


def test_the_independent_count_puts_rows_in_order_of_time() -> None:
    """9-100006 was taken from the queue before it was resolved, and stands after."""
    counts = independent.count(INVENTED, "vinst")
    assert counts.state_events["Completed/Resolved", "Accepted/In Progress"] == 0


@pytest.mark.parametrize("path", [INVENTED, WHOLE], ids=["invented", "whole"])
def test_every_row_of_the_log_is_read_as_the_independent_count_says(
    path: Path,
) -> None:
    if not path.exists():
        pytest.skip("the public log is not in ../shared/data")
    steps = [read(row, line) for line, row in enumerate(rows(path), start=2)]
    counts = independent.count(path, "vinst")
    assert len(steps) == counts.rows
    assert {one.state.code for one in steps} == set(vinst.STATES)
    last = {
        one.number: one.severity
        for one in sorted(steps, key=lambda one: (one.at, one.line))
        if one.severity
    }
    known = counts.severities - Counter({None: counts.severities[None]})
    assert Counter(last.values()) == known
