"""What runs beside the database: web server, worker, beat and watchdog."""

import sys
from dataclasses import dataclass
from pathlib import Path

# Celery warns because a forged pickle would be root's; only JSON is accepted here.
AS_ROOT = "ignore:You're running the worker with superuser privileges"


@dataclass(frozen=True)
class Program:
    """A command to keep running, under the name that its lines of output carry."""

    name: str
    command: tuple[str, ...]
    inherits: tuple[int, ...] = ()


def service_desk(listener: int, data_dir: Path) -> tuple[Program, ...]:
    """The programs of one desk that answers on the given socket descriptor."""
    return (web(listener), worker(), beat(data_dir), watch())


def web(listener: int) -> Program:
    options = {
        "bind": f"fd://{listener}",
        "worker-class": "gthread",
        "workers": "2",
        "threads": "4",
        "graceful-timeout": "4",
        "log-level": "warning",
    }
    command = _python("gunicorn", "servicedesk.wsgi", "--no-control-socket", **options)
    return Program("web", command, inherits=(listener,))


def worker() -> Program:
    # Gossip and mingle are for clusters that talk among themselves; without them
    # the worker stops a second sooner.
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    options = {"pool": "threads", "concurrency": "4", "loglevel": "WARNING"}
    return Program("worker", _celery("worker", *quiet, **options))


def beat(data_dir: Path) -> Program:
    options = {"schedule": str(data_dir / "beat-schedule"), "loglevel": "WARNING"}
    return Program("beat", _celery("beat", "--pidfile=", **options))


def watch() -> Program:
    return Program("watch", (sys.executable, "manage.py", "watch"))


def _celery(part: str, *flags: str, **options: str) -> tuple[str, ...]:
    return _python("celery", "--app=servicedesk", "--quiet", part, *flags, **options)


def _python(module: str, *arguments: str, **options: str) -> tuple[str, ...]:
    named = (f"--{name}={value}" for name, value in options.items())
    return (sys.executable, "-W", AS_ROOT, "-m", module, *arguments, *named)
