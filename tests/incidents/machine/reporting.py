"""How incidents come: reports, calls, follow-ups."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from incidents import services
from incidents.models import Incident
from incidents.services.reporting import Report
from tests.incidents import model, model_rules
from tests.incidents.machine.asking import Asking, done
from tests.incidents.model import Call, Ticket

MANY = 6  # incidents at once, beyond which nobody reports another one


class Reporting(Asking):
    @initialize(data=st.data())
    def two_reports(self, data: st.DataObject) -> None:
        self._report(data, "ann", "ann", "portal")
        self._log(data, "bo", self.a_reporter(data.draw), solve=True)

    def report(self, data: st.DataObject) -> None:
        if len(self.tickets) < MANY:
            reporter = self.a_reporter(data.draw)
            by = data.draw(st.sampled_from([reporter, "bo", "dot", "max"]), label="by")
            source = st.sampled_from(["portal", "phone", "monitoring"])
            self._report(data, by, reporter, data.draw(source, label="source"))

    def _report(self, data: st.DataObject, by: str, reporter: str, source: str) -> None:
        service = data.draw(st.sampled_from(["", "owned", "unowned"]), label="service")
        impact, urgency = self._severity(data.draw)
        title = self.text()
        report = Report(
            title=title,
            description=self.text(),
            source=source,
            service=self.town.services.get(service),
            impact=impact,
            urgency=urgency,
        )
        made, got = self._outcome(
            lambda: services.report_incident(
                report, by=self.user(by), reporter=self.user(reporter)
            )
        )
        assert got == self._refusal_of_report(by, reporter)
        if not got:
            desk = self.world.desk_of(reporter)
            confirmer = self.world.confirmer(reporter, source, service, desk)
            ticket = Ticket(
                reporter,
                confirmer,
                desk,
                desk,
                title,
                source,
                service,
                impact=impact,
                urgency=urgency,
            )
            self._welcome(ticket, made, by)
        self._agree(by)

    def _refusal_of_report(self, by: str, reporter: str) -> str:
        if not self.world.is_here(by):
            return model.NOT_ALLOWED
        if by == reporter:
            return ""
        if not self.world.is_agent(by):
            return model.NOT_ALLOWED
        return "" if self.world.is_here(reporter) else model.INVALID

    def _welcome(self, ticket: Ticket, made: Incident, by: str) -> None:
        done["report"] += 1
        ticket.pk = made.pk
        ticket.tell("report", by, public=True)
        self.tickets.append(ticket)

    def contact(self, data: st.DataObject) -> None:
        solve = data.draw(st.booleans(), label="solve")
        if len(self.tickets) < MANY:
            by = data.draw(st.sampled_from(["bo", "dot", "gus", "ann"]), label="by")
            self._log(data, by, self.a_reporter(data.draw), solve=solve)

    def _log(self, data: st.DataObject, by: str, reporter: str, *, solve: bool) -> None:
        """Somebody calls: four or five moves in one go."""
        given = self._answers(data.draw)
        title = self.text()
        what: dict[str, Any] = {
            "by": self.user(by),
            "reporter": self.user(reporter),
            "classification": self._classification(given),
        }
        report = Report(title=title, description=self.text(), source="phone")
        if solve:
            what["solution"] = self._solution()
        service = services.resolve_at_first_contact if solve else services.log_contact
        made, got = self._outcome(lambda: service(report, **what))
        assert got == self._refusal_of_contact(by, reporter)
        if not got:
            desk = self.world.desk_of(reporter)
            ticket = Ticket(reporter, reporter, desk, desk, title, "phone")
            self._welcome(ticket, made, by)
            given["team"] = self._own_desk(by, desk)
            for name in ["triage", "take", *["resolve"] * solve]:
                model_rules.apply(name, self._call(ticket, by, given))
        self._agree(by)

    def _refusal_of_contact(self, by: str, reporter: str) -> str:
        if not self.world.is_agent(by):
            return model.NOT_ALLOWED
        return self._refusal_of_report(by, reporter)

    def _own_desk(self, by: str, desk: str) -> str:
        if self.world.is_in(by, desk):
            return desk
        return next(name for name in self.world.desks if self.world.is_in(by, name))

    def follow_up(self, data: st.DataObject) -> None:
        if len(self.tickets) >= MANY:
            return
        self.attempt(
            data,
            "follow_up",
            lambda call, version: services.follow_up_incident(
                call.ticket.pk, by=self.user(call.by), description=self._words(call)
            ),
            versioned=False,
            then=self._goes_on,
        )

    def _goes_on(self, call: Call, made: Incident) -> None:
        """A follow-up: for the reporter if the desk starts it, else for oneself."""
        former, world = call.ticket, self.world
        for_reporter = world.is_agent(call.by) and world.is_here(former.reporter)
        reporter = former.reporter if for_reporter else call.by
        desk = world.desk_of(reporter)
        ticket = Ticket(
            reporter,
            reporter,
            desk,
            desk,
            former.title,
            service=former.service,
            impact=former.impact,
            urgency=former.urgency,
        )
        self._welcome(ticket, made, call.by)
