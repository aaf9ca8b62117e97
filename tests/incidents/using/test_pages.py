"""The pages: what is likely, the reply that quotes it, what was used and helped."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from incidents import services
from incidents.models import Incident, KnownErrorUse
from tests.incidents import stories
from tests.incidents.files.samples import PNG, upload
from tests.incidents.ticket.conftest import As, address, window, words
from tests.incidents.using.known import (
    WORDS,
    applied,
    how_to,
    judged,
    known,
    retire,
    rewrite,
    use,
    with_network,
)
from tests.people import Cast

__all__ = ["window"]
BLANK: dict[str, Any] = {
    "title": "Labels come out blank",
    "description": "Labels come out blank since the update, E102 on the display.",
}
HTMX = {"HX-Request": "true"}


def blank(cast: Cast) -> Incident:
    return stories.in_progress(cast, **BLANK)


def link_in(shown: str, label: str) -> str:
    """The address of the link that says so."""
    before = shown.split(f">{label}", maxsplit=1)[0]
    return before.rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")


class TestTheBlock:
    def test_it_comes_by_itself_and_by_a_link(self, window: As, cast: Cast) -> None:
        incident = blank(cast)
        version = known(cast)
        bo = window("bo")
        page = words(bo.get(incident.get_absolute_url()))
        at = address("known_errors", incident)
        assert f'hx-get="{at}?beside=reply" hx-trigger="load"' in page
        assert f'<a href="{at}">Show likely known errors</a>' in page
        part = words(bo.get(at, headers=HTMX))
        whole = words(bo.get(at))
        for shown in (part, whole):
            assert version.title in shown
            assert "same error code E102" in shown
        assert "<html" not in part
        assert "<html" in whole

    def test_triage_has_it_too(self, window: As, cast: Cast) -> None:
        incident = stories.reported(cast, **BLANK)
        page = words(window("bo").get(address("triage", incident)))
        assert f'hx-get="{address("known_errors", incident)}"' in page

    def test_nothing_known_leads_to_the_search(self, window: As, cast: Cast) -> None:
        shown = words(window("bo").get(address("known_errors", blank(cast))))
        assert "Nothing that is known is like it." in shown
        assert reverse("knowledge:articles") in shown

    def test_what_is_for_agents_is_only_applied(self, window: As, cast: Cast) -> None:
        known(cast, audience="agents")
        shown = words(window("bo").get(address("known_errors", blank(cast))))
        assert "Use workaround" not in shown
        assert "It is for agents only" in shown
        assert "I applied it" in shown
        assert "lpadmin" in shown

    def test_what_is_retired_is_not_there(self, window: As, cast: Cast) -> None:
        version = known(cast)
        retire(version)
        shown = words(window("bo").get(address("known_errors", blank(cast))))
        assert version.title not in shown

    def test_who_only_reads_has_no_buttons(self, window: As, cast: Cast) -> None:
        known(cast)
        incident = blank(cast)
        incident.holdings.create(team=cast.network)
        shown = words(window("ned").get(address("known_errors", incident)))
        assert "same error code E102" in shown
        assert "<button" not in shown.split("<main")[1].split("</main")[0]
        assert "Use workaround" not in shown

    def test_what_was_used_is_shown_with_what_became_of_it(
        self, window: As, cast: Cast
    ) -> None:
        incident, version = blank(cast), known(cast)
        used = use(incident, version, by=cast.bo)
        at = address("known_errors", incident)
        shown = words(window("cy").get(at))
        assert "told by Bo Berg" in shown
        assert shown.count(f">{version.title}</a>") == 1
        assert "Did it help?" in shown
        judged(used, by=cast.bo, outcome="failed")
        shown = words(window("cy").get(at))
        assert "It did not help" in shown
        assert "Did it help?" not in shown

    def test_a_newer_version_is_likely_again(self, window: As, cast: Cast) -> None:
        incident, version = blank(cast), known(cast)
        use(incident, version, by=cast.bo)
        rewrite(cast, version)
        shown = words(window("bo").get(address("known_errors", incident)))
        assert shown.count(f">{version.title}</a>") == 2

    @pytest.mark.parametrize("count", [1, 6])
    def test_it_costs_the_same_however_much_was_used(
        self, count: int, window: As, cast: Cast, django_assert_max_num_queries: Any
    ) -> None:
        incident = blank(cast)
        for number in range(count):
            version = known(cast, title=f"Label printer prints blank labels {number}")
            if number:
                use(incident, version, by=cast.bo)
        bo, at = window("bo"), address("known_errors", incident)
        bo.get(at, headers=HTMX)
        with django_assert_max_num_queries(8):
            bo.get(at, headers=HTMX)


class TestTelling:
    def test_from_the_ticket_to_told_in_two_presses(
        self, window: As, cast: Cast
    ) -> None:
        """The block is on the ticket's page: *Use workaround*, then *Send*."""
        known(cast)
        incident = blank(cast)
        bo = window("bo")
        block = words(bo.get(address("known_errors", incident), headers=HTMX))
        first = bo.get(link_in(block, "Use workaround"))
        form = first.context["reply_form"]
        sent = {name: form[name].value() for name in ("version", "use", "message")}
        second = bo.post(address("reply", incident), sent, follow=True)
        assert "Your reply to Ann Archer is sent." in words(second)
        told = KnownErrorUse.objects.get(incident=incident)
        assert (told.how, told.by) == ("told", cast.bo)
        assert WORDS in words(window("ann").get(incident.reporter_url()))

    def test_beside_the_reply_nothing_typed_is_lost(
        self, window: As, cast: Cast
    ) -> None:
        """The button sends the reply's form along; elsewhere it is a link."""
        incident, version = blank(cast), known(cast)
        bo, at = window("bo"), f"{address('known_errors', incident)}?beside=reply"
        page = words(bo.get(incident.get_absolute_url()))
        assert '<form id="reply-form" method="post"' in page
        assert f'hx-get="{at}"' in page
        block = words(bo.get(at, headers=HTMX))
        button = block.split("Use workaround")[0].rsplit("<button", 1)[1]
        assert 'form="reply-form"' in button
        assert f'name="quote" value="{version.pk}"' in button
        typed = {"version": incident.version, "use": "", "message": "Dear Ann,"}
        asked = typed | {"quote": version.pk, "files": upload("a.png", PNG)}
        form = bo.post(address("reply", incident), asked).context["reply_form"]
        assert form["message"].value().startswith("Dear Ann,\n\n")
        assert WORDS in form["message"].value()
        assert form.quoted == version
        assert len(form.kept_files) == 1
        assert stories.again(incident).version == incident.version

    def test_one_reply_tells_one_article(self, window: As, cast: Cast) -> None:
        incident, version = blank(cast), known(cast)
        other = known(cast, title="Labels come out grey")
        typed = {"version": incident.version, "use": version.pk, "message": "Try it."}
        at = address("reply", incident)
        shown = window("bo").post(at, typed | {"quote": other.pk})
        form = shown.context["reply_form"]
        assert (form["message"].value(), form.quoted) == ("Try it.", version)
        assert f"uses {version.article.reference} already" in words(shown)

    @pytest.mark.parametrize("quote", ["999999", "abc", "9" * 30, ""])
    def test_what_is_not_there_is_not_quoted_and_costs_no_word(
        self, quote: str, window: As, cast: Cast
    ) -> None:
        incident = blank(cast)
        typed = {"version": incident.version, "use": "", "message": "Dear Ann,"}
        shown = window("bo").post(address("reply", incident), typed | {"quote": quote})
        assert "The article is not there any more." in words(shown)
        assert shown.context["reply_form"]["message"].value() == "Dear Ann,"

    def test_the_composer_is_open_and_names_the_article(
        self, window: As, cast: Cast
    ) -> None:
        incident, version = blank(cast), known(cast)
        at = f"{incident.get_absolute_url()}?use={version.pk}"
        shown = words(window("bo").get(at))
        assert 'id="reply" name="composer" open' in shown
        assert WORDS in shown
        chip = shown.split('class="quoted')[1].split("</button>")[0]
        assert version.article.reference in chip
        assert "version 1" in chip
        assert "Take it out" in chip

    def test_taken_out_the_words_stay(self, window: As, cast: Cast) -> None:
        incident, version = blank(cast), known(cast)
        typed = {"version": incident.version, "use": version.pk, "message": "Hello."}
        bo = window("bo")
        shown = bo.post(address("reply", incident), typed | {"take_out": "1"})
        assert "Hello." in words(shown)
        assert 'class="quoted' not in words(shown)
        form = shown.context["reply_form"]
        assert not form["use"].value()
        bo.post(address("reply", incident), typed | {"use": ""})
        assert not KnownErrorUse.objects.exists()
        assert "Hello." in words(window("ann").get(incident.reporter_url()))

    @pytest.mark.parametrize("use_of", ["0", "999999", "abc", "9" * 30, "\uff11"])
    def test_what_is_not_there_is_missing(
        self, use_of: str, window: As, cast: Cast
    ) -> None:
        at = f"{blank(cast).get_absolute_url()}?use={use_of}"
        assert window("bo").get(at).status_code == 404

    @pytest.mark.parametrize("use_of", ["999999", "abc", "9" * 30, "-1", "1 or 1"])
    def test_words_from_nowhere_are_kept_and_not_sent(
        self, use_of: str, window: As, cast: Cast
    ) -> None:
        incident = blank(cast)
        sent = {"version": incident.version, "use": use_of, "message": "Hello."}
        response = window("bo").post(address("reply", incident), sent)
        assert response.status_code == 200
        assert "The article is not there any more" in words(response)
        assert "Hello." in words(response)
        assert stories.again(incident).version == incident.version

    def test_what_is_for_agents_never_comes_into_the_composer(
        self, window: As, cast: Cast
    ) -> None:
        incident, version = blank(cast), known(cast, audience="agents")
        at = f"{incident.get_absolute_url()}?use={version.pk}"
        shown = words(window("bo").get(at))
        assert "It is for agents only" in shown
        assert WORDS not in shown
        sent = {"version": incident.version, "use": version.pk, "message": "Psst."}
        shown = words(window("bo").post(address("reply", incident), sent))
        assert "It is for agents only" in shown
        assert "Psst." in shown
        assert not KnownErrorUse.objects.exists()

    def test_words_of_a_version_that_was_replaced_meanwhile_are_kept(
        self, window: As, cast: Cast
    ) -> None:
        incident, version = blank(cast), known(cast)
        rewrite(cast, version)
        sent = {"version": incident.version, "use": version.pk, "message": "Old."}
        shown = words(window("bo").post(address("reply", incident), sent))
        assert "does not say this any more" in shown
        assert "Old." in shown
        assert "Take it out" in shown
        assert stories.again(incident).version == incident.version

    def test_two_at_once_and_the_second_keeps_words_and_article(
        self, window: As, cast: Cast
    ) -> None:
        incident, version = blank(cast), known(cast)
        sent = {"version": incident.version, "use": version.pk, "message": "Try it."}
        assert window("cy").post(address("reply", incident), sent).status_code == 302
        late = window("bo").post(
            address("reply", incident), sent | {"message": "Try it, Ann."}
        )
        assert late.status_code == 409
        shown = words(late)
        assert "Try it, Ann." in shown
        assert f'name="use" value="{version.pk}"' in shown
        assert "Cy Cole told the reporter what" in shown
        assert KnownErrorUse.objects.count() == 1

    def test_who_may_not_write_may_not_tell(self, window: As, cast: Cast) -> None:
        incident, version = blank(cast), known(cast)
        incident.holdings.create(team=cast.network)
        sent = {"version": incident.version, "use": version.pk, "message": "Try it."}
        expected = {"ned": 403, "zed": 404, "ann": 404, "max": 404, "ida": 404}
        for name, status in expected.items():
            response = window(name).post(address("reply", incident), sent)
            assert response.status_code == status, name
        assert not KnownErrorUse.objects.exists()

    def test_a_how_to_is_quoted_by_its_text(self, window: As, cast: Cast) -> None:
        incident, version = blank(cast), how_to(cast)
        at = f"{incident.get_absolute_url()}?use={version.pk}"
        assert "1. Press 21" in words(window("bo").get(at))


class TestApplying:
    def press(
        self, window: As, name: str, incident: Incident, pk: object, **more: Any
    ) -> Any:
        sent = {"version": incident.version, "use": pk} | more
        return window(name).post(address("apply_known_error", incident), sent)

    def test_one_press_notes_it(self, window: As, cast: Cast) -> None:
        incident, version = blank(cast), known(cast)
        response = self.press(window, "bo", incident, version.pk)
        assert urlsplit(response["Location"]).path == incident.get_absolute_url()
        made = KnownErrorUse.objects.get()
        assert (made.how, made.by, made.version) == ("applied", cast.bo, version)

    def test_who_may_not_is_refused(self, window: As, cast: Cast) -> None:
        incident, version = blank(cast), known(cast)
        incident.holdings.create(team=cast.network)
        expected = {"ned": 403, "zed": 404, "ann": 404, "max": 404, "ida": 404}
        for name, status in expected.items():
            found = self.press(window, name, incident, version.pk)
            assert found.status_code == status, name
        assert "Ask" in words(self.press(window, "ned", incident, version.pk))
        assert not KnownErrorUse.objects.exists()

    def test_a_stale_page_and_a_replaced_version_are_told_so(
        self, window: As, cast: Cast
    ) -> None:
        incident, version = blank(cast), known(cast)
        rewrite(cast, version)
        found = self.press(window, "bo", incident, version.pk)
        assert found.status_code == 409
        assert "does not say this any more" in words(found)
        services.retitle_incident(
            incident.pk, by=cast.cy, expected_version=None, title="Blank"
        )
        assert self.press(window, "bo", incident, version.pk).status_code == 409

    @pytest.mark.parametrize("pk", ["", "abc", "0", "-1", "9" * 40])
    def test_odd_input_is_no_fault_of_ours(
        self, pk: str, window: As, cast: Cast
    ) -> None:
        assert self.press(window, "bo", blank(cast), pk).status_code == 400

    def test_an_unknown_version_is_missing(self, window: As, cast: Cast) -> None:
        assert self.press(window, "bo", blank(cast), 999999).status_code == 404


class TestJudging:
    def press(self, window: As, name: str, used: KnownErrorUse, outcome: str) -> Any:
        incident = stories.again(used.incident)
        sent = {"version": incident.version, "use": used.pk, "outcome": outcome}
        return window(name).post(address("judge_known_error", incident), sent)

    def test_one_press_says_it(self, window: As, cast: Cast) -> None:
        used = applied(blank(cast), known(cast), by=cast.bo)
        assert self.press(window, "cy", used, "worked").status_code == 302
        assert used.outcomes.get().by == cast.cy

    def test_who_may_not_is_refused(self, window: As, cast: Cast) -> None:
        used = applied(blank(cast), known(cast), by=cast.bo)
        used.incident.holdings.create(team=cast.network)
        expected = {"ned": 403, "zed": 404, "ann": 404, "max": 404, "ida": 404}
        for name, status in expected.items():
            assert self.press(window, name, used, "worked").status_code == status
        assert not used.outcomes.exists()

    def test_the_team_that_holds_it_may(self, window: As, cast: Cast) -> None:
        used = applied(with_network(cast), known(cast), by=cast.ned)
        assert self.press(window, "ned", used, "partly").status_code == 302

    def test_odd_input_is_no_fault_of_ours(self, window: As, cast: Cast) -> None:
        used = applied(blank(cast), known(cast), by=cast.bo)
        assert self.press(window, "bo", used, "perhaps").status_code == 400
        other = blank(cast)
        sent = {"version": other.version, "use": used.pk, "outcome": "worked"}
        found = window("bo").post(address("judge_known_error", other), sent)
        assert found.status_code == 404


class TestTheArticle:
    def test_it_says_how_often_it_was_used_to_who_works_on_tickets(
        self, window: As, cast: Cast
    ) -> None:
        version = known(cast)
        at = version.article.get_absolute_url()
        assert "Not used in any ticket yet." in words(window("cy").get(at))
        for outcome in ("worked", "worked", "failed"):
            used = applied(stories.triaged(cast), version, by=cast.bo)
            judged(used, by=cast.bo, outcome=outcome)
        rewrite(cast, version)
        use(stories.triaged(cast), rewrite(cast, version), by=cast.bo)
        for name in ("cy", "ned"):
            shown = words(window(name).get(at))
            assert "Used in 4 tickets." in shown
            tally = shown.split("known-tally")[1].split("</dl>")[0]
            counts = [part.split("<")[0] for part in tally.split("<dd>")[1:]]
            assert counts == ["2", "0", "1", "1"]
        for name in ("ann", "zed", "max"):
            assert "Use in tickets" not in words(window(name).get(at))
