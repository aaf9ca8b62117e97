"""ServiceNow's log in our words: row by row, and as the documentation says."""

import ast
import csv
import lzma
import re
from collections import Counter
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from incidents.codes import HoldReason, Source, Status
from incidents.replay import cells, servicenow, vinst
from incidents.replay.step import Reason, Refused, State, Step, TeamName
from tests.incidents.replay import independent

ROOT = Path(settings.BASE_DIR)
EXTRACT = Path(__file__).parent / "data" / "servicenow.csv"
WHOLE = ROOT.parent / "shared/data/uci_incidents/incident_event_log.dev.csv.xz"
PAGE = (ROOT / "docs" / "import.md").read_text()
BERLIN = ZoneInfo("Europe/Berlin")
ROW = dict.fromkeys(servicenow.COLUMNS, "?") | {
    "number": "INC0000047",
    "incident_state": "Active",
    "active": "true",
    "opened_at": "29/2/2016 04:40",
    "sys_updated_at": "1/3/2016 13:05",
}


def rows() -> list[dict[str, str]]:
    with EXTRACT.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(row: dict[str, str], **kwargs: Any) -> Step:
    options: dict[str, Any] = {
        "line": 2,
        "zone": BERLIN,
        "first_line": frozenset(),
    } | kwargs
    return servicenow.read(row, **options)


def step(**values: str) -> Step:
    return read(ROW | values)


def refusal(**values: str) -> tuple[Reason, str]:
    with pytest.raises(Refused) as refused:
        step(**values)
    return refused.value.reason, refused.value.detail


def documented(heading: str) -> list[list[str]]:
    """The rows of the table under this heading, without its two first lines."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    table = re.findall(r"^\| (.+) \|$", section, re.MULTILINE)
    return [line.split(" | ") for line in table[2:]]


def in_words(state: State) -> list[str]:
    status = state.status.replace("_", " ") if state.status else "stays as it was"
    besides = "a resolution too" if state.solves else "-"
    if not state.is_owned:
        besides = "no owner"
    return [f"`{state.code}`", status, state.hold_reason or "-", besides]


@pytest.mark.parametrize(
    ("heading", "states"),
    [
        ("ServiceNow: states", servicenow.STATES),
        ("VINST: states", vinst.STATES),
    ],
)
def test_the_documentation_has_the_table_of_states(
    heading: str, states: dict[str, State]
) -> None:
    assert documented(heading) == [in_words(state) for state in states.values()]


@pytest.mark.parametrize(
    ("heading", "log"),
    [("ServiceNow: fields", servicenow), ("VINST: fields", vinst)],
)
def test_the_documentation_says_of_every_column_what_it_becomes(
    heading: str, log: Any
) -> None:
    said = {name.strip("`"): becomes for name, becomes in documented(heading)}
    assert tuple(said) == log.COLUMNS
    kept = {name for name, becomes in said.items() if "kept with the rest" in becomes}
    assert kept - {"active", "subcategory"} == set(log.EXTRAS)
    counted = {name for name, becomes in said.items() if "a counter" in becomes}
    assert counted == set(log.COUNTERS)


def test_the_documentation_lists_every_reason_for_refusal() -> None:
    assert documented("Why a row is not taken") == [
        [f"`{reason.value}`", str(reason.label)] for reason in Reason
    ]


@pytest.mark.parametrize("log", [servicenow, vinst])
def test_every_column_has_exactly_one_place(log: Any) -> None:
    """But the impact of VINST, whose word is kept beside its numbers."""
    places = [*log.MAPPED, *log.COUNTERS, *log.EXTRAS]
    if log is servicenow:
        places.append(servicenow.ACTIVE)
    twice = {name for name, times in Counter(places).items() if times > 1}
    assert twice == ({"impact"} if log is vinst else set())
    assert set(places) == set(log.COLUMNS)
    names = {field.name for field in fields(Step)}
    assert set(log.MAPPED.values()) <= names


@pytest.mark.parametrize("log", [servicenow, vinst])
def test_states_lead_to_what_this_desk_knows(log: Any) -> None:
    for state in log.STATES.values():
        assert state.status is None or state.status in Status.values
        on_hold = state.status == Status.ON_HOLD
        assert (state.hold_reason in HoldReason.values) == on_hold
    assert set(servicenow.SOURCES.values()) <= set(Source.values)


def test_the_header_of_the_log_is_the_list_of_columns() -> None:
    assert tuple(rows()[0]) == servicenow.COLUMNS
    assert len(servicenow.COLUMNS) == 36


def test_a_row_is_read_into_the_words_of_this_desk() -> None:
    first = read(rows()[0], first_line=frozenset({"Group 70"}), line=2)
    assert first == Step(
        line=2,
        digest=cells.digest(rows()[0]),
        number="INC0000047",
        at=datetime(2016, 2, 29, 3, 57, tzinfo=UTC),
        reported_at=datetime(2016, 2, 29, 3, 40, tzinfo=UTC),
        state=servicenow.STATES["New"],
        title="Category 40 – Symptom 471",
        description="Imported without text: category “Category 40”, subcategory"
        " “Subcategory 215”, symptom “Symptom 471”.",
        actor="Updated by 746",
        reporter="Caller 2403",
        logged_by="Opened by 397",
        team=TeamName("Group 70", 1),
        owner="Resolver 89",
        category=("Category 40", "Subcategory 215"),
        location="Location 165",
        impact=2,
        urgency=2,
        severity=3,
        source="phone",
        counters={"reassignment_count": 0, "reopen_count": 0, "sys_mod_count": 0},
        extras={
            "sys_created_by": "Created by 171",
            "sys_created_at": "29/2/2016 04:57",
            "closed_code": "code 5",
            "made_sla": "true",
            "knowledge": "true",
            "u_priority_confirmation": "false",
            "notify": "Do Not Notify",
            "resolved_by": "Resolved by 81",
            "resolved_at": "1/3/2016 09:52",
            "closed_at": "6/3/2016 10:00",
        },
    )


@pytest.mark.parametrize("missing", ["?", "", "  ", " ? "])
def test_a_missing_value_is_unknown(missing: str) -> None:
    needed = {"number", "incident_state", "opened_at", "sys_updated_at"}
    empty = {column: missing for column in servicenow.COLUMNS if column not in needed}
    read_ = step(**empty)
    unknown = (read_.actor, read_.reporter, read_.logged_by, read_.owner)
    assert {*unknown, read_.location, read_.source, read_.solution} == {""}
    assert {read_.team, read_.impact, read_.urgency, read_.severity} == {None}
    assert (read_.category, read_.counters, read_.extras) == ((), {}, {})
    assert read_.title == "Without category"
    assert read_.description == "Imported without text: no category."


def test_each_way_of_contact_has_its_source() -> None:
    ways = ("Phone", "IVR", "Self service", "Email", "Direct opening", "?")
    assert [step(contact_type=way).source for way in ways] == [
        *("phone", "phone", "portal", "email", "import", "")
    ]


def test_the_number_that_a_weight_begins_with_is_its_number_here() -> None:
    """The severity is that of the source, even against the matrix."""
    high = step(impact="1 - High", urgency="1 - High", priority="4 - Low")
    assert (high.impact, high.urgency, high.severity) == (1, 1, 4)
    for table in (servicenow.IMPACTS, servicenow.URGENCIES, servicenow.SEVERITIES):
        assert all(int(word[0]) == number for word, number in table.items())


def test_groups_are_tier_two_but_those_of_the_first_line() -> None:
    first = frozenset({"Group 70"})
    row = ROW | {"assignment_group": "Group  70"}
    assert read(row, first_line=first).team == TeamName("Group 70", 1)
    assert read(row).team == TeamName("Group 70", 2)


def test_who_created_it_and_when_stand_in_for_who_opened_it() -> None:
    made = {"sys_created_by": "Created by 3", "sys_created_at": "1/3/2016 00:00"}
    alone = step(**made, opened_at="?")
    assert alone.logged_by == "Created by 3"
    assert alone.reported_at == datetime(2016, 2, 29, 23, tzinfo=UTC)
    both = step(**made, opened_by="Opened by  17")
    assert both.logged_by == "Opened by 17"
    assert both.reported_at == datetime(2016, 2, 29, 3, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("topic", "title", "path"),
    [
        (("Mail", "Lost", "Slow"), "Mail – Slow", ("Mail", "Lost")),
        (("Mail", "Lost", "?"), "Mail – Lost", ("Mail", "Lost")),
        (("Mail", "?", "?"), "Mail", ("Mail",)),
        (("?", "Lost", "Slow"), "Without category – Slow", ()),
        (("?", "Lost", "?"), "Without category – Lost", ()),
    ],
)
def test_the_subject_is_made_from_category_and_symptom(
    topic: tuple[str, str, str], title: str, path: tuple[str, ...]
) -> None:
    names = ("category", "subcategory", "u_symptom")
    read_ = step(**dict(zip(names, topic, strict=True)))
    assert (read_.title, read_.category) == (title, path)
    lost = {} if path or topic[1] == "?" else {"subcategory": "Lost"}
    assert read_.extras == lost


def test_a_long_subject_has_at_most_150_characters() -> None:
    title = step(category="C" * 90, u_symptom="S" * 90).title
    assert len(title) == 150
    assert title.endswith("S…")


def test_the_solution_is_known_when_the_state_says_so() -> None:
    """The column has the last value on every row: it says nothing before the end."""
    known = {
        code
        for code in servicenow.STATES
        if step(incident_state=code, closed_code="code 6").solution
    }
    assert known == {"Resolved", "Closed"}


def test_active_is_kept_only_where_it_contradicts_the_state() -> None:
    for code in servicenow.STATES:
        fits, odd = ("false", "true") if code == "Closed" else ("true", "false")
        assert "active" not in step(incident_state=code, active=fits).extras
        assert step(incident_state=code, active=odd).extras == {"active": odd}


@pytest.mark.parametrize(
    ("values", "reason", "detail"),
    [
        ({"number": "?"}, Reason.NUMBER, ""),
        ({"number": "I" * 41}, Reason.NUMBER, "I" * 41),
        ({"incident_state": "Parked"}, Reason.STATE, "Parked"),
        ({"incident_state": "?"}, Reason.STATE, ""),
        ({"sys_updated_at": "?"}, Reason.TIME, ""),
        ({"opened_at": "?"}, Reason.TIME, ""),
        ({"opened_at": "soon"}, Reason.TIME, "soon"),
        ({"impact": "4 - None"}, Reason.VALUE, "impact: 4 - None"),
        ({"urgency": "high"}, Reason.VALUE, "urgency: high"),
        ({"priority": "2 - Medium"}, Reason.VALUE, "priority: 2 - Medium"),
        ({"contact_type": "Fax"}, Reason.VALUE, "contact_type: Fax"),
        ({"reopen_count": "-1"}, Reason.VALUE, "reopen_count: -1"),
        ({"reopen_count": "٣"}, Reason.VALUE, "reopen_count: ٣"),
        ({"sys_mod_count": "9" * 10}, Reason.VALUE, f"sys_mod_count: {'9' * 10}"),
        ({"sys_mod_count": "9" * 5000}, Reason.VALUE, f"sys_mod_count: {'9' * 185}"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(
    values: dict[str, str], reason: Reason, detail: str
) -> None:
    assert refusal(**values) == (reason, detail)


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("1/7/2016 12:00", datetime(2016, 7, 1, 10, 0, tzinfo=UTC)),
        ("01/07/2016 09:05", datetime(2016, 7, 1, 7, 5, tzinfo=UTC)),
        ("29/2/2016 00:00", datetime(2016, 2, 28, 23, 0, tzinfo=UTC)),
        # 02:30 came twice on 30 October, and not at all on 27 March.
        ("30/10/2016 02:30", datetime(2016, 10, 30, 0, 30, tzinfo=UTC)),
        ("30/10/2016 03:00", datetime(2016, 10, 30, 2, 0, tzinfo=UTC)),
        ("27/3/2016 02:30", datetime(2016, 3, 27, 1, 30, tzinfo=UTC)),
        ("27/3/2016 03:30", datetime(2016, 3, 27, 1, 30, tzinfo=UTC)),
        ("1/1/1990 00:00", datetime(1989, 12, 31, 23, 0, tzinfo=UTC)),
        ("31/12/2190 23:59", datetime(2190, 12, 31, 22, 59, tzinfo=UTC)),
    ],
)
def test_times_are_those_of_the_clocks_in_the_zone(written: str, utc: datetime) -> None:
    assert step(sys_updated_at=written).at == utc
    assert step(sys_updated_at=written).at.tzinfo is UTC


def test_a_zone_whose_clocks_skip_at_midnight_moves_the_time_forward() -> None:
    row = ROW | {"sys_updated_at": "16/10/2016 00:10"}
    at = read(row, zone=ZoneInfo("America/Sao_Paulo")).at
    assert at == datetime(2016, 10, 16, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "30/2/2016 10:00",
        "31/12/1989 23:59",
        "1/1/2191 00:00",
        "1/1/0001 00:00",
        "1/13/2016 10:00",
        "1/1/2016 24:00",
        "1/1/2016 10:60",
        "1/1/16 10:00",
        "1/1/2016",
        "1/1/2016 10:00 PM",
        "2016-01-01 10:00",
        "1/1/201\N{ARABIC-INDIC DIGIT SIX} 10:00",
    ],
)
def test_what_is_no_time_is_refused(written: str) -> None:
    assert refusal(sys_updated_at=written) == (Reason.TIME, written)


def test_names_have_single_spaces_and_no_signs_that_nobody_sees() -> None:
    assert step(caller_id=" Ann \t\n Archer\x00 ").reporter == "Ann Archer"
    assert step(caller_id="Ann\u00a0Ar\u200bcher\u2028").reporter == "Ann Archer"
    assert step(caller_id="\udce9va").reporter == "va"
    joined = "نمی\u200cشد"
    assert step(caller_id=joined).reporter == joined
    assert step(vendor="a\x00b").extras == {"vendor": "a b"}
    assert step(caller_id="--").reporter == ""


def test_names_that_are_too_long_are_cut_and_stay_two() -> None:
    begins = "G" * 120
    one, two = (step(assignment_group=begins + end).team for end in "ab")
    assert one is not None
    assert two is not None
    assert one.name != two.name
    assert len(one.name) == len(two.name) == 100
    assert step(assignment_group="G" * 100).team == TeamName("G" * 100, 2)
    assert len(step(location="L" * 101).location) == 100
    assert [len(name) for name in step(category="C" * 999).category] == [100]
    assert step(caller_id="P" * 150).reporter == "P" * 150
    assert len(step(caller_id="P" * 151).reporter) == 150


def test_the_digest_tells_rows_apart_and_not_the_order_of_columns() -> None:
    digest = step().digest
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert read(dict(reversed(ROW.items()))).digest == digest
    assert read(ROW, line=3, zone=ZoneInfo("UTC")).digest == digest
    assert step(vendor="").digest != digest
    swapped = {"vendor": "a", "rfc": "b"}, {"vendor": "b", "rfc": "a"}
    joined = {"vendor": 'a","b', "rfc": "?"}, {"vendor": "a", "rfc": 'b","?'}
    odd = [step(**values).digest for values in (*swapped, *joined)]
    assert len(set(odd)) == 4


def test_the_extract_holds_what_is_odd_about_the_log() -> None:
    counts = independent.count(EXTRACT, "servicenow")
    assert (counts.incidents, counts.rows, counts.repeats) == (40, 237, 1)
    assert (counts.out_of_order, counts.doubled) == (2, 2)
    assert counts.state_events["Closed", "Active"] == 1
    assert counts.reopenings == 6
    steps = [read(row) for row in rows()]
    assert {one.state.code for one in steps} == set(servicenow.STATES)
    assert any(one.team is None for one in steps)
    assert any(not one.owner for one in steps)
    assert any(not one.reporter for one in steps)
    assert any(one.reported_at > one.at for one in steps)
    firsts = {
        before_after for before_after in counts.state_events if not before_after[0]
    }
    assert ("", "New") in firsts
    assert len(firsts) == 5


def events_of(steps: list[Step]) -> Counter[tuple[str, str]]:
    """Moves as the import is to make them, from what was read."""
    states: dict[str, str] = {}
    events: Counter[tuple[str, str]] = Counter()
    unique = {one.digest: one for one in reversed(steps)}.values()
    for one in sorted(unique, key=lambda one: (one.at, one.line)):
        before = states.get(one.number, "")
        if one.state.status is not None and one.state.code != before:
            events[before, one.state.code] += 1
            states[one.number] = one.state.code
    return events


@pytest.mark.parametrize("path", [EXTRACT, WHOLE], ids=["extract", "whole"])
def test_every_row_of_the_real_log_is_read_as_the_independent_count_says(
    path: Path,
) -> None:
    if not path.exists():
        pytest.skip("the public log is not in ../shared/data")
    opened: Any = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        log = csv.DictReader(file)
        steps = [read(row, line=line) for line, row in enumerate(log, start=2)]
    counts = independent.count(path, "servicenow", BERLIN.key)
    assert len(steps) == counts.rows
    assert events_of(steps) == counts.state_events
    assert {one.state.code for one in steps} == set(servicenow.STATES)
    assert not [one for one in steps if "active" in one.extras]


def test_the_independent_count_shares_no_code_with_the_product() -> None:
    tree = ast.parse(Path(independent.__file__).read_text())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    ours = {path.name for path in ROOT.iterdir() if path.is_dir()}
    assert not imported & (ours | {"django"})
