from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from activity.request_ids import request_id_set
from activity.services import deliveries, timers


class Command(BaseCommand):
    help = (
        "Fire every due timer and send every due message once, then stop. Safe to run"
        " beside workers, from cron, and by several at a time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--max-seconds", type=float, default=300.0)

    def handle(self, *args: Any, max_seconds: float, **options: Any) -> None:
        with request_id_set():
            swept = timers.sweep(max_seconds=max_seconds)
            sent = deliveries.send_due(max_seconds=max_seconds)
        self.stdout.write(
            f"timers: {swept.fired} fired, {swept.stale} no longer wanted,"
            f" {swept.failed} failed; messages: {sent.sent} sent,"
            f" {sent.put_off} put off, {sent.failed} failed for good"
        )
        if swept.is_held_up:
            self.stderr.write("The clock jumped: no timers fire for a minute.")
