"""Only the confirmer turns the first key, only for the solution they were shown."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from activity import clock
from activity.models import Event
from incidents import services
from incidents.models import Confirmation, Incident, Rejection
from tests.incidents import stories
from tests.incidents.portal.browsing import ClientOf, picture, text_of, to
from tests.people import Cast

YES = "Yes, it works"
NO = "No, it still does not"


@pytest.fixture
def ann(cast: Cast, client_of: ClientOf) -> Client:
    return client_of(cast.ann)


def yes(incident: Incident, **more: Any) -> dict[str, Any]:
    return {"resolution": stories.current(incident), "message": ""} | more


def no(incident: Incident, **more: Any) -> dict[str, Any]:
    complaint = {"complaint": "It prints two pages, then stops."}
    return {"resolution": stories.current(incident)} | complaint | more


def test_yes_confirms(ann: Client, cast: Cast) -> None:
    incident = stories.resolved(cast)
    page = text_of(ann.get(to("my_report", incident)))
    assert YES in page
    assert NO in page
    assert "We replaced the drum." in page
    response = ann.post(to("confirm", incident), yes(incident, message="Thanks!"))
    assert response["Location"] == incident.reporter_url()
    found = Confirmation.objects.get()
    assert (found.by, found.channel, found.resolution_id) == (
        cast.ann,
        "portal",
        incident.resolution_id,
    )
    assert stories.again(incident).status == "resolved"  # the second key is the desk's


def test_no_sends_it_back_with_the_words(ann: Client, cast: Cast) -> None:
    incident = stories.resolved(cast)
    ann.post(to("still_broken", incident), no(incident))
    assert Rejection.objects.get().by == cast.ann
    after = stories.again(incident)
    assert (after.status, after.owner) == ("assigned", cast.bo)
    assert "It prints two pages" in text_of(ann.get(to("my_report", incident)))


def test_no_needs_a_word(ann: Client, cast: Cast) -> None:
    incident = stories.resolved(cast)
    response = ann.post(to("still_broken", incident), no(incident, complaint=" "))
    assert "Tell us what still goes wrong." in text_of(response)
    assert not Rejection.objects.exists()


def test_looking_at_the_question_answers_nothing(ann: Client, cast: Cast) -> None:
    incident = stories.resolved(cast)
    before = Event.objects.count()
    for name in ("my_report", "confirm", "still_broken", "answer", "share"):
        assert ann.get(to(name, incident)).status_code == 200
    assert Event.objects.count() == before


def test_doubt_asks_again_and_quotes(ann: Client, cast: Cast) -> None:
    """The naive page takes "yes, but it is still slow" for a confirmation."""
    incident = stories.resolved(cast)
    doubtful = yes(incident, message="It is <b>still</b> slow")
    page = text_of(ann.post(to("confirm", incident), doubtful))
    assert "It is &lt;b&gt;still&lt;/b&gt; slow" in page
    assert YES in page
    assert NO in page
    assert not Confirmation.objects.exists()
    ann.post(to("confirm", incident), doubtful | {"sure": "1"})
    assert Confirmation.objects.get().by == cast.ann


def test_doubt_turns_into_a_no_with_one_press(ann: Client, cast: Cast) -> None:
    incident = stories.resolved(cast)
    doubtful = yes(incident, message="still slow")
    page = text_of(ann.post(to("confirm", incident), doubtful))
    assert 'name="complaint" value="still slow"' in page
    ann.post(to("still_broken", incident), no(incident, complaint="still slow"))
    assert Rejection.objects.get().by == cast.ann


@pytest.mark.parametrize(("name", "form"), [("confirm", yes), ("still_broken", no)])
def test_an_answer_to_an_earlier_solution_does_not_count(
    name: str, form: Any, ann: Client, cast: Cast
) -> None:
    incident = stories.resolved(cast)
    stale = form(incident)
    ann.post(to("still_broken", incident), no(incident))
    again = stories.in_progress(cast, of=stories.again(incident))
    stories.resolved(cast, of=again)
    assert ann.post(to(name, incident), stale).status_code == 409
    assert not Confirmation.objects.exists()
    assert Rejection.objects.count() == 1


@pytest.mark.parametrize("resolution", ["", "x", "-1", "9" * 30, "0"])
@pytest.mark.parametrize(("name", "form"), [("confirm", yes), ("still_broken", no)])
def test_a_tampered_answer_gets_a_message_and_keeps_the_words(
    resolution: str, name: str, form: Any, ann: Client, cast: Cast
) -> None:
    incident = stories.resolved(cast)
    words = {"message": "Kept words.", "complaint": "Kept words."}
    sent = form(incident) | words | {"resolution": resolution}
    response = ann.post(to(name, incident), sent)
    assert response.status_code in {200, 409}
    if response.status_code == 200:
        assert "Something was changed on the way here." in text_of(response)
        assert "Kept words." in text_of(response)
    assert not Confirmation.objects.exists()
    assert not Rejection.objects.exists()


def test_only_the_confirmer_is_asked(cast: Cast, client_of: ClientOf) -> None:
    incident = stories.resolved(cast)
    services.share_incident(incident.pk, by=cast.ann, email=cast.zed.email)
    zed = client_of(cast.zed)
    page = text_of(zed.get(to("my_report", incident)))
    assert YES not in page
    assert "<button" not in page.partition("<main")[2].partition("</main")[0]
    assert zed.post(to("confirm", incident), yes(incident)).status_code == 403
    assert zed.post(to("still_broken", incident), no(incident)).status_code == 403


def test_a_confirmer_who_did_not_report_it_may_confirm(
    cast: Cast, client_of: ClientOf
) -> None:
    """Lea leads the desk: what monitoring found is hers to confirm, not Cy's."""
    found = stories.reported(cast, by=cast.cy, source="monitoring")
    worked_on = stories.in_progress(cast, of=stories.triaged(cast, of=found))
    incident = stories.resolved(cast, of=worked_on)
    assert (incident.reporter, incident.confirmer) == (cast.cy, cast.lea)
    reporter, confirmer = client_of(cast.cy), client_of(cast.lea)
    assert YES not in text_of(reporter.get(to("my_report", incident)))
    assert reporter.post(to("confirm", incident), yes(incident)).status_code == 403
    assert YES in text_of(confirmer.get(to("my_report", incident)))
    confirmer.post(to("confirm", incident), yes(incident))
    assert Confirmation.objects.get().by == cast.lea


def test_a_yes_can_be_taken_back_until_it_is_closed(ann: Client, cast: Cast) -> None:
    incident = stories.confirmed(cast)
    assert "It does not work after all" in text_of(ann.get(to("my_report", incident)))
    ann.post(to("still_broken", incident), no(incident))
    assert stories.again(incident).status == "assigned"


def test_it_works_again_before_anybody_solved_it(ann: Client, cast: Cast) -> None:
    incident = stories.reported(cast)
    ann.post(to("works_again", incident), {"message": "I restarted it."})
    after = stories.again(incident)
    assert (after.status, after.is_confirmed) == ("resolved", True)


def test_the_answer_to_a_question_lets_work_go_on(ann: Client, cast: Cast) -> None:
    incident = stories.on_hold(cast)
    page = text_of(ann.get(to("my_report", incident)))
    assert page.index("Which printer is it?") < page.index("Conversation")
    ann.post(to("answer", incident), {"message": "The left one."})
    assert stories.again(incident).status == "in_progress"


def test_a_message_keeps_its_files_through_a_mistake(ann: Client, cast: Cast) -> None:
    incident = stories.reported(cast)
    url = to("answer", incident)
    wrong = text_of(ann.post(url, {"message": " ", "files": [picture("a.png")]}))
    assert "Write your message." in wrong
    assert "a.png" in wrong
    [file] = cast.ann.attachments.all()
    ann.post(url, {"message": "Here it is.", "kept": [file.pk]})
    file.refresh_from_db()
    assert file.incident == incident
    assert "a.png" in text_of(ann.get(to("my_report", incident)))


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("answer", "message"),
        ("confirm", "message"),
        ("still_broken", "complaint"),
        ("works_again", "message"),
        ("withdraw", "explanation"),
    ],
)
def test_too_long_a_text_is_shown_again_in_full(
    name: str, field: str, ann: Client, cast: Cast
) -> None:
    story = stories.reported if name != "confirm" else stories.resolved
    incident = stories.resolved(cast) if name == "still_broken" else story(cast)
    text = "a" * 10_000 + "the end"
    sent = {field: text, "resolution": incident.resolution_id or 1}
    response = ann.post(to(name, incident), sent)
    assert response.status_code == 200
    assert "Shorten this to 10000 characters" in text_of(response)
    assert "the end" in text_of(response)


# --- end and come back ----------------------------------------------------------------


def test_what_is_withdrawn_comes_back_within_14_days(ann: Client, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    ann.post(to("withdraw", incident), {"explanation": ""})
    assert stories.again(incident).status == "cancelled"
    assert "Why do you need it after all?" in text_of(
        ann.get(to("bring_back", incident))
    )
    ann.post(to("bring_back", incident), {"complaint": "I need it."})
    assert stories.again(incident).status == "assigned"


def test_what_was_closed_comes_back_to_its_team(ann: Client, cast: Cast) -> None:
    incident = stories.closed(cast)
    assert "Bring it back" in text_of(ann.get(to("my_report", incident)))
    wrong = ann.post(to("bring_back", incident), {"complaint": ""})
    assert "Tell us what is wrong again." in text_of(wrong)
    ann.post(to("bring_back", incident), {"complaint": "Blank again."})
    assert stories.again(incident).status == "assigned"


def test_after_14_days_it_becomes_a_follow_up(ann: Client, cast: Cast) -> None:
    old = stories.closed(cast, at=clock.now() - timedelta(days=15))
    assert "Report it again" in text_of(ann.get(to("my_report", old)))
    response = ann.post(to("bring_back", old), {"description": "Blank again."})
    new = Incident.objects.exclude(pk=old.pk).get()
    assert response["Location"] == to("received", new)
    assert stories.again(old).status == "closed"
    assert new.links_out.get().to_incident == old


@pytest.mark.parametrize("name", ["confirm", "still_broken"])
def test_a_question_that_was_answered_leads_to_the_report(
    name: str, ann: Client, cast: Cast
) -> None:
    incident = stories.in_progress(cast)
    response = ann.get(to(name, incident), follow=True)
    assert response.redirect_chain == [(incident.reporter_url(), 302)]
    assert "That is not asked any more." in text_of(response)


@pytest.mark.parametrize("name", ["works_again", "withdraw", "answer"])
def test_what_has_ended_offers_only_to_come_back(
    name: str, ann: Client, cast: Cast
) -> None:
    incident = stories.closed(cast)
    page = text_of(ann.get(to("my_report", incident)))
    assert to(name, incident) not in page
    assert ann.get(to(name, incident)).status_code == 302
    sent = {"message": "x", "explanation": "x"}
    assert ann.post(to(name, incident), sent).status_code == 409
