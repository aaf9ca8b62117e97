from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from activity import clock
from incidents.clocks.made_sla import (
    Compared,
    Comparison,
    LeftOut,
    compare_made_sla,
)
from incidents.codes import Severity
from incidents.forms.supposing import TARGETS, SuppositionForm
from sla.codes import OnReopen, StopsAt
from sla.wording import in_hours

SHOWN: Final = 25
# Hours near which the flags of the public log turn; see docs/import.md.
HOURS: Final = {Severity.SEV3: 153.4, Severity.SEV4: 345.6}
LINE: Final = "{name:<8}{count:>9}{agreed:>9}{share:>10}{cells}"
NAMES: Final = ("late by both", "in time by both", "late only here", "late only there")


class Command(BaseCommand):
    help = (
        "Compare made_sla, which ServiceNow's log says of each incident, with a clock"
        " of 24 hours from Monday to Friday that ends at closing. Writes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for severity, name in TARGETS.items():
            parser.add_argument(
                f"--{name}",
                type=float,
                default=HOURS.get(Severity(severity), 0),
                metavar="HOURS",
                help="what to suppose for it; 0 for no promise (default: %(default)s)",
            )
        parser.add_argument(
            "--stops-at",
            choices=StopsAt.values,
            default=StopsAt.CLOSED,
            help="when the promise is kept (default: %(default)s)",
        )
        parser.add_argument(
            "--limit",
            type=int,
            default=SHOWN,
            metavar="N",
            help="how many disagreements to list (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = compare_made_sla(
            cache(lambda zone: _form(zone, options).supposition), at=clock.now()
        )
        if not found.compared and not found.left_out:
            raise CommandError(_("Nothing was brought in from ServiceNow yet."))
        self.stdout.write("\n".join(_table(found)))
        for reason, count in found.left_out.items():
            line = _("%(count)d not compared: %(why)s")
            self.stdout.write(line % {"count": count, "why": LeftOut(reason).label})
        self._list(found.disagreements, options)

    def _list(self, found: Sequence[Compared], options: dict[str, Any]) -> None:
        shown = found[: max(options["limit"], 0)]
        heading = _("%(count)d disagree; the first %(shown)d of them:")
        self.stdout.write(heading % {"count": len(found), "shown": len(shown)})
        for one in shown:
            self.stdout.write(_line(one, options))


def _form(zone: str, options: dict[str, Any]) -> SuppositionForm:
    """The same that the explaining page reads from its address."""
    form = SuppositionForm(QueryDict(_address(zone, options)))
    if not form.is_valid():
        raise CommandError(form.errors.as_text())
    return form


def _address(zone: str, options: dict[str, Any]) -> str:
    minutes = {name: round(options[name] * 60) for name in TARGETS.values()}
    supposed = {
        **{name: str(amount) for name, amount in minutes.items() if amount},
        "hours": "24x5",
        "zone": zone,
        "stops_at": options["stops_at"],
        # The log has one flag for each incident, so it has one clock.
        "on_reopen": OnReopen.CONTINUE,
    }
    return urlencode(supposed)


def _table(found: Comparison) -> Iterator[str]:
    yield LINE.format(
        name="",
        count=_("compared"),
        agreed=_("agree"),
        share="",
        cells="".join(f"{name:>17}" for name in NAMES),
    )
    for severity, rows in found.by_severity.items():
        yield _row(Severity(severity).label, rows)
    yield _row(_("all"), found.compared)


def _row(name: Any, rows: Sequence[Compared]) -> str:
    agreed = sum(one.agrees for one in rows)
    share = f"{100 * agreed / len(rows):.2f} %" if rows else "–"
    cells = ((True, True), (False, False), (True, False), (False, True))
    counts = [
        sum((one.is_missed, one.was_missed) == cell for one in rows) for cell in cells
    ]
    return LINE.format(
        name=str(name),
        count=len(rows),
        agreed=agreed,
        share=share,
        cells="".join(f"{count:>17}" for count in counts),
    )


def _line(one: Compared, options: dict[str, Any]) -> str:
    sentence = _(
        "%(number)s  %(severity)s  %(elapsed)s of %(target)s: %(here)s here, %(there)s"
        " there  %(link)s"
    )
    path = reverse("incidents:what_if", args=[one.incident])
    return sentence % {
        "number": one.number,
        "severity": Severity(one.severity).label,
        "elapsed": in_hours(one.elapsed),
        "target": in_hours(one.target),
        "here": _("late") if one.is_missed else _("in time"),
        "there": _("late") if one.was_missed else _("in time"),
        "link": f"{settings.SITE_URL}{path}?{_address(one.zone, options)}",
    }
