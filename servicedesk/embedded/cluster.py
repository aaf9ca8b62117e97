"""The database cluster on disk, and the server process that serves it."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from servicedesk.embedded import locks
from servicedesk.embedded.errors import EmbeddedPostgresError
from servicedesk.embedded.identity import Identity, private_directory
from servicedesk.embedded.places import SOCKET, Places

SUPERUSER = "postgres"
PAUSE = 0.003
GOING_DOWN = 60.0
PR_SET_PDEATHSIG = 1
# What an operator may tune in postgresql.conf afterwards.
INITIAL_SETTINGS = ("max_connections=200", "timezone=UTC", "log_timezone=UTC")
INITDB = (
    f"--username={SUPERUSER}",
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--no-locale",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)
# Without superuser rights: what reaches the database through the product must not
# reach the files and programs of the machine.
FIRST_STATEMENTS = b"""
CREATE ROLE servicedesk LOGIN CREATEDB;
CREATE DATABASE servicedesk OWNER servicedesk;
"""


class Cluster:
    """One cluster, run as one identity. Only a keeper may have one."""

    def __init__(self, places: Places, identity: Identity) -> None:
        self.places = places
        self.identity = identity

    def prepare(self) -> None:
        """Have a complete cluster, and a place for the socket, that are ours."""
        lock = self._lock_against_servers()
        try:
            self._claim()
            if not self.places.cluster.exists():
                self._create(lock)
            self._check_version()
        finally:
            os.close(lock)

    def start(self) -> "subprocess.Popen[bytes]":
        """Start the server and return when it accepts connections."""
        lock = self._lock_against_servers()
        try:
            self._forget_earlier_server()
            server = self._spawn(lock)
        finally:
            os.close(lock)
        while not self._is_ready(server):
            if server.poll() is not None:
                raise self._failed("did not start")
            time.sleep(PAUSE)
        return server

    def stop(self, server: "subprocess.Popen[bytes]") -> None:
        """End every connection and the server, in order if that can be had."""
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            server.send_signal(number)
            try:
                server.wait(GOING_DOWN)
            except subprocess.TimeoutExpired:
                continue
            break
        if self.places.socket_home != self.places.home:
            shutil.rmtree(self.places.socket_home, ignore_errors=True)

    def _lock_against_servers(self) -> int:
        """A lock that every process of a server inherits.

        Whoever gets it knows that no earlier server, nor an orphan of one, still
        writes here: no process number on disk needs to be believed.
        """
        lock = locks.opened(self.places.server)
        if locks.is_taken_within(lock, locks.EXCLUSIVE, GOING_DOWN):
            return lock
        os.close(lock)
        raise self._failed("still has processes of an earlier start")

    def _claim(self) -> None:
        places = self.places
        if places.socket_home != places.home:
            private_directory(places.socket_home)
        shutil.rmtree(places.unfinished_cluster, ignore_errors=True)
        if not places.cluster.exists():
            places.unfinished_cluster.mkdir(mode=0o700)
        places.socket_directory.mkdir(mode=0o700, exist_ok=True)
        for ours in (
            places.cluster,
            places.unfinished_cluster,
            places.socket_directory,
        ):
            self.identity.adopt(ours)

    def _create(self, lock: int) -> None:
        settings = [f"--set={setting}" for setting in INITIAL_SETTINGS]
        self._run(lock, "initdb", *INITDB, *settings, "--pgdata")
        self._run(lock, "postgres", "--single", SUPERUSER, "-D", said=FIRST_STATEMENTS)
        self.places.unfinished_cluster.rename(self.places.cluster)
        _sync(self.places.home)

    def _run(self, lock: int, program: str, *options: str, said: bytes = b"") -> None:
        """Run a program on the unfinished cluster, whose name is the last argument."""
        with self.identity.reaching(self.places.unfinished_cluster) as (name, needed):
            finished = subprocess.run(  # noqa: S603
                [self.identity.programs / program, *options, name],
                input=said,
                stdout=sys.stderr,
                pass_fds=(lock, *needed),
                check=False,
                preexec_fn=self.identity.disguise,
                **self.identity.credentials(),
            )
        if finished.returncode != 0:
            raise self._failed("could not create its database")

    def _check_version(self) -> None:
        found = (self.places.cluster / "PG_VERSION").read_text().strip()
        shown = subprocess.run(  # noqa: S603
            [self.identity.programs / "postgres", "--version"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        ours = shown.split()[2].partition(".")[0]
        if found != ours:
            raise EmbeddedPostgresError(
                f"The database in {self.places.home} was written by PostgreSQL "
                f"{found}, and this is PostgreSQL {ours}: dump it with the earlier "
                "release of the service desk and load the dump with this one.",
                advice="",
            )

    def _forget_earlier_server(self) -> None:
        """Remove what a killed server, or the original of a copy, left behind.

        The process number in it may be somebody else's by now, which PostgreSQL
        would take for a server that is still running.
        """
        (self.places.cluster / "postmaster.pid").unlink(missing_ok=True)
        for leftover in self.places.socket_directory.glob(f"{SOCKET}*"):
            leftover.unlink()

    def _spawn(self, lock: int) -> "subprocess.Popen[bytes]":
        with (
            self.identity.reaching(self.places.cluster) as (cluster, first),
            self.identity.reaching(self.places.socket_directory) as (sockets, second),
        ):
            settings = {
                "listen_addresses": "",
                "unix_socket_directories": sockets,
                "unix_socket_permissions": "0700",
                "cluster_name": "servicedesk",
                "log_line_prefix": "%m [%p] ",
            }
            options = [f"--{name}={value}" for name, value in settings.items()]
            return subprocess.Popen(  # noqa: S603
                [self.identity.programs / "postgres", "-D", cluster, *options],
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr,
                pass_fds=(lock, *first, *second),
                preexec_fn=self._binding_to_keeper(),
                **self.identity.credentials(),
            )

    def _binding_to_keeper(self) -> Callable[[], None]:
        """What a new server does first: bind its life to the keeper's.

        The kernel then asks it to shut down when the keeper dies, however it dies.
        """
        keeper = os.getpid()

        def bind() -> None:
            self.identity.disguise()
            # Only now: a change of user makes the kernel forget it.
            if sys.platform.startswith("linux"):
                ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
            if os.getppid() != keeper:
                os._exit(1)

        return bind

    def _is_ready(self, server: "subprocess.Popen[bytes]") -> bool:
        try:
            said = (self.places.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        # Believed only of our own child: after a crash, or in a copy, the file of
        # an earlier server says "ready" too.
        return said[:1] == [str(server.pid)] and said[7:] == ["ready   "]

    def _failed(self, what: str) -> EmbeddedPostgresError:
        return EmbeddedPostgresError(
            f"The embedded PostgreSQL {what}; see {self.places.log}."
        )


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
