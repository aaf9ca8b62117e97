"""What those hear who work on it, and who follows it."""

from accounts.models import Membership, Team, User
from incidents import services
from incidents.codes import HoldReason
from incidents.models import Incident
from tests.incidents import stories
from tests.incidents.letters import hear, letter, post
from tests.people import Cast

TITLE = "Printer prints blank pages"


def assign(incident: Incident, by: User, to: User) -> None:
    services.assign_incident(incident.pk, by=by, expected_version=None, to=to)


class TestOwner:
    def test_the_new_owner_hears_that_it_is_theirs(self, cast: Cast) -> None:
        incident = stories.triaged(cast, title=TITLE)
        assign(incident, cast.lea, cast.cy)
        assert hear(incident, "assign") == {"Cy": f"Yours: {TITLE}"}
        assert letter(incident, "assign", cast.cy).link(f"/tickets/{incident.pk}/")

    def test_who_takes_it_themselves_hears_nothing(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        assign(incident, cast.lea, cast.lea)
        services.take_incident(incident.pk, by=cast.cy, expected_version=None)
        assert hear(incident, "assign") == hear(incident, "take") == {}

    def test_an_answer_reaches_the_owner(self, cast: Cast) -> None:
        incident = stories.on_hold(cast, title=TITLE)
        services.watch_incident(incident.pk, by=cast.cy)
        services.answer_desk(incident.pk, by=cast.ann, message="The blue one.")
        assert hear(incident, "answer") == {
            "Bo": f"Ann Archer wrote: {TITLE}",
            "Cy": f"Ann Archer wrote to the desk: {TITLE}",
        }
        assert "> The blue one." in letter(incident, "answer", cast.bo).text
        assert hear(incident, "resume") == {}

    def test_without_owner_the_lead_of_the_team_hears_an_answer(
        self, cast: Cast
    ) -> None:
        incident = stories.reported(cast)
        services.answer_desk(incident.pk, by=cast.ann, message="It smokes.")
        assert set(hear(incident, "answer")) == {"Lea"}

    def test_without_owner_the_desk_owner_hears_before_the_lead(
        self, cast: Cast
    ) -> None:
        incident = stories.triaged(cast)
        services.answer_desk(incident.pk, by=cast.ann, message="It smokes.")
        assert set(hear(incident, "answer")) == {"Bo"}

    def test_who_left_the_team_hears_nothing_any_more(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        Membership.objects.filter(user=cast.bo).delete()
        services.answer_desk(incident.pk, by=cast.ann, message="The blue one.")
        assert set(hear(incident, "answer")) == {"Lea"}

    def test_a_new_desk_owner_hears_it(self, cast: Cast) -> None:
        incident = stories.triaged(cast, title=TITLE)
        services.hand_over_desk(
            incident.pk, by=cast.bo, expected_version=None, to=cast.cy
        )
        assert hear(incident, "hand_over") == {"Cy": f"You answer for it: {TITLE}"}

    def test_a_withdrawn_report_is_told_to_who_works_on_it(self, cast: Cast) -> None:
        incident = stories.in_progress(cast, title=TITLE)
        services.cancel_incident(incident.pk, by=cast.ann, reason="withdrawn")
        assert hear(incident, "cancel") == {"Bo": f"Cancelled: {TITLE}"}


class TestTeam:
    def test_the_lead_of_the_new_team_hears_of_a_transfer(self, cast: Cast) -> None:
        night = Team.objects.create(
            name="Night desk", tier=1, is_service_desk=True, lead=cast.cy
        )
        incident = stories.in_progress(cast, title=TITLE)
        services.transfer_incident(
            incident.pk, by=cast.bo, expected_version=None, team=night, reason="Shift."
        )
        assert hear(incident, "transfer") == {
            "Cy": f"Transferred to your team: {TITLE}"
        }
        text = letter(incident, "transfer", cast.cy).text
        assert "Night desk" in text
        assert "> Shift." in text

    def test_who_sent_it_up_and_who_answers_for_it_hear_that_it_is_back(
        self, cast: Cast
    ) -> None:
        incident = stories.triaged(cast, title=TITLE)
        sent = stories.escalated(cast, of=incident, by=cast.cy)
        stories.handed_back(cast, of=sent)
        assert hear(incident, "hand_back") == {
            "Cy": f"Handed back to your team: {TITLE}",
            "Bo": f"Handed back: {TITLE}",
            "Lea": f"Handed back to your team: {TITLE}",
        }
        assert len(post(incident, "hand_back")) == 3
        for to in (cast.cy, cast.bo, cast.lea):
            assert "> The port is fine" in letter(incident, "hand_back", to).text

    def test_the_desk_owner_hears_of_it_between_the_tiers_above(
        self, cast: Cast
    ) -> None:
        """Who sent it to the tier that hands it back, not who did so before."""
        sent = stories.escalated(cast, of=stories.triaged(cast), by=cast.cy)
        sent = stories.escalated(cast, of=sent, by=cast.ned, team=cast.vendor)
        stories.handed_back(cast, of=sent, by=cast.ute)
        assert set(hear(sent, "hand_back")) == {"Ned", "Bo"}

    def test_one_letter_is_enough_and_none_to_who_handed_it_back(
        self, cast: Cast
    ) -> None:
        Membership.objects.create(user=cast.cy, team=cast.network)
        own = stories.escalated(cast, title=TITLE)
        stories.handed_back(cast, of=own, by=cast.cy)
        assert [one.to for one in post(own, "hand_back")] == [cast.bo, cast.lea]
        again = stories.escalated(cast, of=stories.triaged(cast), by=cast.cy)
        stories.handed_back(cast, of=again, by=cast.cy)
        assert set(hear(again, "hand_back")) == {"Bo", "Lea"}

    def test_who_sent_it_up_and_left_the_team_does_not_hear(self, cast: Cast) -> None:
        sent = stories.escalated(cast, of=stories.triaged(cast), by=cast.cy)
        Membership.objects.filter(user=cast.cy).update(team=cast.network)
        stories.handed_back(cast, of=sent)
        assert set(hear(sent, "hand_back")) == {"Bo", "Lea"}

    def test_a_new_report_waits_in_the_queue_and_rings_nobody(self, cast: Cast) -> None:
        incident = stories.reported(cast)
        assert set(hear(incident, "report")) == {"Ann"}


class TestSecondKey:
    def test_after_the_confirmation_the_desk_owner_may_close(self, cast: Cast) -> None:
        incident = stories.confirmed(cast, title=TITLE)
        assert hear(incident, "confirm") == {"Bo": f"You can close it: {TITLE}"}
        assert (
            "Ann Archer says that it works" in letter(incident, "confirm", cast.bo).text
        )

    def test_after_works_again_one_letter_is_enough(self, cast: Cast) -> None:
        incident = stories.in_progress(cast, title=TITLE)
        services.watch_incident(incident.pk, by=cast.cy)
        services.report_works_again(incident.pk, by=cast.ann, message="Reboot.")
        assert hear(incident, "works_again") == {}
        assert hear(incident, "confirm") == {
            "Bo": f"You can close it: {TITLE}",
            "Cy": f"Ann Archer confirmed that it works: {TITLE}",
        }

    def test_without_a_desk_owner_the_lead_hears(self, cast: Cast) -> None:
        incident = stories.reported(cast)
        services.report_works_again(incident.pk, by=cast.ann)
        assert set(hear(incident, "confirm")) == {"Lea"}

    def test_who_recorded_the_call_hears_nothing_the_desk_owner_does(
        self, cast: Cast
    ) -> None:
        incident = stories.called(cast, by=cast.cy)
        assert set(hear(incident, "confirm")) == {"Ann", "Bo"}
        assert "Cy Cole recorded a call" in letter(incident, "confirm", cast.bo).text

    def test_a_waiver_tells_the_desk_owner(self, cast: Cast) -> None:
        incident = stories.waived(cast)
        assert hear(incident, "waive")["Bo"].startswith("You can close it")

    def test_where_the_desk_owner_confirms_the_lead_hears(self, cast: Cast) -> None:
        """Who confirms may not close."""
        own = stories.reported(cast, by=cast.cy)
        taken = stories.in_progress(cast, of=stories.triaged(cast, of=own))
        incident = stories.resolved(cast, of=taken)
        services.hand_over_desk(
            incident.pk, by=cast.bo, expected_version=None, to=cast.cy
        )
        services.record_call(
            incident.pk, by=cast.bo, expected_version=None, account="Cy said so."
        )
        subjects = hear(incident, "confirm")
        assert subjects["Lea"].startswith("You can close it")
        assert subjects["Cy"].startswith("You told us that it works")

    def test_the_desk_owner_hears_that_somebody_else_solved_it(
        self, cast: Cast
    ) -> None:
        incident = stories.in_progress(cast, title=TITLE)
        services.resolve_incident(
            incident.pk,
            by=cast.lea,
            expected_version=None,
            solution=stories.solution(),
        )
        assert hear(incident, "resolve")["Bo"] == f"Solved: {TITLE}"
        text = letter(incident, "resolve", cast.bo).text
        assert "It is with you until Ann Archer confirms." in text


class TestBackToWork:
    def test_a_no_reaches_the_solver_and_who_answers_for_it(self, cast: Cast) -> None:
        incident = stories.resolved(cast, title=TITLE)
        services.hand_over_desk(
            incident.pk, by=cast.bo, expected_version=None, to=cast.cy
        )
        services.reject_resolution(incident.pk, by=cast.ann, complaint="Still blank.")
        assert hear(incident, "reject") == {
            "Bo": f"It still does not work: {TITLE}",
            "Cy": f"It still does not work: {TITLE}",
        }
        assert "> Still blank." in letter(incident, "reject", cast.bo).text

    def test_without_solver_the_lead_hears(self, cast: Cast) -> None:
        incident = stories.resolved(cast)
        Membership.objects.filter(user=cast.bo).delete()
        services.reject_resolution(incident.pk, by=cast.ann, complaint="Still blank.")
        assert set(hear(incident, "reject")) == {"Lea"}

    def test_reopening_reaches_the_solver(self, cast: Cast) -> None:
        incident = stories.closed(cast, title=TITLE)
        services.reopen_incident(incident.pk, by=cast.ann, complaint="Blank again.")
        assert hear(incident, "reopen") == {"Bo": f"Reopened: {TITLE}"}


class TestAsked:
    def test_who_is_asked_reads_the_words_and_what_it_is_about(
        self, cast: Cast
    ) -> None:
        incident = stories.in_progress(cast, title=TITLE)
        services.ask_colleague(
            incident.pk, by=cast.bo, to=cast.lea, move="cancel", message="Yours to end."
        )
        assert hear(incident, "ask") == {"Lea": f"Bo Berg asks you: {TITLE}"}
        one = letter(incident, "ask", cast.lea)
        assert "> Yours to end." in one.text
        assert "It is about “Cancel”." in one.text
        assert one.link(f"/tickets/{incident.pk}/")

    def test_an_unknown_move_is_left_out(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        services.ask_colleague(
            incident.pk, by=cast.bo, to=cast.lea, move="sing", message="Yours."
        )
        assert "It is about" not in letter(incident, "ask", cast.lea).text


class TestWatchers:
    def test_who_follows_gets_one_line_about_every_public_event(
        self, cast: Cast
    ) -> None:
        incident = stories.reported(cast, title=TITLE)
        services.watch_incident(incident.pk, by=cast.cy)
        held = stories.on_hold(
            cast,
            of=stories.in_progress(cast, of=stories.triaged(cast, of=incident)),
            reason=HoldReason.AWAITING_SUPPLIER,
        )
        services.resume_incident(held.pk, by=cast.bo, expected_version=None)
        stories.resolved(cast, of=stories.again(held))
        kinds = [one.kind for one in post(incident) if one.to == cast.cy]
        assert kinds == [
            f"incident.{kind}"
            for kind in ("triage", "take", "hold", "resume", "resolve")
        ]
        assert hear(incident, "take")["Cy"] == f"Bo Berg took it: {TITLE}"
        assert letter(incident, "take", cast.cy).text.startswith("Bo Berg took it\n")
        held_words = "Bo Berg put it on hold: it waits for a supplier"
        assert hear(incident, "hold")["Cy"] == f"{held_words}: {TITLE}"

    def test_who_is_concerned_and_follows_gets_the_letter_that_says_more(
        self, cast: Cast
    ) -> None:
        incident = stories.in_progress(cast)
        services.watch_incident(incident.pk, by=cast.bo)
        services.answer_desk(incident.pk, by=cast.ann, message="The blue one.")
        assert [one.to for one in post(incident, "answer")] == [cast.bo]
        assert "> The blue one." in letter(incident, "answer", cast.bo).text

    def test_nobody_hears_of_their_own_act(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        services.watch_incident(incident.pk, by=cast.bo)
        services.reply_to_reporter(
            incident.pk, by=cast.bo, expected_version=None, message="We look."
        )
        assert set(hear(incident, "reply")) == {"Ann"}

    def test_a_follower_who_left_the_desk_hears_nothing(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        services.watch_incident(incident.pk, by=cast.cy)
        Membership.objects.filter(user=cast.cy).delete()
        stories.resolved(cast, of=incident)
        assert set(hear(incident, "resolve")) == {"Ann"}
