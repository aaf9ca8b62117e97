"""What the page of an incident says about known errors, without a query of its own."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from incidents import permissions as may
from incidents.events import STAY_ENDS, Kind
from incidents.models import Incident
from incidents.timeline import Entry


def knowledge_of(
    incident: Incident, entries: Sequence[Entry], by: User
) -> dict[str, Any]:
    """The check that still counts, what was written down, and what may be done."""
    check = _last_check(entries)
    return {
        "check": check,
        "found": _found(check) if check else "",
        "articles": [one for one in entries if one.kind == Kind.WRITE_ARTICLE],
        "may_check": incident.is_open and may.may_work(incident, by),
        "may_write": may.may_write_article(incident, by),
    }


def _last_check(entries: Sequence[Entry]) -> Entry | None:
    """As ``CheckQuerySet.of_this_stay`` finds it."""
    for entry in reversed(entries):
        if entry.kind == Kind.CHECK:
            return entry
        if entry.kind in STAY_ENDS:
            return None
    return None


def _found(check: Entry) -> str:
    shown, used = check.data.get("shown", 0), check.data.get("used", 0)
    if not shown:
        return _("no known error was found")
    facts = {"used": used, "refused": shown - used}
    return _("used: %(used)d, not used: %(refused)d") % facts
