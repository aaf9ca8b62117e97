"""One supervisor per data directory, however many there are on the machine."""

import os
from pathlib import Path

from servicedesk.embedded import locks

LONGEST_ADDRESS = 200


class OccupiedError(Exception):
    """Another supervisor serves the data directory; the message is one line."""


def occupy(data_dir: Path, address: str) -> None:
    """Claim the data directory for the life of this process."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = locks.opened(data_dir / "up.lock")
    if not locks.is_taken(lock, locks.EXCLUSIVE):
        other = os.pread(lock, LONGEST_ADDRESS, 0).decode(errors="replace")
        os.close(lock)
        raise OccupiedError(
            f"A service desk already runs on {data_dir}, at {other}. "
            "Stop it, or give this one another DATA_DIR."
        )
    os.ftruncate(lock, 0)
    os.pwrite(lock, address.encode(), 0)
