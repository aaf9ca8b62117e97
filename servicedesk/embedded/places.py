"""Where the embedded server keeps its files. Nothing here writes to the disk."""

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103 if sys.platform == "darwin" else 107
# Not the TMPDIR or XDG_RUNTIME_DIR of whoever asks: a cron job and a log-in shell
# that share a data directory must look for its socket in the same place.
SHORT_PARENT = Path("/tmp")  # noqa: S108


@dataclass(frozen=True)
class Places:
    """The names of all files of the server that belongs to one home directory."""

    home: Path

    @classmethod
    def below(cls, data_dir: Path) -> "Places":
        """The places in data_dir, the same for every way to write its path."""
        return cls(Path(os.path.realpath(data_dir)) / "postgresql")

    @property
    def cluster(self) -> Path:
        return self.home / "data"

    @property
    def unfinished_cluster(self) -> Path:
        return self.home / "data.new"

    @property
    def log(self) -> Path:
        return self.home / "postgresql.log"

    @property
    def lease(self) -> Path:
        """Locked, shared, by every process that uses the server."""
        return self.home / "lease"

    @property
    def keeper(self) -> Path:
        """Locked by whoever starts a keeper, then by the keeper for its life."""
        return self.home / "keeper"

    @property
    def ready(self) -> Path:
        """Locked by the keeper while connections are accepted."""
        return self.home / "ready"

    @property
    def server(self) -> Path:
        """Locked by the server and each of its processes, however orphaned."""
        return self.home / "server"

    @property
    def socket_home(self) -> Path:
        """A directory that nobody but its owner may enter."""
        socket = os.fsencode(self.home / "run" / SOCKET)
        # Clients and server take what a comma separates for several directories.
        if len(socket) <= LONGEST_SOCKET_PATH and b"," not in socket:
            return self.home
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return SHORT_PARENT / f"servicedesk-{digest}"

    @property
    def socket_directory(self) -> Path:
        return self.socket_home / "run"


def socket_directory(data_dir: Path) -> Path:
    """The directory to name as database host; it exists once the server runs."""
    return Places.below(data_dir).socket_directory
