"""What moves no state."""

from hypothesis import strategies as st

from incidents import services
from tests.incidents.machine.asking import Asking, Draw
from tests.incidents.model import Ticket


class Facts(Asking):
    def reclassify(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "reclassify",
            lambda call, version: services.reclassify_incident(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                classification=self._classification(call.given),
                reason=self._reason(call),
            ),
            given=lambda ticket: self._answers(data.draw),
        )

    def override_severity(self, data: st.DataObject) -> None:
        levels = st.sampled_from([None, 1, 2, 3, 4])
        self.attempt(
            data,
            "override_severity",
            lambda call, version: services.override_severity(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                severity=call.given["severity"],
                reason=self._reason(call),
            ),
            given=lambda ticket: {"severity": data.draw(levels, label="severity")},
        )

    def retitle(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "retitle",
            lambda call, version: services.retitle_incident(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                title=" " if call.is_bad else call.given["title"],
            ),
            given=lambda ticket: {"title": self.text()},
        )

    def declare_major(self, data: st.DataObject) -> None:
        self._with_reason(data, "declare_major", services.declare_major)

    def stand_down(self, data: st.DataObject) -> None:
        self._with_reason(data, "stand_down", services.stand_down)

    def reply(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "reply",
            lambda call, version: services.reply_to_reporter(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                message=self._words(call),
            ),
        )

    def note_for_colleagues(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "note",
            lambda call, version: services.add_note(
                call.ticket.pk,
                by=self.user(call.by),
                expected_version=version,
                text=self._reason(call),
            ),
        )

    def answer(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "answer",
            lambda call, version: services.answer_desk(
                call.ticket.pk, by=self.user(call.by), message=self._words(call)
            ),
            versioned=False,
        )

    def ask_colleague(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "ask",
            lambda call, version: services.ask_colleague(
                call.ticket.pk,
                by=self.user(call.by),
                to=self.user(call.given["to"]),
                move="close",
                message=self._reason(call),
            ),
            given=lambda ticket: {"to": self.someone(data.draw)},
            versioned=False,
        )

    def share(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "share",
            lambda call, version: services.share_incident(
                call.ticket.pk,
                by=self.user(call.by),
                email=self.user(call.given["to"]).email,
            ),
            given=lambda ticket: {"to": self.someone(data.draw)},
            versioned=False,
            can_be_bad=False,
        )

    def unshare(self, data: st.DataObject) -> None:
        self.attempt(
            data,
            "unshare",
            lambda call, version: services.unshare_incident(
                call.ticket.pk,
                by=self.user(call.by),
                user=self.user(call.given["to"]),
            ),
            given=lambda ticket: {"to": self._reader(data.draw, ticket)},
            versioned=False,
            can_be_bad=False,
        )

    def _reader(self, draw: Draw, ticket: Ticket) -> str:
        names = sorted(ticket.shared_with) or sorted(self.town.people)
        found: str = draw(st.sampled_from(names), label="reader")
        return found

    def watch(self, data: st.DataObject) -> None:
        off = data.draw(st.booleans(), label="off")
        service = services.unwatch_incident if off else services.watch_incident
        self.attempt(
            data,
            "unwatch" if off else "watch",
            lambda call, version: service(call.ticket.pk, by=self.user(call.by)),
            versioned=False,
            can_be_bad=False,
        )
