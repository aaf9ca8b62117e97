"""What reporters hear, and what they never hear."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import get_language

from accounts.models import User
from activity import clock
from incidents import services
from incidents.codes import CancelReason, HoldReason
from incidents.models import Incident
from tests.incidents import stories
from tests.incidents.letters import hear, letter, post
from tests.people import Cast, make_user

TITLE = "Printer prints blank pages"
FIXED = "We replaced the drum."


def tell(cast: Cast) -> Incident:
    return stories.reported(cast, title=TITLE)


class TestReceipt:
    def test_who_reports_gets_a_receipt_with_reference_and_their_words(
        self, cast: Cast, settings: Any
    ) -> None:
        settings.HELP_PHONE = "+49 30 1234"
        incident = tell(cast)
        assert hear(incident, "report") == {"Ann": f"We got your report: {TITLE}"}
        one = letter(incident, "report", cast.ann)
        for body in (one.text, one.html):
            assert incident.reference in body
            assert stories.DESCRIPTION in body
            assert f"{settings.SITE_URL}/my/{incident.pk}/" in body
            assert "+49 30 1234" in body
            assert "Open your report to add a message." in body

    def test_who_called_hears_who_wrote_it_down(self, cast: Cast) -> None:
        incident = stories.reported(cast, by=cast.bo, reporter=cast.ann)
        one = letter(incident, "report", cast.ann)
        assert "Bo Berg wrote this report down for you." in one.text
        assert set(hear(incident, "report")) == {"Ann"}

    def test_what_was_solved_at_first_contact_is_one_letter(self, cast: Cast) -> None:
        incident = stories.first_contact(cast)
        to_ann = [one.subject for one in post(incident) if one.to == cast.ann]
        assert len(to_ann) == 1
        assert to_ann[0].startswith("Is this fixed?")


class TestWork:
    def test_work_that_begins_is_no_news_to_the_reporter(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        services.declare_major(
            incident.pk, by=cast.lea, expected_version=None, reason="canary"
        )
        assert {one.kind for one in post(incident) if one.to == cast.ann} == {
            "incident.report"
        }

    def test_a_question_reaches_the_reporter(self, cast: Cast) -> None:
        incident = stories.on_hold(cast, title=TITLE)
        assert hear(incident, "hold") == {"Ann": f"We need an answer from you: {TITLE}"}
        one = letter(incident, "hold", cast.ann)
        assert "Bo Berg asks:\n> Which printer is it?" in one.text
        assert "We carry on when we hear from you." in one.text
        assert one.link("/my/")

    def test_any_other_wait_is_no_letter(self, cast: Cast) -> None:
        incident = stories.on_hold(cast, reason=HoldReason.AWAITING_SUPPLIER)
        assert hear(incident, "hold") == {}

    def test_a_reply_reaches_the_reporter_in_full(self, cast: Cast) -> None:
        incident = stories.in_progress(cast, title=TITLE)
        services.reply_to_reporter(
            incident.pk, by=cast.bo, expected_version=None, message="One.\n\nTwo & <3."
        )
        one = letter(incident, "reply", cast.ann)
        assert one.subject == f"News on your report: {TITLE} [{incident.reference}]"
        assert "Bo Berg writes:\n> One.\n> \n> Two & <3." in one.text
        assert "Two &amp; &lt;3." in one.html

    def test_an_internal_note_reaches_nobody(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        services.watch_incident(incident.pk, by=cast.cy)
        services.add_note(
            incident.pk, by=cast.bo, expected_version=None, text="Ann is difficult."
        )
        assert hear(incident, "note") == {}


class TestSolved:
    def test_the_confirmer_is_asked_with_two_links_to_one_page(
        self, cast: Cast
    ) -> None:
        incident = stories.resolved(cast, title=TITLE)
        assert hear(incident, "resolve") == {"Ann": f"Is this fixed? {TITLE}"}
        one = letter(incident, "resolve", cast.ann)
        yes, no = one.link("answer=yes"), one.link("answer=no")
        assert yes.removesuffix("yes") == no.removesuffix("no")
        for body in (one.text, one.html):
            assert FIXED in body
            assert yes in body
            assert no in body
            assert "Yes, it works" in body
            assert "No, it still does not work" in body

    def test_the_reporter_hears_when_somebody_else_is_asked(self, cast: Cast) -> None:
        incident = stories.triaged(cast, of=by_monitoring(cast))
        stories.resolved(cast, of=stories.in_progress(cast, of=incident))
        assert set(hear(incident, "resolve")) == {"Cy", "Lea"}
        told = letter(incident, "resolve", cast.cy)
        assert "We asked Lea Lund whether it works." in told.text
        assert "/answer/" not in told.text
        assert "/answer/" in letter(incident, "resolve", cast.lea).text

    def test_a_reminder_asks_the_same_question(self, cast: Cast) -> None:
        incident = stories.reminded(cast, times=1, title=TITLE)
        assert hear(incident, "remind") == {
            "Ann": f"We ask again: is this fixed? {TITLE}"
        }
        one = letter(incident, "remind", cast.ann)
        assert FIXED in one.text
        assert one.link("answer=yes")
        assert one.link("answer=no")

    def test_a_recorded_call_is_told_to_who_is_said_to_have_called(
        self, cast: Cast
    ) -> None:
        incident = stories.called(cast, title=TITLE)
        one = letter(incident, "confirm", cast.ann)
        assert one.subject.startswith(f"You told us that it works: {TITLE}")
        assert "Bo Berg wrote down that you told us it works" in one.text
        assert "Not so? Press here" in one.text
        assert one.link("/answer/") in one.html
        assert "at noon" not in one.text + one.html

    def test_their_own_answer_is_no_news_to_them(self, cast: Cast) -> None:
        incident = stories.confirmed(cast)
        assert "Ann" not in hear(incident, "confirm")

    def test_a_waiver_is_told_and_the_answer_still_welcome(self, cast: Cast) -> None:
        incident = stories.waived(cast)
        one = letter(incident, "waive", cast.ann)
        assert "counts as closed without an answer from you" in one.text
        assert "You can still tell us." in one.text
        assert one.link("answer=no")
        assert "travelling" not in one.text + one.html

    def test_the_successor_is_asked_at_once_what_is_solved(self, cast: Cast) -> None:
        incident = stories.resolved(cast, title=TITLE)
        User.objects.filter(pk=cast.ann.pk).update(is_active=False)
        services.name_successor(
            incident.pk,
            by=cast.lea,
            expected_version=None,
            successor=cast.zed,
            reason="canary",
        )
        assert hear(incident, "name_successor") == {
            "Zed": f"You say whether it works: {TITLE}"
        }
        one = letter(incident, "name_successor", cast.zed)
        assert FIXED in one.text
        assert one.link("answer=yes")

    def test_the_successor_of_open_work_hears_without_links(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        User.objects.filter(pk=cast.ann.pk).update(is_active=False)
        services.name_successor(
            incident.pk,
            by=cast.lea,
            expected_version=None,
            successor=cast.zed,
            reason="canary",
        )
        assert "/answer/" not in letter(incident, "name_successor", cast.zed).text


class TestEnd:
    def test_closing_says_why_and_until_when_it_may_come_back(self, cast: Cast) -> None:
        incident = stories.closed(cast, title=TITLE)
        assert hear(incident, "close") == {"Ann": f"Closed: {TITLE}"}
        text = letter(incident, "close", cast.ann).text
        assert "You confirmed that it works." in text
        assert "You can bring it back for 14 days, until" in text

    @pytest.mark.parametrize(
        ("story", "sentence"),
        [
            ("called", "You told us in a call that it works."),
            ("waived", "We closed it without an answer from you."),
        ],
    )
    def test_closing_names_its_ground(
        self, story: str, sentence: str, cast: Cast
    ) -> None:
        incident = stories.closed(cast, of=getattr(stories, story)(cast))
        assert sentence in letter(incident, "close", cast.ann).text

    def test_cancelling_is_explained_and_may_be_taken_back(self, cast: Cast) -> None:
        incident = stories.cancelled(cast, title=TITLE)
        assert hear(incident, "cancel") == {"Ann": f"Cancelled: {TITLE}"}
        one = letter(incident, "cancel", cast.ann)
        assert "Why:\n> The printer was out of paper." in one.text
        assert "You can bring it back for 14 days, until" in one.text
        assert one.link(f"/my/{incident.pk}/")

    def test_who_withdraws_hears_nothing(self, cast: Cast) -> None:
        incident = tell(cast)
        services.cancel_incident(
            incident.pk, by=cast.ann, reason=CancelReason.WITHDRAWN
        )
        assert hear(incident, "cancel") == {}

    @pytest.mark.parametrize(
        ("story", "kind"), [("resolved", "reject"), ("closed", "reopen")]
    )
    def test_the_desk_finds_that_it_fails_and_says_so(
        self, story: str, kind: str, cast: Cast
    ) -> None:
        incident = getattr(stories, story)(cast, title=TITLE)
        act = {
            "reject": services.reject_resolution,
            "reopen": services.reopen_incident,
        }[kind]
        act(incident.pk, by=cast.cy, complaint="Page 2 is blank.")
        assert hear(incident, kind)["Ann"] == f"We are looking at it again: {TITLE}"
        text = letter(incident, kind, cast.ann).text
        assert "What does not work:\n> Page 2 is blank." in text

    def test_who_says_no_hears_nothing_about_it(self, cast: Cast) -> None:
        incident = stories.resolved(cast)
        services.reject_resolution(incident.pk, by=cast.ann, complaint="Still blank.")
        assert "Ann" not in hear(incident, "reject")


class TestSharers:
    def test_a_colleague_hears_that_it_is_shared_and_then_the_public_news(
        self, cast: Cast
    ) -> None:
        incident = stories.in_progress(cast, title=TITLE)
        services.share_incident(incident.pk, by=cast.ann, email="zed@example.org")
        assert hear(incident, "share") == {
            "Zed": f"Ann Archer shares a report with you: {TITLE}"
        }
        services.reply_to_reporter(
            incident.pk, by=cast.bo, expected_version=None, message="A new drum comes."
        )
        stories.resolved(cast, of=incident)
        stories.closed(cast, of=stories.confirmed(cast, of=stories.again(incident)))
        services.reopen_incident(incident.pk, by=cast.ann, complaint="Blank again.")
        kinds = [one.kind for one in post(incident) if one.to == cast.zed]
        assert kinds == [
            f"incident.{kind}"
            for kind in ("share", "reply", "resolve", "close", "reopen")
        ]
        for one in post(incident):
            if one.to == cast.zed:
                assert one.link(f"/my/{incident.pk}/")
                assert "/answer/" not in one.text

    def test_only_the_new_colleague_hears_of_a_share(self, cast: Cast) -> None:
        incident = tell(cast)
        services.share_incident(incident.pk, by=cast.ann, email="zed@example.org")
        services.share_incident(incident.pk, by=cast.bo, email="ute@example.org")
        subjects = [one.to.get_short_name() for one in post(incident, "share")]
        assert subjects == ["Zed", "Ute"]

    def test_who_it_is_no_longer_shared_with_hears_nothing(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        services.share_incident(incident.pk, by=cast.ann, email="zed@example.org")
        services.unshare_incident(incident.pk, by=cast.ann, user=cast.zed)
        stories.resolved(cast, of=incident)
        assert set(hear(incident, "resolve")) == {"Ann"}

    def test_a_cancelled_report_is_told_to_sharers(self, cast: Cast) -> None:
        incident = tell(cast)
        services.share_incident(incident.pk, by=cast.ann, email="zed@example.org")
        services.cancel_incident(
            incident.pk, by=cast.ann, reason=CancelReason.WITHDRAWN
        )
        assert set(hear(incident, "cancel")) == {"Zed"}


class TestWhoLeft:
    @pytest.mark.parametrize("left", ["ann", "zed"])
    def test_who_left_hears_nothing(self, left: str, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        services.share_incident(incident.pk, by=cast.ann, email="zed@example.org")
        gone = getattr(cast, left)
        User.objects.filter(pk=gone.pk).update(is_active=False)
        stories.resolved(cast, of=stories.again(incident))
        assert gone.get_short_name() not in hear(incident, "resolve")

    def test_the_successor_hears_instead_of_who_left(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        User.objects.filter(pk=cast.ann.pk).update(is_active=False)
        services.name_successor(
            incident.pk,
            by=cast.lea,
            expected_version=None,
            successor=cast.zed,
            reason="Ann left.",
        )
        stories.resolved(cast, of=stories.again(incident))
        assert set(hear(incident, "resolve")) == {"Zed"}


class TestVoice:
    def test_times_are_the_readers_own(self, cast: Cast) -> None:
        User.objects.filter(pk=cast.ann.pk).update(time_zone="Asia/Tokyo")
        incident = stories.cancelled(cast)
        until = incident.reopen_until
        assert until is not None
        tokyo = until + timedelta(hours=9)
        assert f"{tokyo:%H:%M} JST" in letter(incident, "cancel", cast.ann).text

    def test_a_zone_that_is_gone_stops_no_letter(self, cast: Cast) -> None:
        User.objects.filter(pk=cast.ann.pk).update(time_zone="Europe/Atlantis")
        incident = stories.cancelled(cast)
        assert "UTC" in letter(incident, "cancel", cast.ann).text

    def test_the_language_is_the_readers_own_and_comes_back(
        self, cast: Cast, settings: Any
    ) -> None:
        settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
        User.objects.filter(pk=cast.ann.pk).update(language="de")
        cast.ann.refresh_from_db()
        before = get_language()
        incident = tell(cast)
        assert 'lang="de"' in letter(incident, "report", cast.ann).html
        assert get_language() == before

    def test_signs_of_formatting_in_names_and_titles_are_only_signs(
        self, cast: Cast
    ) -> None:
        odd = make_user("Odd")
        odd.name = "100%(name)s {Odd}"
        odd.save()
        title = "50% of %(ref)s {{ x }} fail"
        incident = stories.reported(cast, by=odd, title=title)
        subject = f"We got your report: {title} [{incident.reference}]"
        assert post(incident)[0].subject == subject


def by_monitoring(cast: Cast) -> Incident:
    """Opened by what Cy set up; Lea leads the desk and confirms."""
    incident = stories.reported(
        cast, by=cast.cy, source="monitoring", detected_at=clock.now()
    )
    assert incident.confirmer == cast.lea
    return incident


@pytest.mark.parametrize(
    ("story", "kind"), [("resolved", "resolve"), ("reminded", "remind")]
)
def test_plain_text_speaks_of_addresses_and_html_of_buttons(
    story: str, kind: str, cast: Cast
) -> None:
    one = letter(getattr(stories, story)(cast), kind, cast.ann)
    assert "button" not in one.text.casefold()
    assert "Each of the two addresses below opens a page" in one.text
    assert one.text.index("addresses below") < one.text.index("http")
    assert "Either button opens a page on which you answer." in one.html
