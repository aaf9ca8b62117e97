"""Processes that use an embedded server, and what can be seen of it from outside."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self, TypeVar

import psycopg

from servicedesk.embedded import locks
from servicedesk.embedded.places import Places

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
SETTINGS = {
    "CELERY_BROKER_URL",
    "DATABASE_URL",
    "DATA_DIR",
    "DEMONSTRATION",
    "DJANGO_SETTINGS_MODULE",
    "EMAIL_URL",
    "PORT",
    "SECRET_KEY",
    "SITE_URL",
    "TEST_DATABASE",
}
# It takes the lease, says so, and does it again for every line that it hears.
CLIENT = """
import sys
from pathlib import Path
from servicedesk.embedded import EmbeddedPostgresError, ensure
try:
    ensure(Path(sys.argv[1]))
    print("ready", flush=True)
    for line in sys.stdin:
        ensure(Path(sys.argv[1]))
        print("ready", flush=True)
except EmbeddedPostgresError as problem:
    print(problem, flush=True)
    sys.exit(1)
"""
T = TypeVar("T")


def eventually(
    promise: Callable[[], T | None], what: str, *, within: float = PATIENCE
) -> T:
    """The first true answer; fails with `what` when there is none in time."""
    deadline = time.monotonic() + within
    while True:
        answer = promise()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {within} s: {what}"
        time.sleep(0.01)


def bare_environment(**extra: str) -> dict[str, str]:
    """This process's environment without the settings of the desk under test."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join([*sys.path, str(REPOSITORY)]),
        **extra,
    }


@dataclass
class Client:
    """One process that uses the server in a data directory."""

    data_dir: Path
    python: Sequence[str] = (sys.executable,)
    user: int | None = None
    environment: dict[str, str] = field(default_factory=dict)
    source: str = CLIENT

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            [*self.python, "-c", self.source, str(self.data_dir)],
            env=bare_environment(**self.environment),
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            user=self.user,
            group=self.user,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    @property
    def _said(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def says(self) -> str:
        """The next line that it prints."""
        return self._said.readline().strip()

    def is_silent_for(self, seconds: float) -> bool:
        """Whether it has nothing to say for so long."""
        return not select.select([self._said], [], [], seconds)[0]

    def served(self) -> Self:
        """Wait until it holds a lease on a running server."""
        said = self.says()
        assert said == "ready", said
        return self

    def asks_again(self) -> None:
        """Have it do what precedes every new connection."""
        assert self.process.stdin is not None
        self.process.stdin.write("again\n")
        self.process.stdin.flush()
        self.served()

    def leave(self) -> None:
        """Let it end by itself."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(PATIENCE) == 0
        self._said.close()

    def kill(self) -> None:
        """SIGKILL, so that it can say goodbye to nobody."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


class Desk:
    """The embedded server of one data directory, seen from outside."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.places = Places.below(data_dir)

    def is_down(self) -> bool:
        """Whether neither a keeper nor any process of a server is left."""
        return all(map(is_free, (self.places.keeper, self.places.server)))

    def goes_down(self) -> None:
        eventually(self.is_down, "nothing left running")

    def keeper(self) -> int:
        """The keeper's process number."""
        return eventually(self._find_keeper, "a keeper")

    def _find_keeper(self) -> int | None:
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                words = _command(entry)
                if str(self.places.home) in words and any("keeper" in w for w in words):
                    return int(entry.name)
        return None

    def server(self) -> int:
        """The process number of the server."""
        return eventually(self._find_server, "a server")

    def _find_server(self) -> int | None:
        try:
            said = (self.places.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        return int(said[0]) if said[7:] == ["ready   "] else None

    def connect(self, user: str = "servicedesk") -> psycopg.Connection:
        """A connection that holds no lease: only the clients do."""
        return psycopg.connect(
            host=str(self.places.socket_directory),
            dbname="servicedesk",
            user=user,
            autocommit=True,
        )

    def connects(self) -> psycopg.Connection:
        """A connection to a server that is just being started again."""

        def attempt() -> psycopg.Connection | None:
            try:
                return self.connect()
            except psycopg.OperationalError:
                return None

        return eventually(attempt, "a connection")

    def asked(self, question: str) -> str:
        with self.connect("postgres") as connection:
            row = connection.execute(question).fetchone()
        assert row is not None
        return str(row[0])

    def remember(self, word: str) -> None:
        with self.connect() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS memory (word text)")
            connection.execute("INSERT INTO memory VALUES (%s)", [word])

    def remembers(self) -> list[str]:
        with self.connects() as connection:
            found = connection.execute("SELECT word FROM memory ORDER BY word")
            return [word for (word,) in found.fetchall()]

    def log(self) -> str:
        return self.places.log.read_text()

    def starts(self) -> int:
        """How often a server was started here."""
        return self.log().count("listening on Unix socket")


def is_free(lock: Path) -> bool:
    if not lock.exists():
        return True
    descriptor = os.open(lock, os.O_RDWR)
    try:
        return locks.is_taken(descriptor, locks.EXCLUSIVE)
    finally:
        os.close(descriptor)


def _command(entry: Path) -> list[str]:
    try:
        return (entry / "cmdline").read_bytes().decode().split("\0")
    except (OSError, UnicodeDecodeError):
        return []
