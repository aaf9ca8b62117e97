"""The supervisor: keeps programs running, and takes all of them down with it."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from types import FrameType

from servicedesk.supervisor.output import Terminal
from servicedesk.supervisor.programs import Program

LAUNCHER = Path(__file__).with_name("launch.py")
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
# A program that ran for so long was well; its next end is a new story.
WELL_AFTER = 60.0

Event = Callable[[], None]


class Child:
    """One program, and how often it had to be started again lately."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.pause = FIRST_PAUSE

    def next_pause(self) -> float:
        """How long to wait before the next start: longer each time it fails soon."""
        if time.monotonic() - self.started_at > WELL_AFTER:
            self.pause = FIRST_PAUSE
        pause, self.pause = self.pause, min(self.pause * 2, LONGEST_PAUSE)
        return pause

    def send(self, number: signal.Signals) -> None:
        """Signal the program itself, which passes it on to its own children."""
        if self.process is not None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """Kill the program and everything that it started."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    """Runs programs until it is told to stop.

    A program that ends is started again with growing pauses. A first signal stops
    all programs in order, a second one at once.
    """

    def __init__(
        self,
        programs: Iterable[Program],
        directory: Path,
        terminal: Terminal,
        *,
        grace: float = GRACE,
    ) -> None:
        self._children = [Child(program) for program in programs]
        self._directory = directory
        self._terminal = terminal
        self._grace = grace
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._due: dict[Child, float] = {}
        self._deadline: float | None = None

    def run(self) -> None:
        """Return when a signal asked for it and every program is gone."""
        for number in STOP_SIGNALS:
            # Under nohup the end of the terminal is not the end of the desk.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._on_signal)
        for child in self._children:
            self._start(child)
        while self._deadline is None or self._running():
            with suppress(Empty):
                self._events.get(timeout=self._next_moment())()
            self._do_what_is_due()

    def when_answering(
        self, host: str, port: int, path: str, then: Callable[[], None]
    ) -> None:
        """Call `then` in the supervisor's own thread once the web server answers."""

        def wait() -> None:
            while not _answers(host, port, path):
                time.sleep(0.1)
            self._events.put(then)

        Thread(target=wait, daemon=True).start()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._events.put(self._stop)

    def _start(self, child: Child) -> None:
        """Start a program; only in the main thread, whose end the kernel watches."""
        launch = (sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid()))
        process = subprocess.Popen(  # noqa: S603
            [*launch, *child.program.command],
            cwd=self._directory,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=child.program.inherits,
            # Ctrl-C is for the supervisor alone, which then stops all in order.
            start_new_session=True,
        )
        child.process, child.started_at = process, time.monotonic()
        source, name = process.stdout, child.program.name
        if source is not None:
            Thread(
                target=self._terminal.relay, args=(name, source), daemon=True
            ).start()
        Thread(target=self._watch, args=(child, process), daemon=True).start()

    def _watch(self, child: Child, process: "subprocess.Popen[bytes]") -> None:
        code = process.wait()
        # Whatever it started and left behind.
        child.kill()
        self._events.put(lambda: self._ended(child, code))

    def _ended(self, child: Child, code: int) -> None:
        child.process = None
        if self._deadline is not None:
            return
        pause = child.next_pause()
        self._due[child] = time.monotonic() + pause
        self._terminal.line(
            f"{child.program.name} ended unexpectedly ({_reason(code)}); "
            f"starting it again in {pause:.0f} s."
        )

    def _stop(self) -> None:
        self._due.clear()
        if self._deadline is not None:
            self._deadline = time.monotonic()
            return
        self._terminal.line("Stopping.")
        self._deadline = time.monotonic() + self._grace
        for child in self._children:
            child.send(signal.SIGTERM)

    def _running(self) -> list[Child]:
        return [child for child in self._children if child.process is not None]

    def _next_moment(self) -> float | None:
        moments = list(self._due.values())
        if self._deadline is not None:
            moments.append(self._deadline)
        return max(0.0, min(moments) - time.monotonic()) if moments else None

    def _do_what_is_due(self) -> None:
        now = time.monotonic()
        for child, moment in list(self._due.items()):
            if moment <= now:
                del self._due[child]
                self._start(child)
        if self._deadline is not None and self._deadline <= now and self._running():
            for child in self._running():
                self._terminal.line(
                    f"{child.program.name} did not stop in time; killed."
                )
                child.kill()
            # The kernel needs a moment to take them away.
            self._deadline = now + self._grace


def _reason(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _answers(host: str, port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
