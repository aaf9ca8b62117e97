"""What the page of an incident says about known errors, without a query of its own."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from incidents import permissions as may
from incidents.events import STAY_ENDS, Kind
from incidents.models import Incident
from incidents.services.escalating import needs_check
from incidents.timeline import Entry


def knowledge_of(
    incident: Incident, entries: Sequence[Entry], by: User
) -> dict[str, Any]:
    """The check that counts, what was written down, and what may be done.

    While a check is due (``is_due``), one of an earlier stay does not count; from then
    on the last one is history. It is offered where escalation would ask for it.
    """
    is_due = incident.is_open and needs_check(incident)
    check = _check_of_this_stay(entries) if is_due else _last_check(entries)
    return {
        "is_due": is_due,
        "check": check,
        "found": _found(check) if check else "",
        "articles": [one for one in entries if one.kind == Kind.WRITE_ARTICLE],
        "may_check": is_due and check is None and may.may_work(incident, by),
        "may_write": may.may_write_article(incident, by),
    }


def _last_check(entries: Sequence[Entry]) -> Entry | None:
    return next((one for one in reversed(entries) if one.kind == Kind.CHECK), None)


def _check_of_this_stay(entries: Sequence[Entry]) -> Entry | None:
    """As ``CheckQuerySet.of_this_stay`` finds it."""
    last = _last_check(entries)
    if last is None or any(
        one.kind in STAY_ENDS and one.seq > last.seq for one in entries
    ):
        return None
    return last


def _found(check: Entry) -> str:
    shown, used = check.data.get("shown", 0), check.data.get("used", 0)
    if not shown:
        return _("no known error was found")
    facts = {"used": used, "refused": shown - used}
    return _("used: %(used)d, not used: %(refused)d") % facts
