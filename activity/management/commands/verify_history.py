from typing import Any

from django.core.management.base import BaseCommand, CommandError

from activity.services import history


class Command(BaseCommand):
    help = (
        "Verify that no event was changed, removed or reordered, that no tail was cut,"
        " that notes say what they said, and that every guard stands. Exit 1 and the"
        " first place of each fault otherwise."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        events, records = history.size()
        found = history.faults()
        if found:
            raise CommandError("\n".join(str(fault) for fault in found))
        self.stdout.write(f"{events} events of {records} records: whole.")
