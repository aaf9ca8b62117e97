"""The user's side: hold a lease on the server, and start its keeper if need be."""

import os
import pwd
import select
import subprocess
import sys
import threading
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from servicedesk.embedded import binaries, locks
from servicedesk.embedded.errors import EmbeddedPostgresError
from servicedesk.embedded.places import Places

PATIENCE = 120.0
STAYING, GOING = 0.3, 10.0
READY = b"ready"
SOURCE_ROOT = Path(__file__).resolve().parents[2]
# -I and -S keep the site, its start-up hooks and Django out of the keeper.
KEEPER_CODE = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from servicedesk.embedded.keeper import main; main(sys.argv[1:])"
)

_held: dict[Path, int] = {}
_guard = threading.Lock()


def _renew_guard() -> None:
    """A fork copies a guard that another thread may have held at that moment.

    The leases themselves need nothing: parent and child share each of them.
    """
    global _guard
    _guard = threading.Lock()


os.register_at_fork(after_in_child=_renew_guard)
_places = lru_cache(maxsize=64)(Places.below)


def hold(data_dir: Path) -> None:
    """See `servicedesk.embedded.ensure`."""
    places = _places(data_dir)
    with _guard:
        try:
            _take_lease(places)
            _wait_until_served(places)
        except OSError as problem:
            raise _refused(places, problem) from problem


def give_back(data_dir: Path) -> None:
    """Give up this process's lease, and return once the server is gone if it goes.

    For a process that is about to end: whoever waits for its end then finds nothing
    running. Nothing happens without a lease.
    """
    places = _places(data_dir)
    with _guard:
        descriptor = _held.pop(places.home, None)
    if descriptor is None:
        return
    os.close(descriptor)
    with suppress(OSError):
        # While it stays ready, somebody else still uses it.
        if _is_free_within(places.ready, STAYING):
            _is_free_within(places.keeper, GOING)


def _is_free_within(lock: Path, seconds: float) -> bool:
    descriptor = locks.opened(lock)
    try:
        return locks.is_taken_within(descriptor, locks.SHARED, seconds)
    finally:
        os.close(descriptor)


def _take_lease(places: Places) -> None:
    descriptor = _held.get(places.home)
    if descriptor is not None and locks.is_same_file(descriptor, places.lease):
        return
    places.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = locks.opened(places.lease)
    # A keeper that is just stopping holds the lease until the server is down.
    if not locks.is_taken_within(descriptor, locks.SHARED, PATIENCE):
        os.close(descriptor)
        raise _late(places, "is still stopping")
    _held[places.home] = descriptor


def _wait_until_served(places: Places) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _is_served(places):
        if time.monotonic() > deadline:
            raise _late(places, "is still starting")
        time.sleep(locks.PAUSE)


def _is_served(places: Places) -> bool:
    """Whether connections are accepted; starts a keeper if there is none."""
    if _is_ready(places):
        return True
    descriptor = locks.opened(places.keeper)
    try:
        if locks.is_taken(descriptor, locks.EXCLUSIVE):
            _start_keeper(places, descriptor)
    finally:
        os.close(descriptor)
    return _is_ready(places)


def _is_ready(places: Places) -> bool:
    descriptor = locks.opened(places.ready)
    try:
        return not locks.is_taken(descriptor, locks.SHARED)
    finally:
        os.close(descriptor)


def _start_keeper(places: Places, keeper_lock: int) -> None:
    """Start a keeper, which inherits the lock, and return when it has an answer."""
    programs = binaries.directory()
    answer, report = os.pipe()
    log = locks.opened(places.log)
    os.lseek(log, 0, os.SEEK_END)
    python = (sys.executable, "-I", "-S", "-c", KEEPER_CODE, str(SOURCE_ROOT))
    arguments = (str(places.home), str(programs), str(keeper_lock), str(report))
    try:
        # It forks and ends at once, so that the keeper is nobody's child here.
        subprocess.run(  # noqa: S603
            [*python, *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(keeper_lock, report),
            start_new_session=True,
            check=True,
        )
        os.close(report)
        report = -1
        _await_answer(places, answer)
    except subprocess.CalledProcessError as problem:
        raise _late(places, "could not be started") from problem
    finally:
        for descriptor in {answer, report, log} - {-1}:
            os.close(descriptor)


def _await_answer(places: Places, answer: int) -> None:
    said = b""
    deadline = time.monotonic() + PATIENCE
    while not said.endswith(b"\n"):
        left = max(0.0, deadline - time.monotonic())
        if not select.select([answer], [], [], left)[0]:
            raise _late(places, "is still starting")
        chunk = os.read(answer, 4096)
        if not chunk:
            raise _late(places, "ended before it was ready")
        said += chunk
    if said.strip() != READY:
        raise EmbeddedPostgresError(said.decode().strip(), advice="")


def _late(places: Places, what: str) -> EmbeddedPostgresError:
    return EmbeddedPostgresError(f"The embedded PostgreSQL {what}; see {places.log}.")


def _refused(places: Places, problem: OSError) -> EmbeddedPostgresError:
    if isinstance(problem, PermissionError) and os.path.lexists(places.home):
        owner = places.home.stat().st_uid
        name = _account_name(owner)
        if owner != os.geteuid():
            return EmbeddedPostgresError(
                f"The database in {places.home} belongs to {name}: run as {name}, "
                "or choose another DATA_DIR.",
                advice="",
            )
    return EmbeddedPostgresError(
        f"The embedded PostgreSQL cannot use {places.home}: {problem.strerror}. "
        "Choose another DATA_DIR, or set DATABASE_URL.",
        advice="",
    )


def _account_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
