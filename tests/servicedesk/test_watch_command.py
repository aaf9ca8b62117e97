"""`manage.py watch`: once for whoever asks, or as a process that ends at once."""

import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from activity import clock
from activity.models import Check, Heartbeat
from servicedesk.supervisor.programs import service_desk
from tests.servicedesk.embedded_clients import PATIENCE, REPOSITORY, bare_environment

# Waits as the loop does; the database is never asked.
WAITING = """
import sys
from servicedesk.management.commands import watch
def wait(seconds):
    print("waiting", flush=True)
    sleep(seconds)
from servicedesk.watchdog import loop
from time import sleep
watch.watch = lambda: loop.watch(sleep=wait)
watch.Command().handle(once=False)
"""


def test_one_look_says_that_all_is_well(db: None) -> None:
    Heartbeat.objects.create(name="worker", beat_at=clock.now())
    out = StringIO()
    call_command("watch", "--once", stdout=out)
    assert out.getvalue() == "All is well.\n"
    assert Check.objects.get(name="loop").state == Check.State.OK


def test_one_look_fails_and_names_what_is_wrong(db: None) -> None:
    with pytest.raises(CommandError, match=r'loop: \{"beat": null\}'):
        call_command("watch", "--once")


def test_it_ends_at_once_when_it_is_told_to() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", f"import django; django.setup()\n{WAITING}"],
        cwd=REPOSITORY,
        env=bare_environment(DJANGO_SETTINGS_MODULE="tests.settings"),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    process.stdout.close()


def test_the_desk_runs_it_beside_the_others() -> None:
    names = [program.name for program in service_desk(3, Path("var"))]
    assert names == ["web", "worker", "beat", "watch"]
