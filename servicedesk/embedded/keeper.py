"""The keeper: a detached process that serves a data directory while it is in use.

It starts the server as its child, starts it again when somebody kills it, and
stops it when the last lease is gone. Its own death, by whatever signal, takes
the server down too. It never imports Django.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from servicedesk.embedded import identity, locks
from servicedesk.embedded.cluster import Cluster
from servicedesk.embedded.errors import EmbeddedPostgresError
from servicedesk.embedded.places import Places

READY = b"ready"
LARGEST_LOG = 10_000_000
Server = subprocess.Popen[bytes]


def main(arguments: Sequence[str]) -> None:
    """Detach from whoever starts the keeper, and serve until nobody needs it."""
    home, programs, lock, report = arguments
    if os.fork() != 0:
        os._exit(0)
    os.umask(0o077)
    for inherited in (lock, report):
        os.set_inheritable(int(inherited), False)
    places = Places(Path(home))
    try:
        _serve(places, Path(programs), int(report))
    except EmbeddedPostgresError as problem:
        _give_up(int(report), str(problem))
    except OSError as problem:
        _give_up(
            int(report), f"The embedded PostgreSQL could not be started: {problem}"
        )


def _serve(places: Places, programs: Path, report: int) -> None:
    _shorten_log(places)
    lease, ready = locks.opened(places.lease), locks.opened(places.ready)
    cluster = Cluster(places, identity.choose(programs, places.home))
    cluster.prepare()
    server = cluster.start()
    locks.wait_for(ready, locks.EXCLUSIVE)
    _tell(report, READY + b"\n")
    events: SimpleQueue[Server | None] = SimpleQueue()
    _in_background(lambda: _await_last_user(lease, events))
    while True:
        _await_end_in_background(server, events)
        ended = events.get()
        locks.release(ready)
        if ended is None:
            break
        _log(f"the server ended with {ended.returncode}; starting it again")
        server = cluster.start()
        locks.wait_for(ready, locks.EXCLUSIVE)
    cluster.stop(server)


def _await_last_user(lease: int, events: "SimpleQueue[Server | None]") -> None:
    """Every user shares the lease, so it can be had alone when all are gone."""
    locks.wait_for(lease, locks.EXCLUSIVE)
    events.put(None)


def _await_end_in_background(
    server: Server, events: "SimpleQueue[Server | None]"
) -> None:
    def wait() -> None:
        server.wait()
        events.put(server)

    _in_background(wait)


def _in_background(work: Callable[[], None]) -> None:
    Thread(target=work, daemon=True).start()


def _give_up(report: int, why: str) -> None:
    _log(why)
    _tell(report, f"{why}\n".encode())
    sys.exit(1)


def _tell(report: int, answer: bytes) -> None:
    """Answer whoever started the keeper, if they still live."""
    try:
        os.write(report, answer)
        os.close(report)
    except OSError:
        _log("nobody heard: " + answer.decode().strip())


def _shorten_log(places: Places) -> None:
    """Keep one earlier log, so that neither grows for ever."""
    if places.log.stat().st_size < LARGEST_LOG:
        return
    places.log.replace(places.log.with_suffix(".log.1"))
    fresh = locks.opened(places.log)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(fresh, stream.fileno())
    os.close(fresh)


def _log(line: str) -> None:
    moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
    sys.stderr.write(f"{moment} UTC [{os.getpid()}] KEEPER: {line}\n")
    sys.stderr.flush()
