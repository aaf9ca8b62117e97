from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from servicedesk import demonstration


class Command(BaseCommand):
    help = (
        "Fill in the demonstration desk: teams of three tiers, people of every role,"
        " services, categories, locations. Running it again changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError(
                "This is no demonstration: everybody would know the password of an"
                " administrator. Set DEMONSTRATION=true if it is one."
            )
        demonstration.fill()
        self.stdout.write(f"The password of everybody is {demonstration.PASSWORD}")
        for login in demonstration.logins():
            self.stdout.write(f"  {login['role']:<20} {login['email']}")
