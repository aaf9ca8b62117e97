"""Whether it helped is asked where people are anyway, and never demanded."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from accounts.models import Membership
from incidents import links, services
from incidents.links import Purpose
from incidents.models import Incident, KnownErrorUse, UseOutcome
from tests.incidents import stories
from tests.incidents.ticket.conftest import As, address, window, words
from tests.incidents.using.known import applied, judged, known, use
from tests.people import Cast

__all__ = ["window"]
SOLVED = {
    "code": "workaround",
    "text": "Told you.",
    "verification": "Ann printed.",
    "restored_at": "",
}


def told(cast: Cast) -> KnownErrorUse:
    return use(stories.in_progress(cast), known(cast), by=cast.bo)


def told_and_resolved(cast: Cast) -> tuple[Incident, KnownErrorUse]:
    used = told(cast)
    return stories.resolved(cast, of=stories.again(used.incident)), used


def said(used: KnownErrorUse) -> list[tuple[str, str, str]]:
    rows = used.outcomes.order_by("seq").select_related("by")
    return [(row.asked, row.outcome, row.by.name) for row in rows]


class TestTheDesk:
    def test_is_asked_when_it_resolves(self, window: As, cast: Cast) -> None:
        used = told(cast)
        incident = stories.again(used.incident)
        bo = window("bo")
        shown = words(bo.get(address("resolve", incident)))
        assert "was told to the reporter. Did it help?" in shown
        sent = SOLVED | {"version": incident.version, f"helped_{used.pk}": "partly"}
        assert bo.post(address("resolve", incident), sent).status_code == 302
        assert said(used) == [("desk", "partly", "Bo Berg")]

    def test_need_not_answer(self, window: As, cast: Cast) -> None:
        used = told(cast)
        incident = stories.again(used.incident)
        sent = SOLVED | {"version": incident.version}
        window("bo").post(address("resolve", incident), sent)
        assert stories.again(incident).status == "resolved"
        assert said(used) == []

    def test_is_not_asked_twice_nor_about_nothing(self, window: As, cast: Cast) -> None:
        used = told(cast)
        judged(used, by=cast.bo, outcome="worked")
        for incident in (used.incident, stories.in_progress(cast)):
            shown = words(window("bo").get(address("resolve", incident)))
            assert "Did it help?" not in shown

    def test_an_odd_answer_is_asked_again_and_keeps_the_words(
        self, window: As, cast: Cast
    ) -> None:
        used = told(cast)
        incident = stories.again(used.incident)
        sent = SOLVED | {"version": incident.version, f"helped_{used.pk}": "x"}
        response = window("bo").post(address("resolve", incident), sent)
        assert response.status_code == 200
        assert "Choose one of the answers." in words(response)
        assert "Ann printed." in words(response)

    def test_a_stale_page_keeps_the_answer(self, window: As, cast: Cast) -> None:
        used = told(cast)
        incident = stories.again(used.incident)
        services.answer_desk(incident.pk, by=cast.ann, message="Still blank.")
        sent = SOLVED | {"version": incident.version, f"helped_{used.pk}": "failed"}
        shown = words(window("bo").post(address("resolve", incident), sent))
        assert f'name="helped_{used.pk}" value="failed"' in shown

    def test_writes_down_what_the_confirmer_said_in_a_call(
        self, window: As, cast: Cast
    ) -> None:
        incident, used = told_and_resolved(cast)
        shown = words(window("bo").get(address("record_call", incident)))
        assert "Did what we told you about" in shown
        sent = {
            "version": incident.version,
            "account": "Ann called at noon.",
            f"helped_{used.pk}": "worked",
        }
        window("bo").post(address("record_call", incident), sent)
        assert said(used) == [("confirmer", "worked", "Bo Berg")]


class TestTheConfirmer:
    def test_is_asked_on_the_report_without_a_default(
        self, window: As, cast: Cast
    ) -> None:
        incident, used = told_and_resolved(cast)
        for at in (incident.reporter_url(), address("confirm", incident)):
            shown = words(window("ann").get(at))
            assert "Did what we told you about" in shown
            question = shown.split(f'name="helped_{used.pk}"')
            assert len(question) == 4
            assert "checked" not in shown.split("Did what we told you about")[1]

    @pytest.mark.parametrize(
        ("route", "words_sent"),
        [("confirm", {"message": ""}), ("still_broken", {"complaint": "Blank."})],
    )
    def test_says_it_with_yes_and_with_no(
        self, route: str, words_sent: dict[str, str], window: As, cast: Cast
    ) -> None:
        incident, used = told_and_resolved(cast)
        sent = words_sent | {
            "resolution": stories.current(incident),
            f"helped_{used.pk}": "failed",
        }
        assert window("ann").post(address(route, incident), sent).status_code == 302
        assert said(used) == [("confirmer", "failed", "Ann Archer")]

    def test_who_says_no_after_all_takes_the_answer_along(
        self, window: As, cast: Cast
    ) -> None:
        incident, used = told_and_resolved(cast)
        sent = {
            "resolution": stories.current(incident),
            "message": "",
            "carried": "1",
            f"helped_{used.pk}": "partly",
        }
        shown = words(window("ann").post(address("still_broken", incident), sent))
        asked = shown.split(f'name="helped_{used.pk}" value="partly"')[1]
        assert "checked" in asked.split(">")[0]

    def test_a_doubtful_yes_takes_the_answer_along(
        self, window: As, cast: Cast
    ) -> None:
        incident, used = told_and_resolved(cast)
        sent = {
            "resolution": stories.current(incident),
            "message": "No, it still does not work",
            f"helped_{used.pk}": "failed",
        }
        shown = words(window("ann").post(address("confirm", incident), sent))
        assert "Does it really work?" in shown
        assert shown.count(f'name="helped_{used.pk}" value="failed"') == 2

    def test_says_it_by_the_link_in_the_mail(self, cast: Cast) -> None:
        for answer, more in (("yes", {"message": ""}), ("no", {"complaint": "No."})):
            incident, used = told_and_resolved(cast)
            at = urls_of(incident)
            client = Client()
            shown = words(client.get(at))
            assert shown.count("Did what we told you about") == 2
            sent = {"answer": answer, f"helped_{used.pk}": "worked"} | more
            assert client.post(at, sent).status_code == 302
            assert said(used) == [("confirmer", "worked", "Ann Archer")]

    def test_a_doubtful_yes_by_link_takes_the_answer_along(self, cast: Cast) -> None:
        incident, used = told_and_resolved(cast)
        sent = {
            "answer": "yes",
            "message": "No, it still does not work",
            f"helped_{used.pk}": "failed",
        }
        shown = words(Client().post(urls_of(incident), sent))
        asked = shown.split(f'name="helped_{used.pk}" value="failed"')
        assert [part.split(">")[0].count("checked") for part in asked[1:]] == [1, 1]

    def test_is_asked_about_each_article_once(self, window: As, cast: Cast) -> None:
        used = told(cast)
        again = use(used.incident, used.version, by=cast.bo)
        incident = stories.resolved(cast, of=stories.again(used.incident))
        shown = words(window("ann").get(address("confirm", incident)))
        assert f'name="helped_{again.pk}"' in shown
        assert f'name="helped_{used.pk}"' not in shown

    def test_is_not_asked_about_what_was_only_applied(
        self, window: As, cast: Cast
    ) -> None:
        incident = stories.in_progress(cast)
        applied(incident, known(cast), by=cast.bo)
        incident = stories.resolved(cast, of=stories.again(incident))
        assert "Did what we told you" not in words(
            window("ann").get(address("confirm", incident))
        )

    def test_a_successor_reads_no_title_that_is_not_for_them(
        self, window: As, cast: Cast
    ) -> None:
        Membership.objects.create(user=cast.ann, team=cast.network)
        incident = stories.in_progress(cast)
        version = known(cast, audience="staff")
        use(incident, version, by=cast.bo)
        incident = stories.resolved(cast, of=stories.again(incident))
        cast.ann.is_active = False
        cast.ann.save()
        services.name_successor(
            incident.pk,
            by=cast.lea,
            expected_version=None,
            successor=cast.zed,
            reason="Ann left.",
        )
        shown = words(window("zed").get(address("confirm", incident)))
        assert "Does it work now?" in shown
        assert version.title not in shown

    def test_anothers_question_is_no_way_in(self, window: As, cast: Cast) -> None:
        """An answer about a use of another incident is dropped, not written."""
        other = told(cast)
        incident, _own = told_and_resolved(cast)
        sent = {
            "resolution": stories.current(incident),
            "message": "",
            f"helped_{other.pk}": "failed",
        }
        window("ann").post(address("confirm", incident), sent)
        assert stories.again(incident).is_confirmed
        assert not UseOutcome.objects.exists()


def urls_of(incident: Incident) -> str:
    """The link that the confirmer's e-mail holds."""
    found = stories.again(incident)
    at = links.address(Purpose.CONFIRM, found, found.confirmer)
    return urlsplit(at).path
