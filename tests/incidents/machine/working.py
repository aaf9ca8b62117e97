"""Triage and work."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from hypothesis import strategies as st

from incidents import services
from incidents.services.escalating import Package
from tests.incidents import model, model_rules
from tests.incidents.machine.asking import Asking, Draw
from tests.incidents.machine.town import LEFT
from tests.incidents.model import Call, Ticket

HOLD_REASONS = ["awaiting_reporter", "awaiting_supplier", "scheduled"]


class Working(Asking):
    def triage(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "triage",
            lambda call, version: services.triage_incident(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                classification=self._classification(call.given),
                team=self.town.team(call.given["team"]),
            ),
            given=lambda ticket: self._answers(data.draw) | self._team(data.draw),
            can_be_bad=False,
        )

    def _team(self, draw: Draw) -> dict[str, str]:
        names = ["first", "second", "first", "second", "network", "storage", "field"]
        return {"team": draw(st.sampled_from(names), label="team")}

    def take(self, data: st.DataObject) -> None:
        self._plain(data, "take", services.take_incident)

    def start(self, data: st.DataObject) -> None:
        self._plain(data, "start", services.start_incident)

    def resume(self, data: st.DataObject) -> None:
        self._plain(data, "resume", services.resume_incident)

    def take_next(self, data: st.DataObject) -> None:
        by = self.someone(data.draw)
        expected = model.next_for(self.world, by, self.tickets)
        found, got = self._outcome(lambda: services.take_next(by=self.user(by)))
        assert not got
        assert (found.pk if found else None) == (expected.pk if expected else None)
        if expected is not None:
            model_rules.apply("take", self._call(expected, by, {}))
        self._agree(by)

    def assign(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "assign",
            lambda call, version: services.assign_incident(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                to=self.user(call.given["to"]),
            ),
            given=lambda ticket: {"to": self._colleague(data.draw, ticket)},
            can_be_bad=False,
        )

    def _colleague(self, draw: Draw, ticket: Ticket) -> str:
        team = self.world.teams[ticket.team]
        names = [*team.members, team.lead or "lea", "ned", LEFT]
        found: str = draw(st.sampled_from(names), label="to")
        return found

    def hold(self, data: st.DataObject) -> None:
        self.attempt(
            data, "hold", self._hold, given=lambda ticket: self._wait(data.draw)
        )

    def _wait(self, draw: Draw) -> dict[str, Any]:
        days = draw(st.sampled_from([1, 2, 6, 6, 0]), label="days")
        reason = draw(st.sampled_from(HOLD_REASONS), label="reason")
        return {"reason": reason, "until": self.now + timedelta(days=days)}

    def _hold(self, call: Call, version: int | None) -> Any:
        asks = call.given["reason"] == "awaiting_reporter"
        if call.is_bad and not asks:
            raise ValidationError("only a question has to be asked")
        return services.hold_incident(
            call.ticket.pk,
            by=self.user(call.by),
            expected_version=version,
            question=self.text() if asks and not call.is_bad else "",
            explanation=self.text(secret=True),
            **call.given,
        )

    def transfer(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "transfer",
            lambda call, version: services.transfer_incident(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                team=self.town.team(call.given["team"]),
                reason=self._reason(call),
            ),
            given=lambda ticket: self._team(data.draw),
        )

    def escalate(self, data: st.DataObject) -> None:
        """Mostly somebody looks first whether it is known, as the page asks."""
        self._look_first(data, "escalate")
        self.attempt(
            data,
            "escalate",
            lambda call, version: services.escalate_incident(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                team=self.town.team(call.given["team"]),
                package=self._package(call),
            ),
            given=lambda ticket: self._team_above(data.draw, ticket),
        )

    def _look_first(self, data: st.DataObject, name: str) -> None:
        if not self.tickets:
            return
        self.chosen = self.chosen or self._ticket(data.draw, name)
        if data.draw(st.integers(0, 4), label="looks first") > 0:
            self.check_known_errors(data)

    def triage_and_escalate(self, data: st.DataObject) -> None:
        self._look_first(data, "triage_and_escalate")
        self.attempt(
            data,
            "triage_and_escalate",
            lambda call, version: services.triage_and_escalate(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                classification=self._classification(call.given),
                team=self.town.team(call.given["team"]),
                package=self._package(call),
            ),
            given=lambda ticket: (
                self._answers(data.draw) | self._team_above(data.draw, ticket)
            ),
        )

    def hand_back(self, data: st.DataObject) -> None:
        self._with_reason(data, "hand_back", services.hand_back_incident)

    def check_known_errors(self, data: st.DataObject) -> None:
        """Nothing is known in this town; that somebody looked is on record."""
        self.attempt(
            data,
            "check_known_errors",
            lambda call, version: services.check_known_errors(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                shown=[],
                decisions={},
            ),
            can_be_bad=False,
        )

    def _team_above(self, draw: Draw, ticket: Ticket) -> dict[str, str]:
        likely = [*self.world.teams[ticket.team].escalates_to] or ["vendor"]
        names = [*likely, *likely, "network", "storage", "vendor", "second"]
        return {"team": draw(st.sampled_from(names), label="team")}

    def _package(self, call: Call) -> Package:
        return Package(
            symptom=self.text(secret=True),
            diagnosis=self.text(secret=True),
            tried=self.text(secret=True),
            wanted=self._reason(call),
        )

    def hand_over(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "hand_over",
            lambda call, version: services.hand_over_desk(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                to=self.user(call.given["to"]),
            ),
            given=lambda ticket: {"to": self._colleague(data.draw, ticket)},
            can_be_bad=False,
        )
