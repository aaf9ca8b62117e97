"""A known error is told or applied: by whom, from which version, to whom."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Membership
from activity.models import Event
from activity.refusals import Conflict
from incidents import services
from incidents.codes import HowUsed
from incidents.events import Kind
from incidents.known_errors import message_from
from incidents.models import KnownErrorUse
from incidents.timeline import full_timeline, public_timeline
from knowledgebase import services as knowledge
from knowledgebase.models import ArticleVersion
from tests.incidents import stories
from tests.incidents.letters import post
from tests.incidents.services.facts import kinds, last_event, notes, outcome
from tests.incidents.using.known import (
    WORDS,
    applied,
    editor,
    how_to,
    known,
    retire,
    rewrite,
    use,
    with_network,
)
from tests.people import Cast


class TestTelling:
    def test_it_is_a_reply_and_a_use_in_one(self, cast: Cast) -> None:
        incident, version = stories.triaged(cast), known(cast)
        made = use(incident, version, by=cast.bo, expected_version=incident.version)
        reply, used = Event.objects.about(incident).order_by("-seq")[:2][::-1]
        assert (reply.kind, reply.public, notes(reply)) == (
            Kind.REPLY,
            True,
            {"message": WORDS},
        )
        assert (used.kind, used.public, used.seq) == (Kind.USE, False, made.seq)
        assert used.data == {
            "version": version.pk,
            "article": version.article_id,
            "number": 1,
            "how": "told",
            "reply": reply.seq,
        }
        assert stories.again(incident).responded_at == reply.at

    def test_ann_reads_the_words_and_nothing_else_of_it(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        use(incident, known(cast), by=cast.bo)
        assert [entry.kind for entry in public_timeline(incident)][-1] == Kind.REPLY
        assert "incident.use_workaround" not in {
            entry.kind for entry in public_timeline(incident)
        }

    def test_the_history_names_the_article_and_its_version(self, cast: Cast) -> None:
        incident, version = stories.triaged(cast), known(cast)
        name = version.article.reference
        use(incident, version, by=cast.bo)
        applied(incident, version, by=cast.cy)
        assert [entry.sentence for entry in full_timeline(incident)][-2:] == [
            f"Bo Berg told the reporter what {name} (version 1) says",
            f"Cy Cole applied {name} (version 1)",
        ]

    def test_ann_gets_one_mail_with_the_words(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        before = len(post(incident))
        use(incident, known(cast), by=cast.bo)
        (mail,) = post(incident)[before:]
        assert (mail.to, mail.kind) == (cast.ann, Kind.REPLY)
        assert WORDS in mail.text

    def test_without_words_nothing_is_told(self, cast: Cast) -> None:
        incident = stories.triaged(cast)
        with pytest.raises(ValidationError, match="Write your reply"):
            use(incident, known(cast), by=cast.bo, message="  ")
        assert not KnownErrorUse.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"audience": "agents"}, "for agents only"),
            ({"workaround_reporters": ""}, "no text for reporters"),
            ({"audience": "staff"}, "Ann Archer would read it"),
        ],
    )
    def test_nobody_is_told_what_they_may_not_read(
        self, cast: Cast, changes: dict[str, str], why: str
    ) -> None:
        incident, version = stories.triaged(cast), known(cast, **changes)
        before = kinds(incident)
        with pytest.raises(ValidationError, match=why):
            use(incident, version, by=cast.bo)
        assert kinds(incident) == before
        assert applied(incident, version, by=cast.bo).how == HowUsed.APPLIED

    def test_staff_is_told_what_is_for_staff(self, cast: Cast) -> None:
        Membership.objects.create(user=cast.ann, team=cast.network)
        version = known(cast, audience="staff")
        assert use(stories.triaged(cast), version, by=cast.bo).was_told

    def test_who_reads_along_may_read_it_too(self, cast: Cast) -> None:
        Membership.objects.create(user=cast.ann, team=cast.network)
        incident = stories.triaged(cast)
        services.share_incident(incident.pk, by=cast.ann, email="zed@example.org")
        with pytest.raises(ValidationError, match="Zed Zorn would read it"):
            use(incident, known(cast, audience="staff"), by=cast.bo)

    def test_a_how_to_is_told_by_its_text(self, cast: Cast) -> None:
        assert use(stories.triaged(cast), how_to(cast), by=cast.bo).was_told

    def test_marks_of_markdown_are_not_told(self, cast: Cast) -> None:
        words = (
            "# First\n1. Press **F2** or `lpadmin`, *twice*.\n"
            "2. See [the page](https://example.org/a_b).\n- 2 * 3 * 4 \\* 5, a_b_c"
        )
        assert message_from(ArticleVersion(workaround_reporters=words)) == (
            "First\n1. Press F2 or lpadmin, twice.\n"
            "2. See the page (https://example.org/a_b).\n- 2 * 3 * 4 * 5, a_b_c"
        )


class TestApplying:
    def test_it_is_internal_and_no_response(self, cast: Cast) -> None:
        incident, version = stories.triaged(cast), known(cast)
        services.use_workaround(
            incident.pk,
            by=cast.bo,
            version=version.pk,
            how="applied",
            message="Paper size set.",
            expected_version=incident.version,
        )
        event = last_event(incident)
        assert (event.kind, event.public) == (Kind.USE, False)
        assert notes(event) == {"internal": "Paper size set."}
        assert stories.again(incident).responded_at is None


class TestWhat:
    def test_what_was_replaced_is_used_no_more(self, cast: Cast) -> None:
        incident, old = stories.triaged(cast), known(cast)
        use(incident, old, by=cast.bo)
        new = rewrite(cast, old, workaround_reporters="Use the other printer.")
        with pytest.raises(Conflict, match="does not say this any more"):
            use(incident, old, by=cast.bo)
        use(incident, new, by=cast.bo)
        assert [one.version for one in incident.uses.all()] == [old, new]

    def test_what_is_retired_is_used_no_more(self, cast: Cast) -> None:
        incident, version = stories.triaged(cast), known(cast)
        retire(version)
        with pytest.raises(Conflict, match="does not say this any more"):
            use(incident, version, by=cast.bo)

    def test_anothers_draft_is_missing(self, cast: Cast) -> None:
        article = known(cast).article
        knowledge.new_version(article.pk, by=editor(), expected_version=None)
        draft = article.versions.get(number=2)
        with pytest.raises(ArticleVersion.DoesNotExist):
            use(stories.triaged(cast), draft, by=cast.bo)

    def test_an_unknown_way_is_refused_in_words(self, cast: Cast) -> None:
        with pytest.raises(ValidationError, match="Choose one of the answers"):
            use(stories.triaged(cast), known(cast), by=cast.bo, how="sung")


class TestWho:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("bo", "ok"),
            ("cy", "ok"),
            ("lea", "ok"),
            ("ned", "403"),
            ("ann", "403"),
            ("max", "403"),
            ("ida", "403"),
            ("zed", "403"),
        ],
    )
    def test_only_who_works_on_it_uses_something(
        self, cast: Cast, name: str, expected: str
    ) -> None:
        incident, version = stories.triaged(cast), known(cast)
        person = getattr(cast, name)
        assert outcome(lambda: use(incident, version, by=person)) == expected

    def test_the_team_that_holds_it_does(self, cast: Cast) -> None:
        incident = with_network(cast)
        assert use(incident, known(cast), by=cast.ned).by == cast.ned

    def test_nothing_is_used_after_the_end(self, cast: Cast) -> None:
        version = known(cast)
        for story in (stories.closed, stories.cancelled):
            incident = story(cast)
            assert outcome(lambda: use(incident, version, by=cast.bo)) == "409"  # noqa: B023

    def test_a_stale_page_is_told_so(self, cast: Cast) -> None:
        incident, version = stories.triaged(cast), known(cast)
        services.take_incident(incident.pk, by=cast.cy, expected_version=None)
        with pytest.raises(Conflict):
            use(incident, version, by=cast.bo, expected_version=incident.version)
        assert not KnownErrorUse.objects.exists()

    def test_uses_are_seen_by_who_sees_the_incident(self, cast: Cast) -> None:
        incident, version = with_network(cast), known(cast)
        use(incident, version, by=cast.bo)
        use(stories.triaged(cast), version, by=cast.bo)
        seen = {
            person.name: KnownErrorUse.objects.visible_to(person).count()
            for person in cast.everyone
        }
        assert seen == {
            "Ann Archer": 0,
            "Bo Berg": 2,
            "Cy Cole": 2,
            "Lea Lund": 2,
            "Ned North": 1,
            "Ute Ull": 0,
            "Max Moor": 0,
            "Ida Ince": 0,
            "Zed Zorn": 0,
        }
