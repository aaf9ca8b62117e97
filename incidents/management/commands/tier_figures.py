"""How often tickets go up and come back, and how long each tier has them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from activity import clock
from incidents.codes import ImportSource
from incidents.models import Incident
from incidents.tiers.figures import TierFigures, tier_figures


class Command(BaseCommand):
    help = "Print escalation rate, bounce rate and the time of each tier."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--source",
            choices=ImportSource.values,
            help="only tickets brought in from this system; else all tickets",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        incidents = Incident.objects.all()
        if options["source"]:
            incidents = incidents.filter(imported__source=options["source"])
        for line in _lines(tier_figures(incidents, clock.now())):
            self.stdout.write(line)


def _lines(figures: TierFigures) -> list[str]:
    shares = [
        ("escalated", figures.escalated, figures.escalation_rate),
        ("came back", figures.bounced, figures.bounce_rate),
        ("first line alone", figures.first_line, figures.first_line_rate),
    ]
    lines = [f"tickets: {figures.tickets}"]
    lines += [
        f"{name}: {count}" + (f" ({share:.1%})" if share is not None else "")
        for name, count, share in shares
    ]
    lines += [f"bounces: {figures.bounces}", f"tiers skipped: {figures.skips}"]
    for tier in sorted(figures.time):
        hours = figures.time[tier].total_seconds() / 3600
        lines.append(f"L{tier}: {figures.stays[tier]} stays, {hours:,.1f} h")
    return lines
