"""An import that is killed goes on where it was, and ends as if nothing had been."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection

from activity.models import Event
from incidents.codes import ImportSource
from incidents.models import ImportRun, Incident
from incidents.services import importing
from tests.incidents.replay import whole
from tests.people import Cast

LOG = whole.DATA / "servicenow.csv"
ROOT = Path(__file__).parents[3]
# A process of its own, which takes few rows at a time and dies after some of them.
CHILD = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from pathlib import Path
from incidents.services import importing, replaying
from tests.incidents.replay import whole
importing.ROWS_AT_ONCE = int(sys.argv[3])
left = int(sys.argv[4])
write = replaying.Batch.write

def die_inside(batch):
    global left
    events = write(batch)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return events

replaying.Batch.write = die_inside
whole.bring_in(Path(sys.argv[2]), sys.argv[5])
"""


def run_child(path: Path, *, at_once: int, dies_in: int, source: str) -> int:
    """Replay in another process; it is killed inside its ``dies_in``-th transaction,
    after everything was written and before the commit. Zero never comes."""
    name = connection.settings_dict["NAME"]
    command = [sys.executable, "-c", CHILD, name, str(path)]
    done = subprocess.run(
        [*command, str(at_once), str(dies_in), source],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE},
        check=False,
        capture_output=True,
        timeout=900,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr.decode()
    return done.returncode


def killed_five_times(path: Path, *, at_once: int, source: str) -> Iterator[ImportRun]:
    for dies_in in (1, 3, 2, 5, 4):
        code = run_child(path, at_once=at_once, dies_in=dies_in, source=source)
        assert code == -signal.SIGKILL
        yield ImportRun.objects.get()
    assert run_child(path, at_once=at_once, dies_in=0, source=source) == 0


@pytest.mark.django_db(transaction=True)
def test_killed_five_times_it_ends_in_the_same_database(cast: Cast) -> None:
    positions = [
        run.position for run in killed_five_times(LOG, at_once=10, source="servicenow")
    ]
    # What was under way is lost with the process, what was committed before is not.
    assert positions == [0, 20, 30, 70, 100]
    killed = whole.contents()
    assert ImportRun.objects.get().is_finished
    _empty()
    whole.bring_in(LOG)
    assert killed == whole.contents()


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "source", "at_once"),
    [(whole.SERVICENOW, "servicenow", 5000), (whole.VINST, "vinst", 2500)],
)
@pytest.mark.django_db(transaction=True)
def test_a_whole_log_killed_five_times_ends_in_the_same_database(
    cast: Cast, path: Path, source: str, at_once: int
) -> None:
    if not path.exists():
        pytest.skip("the public data lie beside the repository, and are not there")
    for _run in killed_five_times(path, at_once=at_once, source=source):
        pass
    killed = whole.contents()
    _empty()
    whole.bring_in(path, source)
    assert killed == whole.contents()


def _empty() -> None:
    """The tables of the import, as before it; people and teams may stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE incidents_incident, incidents_importrun, activity_event CASCADE"
        )
    assert not Incident.objects.exists()
    assert not Event.objects.exists()


def test_only_one_import_of_a_system_runs_at_a_time(
    transactional_db: None, cast: Cast
) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('import servicenow'))")
        with pytest.raises(importing.NotNow, match="Another import"):
            whole.bring_in(LOG)
    finally:
        other.close()
    assert whole.bring_in(LOG).is_finished


def test_it_goes_on_only_with_the_options_it_began_with(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(run: ImportRun) -> None:
        if run.position:
            raise KeyboardInterrupt

    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 10)
    begun = importing.Log(
        path=LOG, source=ImportSource.SERVICENOW, zone=ZoneInfo("Europe/Berlin")
    )
    with pytest.raises(KeyboardInterrupt):
        importing.import_log(begun, progress=interrupt, at_end=whole.ignore)
    assert ImportRun.objects.get().position == 10
    with pytest.raises(importing.NotNow, match="Europe/Berlin"):
        whole.bring_in(LOG)
    importing.import_log(begun, progress=whole.ignore, at_end=whole.ignore)
    assert ImportRun.objects.get().is_finished


def test_a_row_that_the_database_refuses_does_not_stop_the_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever nobody thought of: here a subject that is empty."""
    read = importing.Log.read
    bad = whole_numbers()[3]

    def emptied(log: Any, line: int, values: Any) -> Any:
        step = read(log, line, values)
        if step.number == bad:
            object.__setattr__(step, "title", "")
        return step

    monkeypatch.setattr(importing.Log, "read", emptied)
    run = whole.bring_in(LOG)
    reasons = set(run.refusals.values_list("number", "reason", "detail"))
    assert (bad, "guard", "incident_says_what_is_wrong") in reasons
    assert run.is_finished
    assert run.incidents == len(set(whole_numbers())) - 1


def whole_numbers() -> list[str]:
    _heading, *lines = LOG.read_text().splitlines()
    return list(dict.fromkeys(line.split(",")[0] for line in lines))
