"""What is said, who hears of it, and what belongs together."""

from typing import Any

import pytest

from incidents import services
from incidents.codes import LinkKind, Status
from incidents.models import Incident, Link
from tests.incidents import forgery, stories
from tests.incidents.services.facts import (
    TOO_LONG,
    kinds,
    last_event,
    leave,
    notes,
    outcome,
)
from tests.people import Cast


def reply(incident: Incident, cast: Cast, **more: Any) -> Any:
    given: dict[str, Any] = {
        "by": cast.bo,
        "expected_version": None,
        "message": "We look at it.",
    }
    return services.reply_to_reporter(incident.pk, **(given | more))


def note(incident: Incident, cast: Cast, **more: Any) -> Any:
    given: dict[str, Any] = {
        "by": cast.bo,
        "expected_version": None,
        "text": "The drum, surely.",
    }
    return services.add_note(incident.pk, **(given | more))


def answer(incident: Incident, cast: Cast, **more: Any) -> Any:
    given: dict[str, Any] = {"by": cast.ann, "message": "The left one."} | more
    return services.answer_desk(incident.pk, **given)


class TestWords:
    def test_the_first_reply_is_the_response(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        first = reply(incident, cast)
        reply(incident, cast)
        assert stories.again(incident).responded_at == first.at
        assert (first.kind, first.public) == ("incident.reply", True)
        assert notes(first) == {"message": "We look at it."}
        assert stories.again(incident).acknowledged_at == first.at

    def test_a_note_stays_inside_and_is_no_response(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        event = note(incident, cast)
        assert (event.public, set(notes(event))) == (False, {"internal"})
        assert stories.again(incident).responded_at is None

    def test_an_answer_is_public_and_no_response_of_ours(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        event = answer(incident, cast)
        assert (event.public, event.actor) == (True, cast.ann)
        assert stories.again(incident).responded_at is None

    def test_who_it_is_shared_with_reads_and_does_not_write(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        services.share_incident(incident.pk, by=cast.ann, email="ZED@example.org")
        assert outcome(lambda: answer(incident, cast, by=cast.zed)) == "403"

    @pytest.mark.parametrize("text", ["", " \n ", TOO_LONG])
    def test_no_words_and_too_many_are_asked_again(self, cast: Cast, text: str) -> None:
        incident = stories.triaged(cast)
        assert outcome(lambda: reply(incident, cast, message=text)) == "message"
        assert outcome(lambda: answer(incident, cast, message=text)) == "message"
        assert outcome(lambda: note(incident, cast, text=text)) == "text"

    def test_each_raises_the_version_by_one(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        for act in (reply, note, answer):
            before = stories.again(incident).version
            assert act(incident, cast).seq == before + 1
            assert stories.again(incident).version == before + 1


class TestFiles:
    def test_those_of_a_note_stay_inside(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        mine = forgery.attachment(None, by=cast.bo)
        event = note(incident, cast, files=[mine.pk])
        mine.refresh_from_db()
        assert (mine.incident, mine.seq, mine.public) == (incident, event.seq, False)
        assert event.data["files"] == [mine.pk]

    def test_nobody_attaches_anothers(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        others = forgery.attachment(None, by=cast.ann)
        event = reply(incident, cast, files=[others.pk])
        others.refresh_from_db()
        assert others.incident is None
        assert "files" not in event.data

    def test_one_goes_to_one_place(self, cast: Cast) -> None:
        one, two = stories.triaged(cast), stories.triaged(cast)
        mine = forgery.attachment(None, by=cast.bo)
        reply(one, cast, files=[mine.pk])
        reply(two, cast, files=[mine.pk])
        mine.refresh_from_db()
        assert mine.incident == one


class TestFollowers:
    def test_watching_twice_is_once(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        for _ in range(2):
            services.watch_incident(incident.pk, by=cast.bo)
        assert kinds(incident).count("watch") == 1
        for _ in range(2):
            services.unwatch_incident(incident.pk, by=cast.bo)
        assert kinds(incident).count("unwatch") == 1

    def test_a_resolver_watches_only_what_they_see(self, cast: Cast) -> None:
        incident = stories.triaged(cast)

        def watch() -> object:
            return services.watch_incident(incident.pk, by=cast.ned)

        assert outcome(watch) == "403"
        incident.holdings.create(team=cast.network)
        assert outcome(watch) == "ok"

    def test_who_sees_it_no_more_can_still_stop(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        incident.watches.create(user=cast.ned)
        services.unwatch_incident(incident.pk, by=cast.ned)
        assert not incident.watches.exists()

    def test_shared_with_colleagues_who_are_here(self, cast: Cast) -> None:
        incident = stories.reported(cast)
        gone = leave(cast.max)

        def share(email: str) -> str:
            return outcome(
                lambda: services.share_incident(incident.pk, by=cast.ann, email=email)
            )

        assert share("zed@example.org") == "ok"
        for email in ("nobody@example.org", gone.email, cast.ann.email, ""):
            assert share(email) == "email"

    def test_sharing_is_public_and_can_be_taken_back(self, cast: Cast) -> None:
        incident = stories.reported(cast)
        services.share_incident(incident.pk, by=cast.ann, email="zed@example.org")
        assert last_event(incident).public
        assert Incident.objects.public_for(cast.zed).get() == incident
        services.unshare_incident(incident.pk, by=cast.ann, user=cast.zed)
        assert not Incident.objects.public_for(cast.zed).exists()


class TestAsking:
    def ask(self, incident: Incident, cast: Cast, **more: Any) -> Any:
        given: dict[str, Any] = {
            "by": cast.bo,
            "to": cast.lea,
            "move": "waive",
            "message": "Look.",
        }
        return services.ask_colleague(incident.pk, **(given | more))

    def test_it_is_told_inside(self, cast: Cast) -> None:
        event = self.ask(stories.resolved(cast), cast)
        assert (event.kind, event.public) == ("incident.ask", False)
        assert event.data["to"] == cast.lea.pk
        assert notes(event) == {"internal": "Look."}

    def test_only_who_sees_it_is_asked(self, cast: Cast) -> None:
        incident = stories.resolved(cast)
        for person in (cast.ann, cast.ned, cast.max, cast.ida, leave(cast.cy)):
            assert outcome(lambda p=person: self.ask(incident, cast, to=p)) == "to"


class TestLinks:
    def link(self, one: Incident, other: Incident, cast: Cast, **more: Any) -> Incident:
        given: dict[str, Any] = {"by": cast.bo, "kind": LinkKind.RELATED} | more
        return services.link_incidents(one.pk, to=other.pk, **given)

    def test_both_histories_say_so_once(self, cast: Cast) -> None:
        one, other = stories.reported(cast), stories.closed(cast)
        for _ in range(2):
            self.link(one, other, cast)
        assert kinds(one).count("link") == kinds(other).count("link") == 1
        assert stories.again(other).status == Status.CLOSED

    def test_only_to_another_that_one_sees(self, cast: Cast) -> None:
        one, other = stories.reported(cast), stories.reported(cast)
        assert outcome(lambda: self.link(one, one, cast)) == "to"
        for person in (cast.ann, cast.ned, cast.max, cast.zed):
            assert outcome(lambda p=person: self.link(one, other, cast, by=p)) == "to"

    @pytest.mark.parametrize("kind", ["duplicate", "follow_up", "friend", ""])
    def test_some_kinds_are_not_made_by_hand(self, cast: Cast, kind: str) -> None:
        one, other = stories.reported(cast), stories.reported(cast)
        assert outcome(lambda: self.link(one, other, cast, kind=kind)) == "kind"

    def test_taken_back_once(self, cast: Cast) -> None:
        one, other = stories.reported(cast), stories.reported(cast)
        self.link(one, other, cast)
        link = Link.objects.get().pk
        services.unlink_incidents(other.pk, by=cast.bo, link=link)
        with pytest.raises(Link.DoesNotExist):
            services.unlink_incidents(one.pk, by=cast.bo, link=link)
        assert kinds(one).count("unlink") == kinds(other).count("unlink") == 1

    def test_what_a_move_linked_stays_linked(self, cast: Cast) -> None:
        master = stories.in_progress(cast)
        duplicate = stories.cancelled(cast, reason="duplicate", master=master)
        link = Link.objects.get().pk
        with pytest.raises(Link.DoesNotExist):
            services.unlink_incidents(duplicate.pk, by=cast.bo, link=link)
