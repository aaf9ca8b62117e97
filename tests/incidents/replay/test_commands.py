"""What somebody sees who brings a log in from the command line."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Team, User
from activity.models import Event
from catalogue.models import Category
from incidents.import_report import plain_cell
from incidents.models import ImportRun, Incident
from tests.incidents.replay import whole
from tests.people import Cast

LOG = whole.DATA / "servicenow.csv"


def said(*arguments: Any, command: str = "import_servicenow", **options: Any) -> str:
    out = StringIO()
    call_command(
        command, *map(str, arguments), stdout=out, stderr=StringIO(), **options
    )
    return out.getvalue()


def snapshot() -> tuple[int, ...]:
    models: list[Any] = [User, Team, Category, Incident, Event, ImportRun]
    return tuple(model.objects.count() for model in models)


def test_it_says_what_came_of_it(cast: Cast) -> None:
    told = said(LOG)
    assert "237 rows: 236 taken, 1 not taken; 40 new incidents" in told
    assert "1  The very same row was taken already." in told


def test_the_bar_shows_rate_and_time_left(cast: Cast) -> None:
    bar = StringIO()
    call_command("import_servicenow", str(LOG), stdout=StringIO(), stderr=bar)
    assert " rows/s" in bar.getvalue()
    assert "237/237" in bar.getvalue()
    quiet = StringIO()
    call_command(
        "import_servicenow", str(LOG), stdout=StringIO(), stderr=quiet, verbosity=0
    )
    assert quiet.getvalue() == ""


def test_the_report_lists_every_row_not_taken(cast: Cast, tmp_path: Path) -> None:
    report = tmp_path / "not-taken.csv"
    said(LOG, f"--report={report}")
    heading, *rows = csv.reader(report.open(encoding="utf-8"))
    assert heading == ["Line", "Incident", "Reason", "Why", "What was found"]
    assert [row[:1] + row[2:3] for row in rows] == [["5", "repeated"]]


def test_a_second_run_says_that_nothing_has_changed(cast: Cast) -> None:
    assert "brought in already" not in said(LOG)
    before = snapshot()
    assert "It was brought in already: nothing has changed." in said(LOG)
    assert snapshot() == before


def test_a_report_that_cannot_be_written_loses_nothing(
    cast: Cast, tmp_path: Path
) -> None:
    told = StringIO()
    nowhere = tmp_path / "no" / "such" / "folder.csv"
    call_command(
        "import_servicenow",
        str(LOG),
        f"--report={nowhere}",
        stdout=StringIO(),
        stderr=told,
        verbosity=0,
    )
    assert "could not be written" in told.getvalue()
    assert ImportRun.objects.get().is_finished
    report = tmp_path / "not-taken.csv"
    said(LOG, f"--report={report}")
    assert report.exists()


def test_a_dry_run_says_that_nothing_was_kept(cast: Cast, tmp_path: Path) -> None:
    before = snapshot()
    report = tmp_path / "not-taken.csv"
    told = said(LOG, "--dry-run", f"--report={report}")
    assert "40 new incidents" in told
    assert "nothing was kept" in told
    assert report.read_text().count("repeated") == 1
    assert snapshot() == before


def test_groups_of_the_first_line_are_tier_one(cast: Cast) -> None:
    said(LOG, "--first-line=Group 70", "--first-line=Group  24")
    tiers = dict(Team.objects.values_list("name", "tier"))
    assert {tiers["Group 70"], tiers.get("Group 24", 1)} == {1}
    assert set(tiers.values()) == {1, 2, 3}


def test_the_zone_of_the_times_can_be_said(cast: Cast) -> None:
    said(LOG, "--time-zone=America/Sao_Paulo")
    run = ImportRun.objects.get()
    assert run.options["time_zone"] == "America/Sao_Paulo"
    with pytest.raises(CommandError, match="Mars/Olympus is no time zone"):
        said(LOG, "--time-zone=Mars/Olympus")


def test_what_it_makes_can_do_nothing_yet(cast: Cast) -> None:
    people, teams = set(User.objects.all()), set(Team.objects.all())
    said(LOG)
    new = User.objects.exclude(pk__in=[one.pk for one in people])
    assert new.exists()
    assert not new.filter(is_active=True).exists()
    assert not new.exclude(email__endswith="@servicenow.invalid").exists()
    assert not any(one.has_usable_password() for one in new)
    made = Team.objects.exclude(pk__in=[one.pk for one in teams])
    assert made.exists()
    assert not made.filter(memberships__isnull=False).exists()
    assert not made.filter(is_service_desk=True).exists()
    assert not Category.objects.filter(is_active=True).exists()


def test_what_is_there_of_that_name_is_used(cast: Cast) -> None:
    group = Team.objects.create(name="GROUP 70", tier=3)
    said(LOG)
    assert Team.objects.filter(name__iexact="group 70").get() == group
    assert Incident.objects.filter(team=group).exists()


def damaged(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "damaged.csv"
    path.write_bytes(content)
    return path


DAMAGE = {
    "cut": lambda whole_file: whole_file[: len(whole_file) // 2],
    "wrong delimiter": lambda whole_file: whole_file.replace(b",", b";"),
    "wrong encoding": lambda whole_file: whole_file.replace(b"Symptom", b"Sympt\xf6m"),
    "wrong header": lambda whole_file: whole_file.replace(
        b"incident_state", b"state", 1
    ),
    "a line of 100 MB": lambda whole_file: whole_file + b"x" * 100_000_000,
    "nothing": lambda _whole_file: b"",
    "no log": lambda _whole_file: b"PK\x03\x04 a workbook",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_ends_with_one_sentence_and_no_change(
    cast: Cast, tmp_path: Path, damage: str
) -> None:
    before = snapshot()
    path = damaged(tmp_path, DAMAGE[damage](LOG.read_bytes()))
    with pytest.raises(CommandError) as refusal:
        said(path)
    sentence = str(refusal.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert len(sentence) < 250
    assert snapshot() == before


def test_a_file_that_is_not_there_is_said_so(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        said(tmp_path / "nowhere.csv")


def test_without_a_service_desk_nothing_begins(db: None) -> None:
    with pytest.raises(CommandError, match="desk"):
        said(LOG)
    assert not ImportRun.objects.exists()


def test_the_other_log_is_brought_in_alike(cast: Cast) -> None:
    told = said(whole.DATA / "vinst.csv", command="import_vinst")
    assert "60 rows: 59 taken, 1 not taken" in told
    assert "10 new incidents" in told


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("code 6", "code 6"),
        ("=1+1", "'=1+1"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("\u200b+1", "'\u200b+1"),
        ("＝1", "'＝1"),  # noqa: RUF001
        ("\tx", "'\tx"),
        (-5, "'-5"),
        ("", ""),
    ],
)
def test_no_cell_of_the_report_is_run_by_a_spreadsheet(value: Any, cell: str) -> None:
    assert plain_cell(value) == cell
