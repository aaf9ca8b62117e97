"""The supervisor's promises, with small programs in place of the real ones."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.servicedesk.embedded_clients import (
    PATIENCE,
    REPOSITORY,
    bare_environment,
    eventually,
)

# Its last argument is what the one program under supervision does.
SUPERVISOR = """
import sys
from pathlib import Path
from servicedesk.supervisor.loop import Supervisor
from servicedesk.supervisor.output import Terminal
from servicedesk.supervisor.programs import Program
program = Program("probe", (sys.executable, "-u", "-c", sys.argv[1]))
Supervisor([program], Path.cwd(), Terminal(), grace=float(sys.argv[2])).run()
"""
# It says who it is, and has a child of its own, as a web server does.
OBEDIENT = """
import os, signal, time
if os.fork() == 0:
    time.sleep(3600)
print("program", os.getpid(), flush=True)
time.sleep(3600)
"""
ALONE = "import os, time; print('program', os.getpid(), flush=True); time.sleep(3600)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{OBEDIENT}"
SHORT_LIVED = (
    "import os; print('program', os.getpid(), flush=True); raise SystemExit(3)"
)


class Supervised:
    """A supervisor in a process group of its own, as a terminal would start it."""

    def __init__(self, source: str, grace: float = 5) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, source, str(grace)],
            env=bare_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.programs: list[int] = []

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def program(self) -> int:
        """Wait for the program's own words, and return its process number."""
        while True:
            line = self.line()
            assert line, "the supervisor ended"
            if " | program " in line:
                self.programs.append(int(line.split()[-1]))
                return self.programs[-1]

    def ends(self) -> float:
        """Wait for the end of everything; how long that took."""
        began = time.monotonic()
        self.process.wait(PATIENCE)
        eventually(lambda: not any(map(_lives, self.programs)), "its programs gone")
        return time.monotonic() - began

    def clean_up(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)
        for group in self.programs:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        self.ends()
        assert self.process.stdout is not None
        self.process.stdout.close()


def _lives(group: int) -> bool:
    """Whether any process of the group is left, other than as a zombie."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state, _, its_group = (
                (entry / "stat").read_text().rpartition(") ")[2].split()[:3]
            )
        except OSError:
            continue
        if int(its_group) == group and state != "Z":
            return True
    return False


Supervise = Callable[..., Supervised]


@pytest.fixture
def supervise() -> Iterator[Supervise]:
    started: list[Supervised] = []

    def start(*arguments, **options) -> Supervised:
        started.append(Supervised(*arguments, **options))
        return started[-1]

    yield start
    for supervised in started:
        supervised.clean_up()


class TestStopping:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_a_signal_stops_all_and_is_no_failure(self, supervise, number):
        supervised = supervise(OBEDIENT)
        supervised.program()
        supervised.process.send_signal(number)
        assert supervised.ends() < 5
        assert supervised.process.returncode == 0

    def test_ctrl_c_in_the_terminal_is_for_the_supervisor_alone(self, supervise):
        supervised = supervise(OBEDIENT)
        program = supervised.program()
        assert os.getpgid(program) != os.getpgid(supervised.process.pid)
        os.killpg(supervised.process.pid, signal.SIGINT)
        supervised.ends()
        assert supervised.process.returncode == 0

    def test_a_program_that_does_not_listen_is_killed(self, supervise):
        supervised = supervise(DEAF, grace=0.5)
        supervised.program()
        supervised.process.terminate()
        assert supervised.ends() < 5
        assert supervised.line() == "Stopping."
        assert supervised.line() == "probe did not stop in time; killed."

    def test_a_second_signal_waits_for_nobody(self, supervise):
        supervised = supervise(DEAF, grace=60)
        supervised.program()
        supervised.process.terminate()
        assert supervised.line() == "Stopping."
        supervised.process.terminate()
        assert supervised.ends() < 5

    def test_nothing_is_left_of_a_killed_supervisor(self, supervise):
        supervised = supervise(ALONE)
        supervised.program()
        supervised.process.kill()
        supervised.ends()


class TestKeepingAlive:
    def test_a_program_that_ends_is_started_again_after_growing_pauses(self, supervise):
        supervised = supervise(SHORT_LIVED)
        supervised.program()
        # What a program says last and that it ended come in either order.
        said = [supervised.line() for _message in range(4)]
        ended = [line for line in said if "ended unexpectedly" in line]
        assert ended[0] == (
            "probe ended unexpectedly (exit code 3); starting it again in 1 s."
        )
        assert ended[1].endswith("starting it again in 2 s.")
        assert any(line.startswith("probe  | program ") for line in said)

    def test_a_killed_program_leaves_no_children_and_comes_back(self, supervise):
        supervised = supervise(OBEDIENT)
        first = supervised.program()
        os.kill(first, signal.SIGKILL)
        assert supervised.line().startswith("probe ended unexpectedly (SIGKILL)")
        eventually(lambda: not _lives(first), "its children gone")
        assert supervised.program() != first


class TestLauncher:
    LAUNCHER = REPOSITORY / "servicedesk" / "supervisor" / "launch.py"

    def launch(self, supervisor: int) -> str:
        told = [sys.executable, "-c", "print('started')"]
        return subprocess.run(
            [sys.executable, self.LAUNCHER, str(supervisor), *told],
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def test_starts_the_program_of_a_living_supervisor(self):
        assert self.launch(os.getpid()) == "started\n"

    def test_starts_nothing_for_a_supervisor_that_died_meanwhile(self):
        assert self.launch(os.getpid() + 1) == ""


def test_lines_of_a_program_carry_its_name(supervise):
    supervised = supervise(f"print('one'); print('two'); {ALONE}")
    assert supervised.line() == "probe  | one"
    assert supervised.line() == "probe  | two"
    supervised.program()
