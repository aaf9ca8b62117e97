"""`manage.py up`, whole: database, web server, worker and beat in one terminal."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servicedesk.embedded_clients import (
    PATIENCE,
    REPOSITORY,
    Desk,
    bare_environment,
    eventually,
)

SECONDS_TO_STOP = 6


class Terminal:
    """A terminal with a person who runs a desk in it."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.data_dir = data_dir
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=REPOSITORY,
            env=bare_environment(DATA_DIR=str(data_dir), PORT=str(port)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []

    def answers(self) -> str:
        """Wait for the line with the address; the address."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if "answers at" in line:
                return line.split()[-1]
        raise AssertionError("".join(self.said))

    def ends(self) -> float:
        """Wait until nothing of the desk is left; how long that took."""
        began = time.monotonic()
        self.process.wait(PATIENCE)
        Desk(self.data_dir).goes_down()
        eventually(lambda: not self._processes(), "no process left")
        assert self.process.stdout is not None
        self.said += self.process.stdout.readlines()
        return time.monotonic() - began

    def _processes(self) -> list[str]:
        """Everything that runs with this desk's data directory in its environment."""
        wanted = f"DATA_DIR={self.data_dir}\0".encode()
        return [entry.name for entry in Path("/proc").iterdir() if _has(entry, wanted)]


def _has(process: Path, variable: bytes) -> bool:
    try:
        return variable in (process / "environ").read_bytes()
    except OSError:
        return False


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def up(tmp_path: Path, port: int) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(**details) -> Terminal:
        opened.append(
            Terminal(**{"data_dir": tmp_path / "var", "port": port, **details})
        )
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.process.kill()
    for terminal in opened:
        terminal.ends()
        assert terminal.process.stdout is not None
        terminal.process.stdout.close()


def test_a_desk_is_served_once_per_directory_and_stopped_by_ctrl_c(up, port):
    terminal = up()
    assert terminal.answers().endswith(f":{port}")
    assert not any("Traceback" in line for line in terminal.said), terminal.said
    for rival, setting in ((up(), "PORT="), (up(port=0), "DATA_DIR")):
        rival.process.wait(PATIENCE)
        said = rival.process.stdout.read()
        assert rival.process.returncode == 1
        assert setting in said
        assert said.count("\n") == 1
    os.killpg(terminal.process.pid, signal.SIGINT)
    assert terminal.process.wait(SECONDS_TO_STOP) == 0
    assert Desk(terminal.data_dir).is_down()


@pytest.mark.long
def test_sigterm_stops_all_and_a_second_run_finds_the_data(up, tmp_path):
    desk = Desk(tmp_path / "var")
    first = up()
    first.answers()
    desk.remember("the first run")
    first.process.terminate()
    assert first.ends() < SECONDS_TO_STOP
    up().answers()
    assert desk.remembers() == ["the first run"]


@pytest.mark.long
def test_nothing_is_left_of_a_killed_supervisor(up):
    terminal = up()
    terminal.answers()
    terminal.process.kill()
    terminal.ends()
