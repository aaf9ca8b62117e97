"""One call at a time, by somebody, about something, of a page that may be stale."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import note
from hypothesis import strategies as st

from activity import clock
from activity.handlers import muted
from activity.refusals import Conflict
from incidents.services.classifying import Classification
from incidents.services.resolving import Solution
from tests.incidents import model, model_rules
from tests.incidents.machine.agreement import SECRET, Agreement
from tests.incidents.machine.crashes import OF_MOVES, Crash, Killed, crashes, happening
from tests.incidents.model import Call, Ticket

REFUSED = object()
Draw = Callable[..., Any]
done: Counter[str] = Counter()  # which moves really happened, over the whole run


class Asking(Agreement):
    """Draws who asks for what, asks model and product, and compares.

    ``chosen`` and ``actor`` are what the next call is about and who makes it, if that
    is settled.
    """

    chosen: Ticket | None = None
    actor: str | None = None

    def text(self, *, secret: bool = False) -> str:
        self.words += 1
        return f"{SECRET if secret else 'word'} {self.words}"

    def someone(self, draw: Draw) -> str:
        found: str = draw(st.sampled_from(sorted(self.town.people)), label="person")
        return found

    def a_reporter(self, draw: Draw) -> str:
        """Often somebody of a desk: rules about two people are about them."""
        people = [*sorted(self.town.people), "bo", "bo", "cy", "lea", "dot", "gus"]
        found: str = draw(st.sampled_from(people), label="reporter")
        return found

    def _ticket(self, draw: Draw, name: str) -> Ticket:
        """Mostly one in a state that allows the move."""
        ready = [ticket for ticket in self.tickets if self.is_ready(name, ticket)]
        likely = ready and draw(st.integers(0, 5), label="likely") > 0
        some = ready if likely else self.tickets
        chosen: Ticket = draw(st.sampled_from(some), label="ticket")
        return chosen

    def is_ready(self, name: str, ticket: Ticket) -> bool:
        rule = model_rules.RULES[name]
        return ticket.status in rule.source and rule.while_(self._call(ticket, "", {}))

    def _person(self, draw: Draw, name: str, call: Callable[[str], Call]) -> str:
        """Mostly somebody who may; else somebody it is about, or anybody."""
        people = sorted(self.town.people)
        allowed = [one for one in people if model_rules.RULES[name].who(call(one))]
        concerned = self._concerned(call("").ticket)
        groups = [*[allowed or people] * 3, concerned, concerned, people]
        group = draw(st.sampled_from(range(len(groups))), label="which people")
        chosen: str = draw(st.sampled_from(groups[group]), label="by")
        return chosen

    def _concerned(self, ticket: Ticket) -> list[str]:
        solved = ticket.solved
        names = [ticket.reporter, ticket.confirmer, ticket.owner, ticket.desk_owner]
        names += [solved.by, solved.recorder] if solved else []
        return [name for name in names if name is not None]

    def attempt(
        self,
        data: st.DataObject,
        name: str,
        act: Callable[..., Any],
        *,
        ticket: Ticket | None = None,
        given: Callable[[Ticket], dict[str, Any]] = lambda ticket: {},
        versioned: bool = True,
        can_be_bad: bool = True,
        then: Callable[[Call, Any], None] = lambda call, result: None,
    ) -> None:
        """One call: by somebody, about something, of a page that may be stale.

        ``act(call, version)`` calls the service, ``then`` hears what came of it.
        """
        if not self.tickets:
            return
        draw = data.draw
        ticket = ticket or self.chosen or self._ticket(draw, name)
        wants = given(ticket)
        by = self.actor or self._person(
            draw, name, lambda one: self._call(ticket, one, wants)
        )
        stale = versioned and draw(st.integers(0, 9), label="stale") == 0
        bad = can_be_bad and draw(st.integers(0, 9), label="bad") == 0
        call = self._call(ticket, by, wants, is_stale=stale, is_bad=bad)
        version = ticket.fresh - 1 if stale else self._seen(draw, ticket)
        if versioned and not stale and draw(st.booleans(), label="no version"):
            version = None  # type: ignore[assignment]
        if draw(st.integers(0, 9), label="dies") == 0:
            self._crash(draw(crashes(OF_MOVES), label="crash"), act, call, version)
        self.ask(name, call, lambda: act(call, version), then)

    def _seen(self, draw: Draw, ticket: Ticket) -> int:
        """What was said of clocks after the page was drawn outdates no page."""
        return draw(st.sampled_from([ticket.fresh, ticket.version]), label="seen")

    def _crash(
        self, crash: Crash, act: Callable[..., Any], call: Call, version: int | None
    ) -> None:
        """The process dies in the middle of it: nothing happened."""
        note(str(crash))
        with suppress(Killed), transaction.atomic():
            with happening(crash):
                self._outcome(lambda: act(call, version))
            transaction.set_rollback(True)  # Not reached: it is asked below.
        self._agree(call.by)

    def _call(
        self, ticket: Ticket, by: str, given: dict[str, Any], **how: bool
    ) -> Call:
        return Call(
            world=self.world, ticket=ticket, by=by, at=self.now, given=given, **how
        )

    def ask(
        self,
        name: str,
        call: Call,
        act: Callable[[], Any],
        then: Callable[[Call, Any], None],
    ) -> None:
        """Model and product, which must say the same."""
        wanted = model_rules.refusals(name, call)
        result, got = self._outcome(act)
        note(f"{name} of {call.ticket.pk} by {call.by}: {got or 'done'}")
        if model.INVALID in wanted:
            # Bad input may be told before or after any other refusal.
            assert got in wanted, f"{name}: {got or 'done'}, but expected {wanted}"
        else:
            expected = wanted[0] if wanted else ""
            assert got == expected, f"{name}: {got or 'done'}, but expected {wanted}"
        if not got:
            done[name] += 1
            model_rules.apply(name, call)
            then(call, result)
        self._agree(call.by)

    def _outcome(self, act: Callable[[], Any]) -> tuple[Any, str]:
        try:
            with clock.frozen_at(self.now), muted():
                return act(), ""
        except Conflict:
            return REFUSED, model.CONFLICT
        except PermissionDenied:
            return REFUSED, model.NOT_ALLOWED
        except ValidationError:
            return REFUSED, model.INVALID

    def _answers(self, draw: Draw) -> dict[str, Any]:
        impact, urgency = self._severity(draw)
        service = draw(st.sampled_from(["owned", "unowned"]), label="service")
        return {"impact": impact, "urgency": urgency, "service": service}

    def _classification(self, given: dict[str, Any]) -> Classification:
        return Classification(
            category=self.town.category,
            service=self.town.services[given["service"]],
            impact=given["impact"],
            urgency=given["urgency"],
        )

    def _solution(self, *, bad: bool = False) -> Solution:
        return Solution(
            code="fixed",
            text="" if bad else self.text(),
            verification=self.text(secret=True),
        )

    def _plain(
        self,
        data: st.DataObject,
        name: str,
        service: Callable[..., Any],
        ticket: Ticket | None = None,
    ) -> None:
        """A move that wants nothing but the version."""
        self.attempt(
            data,
            name,
            lambda call, version: service(
                call.ticket.pk, by=self.user(call.by), expected_version=version
            ),
            ticket=ticket,
            can_be_bad=False,
        )

    def _reason(self, call: Call) -> str:
        return " " if call.is_bad else self.text(secret=True)

    def _words(self, call: Call) -> str:
        return "\n" if call.is_bad else self.text()

    def _with_reason(
        self,
        data: st.DataObject,
        name: str,
        service: Callable[..., Any],
        ticket: Ticket | None = None,
    ) -> None:
        self.attempt(
            data,
            name,
            lambda call, version: service(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                reason=self._reason(call),
            ),
            ticket=ticket,
        )

    def _severity(self, draw: Draw) -> tuple[int, int]:
        impact = draw(st.integers(1, 3), label="impact")
        return impact, draw(st.integers(1, 3), label="urgency")
