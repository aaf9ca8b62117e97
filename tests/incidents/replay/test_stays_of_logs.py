"""Who had each incident of the Volvo log, as the file alone says it."""

import csv
import io
import lzma
from collections.abc import Iterator
from pathlib import Path

import pytest

from incidents.models import TierStay
from incidents.tiers.bounces import bounces_of
from incidents.tiers.keeping import differences
from tests.incidents.replay import independent_stays, whole
from tests.incidents.replay.independent_stays import DESK, Stay
from tests.people import Cast

INCIDENTS = 120  # Of the whole log, in every run; all of it in a long one.


def ours() -> dict[str, list[Stay]]:
    """The same from the rows of the database."""
    found: dict[str, list[Stay]] = {}
    rows = TierStay.objects.select_related("team", "incident__imported")
    for row in rows.order_by("incident_id", "entered_seq"):
        group = DESK if row.team.is_default_desk else row.team.name
        left = row.left_at.timestamp() if row.left_at else None
        stay = (group, row.tier, row.entered_at.timestamp(), left)
        found.setdefault(row.incident.imported.number, []).append(stay)
    return found


def agrees(path: Path) -> None:
    whole.bring_in(path, "vinst")
    theirs = independent_stays.ways(path)
    found = ours()
    assert found == theirs
    assert counted(found) == counted(theirs)
    assert our_bounces() == counted(theirs).bounces
    assert list(differences()) == []


def counted(found: dict[str, list[Stay]]) -> independent_stays.Figures:
    return independent_stays.figures(iter(found.values()))


def our_bounces() -> int:
    """By the product's own count, which raises attention."""
    by_incident: dict[int, list[TierStay]] = {}
    for row in TierStay.objects.order_by("incident_id", "entered_seq"):
        by_incident.setdefault(row.incident_id, []).append(row)
    return sum(len(bounces_of(stays)) for stays in by_incident.values())


def test_the_small_log(cast: Cast) -> None:
    agrees(whole.DATA / "vinst.csv")


def test_the_first_incidents_of_the_real_log(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "first.csv"
    path.write_text(first_rows(real()))
    agrees(path)
    figures = counted(ours())
    assert figures.incidents == INCIDENTS
    assert min(figures.up, figures.bounces, figures.in_front) > 0


@pytest.mark.long
@pytest.mark.django_db(transaction=True)  # as the command: batch by batch
def test_the_whole_real_log(cast: Cast) -> None:
    agrees(real())


def test_what_is_imported_twice_has_its_stays_once(cast: Cast) -> None:
    whole.bring_in(whole.DATA / "vinst.csv", "vinst")
    before = ours()
    whole.bring_in(whole.DATA / "vinst.csv", "vinst")
    assert ours() == before


@pytest.mark.parametrize("source", ["servicenow", "vinst"])
def test_every_log_is_as_its_events_say(cast: Cast, source: str) -> None:
    whole.bring_in(whole.DATA / f"{source}.csv", source)
    assert list(differences()) == []


def real() -> Path:
    if not whole.VINST.exists():
        pytest.skip("the public data lie beside the repository, and are not there")
    return whole.VINST


def first_rows(path: Path) -> str:
    """The log with the rows of its first incidents alone."""
    text = lzma.decompress(path.read_bytes()).decode()
    rows = csv.DictReader(io.StringIO(text, newline=""))
    kept = io.StringIO()
    writer = csv.DictWriter(kept, rows.fieldnames or [])
    writer.writeheader()
    numbers: set[str] = set()
    writer.writerows(_of_first(rows, numbers))
    return kept.getvalue()


def _of_first(
    rows: "csv.DictReader[str]", numbers: set[str]
) -> Iterator[dict[str, str]]:
    for row in rows:
        if len(numbers) < INCIDENTS or row["case_id"] in numbers:
            numbers.add(row["case_id"])
            yield row
