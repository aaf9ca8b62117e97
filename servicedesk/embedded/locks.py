"""File locks (flock): the kernel releases them however their holder dies.

Local disks only: network file systems do not keep this promise.
"""

import fcntl
import os
import time
from pathlib import Path

SHARED = fcntl.LOCK_SH
EXCLUSIVE = fcntl.LOCK_EX
PAUSE = 0.005


def opened(path: Path) -> int:
    """A descriptor of the lock file, which is made if need be.

    A file that root makes in somebody else's directory belongs to that person,
    who could not open it later otherwise.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    home = path.parent.stat()
    if os.fstat(descriptor).st_uid != home.st_uid and os.geteuid() == 0:
        os.fchown(descriptor, home.st_uid, home.st_gid)
    return descriptor


def is_taken(descriptor: int, kind: int) -> bool:
    """Try to lock; False when somebody else's lock is in the way."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_taken_within(descriptor: int, kind: int, seconds: float) -> bool:
    """Try to lock for so long; False when somebody else's lock stayed."""
    deadline = time.monotonic() + seconds
    while not is_taken(descriptor, kind):
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


def wait_for(descriptor: int, kind: int) -> None:
    """Lock, however long that takes."""
    fcntl.flock(descriptor, kind)


def release(descriptor: int) -> None:
    """Unlock, without waiting for the descriptor to be closed."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def is_same_file(descriptor: int, path: Path) -> bool:
    """Whether the descriptor is still open and still of the file at the path."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False
