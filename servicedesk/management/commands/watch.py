import json
import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from servicedesk.watchdog.looking import is_bad, look
from servicedesk.watchdog.loop import watch


class Command(BaseCommand):
    help = (
        "Ask every minute whether what should happen does happen, for the page"
        " /admin/health/, and tell DEADMAN_URL while all is well. Safe to run several"
        " times at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once",
            action="store_true",
            help="look once and stop; exit 1 and what is wrong if something is",
        )

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if not once:
            signal.signal(signal.SIGTERM, _end)
            watch()
        wrong = [
            f"{found.name}: {json.dumps(found.detail)}"
            for found in look()
            if is_bad(found)
        ]
        if wrong:
            raise CommandError("\n".join(wrong))
        self.stdout.write("All is well.")


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
