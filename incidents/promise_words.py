"""What was promised, in the words of the reporter.

No teams, no severities, no reasons of colleagues: what was promised, what became of it,
and what happened that moved it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents import permissions as may
from incidents.clocks.faces import look_of
from incidents.clocks.promises import Cause, Ledger, Move, Promised, Standing, Times
from incidents.models import Incident
from incidents.reporter_words import in_words
from sla.codes import Metric, Pause
from sla.wording import in_hours

DAY: Final = timedelta(days=1)
NONE: Final = timedelta()

TITLES: Final[dict[str, Lazy]] = {
    Metric.RESPONSE: _("Somebody looks at it"),
    Metric.RESOLUTION: _("It is solved"),
    Metric.UPDATE: _("News from us"),
}
NEXT: Final[dict[str, Lazy]] = {
    "look_by": _("Somebody looks at it by"),
    "solved_by": _("Solved by"),
    "news_by": _("News by"),
}
DONE: Final[dict[str, Lazy]] = {
    Metric.RESPONSE: _("Somebody looked at it on %(at)s."),
    Metric.RESOLUTION: _("It was solved on %(at)s."),
    Metric.UPDATE: _("The news came on %(at)s."),
}
# What stands still, for whom: to the reporter, and to who reads along.
WAITS: Final[dict[str, tuple[Lazy, Lazy]]] = {
    Pause.AWAITING_REPORTER: (
        _("The clock stands still until you answer."),
        _("The clock stands still until the answer is here."),
    ),
    Pause.AWAITING_SUPPLIER: (_("The clock stands still: we wait for a supplier."),)
    * 2,
    Pause.AWAITING_CHANGE: (_("The clock stands still: we wait for a planned change."),)
    * 2,
    Pause.AWAITING_PROBLEM: (
        _("The clock stands still until the cause of this is removed."),
    )
    * 2,
    Pause.SCHEDULED: (_("The clock stands still: it is planned for later."),) * 2,
}
# What happened: when the reader did it, or was spoken to; and else.
HAPPENED: Final[dict[str, tuple[Lazy, Lazy]]] = {
    Cause.REPORTED: (_("You reported it."), _("It was reported.")),
    Cause.MORE_URGENT: (_("We judged it more urgent."),) * 2,
    Cause.LESS_URGENT: (_("We judged it less urgent."),) * 2,
    Cause.SORTED: (_("We looked at what it needs."),) * 2,
    Cause.TAKEN: (_("Somebody took it up."),) * 2,
    Cause.WROTE: (_("We wrote to you."), _("We wrote about it.")),
    Cause.ASKED: (_("We asked you a question."), _("We asked a question.")),
    Cause.HELD: (_("We paused it."),) * 2,
    Cause.ANSWERED: (_("You answered."), _("The answer came.")),
    Cause.WENT_ON: (_("We went on with it."),) * 2,
    Cause.PASSED_ON: (_("We passed it on to other colleagues."),) * 2,
    Cause.SOLVED: (_("We solved it."),) * 2,
    Cause.WORKS_AGAIN: (
        _("You told us that it works again."),
        _("We heard that it works again."),
    ),
    Cause.STILL_FAILS: (
        _("You told us that it still does not work."),
        _("We heard that it still does not work."),
    ),
    Cause.CLOSED: (_("We closed it."),) * 2,
    Cause.CANCELLED: (_("You cancelled it."), _("It was cancelled.")),
    Cause.CAME_BACK: (_("You brought it back."), _("It came back.")),
    Cause.HOURS: (_("Our service hours changed."),) * 2,
}
HELD: Final[dict[str, Lazy]] = {
    Pause.AWAITING_SUPPLIER: _("We wait for a supplier."),
    Pause.AWAITING_CHANGE: _("We wait for a planned change."),
    Pause.AWAITING_PROBLEM: _("We wait until the cause of this is removed."),
    Pause.SCHEDULED: _("We planned it for later."),
}
BECAME: Final[dict[str, Lazy]] = {
    Standing.WAITS: _("The time stands still."),
    Standing.KEPT: _("The promise was kept."),
    Standing.MISSED: _("It was later than promised."),
    Standing.CANCELLED: _("The promise ended with it."),
    Standing.MERGED: _("The promise ended with it."),
    Standing.LIFTED: _("We no longer promise a time."),
}
SPOKEN_TO: Final = (Cause.ASKED, Cause.WROTE)
ENDED: Final = (Standing.CANCELLED, Standing.MERGED, Standing.LIFTED)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened to a promise."""

    at: datetime
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One promise. ``due_at`` is the promised time, ``None`` where there is none just
    now; ``look``, ``words`` and ``left`` are those of ``partials/_clock.html``, without
    look only words. ``sentence`` may be empty."""

    title: str
    due_at: datetime | None
    look: str
    words: str
    left: int | None = None
    sentence: str = ""
    lines: Sequence[Line] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The section of the reporter's page: on top what holds now, folded below it every
    promise with what became of it."""

    present: Sequence[Told]
    history: Sequence[Told]
    former_news: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What is promised next: by when, and whether that time has passed."""

    label: str
    due_at: datetime
    is_late: bool


def next_promise(times: Times) -> Next | None:
    """The earliest of the promised times that run, ``None`` where none does."""
    running = {name: getattr(times, name) for name in NEXT if getattr(times, name)}
    if not running:
        return None
    name = min(running, key=lambda name: running[name])
    return Next(
        label=str(NEXT[name]),
        due_at=running[name],
        is_late=times.at > running[name],
    )


def promises_for(ledger: Ledger, incident: Incident, reader: User) -> Page | None:
    """``None`` where nothing was ever promised."""
    if not ledger.promises:
        return None
    words = _Words(incident, reader)
    told = [(one, words.of(one)) for one in ledger.promises]
    return Page(
        present=[said for one, said in told if one in ledger.present],
        history=[said for one, said in told if said.lines],
        former_news=_former_news(ledger),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """Said to one reader about one incident."""

    incident: Incident
    reader: User

    @property
    def is_addressed(self) -> bool:
        return may.may_answer(self.incident, self.reader)

    def of(self, one: Promised) -> Told:
        title = str(TITLES[one.metric])
        if one.reading.cycle > 1 and one.metric is not Metric.UPDATE:
            title = gettext("%(promise)s, after it came back") % {"promise": title}
        look, words, left = _face(one)
        return Told(
            title=title,
            due_at=_promised_time(one),
            look=look,
            words=words,
            left=left,
            sentence=self._sentence(one),
            lines=sorted(self._lines(one), key=lambda line: line.at),
        )

    def _sentence(self, one: Promised) -> str:
        if one.standing is Standing.KEPT:
            return str(DONE[one.metric]) % {"at": _moment(one.reading.stopped_at)}
        if one.standing is Standing.MISSED:
            return _missed(one)
        if one.standing is Standing.LATE:
            return gettext("We have not kept this. We are still at it.")
        if one.standing is Standing.WAITS:
            return self._waits(one)
        return str(BECAME.get(one.standing, ""))

    def _waits(self, one: Promised) -> str:
        said = str(WAITS[one.waits_for][not self.is_addressed])
        if one.missed_at is None:
            return said
        return f"{gettext('We have not kept this.')} {said}"

    def _lines(self, one: Promised) -> Iterator[Line]:
        for move in one.moves:
            yield Line(move.at, f"{self._happened(move)} {_became(move)}")
        for moment in one.passed:
            yield Line(
                moment, gettext("The promised time went by. We did not keep it.")
            )
        for moment in one.warned:
            told = gettext("We told you that we may be late.")
            others = gettext("We said that we may be late.")
            yield Line(moment, told if self.is_addressed else others)

    def _happened(self, move: Move) -> str:
        if move.cause is Cause.HELD and move.reason in HELD:
            return str(HELD[move.reason])
        is_own = move.by == self.reader.pk
        if move.cause in SPOKEN_TO:
            is_own = self.is_addressed
        if move.cause is Cause.ANSWERED:  # it went on by itself when they did
            is_own = {self.incident.reporter_id, self.incident.confirmer_id} == {
                self.reader.pk
            }
        return str(HAPPENED[move.cause][not is_own])


def roughly(amount: timedelta) -> str:
    """By the clock on the wall, in two units at most: "2 days 3 h", "5 h 40 min"."""
    if amount < DAY:
        return in_hours(amount)
    days, hours = amount.days, amount.seconds // 3600
    told = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
    return f"{told} {in_hours(timedelta(hours=hours))}" if hours else told


def _face(one: Promised) -> tuple[str, str, int | None]:
    """Look, words and the share that is left, in whole per cent."""
    reading, standing = one.reading, one.standing
    if standing is Standing.ON_ITS_WAY and reading.due_at:
        target = reading.target or NONE
        left = target - reading.elapsed
        words = gettext("in %(time)s") % {"time": roughly(reading.due_at - one.at)}
        share = max(0, min(100, round(100 * (left / target)))) if target else 0
        return look_of(left, target), words, share
    if standing is Standing.LATE and one.missed_at:
        late = gettext("%(time)s late") % {"time": roughly(one.at - one.missed_at)}
        return "overdue", late, None
    if standing is Standing.WAITS:
        return "paused", gettext("Stands still"), None
    return _ended_face(one)


def _ended_face(one: Promised) -> tuple[str, str, int | None]:
    reading = one.reading
    if one.standing is Standing.KEPT and reading.due_at and reading.stopped_at:
        early = roughly(reading.due_at - reading.stopped_at)
        return "met", gettext("Kept, %(time)s early") % {"time": early}, None
    if one.standing is Standing.MISSED:
        return "missed", gettext("Not kept"), None
    return "", gettext("Ended"), None


def _missed(one: Promised) -> str:
    """By how much, in working time where that is another, and when it was done."""
    done = one.reading.stopped_at
    values = {"due": _moment(one.missed_at), "at": _moment(done)}
    if not one.over or done is None or one.missed_at is None:
        said = gettext("We did not keep this: promised %(due)s, done %(at)s.")
        return said % values
    values["time"] = in_hours(one.over)
    if one.over == done - one.missed_at:
        said = gettext(
            "We did not keep this: promised %(due)s, it took %(time)s longer, until"
            " %(at)s."
        )
    else:
        said = gettext(
            "We did not keep this: promised %(due)s, it took %(time)s of our service"
            " hours longer, until %(at)s."
        )
    return said % values


def _promised_time(one: Promised) -> datetime | None:
    if one.standing in ENDED:
        return None
    return one.missed_at or one.reading.due_at


def _became(move: Move) -> str:
    """What was promised from then on."""
    if move.due_at is None:
        return str(BECAME[move.standing])
    values = {"due": _moment(move.due_at), "before": _moment(move.before)}
    if move.before is None:
        return gettext("We promised %(due)s.") % values
    if move.before == move.due_at:
        return gettext("The time is still %(due)s.") % values
    return gettext("The new time is %(due)s; it was %(before)s.") % values


def _former_news(ledger: Ledger) -> str:
    """How many promises of news were kept and missed until now."""
    kept = ngettext(
        "We kept %(count)d promise of news.",
        "We kept %(count)d promises of news.",
        ledger.news_kept,
    )
    missed = ngettext(
        "We missed %(count)d promise of news.",
        "We missed %(count)d promises of news.",
        ledger.news_missed,
    )
    counted = ((kept, ledger.news_kept), (missed, ledger.news_missed))
    return " ".join(said % {"count": count} for said, count in counted if count)


def _moment(at: datetime | None) -> str:
    return in_words(at) if at else ""
