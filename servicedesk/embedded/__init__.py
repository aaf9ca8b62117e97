"""A real PostgreSQL in DATA_DIR for whoever has set no DATABASE_URL.

`ensure` may be called by any process, any number of times, from any thread;
`socket_directory` is for settings and starts nothing. How it works and where
its limits are: docs/embedded-postgresql.md.
"""

from pathlib import Path
from types import ModuleType

from servicedesk.embedded.errors import EmbeddedPostgresError
from servicedesk.embedded.places import socket_directory

__all__ = ["EmbeddedPostgresError", "ensure", "give_back", "socket_directory"]


def ensure(data_dir: Path) -> None:
    """Return once the server in data_dir accepts connections.

    From then on this process holds a lease: the server stays up for as long as
    the process lives, and stops by itself when the last such process is gone.
    Raises EmbeddedPostgresError with one line that says what to do instead.
    """
    _lease().hold(data_dir)


def give_back(data_dir: Path) -> None:
    """Give up this process's lease, if it has one; it must not connect any more.

    Returns once the server is gone, unless other processes still use it.
    """
    _lease().give_back(data_dir)


def _lease() -> ModuleType:
    try:
        # Only here, so that settings can be read where file locks do not exist.
        from servicedesk.embedded import lease  # noqa: PLC0415
    except ModuleNotFoundError as problem:
        raise EmbeddedPostgresError.for_platform() from problem
    return lease
