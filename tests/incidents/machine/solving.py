"""Solved, confirmed, closed, cancelled, and back again."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from hypothesis import strategies as st

from incidents import services
from incidents.models import Incident
from tests.incidents.machine.asking import Asking, Draw
from tests.incidents.model import Call, Ticket

CANCEL_REASONS = ["duplicate", "not_a_fault", "withdrawn", "spam"]


class Solving(Asking):
    def resolve(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "resolve",
            lambda call, version: services.resolve_incident(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                solution=self._solution(bad=call.is_bad),
            ),
        )

    def works_again(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "works_again",
            lambda call, version: services.report_works_again(
                call.ticket.pk, by=self.user(call.by), message=self.text()
            ),
            versioned=False,
            can_be_bad=False,
        )

    def confirm(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "confirm",
            lambda call, version: services.confirm_resolution(
                call.ticket.pk,
                by=self.user(call.by),
                resolution=self._resolution(call),
                message=self.text(),
            ),
            given=lambda ticket: self._question(data.draw),
            versioned=False,
            can_be_bad=False,
        )

    def _question(self, draw: Draw) -> dict[str, bool]:
        return {"is_current": draw(st.integers(0, 5), label="current") > 0}

    def _resolution(self, call: Call) -> int:
        current = Incident.objects.values_list("resolution", flat=True)
        return (current.get(pk=call.ticket.pk) or 0) - (not call.given["is_current"])

    def record_call(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "record_call",
            lambda call, version: services.record_call(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                account=self._reason(call),
            ),
        )

    def reject(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "reject",
            lambda call, version: services.reject_resolution(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                resolution=self._resolution(call),
                complaint=self._words(call),
            ),
            given=lambda ticket: self._question(data.draw),
        )

    def waive(self, data: st.DataObject) -> None:
        self._waive(data)

    def _waive(self, data: st.DataObject, ticket: Ticket | None = None) -> None:
        self._with_reason(data, "waive", services.waive_confirmation, ticket)

    def a_week_of_silence(self, data: st.DataObject) -> None:
        """Rare by chance alone: one is resolved, and nobody answers."""
        waiting = [t for t in self.tickets if t.status == "resolved"]
        if not waiting:
            return
        ticket = data.draw(st.sampled_from(waiting), label="silent")
        for days in (1, 2, 3):
            self.now += timedelta(days=days)
            self._plain(data, "remind", services.remind_confirmer, ticket)
        self.now += timedelta(days=data.draw(st.sampled_from([1, 3]), label="days"))
        self._waive(data, ticket)

    def name_successor(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "name_successor",
            lambda call, version: services.name_successor(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                successor=self.user(call.given["successor"]),
                reason=self._reason(call),
            ),
            given=lambda ticket: {"successor": self.someone(data.draw)},
        )

    def cancel(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "cancel",
            self._cancel,
            given=lambda ticket: {
                "reason": data.draw(st.sampled_from(CANCEL_REASONS), label="reason"),
                "master": data.draw(st.sampled_from(self.tickets), label="master"),
            },
        )

    def _cancel(self, call: Call, version: int | None) -> Any:
        reason = call.given["reason"]
        if call.is_bad and reason == "withdrawn":
            raise ValidationError("a withdrawal needs no explanation")
        master = None
        if reason == "duplicate":
            master = Incident.objects.get(pk=call.given["master"].pk)
        return services.cancel_incident(
            call.ticket.pk,
            by=self.user(call.by),
            expected_version=version,
            reason=reason,
            explanation=self._words(call),
            master=master,
        )

    def reopen(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "reopen",
            lambda call, version: services.reopen_incident(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                complaint=self._words(call),
            ),
        )

    def close(self, data: st.DataObject) -> None:
        self._plain(data, "close", services.close_incident)

    def remind(self, data: st.DataObject) -> None:
        self._plain(data, "remind", services.remind_confirmer)

    # Rare by chance alone: what looks allowed, but for one thing.

    def one_person_with_both_keys(self, data: st.DataObject) -> None:
        """The confirmer works at the desk: neither call nor closing is theirs."""
        theirs = [ticket for ticket in self.tickets if self._has_both(ticket)]
        if not theirs:
            return
        self.chosen = data.draw(st.sampled_from(theirs), label="both keys")
        self.actor = self.chosen.confirmer
        for move in (self.record_call, self.confirm, self.close):
            move(data)
        self.chosen = self.actor = None

    def _has_both(self, ticket: Ticket) -> bool:
        return ticket.status == "resolved" and self.world.is_agent(ticket.confirmer)

    def two_weeks_after_the_end(self, data: st.DataObject) -> None:
        ended = [ticket for ticket in self.tickets if ticket.ended_at is not None]
        if not ended:
            return
        self.chosen = data.draw(st.sampled_from(ended), label="ended")
        days = data.draw(st.sampled_from([13, 14, 15]), label="days later")
        self.now = max(self.now, (self.chosen.ended_at or self.now) + timedelta(days))
        self.reopen(data)
        self.chosen = None
