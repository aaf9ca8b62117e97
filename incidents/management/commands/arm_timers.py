from typing import Any

from django.core.management.base import BaseCommand

from incidents.clocks.renewing import renew_all


class Command(BaseCommand):
    help = (
        "Read the clocks of all that has not ended anew from its events, and arm the"
        " timers that should be armed. Changes nothing where all is as it should be."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{renew_all()} tickets: their timers are armed.")
