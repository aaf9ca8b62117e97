"""A preview in words: what a move does to each promise, for who is about to make it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from incidents.clocks.previewing import Effect, Preview, is_promised
from incidents.events import Kind
from sla.clock import Reading
from sla.codes import Metric, Pause, State
from sla.models import PolicyVersion
from sla.wording import in_hours

MINUTE: Final = timedelta(minutes=1)
LONG: Final = timedelta(hours=48)
DAY: Final = timedelta(days=1)

WAITS: Final[dict[str, Promise]] = {
    Pause.AWAITING_REPORTER: gettext_lazy("Paused until the reporter answers"),
    Pause.AWAITING_SUPPLIER: gettext_lazy("Paused while it waits for a supplier"),
    Pause.AWAITING_CHANGE: gettext_lazy("Paused while it waits for a change"),
    Pause.AWAITING_PROBLEM: gettext_lazy("Paused until the problem is solved"),
    Pause.SCHEDULED: gettext_lazy("Paused until the day it is scheduled for"),
}
ENDS_WITH: Final[dict[str, Promise]] = {
    State.MET: gettext_lazy("Kept by this, %(time)s early"),
    State.MISSED: gettext_lazy("Ended by this, missed by %(time)s"),
}
ENDED: Final[dict[str, Promise]] = {
    State.MET: gettext_lazy("Kept already; nothing changes"),
    State.MISSED: gettext_lazy("Missed already; nothing changes"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What becomes of one promise. ``look`` is a clock's (on-track, paused, met,
    missed, overdue), ``""`` where there is none any more; ``terms`` says what is
    promised where that changes, ``then`` what follows if it is taken as well."""

    label: str
    look: str
    words: str
    terms: str = ""
    then: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """``policy`` says which counts afterwards, ``because`` why it fits."""

    lines: Sequence[Line]
    policy: str
    because: str
    missing: Sequence[str] = ()


def foretold(preview: Preview, missing: Sequence[str] = ()) -> Foretold:
    """In words; ``missing`` are the questions that have no answer yet."""
    return Foretold(
        lines=[_line(effect, preview) for effect in preview.effects],
        policy=_policy(preview),
        because=preview.match.words if preview.match else "",
        missing=missing,
    )


def _line(effect: Effect, preview: Preview) -> Line:
    return Line(
        label=str(effect.metric.label),
        look=_look(effect.after),
        words=_words(effect, preview),
        terms=_terms(effect, preview),
        then=_taken(effect, preview),
    )


def _look(reading: Reading | None) -> str:
    if reading is None or reading.target is None:
        return ""
    if reading.state == State.RUNNING:
        return "overdue" if reading.breached_at else "on-track"
    known = {State.PAUSED: "paused", State.MISSED: "missed"}
    return known.get(reading.state, "met")


def _words(effect: Effect, preview: Preview) -> str:
    after, at = effect.after, preview.at
    if preview.plan is None:
        return _now(effect.before, at)
    if after is None or not is_promised(after):
        return _no_longer(effect.before, at)
    if after.stopped_at is not None:
        return _ended(effect, after)
    if after.state == State.PAUSED:
        return _paused(effect, preview)
    if after.breached_at is not None:
        return _missed(effect, after, at)
    return _running(effect, after, preview)


def _now(reading: Reading | None, at: datetime) -> str:
    if reading is None or reading.due_at is None or reading.stopped_at:
        return str(State(reading.state).label) if reading else ""
    if reading.breached_at:
        return _("Missed since %(due)s") % {"due": when(reading.breached_at, at)}
    return _("Due %(due)s as it stands") % {"due": when(reading.due_at, at)}


def _no_longer(before: Reading | None, at: datetime) -> str:
    if before is None or before.due_at is None:
        return _("No longer promised")
    return _("No longer promised; it was due %(due)s") % {
        "due": when(before.due_at, at)
    }


def _ended(effect: Effect, after: Reading) -> str:
    before = effect.before
    if before is None or before.stopped_at is None:
        time = in_hours(abs((after.target or timedelta()) - after.elapsed))
        return str(ENDS_WITH[after.state]) % {"time": time}
    return str(ENDED.get(after.state, State(after.state).label))


def _paused(effect: Effect, preview: Preview) -> str:
    before, then, at = effect.before, effect.then, preview.at
    hold = preview.plan.hold if preview.plan else ""
    words = str(WAITS.get(hold, _("Paused")))
    if before is not None and before.state == State.PAUSED:
        words = _("Stays paused")
    if then is not None and then.breached_at is not None:
        return _("%(paused)s; missed already") % {"paused": words}
    if then is None or then.due_at is None:
        return words
    return _("%(paused)s; due again %(due)s at the latest") % {
        "paused": words,
        "due": when(then.due_at, at),
    }


def _missed(effect: Effect, after: Reading, at: datetime) -> str:
    before = effect.before
    now = when(after.breached_at or at, at)
    if before is None or before.breached_at is None:
        words = _("Already missed by the new promise: it was due %(due)s")
        return words % {"due": now}
    earlier = when(before.breached_at, at)
    if earlier == now:
        return _("Stays missed since %(due)s") % {"due": now}
    return _("Missed since %(before)s → since %(after)s") % {
        "before": earlier,
        "after": now,
    }


def _running(effect: Effect, after: Reading, preview: Preview) -> str:
    before, at = effect.before, preview.at
    due_at = after.due_at or at
    words = {"due": when(due_at, at)}
    if before is None or not is_promised(before):
        return _("Promised from now on: due %(due)s") % words
    if after.cycle > before.cycle:
        return _begins(effect, preview) % words
    if before.due_at is None or before.stopped_at is not None:
        return _("Goes on: due %(due)s") % words
    if before.breached_at is not None:
        words["before"] = when(before.breached_at, at)
        return _("Missed since %(before)s → due %(due)s") % words
    if abs(due_at - before.due_at) < MINUTE:
        return _stays(preview) % words
    words["before"] = when(before.due_at, at)
    words["apart"] = apart(before.due_at, due_at)
    return _("Due %(before)s → %(due)s (%(apart)s)") % words


def _begins(effect: Effect, preview: Preview) -> str:
    if effect.metric == Metric.UPDATE and _is_hold(preview):
        return _("Your question is an update; the next is due %(due)s")
    return _("Begins again: due %(due)s")


def _stays(preview: Preview) -> str:
    if _is_hold(preview):
        return _("Not paused: stays due %(due)s")
    return _("Stays due %(due)s")


def _is_hold(preview: Preview) -> bool:
    return preview.plan is not None and preview.plan.kind == Kind.HOLD


def _taken(effect: Effect, preview: Preview) -> str:
    """What else happens to it if whoever triages takes it as well."""
    after, then = effect.after, effect.then
    is_triage = preview.plan is not None and preview.plan.kind == Kind.TRIAGE
    if not is_triage or then is None or after is None:
        return ""
    if after.stopped_at is not None or then.stopped_at is None:
        return ""
    time = in_hours(abs((then.target or timedelta()) - then.elapsed))
    if then.state == State.MET:
        return _("If you take it as well: kept, %(time)s early") % {"time": time}
    return _("If you take it as well: missed by %(time)s") % {"time": time}


def _terms(effect: Effect, preview: Preview) -> str:
    """Such as "8 h of Around the clock, instead of 24 h of Working hours"."""
    before, after = effect.before, effect.after
    new, old = _promise(after, preview), _promise(before, preview)
    if not new or new == old:
        return ""
    if not old:
        return new
    return _("%(new)s, instead of %(old)s") % {"new": new, "old": old}


def _promise(reading: Reading | None, preview: Preview) -> str:
    if reading is None or reading.target is None:
        return ""
    calendar = preview.versions[reading.policy].calendar.name
    words = {"time": in_hours(reading.target), "calendar": calendar}
    return _("%(time)s, counted by %(calendar)s") % words


def _policy(preview: Preview) -> str:
    old = preview.versions[preview.version.pk] if preview.version else None
    if not preview.is_matched:
        return old.policy.name if old else ""
    if preview.match is None:
        return _("None fits: nothing is promised")
    return _instead(preview.match.version, old)


def _instead(new: PolicyVersion, old: PolicyVersion | None) -> str:
    if old is None:
        return str(new.policy.name)
    if new.pk == old.pk:
        return _("%(policy)s, as before") % {"policy": new.policy.name}
    if new.policy_id == old.policy_id:
        return _("%(new)s, instead of version %(number)d") % {
            "new": new,
            "number": old.number,
        }
    return _("%(new)s, instead of %(old)s") % {
        "new": new.policy.name,
        "old": old.policy.name,
    }


def when(moment: datetime, at: datetime) -> str:
    """A moment in the viewer's zone as it is said at ``at``: "today 14:10"."""
    local, now = timezone.localtime(moment), timezone.localtime(at)
    words = {"time": date_format(local, "H:i")}
    days = (local.date() - now.date()).days
    if days == 0:
        return _("today %(time)s") % words
    if days == 1:
        return _("tomorrow %(time)s") % words
    if days == -1:
        return _("yesterday %(time)s") % words
    return date_format(local, "D j M, H:i" if local.year == now.year else "j M Y, H:i")


def apart(before: datetime, after: datetime) -> str:
    """How much earlier or later, as the clock on the wall has it."""
    between = abs(after - before)
    time = in_hours(between)
    if between >= LONG:
        count = round(between / DAY)
        time = ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
    words = _("%(time)s later") if after > before else _("%(time)s earlier")
    return words % {"time": time}
