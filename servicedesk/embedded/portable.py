"""A copy of the programs for a user who cannot reach the installed ones.

The copy belongs to root and is closed to writing, so whoever runs from it cannot
change it, and one copy serves every data directory of the machine.
"""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from servicedesk.embedded import binaries
from servicedesk.embedded.errors import EmbeddedPostgresError

# Fixed, like the socket's: two starts must find the same copy.
PARENTS = (Path("/var/tmp"), Path("/tmp"))  # noqa: S108


def programs_for(programs: Path, can_run: Callable[[Path], bool]) -> Path:
    """The programs themselves if they can be run there, else a copy that can."""
    if can_run(programs):
        return programs
    for parent in PARENTS:
        copy = _copy_below(parent, programs)
        if copy is not None and can_run(copy):
            return copy
    raise EmbeddedPostgresError("no directory for a copy of the programs", advice="")


def _copy_below(parent: Path, programs: Path) -> Path | None:
    """The programs of a trustworthy copy in the parent, made now if need be."""
    wanted = _manifest(programs)
    digest = hashlib.sha256(repr(wanted).encode()).hexdigest()[:16]
    home = parent / f"servicedesk-postgresql-{digest}"
    copy = home / programs.relative_to(binaries.root(programs))
    if _is_trustworthy(home) and _manifest(copy) == wanted:
        return copy
    try:
        _replace(home, programs)
    except OSError:
        return None
    return copy if _is_trustworthy(home) else None


def _is_trustworthy(home: Path) -> bool:
    """Ours, and nobody else may write there: so is then everything below."""
    try:
        found = home.lstat()
    except FileNotFoundError:
        return False
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return is_ours and not found.st_mode & 0o022


def _manifest(programs: Path) -> list[tuple[str, int]]:
    """Every file with its size: tells one release, or a torn copy, from another."""
    root = binaries.root(programs)
    return sorted(
        (str(file.relative_to(root)), file.stat().st_size) for file in _files(programs)
    )


def _files(programs: Path) -> Iterator[Path]:
    for part in binaries.parts(programs):
        for folder, _, names in os.walk(part):
            for name in names:
                yield Path(folder, name)


def _replace(home: Path, programs: Path) -> None:
    """Put a whole copy in place in one step; a rival that was first is as good."""
    fresh = Path(tempfile.mkdtemp(prefix=f"{home.name}.", dir=home.parent))
    try:
        _fill(fresh, programs)
        if _is_trustworthy(home):
            # Old and incomplete: something tidied it up while it lay there unused.
            home.rename(fresh / "replaced")
        fresh.rename(home)
        shutil.rmtree(home / "replaced", ignore_errors=True)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
        if not _is_trustworthy(home):
            raise


def _fill(fresh: Path, programs: Path) -> None:
    root = binaries.root(programs)
    for file in _files(programs):
        target = fresh / file.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        target.chmod(0o755 if os.access(file, os.X_OK) else 0o644)
    # What this process makes is closed to others by its umask.
    for folder, _, _ in os.walk(fresh):
        Path(folder).chmod(0o755)
