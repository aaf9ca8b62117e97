from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.models import TierStay
from incidents.tiers.keeping import differences

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Read anew from its events which team had each incident, and compare it with"
        " what is written. Exit 1 and the differences otherwise."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(islice(differences(), SHOWN))
        if found:
            raise CommandError("\n".join(map(str, found)))
        self.stdout.write(f"{TierStay.objects.count()} stays: as their events say.")
