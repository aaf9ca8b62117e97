"""Nothing is lost and nothing is made up: the desk counts as the file does."""

from pathlib import Path

import pytest

from activity.models import Delivery, Timer
from activity.services import history
from incidents.models import ImportRun
from tests.database import sql
from tests.incidents.replay import independent, whole
from tests.people import Cast

SMALL: list[tuple[Path, independent.Kind]] = [
    (whole.DATA / "servicenow.csv", "servicenow"),
    (whole.DATA / "vinst.csv", "vinst"),
]
LARGE: list[tuple[Path, independent.Kind]] = [
    (whole.SERVICENOW, "servicenow"),
    (whole.VINST, "vinst"),
]


def agrees(path: Path, source: independent.Kind) -> None:
    """Every figure of the database against the count of the file alone."""
    run = whole.bring_in(path, source)
    # Nothing is committed here, so nobody else gathers what the planner has to know.
    sql("ANALYZE")
    counts = independent.count(path, source)
    found = whole.found(source)
    assert run.rows == counts.rows
    assert run.refused == counts.repeats
    assert run.taken == found.rows == counts.rows - counts.repeats
    assert run.incidents == found.incidents == counts.incidents
    assert run.moves == counts.state_events.total()
    assert found.state_events == counts.state_events
    assert found.reopenings == counts.reopenings
    assert found.reassignments == counts.reassignments
    # What never had a priority has the lowest severity, as every new report.
    counts.severities[4] += counts.severities.pop(None, 0)
    assert found.severities == counts.severities
    assert found.statuses == counts.statuses
    if source == "vinst":
        assert found.tier_moves == counts.tier_moves


@pytest.mark.parametrize(("path", "source"), SMALL)
def test_a_small_log_is_counted_alike(
    cast: Cast, path: Path, source: independent.Kind
) -> None:
    agrees(path, source)
    assert not [fault for fault in history.faults() if "guard" not in fault.place]
    assert not Delivery.objects.exists()
    assert not Timer.objects.exists()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)  # as the command: batch by batch
@pytest.mark.parametrize(("path", "source"), LARGE)
def test_a_whole_log_is_counted_alike(
    cast: Cast, path: Path, source: independent.Kind
) -> None:
    if not path.exists():
        pytest.skip("the public data lie beside the repository, and are not there")
    agrees(path, source)
    assert not [fault for fault in history.faults() if "guard" not in fault.place]
    before = whole.contents()
    whole.bring_in(path, source)
    assert whole.contents() == before
    assert ImportRun.objects.count() == 1
    assert not Delivery.objects.exists()
    assert not Timer.objects.exists()


@pytest.mark.parametrize(("path", "source"), SMALL)
def test_a_second_run_changes_nothing(
    cast: Cast, path: Path, source: independent.Kind
) -> None:
    first = whole.bring_in(path, source)
    before = whole.contents()
    second = whole.bring_in(path, source)
    assert second.pk == first.pk
    assert whole.contents() == before


def test_a_dry_run_says_the_same_and_keeps_nothing(cast: Cast) -> None:
    path, source = SMALL[0]
    empty = whole.contents()
    tried = whole.bring_in(path, source, dry_run=True)
    assert whole.contents() == empty
    real = whole.bring_in(path, source)
    for name in ("rows", "taken", "refused", "incidents", "moves"):
        assert getattr(tried, name) == getattr(real, name) > -1


def test_a_longer_log_of_the_same_desk_goes_on_where_the_first_ended(
    cast: Cast, tmp_path: Path
) -> None:
    """The second export holds the first: its rows are known, the others are new."""
    path, source = SMALL[0]
    heading, *lines = path.read_text().splitlines(keepends=True)
    half = tmp_path / "half.csv"
    by_time = sorted(lines, key=lambda line: independent_time(line, heading))
    half.write_text(heading + "".join(by_time[: len(lines) // 2]))
    first = whole.bring_in(half, source)
    second = whole.bring_in(path, source)
    assert second.refused == first.taken + independent.count(path, source).repeats
    found, counts = whole.found(source), independent.count(path, source)
    assert found.rows == counts.rows - counts.repeats
    assert found.state_events == counts.state_events
    assert found.reassignments == counts.reassignments


def independent_time(line: str, heading: str) -> tuple[int, ...]:
    place = heading.strip().split(",").index("sys_updated_at")
    day, clock = line.split(",")[place].split(" ")
    date, month, year = map(int, day.split("/"))
    hour, minute = map(int, clock.split(":"))
    return (year, month, date, hour, minute)
