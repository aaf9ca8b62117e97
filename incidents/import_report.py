"""The report of an import: every row that was not taken, and why, as CSV."""

import csv
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext as _

from incidents.models import ImportRun

# What a spreadsheet takes for the beginning of a formula, also in full width.
FORMULA: Final = tuple("=+-@＝＋－＠")  # noqa: RUF001
INVISIBLE: Final = {"Cc", "Cf", "Zs", "Zl", "Zp"}


class Echo:
    """A file that hands back what is written to it, for a row at a time."""

    def write(self, text: str) -> str:
        return text


def report_lines(run: ImportRun) -> Iterator[str]:
    """The lines of the report, heading first, in the order of the file."""
    writer: Any = csv.writer(Echo())
    yield writer.writerow(
        [_("Line"), _("Incident"), _("Reason"), _("Why"), _("What was found")]
    )
    for row in run.refusals.order_by("line").iterator():
        cells = [row.line, row.number, row.reason, row.get_reason_display(), row.detail]
        yield writer.writerow([plain_cell(cell) for cell in cells])


def plain_cell(value: Any) -> str:
    """The value as text that no spreadsheet runs as a formula."""
    text = str(value)
    seen = text.lstrip(
        "".join({sign for sign in text if unicodedata.category(sign) in INVISIBLE})
    )
    if seen.startswith(FORMULA) or text.startswith(("\t", "\r", "\0")):
        return f"'{text}"
    return text
