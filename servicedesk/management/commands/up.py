import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections

from servicedesk import demonstration
from servicedesk.embedded import give_back
from servicedesk.supervisor import startup
from servicedesk.supervisor.listener import PortUnavailableError, listen, local_address
from servicedesk.supervisor.loop import Supervisor
from servicedesk.supervisor.occupancy import OccupiedError, occupy
from servicedesk.supervisor.output import Terminal
from servicedesk.supervisor.programs import service_desk


class Command(BaseCommand):
    help = (
        "Run the service desk in this terminal: database, web server, worker, beat and"
        " watchdog."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        address = settings.SITE_URL
        # From the environment, where the settings and every program find them too.
        host = os.environ.get("HOST", "127.0.0.1")
        try:
            listener = listen(host, int(os.environ.get("PORT", "8000")))
            occupy(settings.DATA_DIR, address)
            self._prepare()
        except (PortUnavailableError, OccupiedError) as problem:
            raise CommandError(str(problem)) from problem
        except OperationalError as problem:
            raise CommandError(_one_line(problem)) from problem
        except OSError as problem:
            reason = f"Cannot use {settings.DATA_DIR}: {problem.strerror}."
            raise CommandError(f"{reason} Choose another DATA_DIR.") from problem
        except KeyboardInterrupt:
            raise CommandError("Stopped before the start.", returncode=130) from None
        programs = service_desk(listener.fileno(), settings.DATA_DIR)
        terminal = Terminal()
        welcome = _welcome(address)
        supervisor = Supervisor(programs, Path(settings.BASE_DIR), terminal)
        supervisor.when_answering(
            *local_address(listener),
            "/healthz",
            lambda: terminal.line("\n".join(welcome)),
        )
        try:
            supervisor.run()
        finally:
            connections.close_all()
            give_back(settings.DATA_DIR)

    def _prepare(self) -> None:
        """Have a database that is ready for use; the programs find it so."""
        self.stdout.write("Preparing the database.")
        startup.make_broker_folders()
        startup.migrate_locked()
        if settings.DEMONSTRATION and startup.fill_empty_desk():
            self.stdout.write("Filled the empty database with a demonstration desk.")
        # The lease of an embedded server stays; a connection would only stand idle.
        connections.close_all()


def _welcome(address: str) -> list[str]:
    """The address, and in the demonstration one log-in per role."""
    lines = [f"The service desk answers at {address}"]
    logins = demonstration.logins() if settings.DEMONSTRATION else []
    connections.close_all()
    if not logins:
        return lines
    rows = [f"  {login['role']:<20} {login['email']}" for login in logins]
    password = f"Log in with the password {demonstration.PASSWORD} as"
    return [*lines, password, *rows, "Ctrl-C stops everything; the data stay."]


def _one_line(problem: Exception) -> str:
    return f"The database cannot be used: {' '.join(str(problem).split())}"
