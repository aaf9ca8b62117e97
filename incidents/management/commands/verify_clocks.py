from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.clocks.keeping import differences
from incidents.models import Clock

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Read every clock anew from its events and compare it with what is shown."
        " Exit 1 and the differences otherwise."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(islice(differences(), SHOWN))
        if found:
            raise CommandError("\n".join(map(str, found)))
        self.stdout.write(f"{Clock.objects.count()} clocks: as their events say.")
