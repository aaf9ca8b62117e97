"""Time passes, what was promised changes, and deadlines are swept, whatever happens."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from hypothesis import note
from hypothesis import strategies as st

from activity import clock
from activity.handlers import muted
from activity.models import Event, Timer
from activity.services import timers
from incidents.clocks.keeping import differences
from incidents.clocks.renewing import renew_clocks
from incidents.events import Kind
from incidents.models import Incident
from incidents.timers.keeping import wanted_timers
from incidents.timers.kinds import ASK_CONFIRMER
from sla.codes import Metric, OnChange, OnMove, OnReopen, Pause, StopsAt
from sla.models import PolicyVersion
from sla.services.calendars import draft_calendar_version, publish_calendar_version
from sla.services.ladders import faults_of
from sla.services.policies import draft_policy_version, publish_policy_version
from tests.incidents import model, model_moves
from tests.incidents.machine.asking import Asking, done
from tests.incidents.machine.crashes import OF_SWEEPS, Crash, Failed, Killed, crashes
from tests.incidents.machine.crashes import happening as crash_of
from tests.incidents.model import Ticket
from tests.incidents.timers import reckoning
from tests.sla.settings_cast import Shifts

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Their clocks change at different moments of the year, and by different amounts.
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
)
WEEKS: dict[str, Shifts] = {
    "office": {day: [(time(8), time(17))] for day in range(5)},
    "split": {day: [(time(9), time(12)), (time(13), time(18))] for day in range(6)},
    "night": {day: [(time(0), time(6)), (time(20), time(0))] for day in range(7)},
    "sunday": {6: [(time(1), time(4))], 2: [(time(10), time(11))]},
}
# Just before and after the clocks of one of the zones change.
CHANGES = [
    datetime(2030, 10, 27, 1, tzinfo=UTC),  # Berlin
    datetime(2030, 11, 3, 6, tzinfo=UTC),  # New York
    datetime(2031, 3, 9, 7, tzinfo=UTC),  # New York
    datetime(2031, 3, 30, 1, tzinfo=UTC),  # Berlin
    datetime(2031, 4, 5, 14, tzinfo=UTC),  # Auckland
    datetime(2031, 4, 5, 15, tzinfo=UTC),  # Lord Howe, by half an hour
]
STEPS = [
    *["a bit", "some hours"] * 3,
    *["the night", "the weekend", "a clock change", "a day or more"],
]


class Deadlines(Asking):
    def time_passes(self, data: st.DataObject) -> None:
        self.now = self._later(
            data.draw(st.sampled_from(STEPS), label="how long"), data
        )
        note(f"it is {self.now}")

    def _later(self, step: str, data: st.DataObject) -> datetime:
        if step == "the night":
            return self._local(1, 7, data)
        if step == "the weekend":
            return self._local(7 - self.now.weekday(), 9, data)
        if step == "a clock change":
            coming = [at for at in CHANGES if at > self.now + HOUR]
            if coming:
                away = data.draw(st.sampled_from([-1, 0, 1, 59]), label="minutes")
                return coming[0] + away * MINUTE
        amounts = {"a bit": [0, 1, 12, 17, 29], "some hours": [60, 130, 200, 540]}
        minutes = amounts.get(step, [25 * 60, 75 * 60, 15 * 24 * 60])
        return self.now + data.draw(st.sampled_from(minutes), label="min") * MINUTE

    def _local(self, days: int, hour: int, data: st.DataObject) -> datetime:
        zone = ZoneInfo(data.draw(st.sampled_from(ZONES), label="zone"))
        day = self.now.astimezone(zone).date() + days * DAY
        return max(self.now, datetime.combine(day, time(hour), zone).astimezone(UTC))

    # --- what is promised changes -----------------------------------------------------

    def a_calendar_is_published(self, data: st.DataObject) -> None:
        """From now on, or from some day on."""
        start = self.now + data.draw(st.sampled_from([0, 1, 3]), label="in days") * DAY
        if start <= self.calendar_from:
            return
        self.calendar_from = start
        draft = draft_calendar_version(
            self.town.hours.pk, by=self.user("ida"), at=self.now
        )
        draft.effective_from = start
        draft.zone = data.draw(st.sampled_from(ZONES), label="zone")
        draft.save()
        draft.shifts.all().delete()
        week = data.draw(st.sampled_from(sorted(WEEKS)), label="week")
        for weekday, shifts in WEEKS[week].items():
            for opens, closes in shifts:
                draft.shifts.create(weekday=weekday, opens=opens, closes=closes)
        off = data.draw(st.integers(1, 9), label="holiday in days")
        draft.holidays.update_or_create(day=(start + off * DAY).date())
        publish_calendar_version(draft.pk, by=self.user("ida"), at=self.now)
        self._let_it_be_known()

    def a_policy_is_published(self, data: st.DataObject) -> None:
        severity = data.draw(st.integers(1, 4), label="severity")
        if self.now <= self.policy_from.get(severity, model.NEVER):
            return
        self.policy_from[severity] = self.now
        policy = self.town.policies[severity]
        draft = draft_policy_version(policy.pk, by=self.user("ida"), at=self.now)
        for name, value in data.draw(SETTINGS, label="settings").items():
            setattr(draft, name, value)
        draft.calendar = self.town.hours if severity > 2 else self.town.always
        draft.save()
        self._leave_out_what_nobody_reaches(draft)
        publish_policy_version(draft.pk, by=self.user("ida"), at=self.now)

    def _leave_out_what_nobody_reaches(self, draft: PolicyVersion) -> None:
        while faults := faults_of(draft, draft.rungs.all()):
            faults[0].rung.delete()

    def _let_it_be_known(self) -> None:
        """What was foreseen by the calendar as it was is foreseen anew."""
        with clock.frozen_at(self.now), muted():
            renew_clocks()
        assert [str(one) for one in differences()] == []

    # --- sweeping -------------------------------------------------------------------

    def deadlines_are_swept(self, data: st.DataObject) -> None:
        """Once or twice, perhaps after one that died or failed on its way; in time for
        the next deadline, or whenever it comes."""
        if data.draw(st.booleans(), label="in time"):
            self.now = self._next_deadline()
        errors = (Killed, Killed, Failed)
        crash = data.draw(st.none() | crashes(OF_SWEEPS, errors), label="crash")
        if crash is not None:
            self._sweep_that_crashes(crash)
        for _time in range(data.draw(st.integers(1, 2), label="times")):
            self._sweep()
            self._new_words_agree()
            self._agree("bo")
        self._nothing_is_owed()

    def _next_deadline(self) -> datetime:
        coming = Timer.objects.armed().filter(due_at__gt=self.now)
        return min(coming.values_list("due_at", flat=True), default=self.now)

    def _sweep(self) -> None:
        with clock.frozen_at(self.now), muted():
            swept = timers.sweep(at=self.now)
        assert not swept.failed

    def _sweep_that_crashes(self, crash: Crash) -> None:
        note(str(crash))
        try:
            with transaction.atomic(), crash_of(crash):
                self._sweep()
        except Killed:
            done["crash of a sweep"] += 1
        self._new_words_agree()
        self._agree("bo")

    def _new_words_agree(self) -> None:
        """What the sweep said, in its order: each word was due."""
        tickets = {ticket.pk: ticket for ticket in self.tickets}
        rows = Event.objects.filter(pk__gt=self.seen_event, subject_type="incident")
        for row in rows.order_by("pk"):
            assert self.town.names[row.actor_id] == "system"
            self._happens(tickets[row.subject_id], row)

    def _happens(self, ticket: Ticket, row: Event) -> None:
        done[f"sweep: {row.kind}"] += 1
        if row.kind == Kind.RESUME:
            assert ticket in model.due([ticket], self.now)
            model.go_on(ticket)
        elif row.kind == Kind.REMIND:
            assert ticket in self._to_be_reminded([ticket])
            model_moves.is_reminded(ticket, self.now)
            ticket.tell("remind", "system", public=True)
        elif row.kind == Kind.RUNG:
            self._is_called_for(ticket, row)
        elif row.kind == Kind.RAISE_ATTENTION:
            assert row.data["level"] == self.rungs[ticket.pk][-1].data["level"]
            assert row.data["level"] > ticket.attention
            ticket.attention = row.data["level"]
            ticket.tell("raise_attention", "system", public=False)
        else:
            assert row.kind in (Kind.WARN, Kind.BREACH)
            self._may_be_told(ticket, row)
            ticket.tell(row.kind.split(".")[1], "system", public=row.public)

    def _is_called_for(self, ticket: Ticket, row: Event) -> None:
        """Of what is open, in order, each rung with the time to answer to the last."""
        assert ticket.status in model.OPEN
        assert datetime.fromisoformat(row.data["reached"]) <= row.at <= self.now
        before = self.rungs.setdefault(ticket.pk, [])
        if before and before[-1].data["climb"] == row.data["climb"]:
            assert row.data["rung"] > before[-1].data["rung"]
            assert row.at >= datetime.fromisoformat(before[-1].data["answer_by"])
        elif before:
            assert row.data["climb"] > before[-1].seq
        before.append(row)
        ticket.tell("rung", "system", public=False)

    def _may_be_told(self, ticket: Ticket, row: Event) -> None:
        """Nobody is warned of what waits, or of what is over."""
        if row.kind == Kind.BREACH:
            return
        version = (
            Incident.objects.get(pk=ticket.pk).policy_matches.latest("seq").version
        )
        assert version is not None
        assert not (ticket.hold and ticket.hold[0] in version.pauses_on)
        answers = row.data["metric"] == Metric.RESPONSE  # Judged at closing.
        to_the_end = answers or version.stops_at == StopsAt.CLOSED
        runs_on = to_the_end and ticket.status == "resolved"
        assert ticket.status in model.OPEN or runs_on

    def _to_be_reminded(self, tickets: list[Ticket]) -> list[Ticket]:
        found = model.to_be_reminded(tickets, self.now)
        return [ticket for ticket in found if self.world.is_here(ticket.confirmer)]

    def _nothing_is_owed(self) -> None:
        """After a sweep everything that was due has happened, once."""
        assert not list(model.due(self.tickets, self.now))
        owed = self._to_be_reminded(self.tickets)
        assert not [ticket for ticket in owed if ticket not in self.dropped]
        for ticket in model.to_be_reminded(self.tickets, self.now):
            self.dropped.add(ticket)  # Who is away was not asked.
        for incident in Incident.objects.order_by("pk"):
            assert reckoning.faults(incident, self.now) == []
            assert not [
                arming
                for arming in wanted_timers(incident)
                if arming.due_at <= self.now and arming.kind != ASK_CONFIRMER
            ]

    def timers_agree(self, incident: Incident) -> None:
        """Just those are armed that it wants, but for who was away when asked."""
        armed = Timer.objects.armed().filter(
            subject_type="incident",
            subject_id=incident.pk,
            generation=incident.timer_generation,
        )
        have = set(armed.values_list("kind", "step", "wanted_at"))
        want = {(one.kind, one.step, one.due_at) for one in wanted_timers(incident)}
        assert have <= want
        lacking = {kind for kind, _step, _at in want - have}
        dropped = {ticket.pk for ticket in self.dropped}
        assert lacking <= ({ASK_CONFIRMER} if incident.pk in dropped else set())


def warnings() -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from([1, 10, 50, 75, 90, 99]), unique=True).map(sorted)


SETTINGS = st.fixed_dictionaries(
    {
        "response_target": st.sampled_from([None, 5, 60, 480]),
        "resolution_target": st.sampled_from([None, 7, 240, 2400]),
        "update_target": st.sampled_from([None, 10, 60, 960]),
        "response_warnings": warnings(),
        "resolution_warnings": warnings(),
        "pauses_on": st.lists(st.sampled_from(Pause.values), unique=True),
        "stops_at": st.sampled_from(StopsAt.values),
        "on_change": st.sampled_from(OnChange.values),
        "on_transfer": st.sampled_from(OnMove.values),
        "on_tier_move": st.sampled_from(OnMove.values),
        "on_reject": st.sampled_from(OnMove.values),
        "on_reopen": st.sampled_from(OnReopen.values),
    }
)
