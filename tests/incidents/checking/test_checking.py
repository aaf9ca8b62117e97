"""Every known error that is shown is used, or refused with a word."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import EscalationPath
from activity.models import Event
from activity.refusals import Conflict, NotAllowed
from incidents import services
from incidents.codes import Decided, HowUsed, Refusal
from incidents.events import Kind
from incidents.models import Incident, KnownErrorCheck, KnownErrorUse
from incidents.services.checking import (
    Decision,
    candidates_for,
)
from incidents.services.escalating import check_of_this_stay
from incidents.timeline import full_timeline, public_timeline
from knowledgebase.codes import Audience
from knowledgebase.models import ArticleVersion
from tests.incidents import stories
from tests.incidents.checking.asked import BLANK, USED, check, refused, shown_to
from tests.incidents.services.facts import member_of, second_desk
from tests.incidents.using.known import known, retire, rewrite, use
from tests.people import Cast


@pytest.fixture
def version(cast: Cast) -> ArticleVersion:
    return known(cast)


@pytest.fixture
def incident(cast: Cast, version: ArticleVersion) -> Incident:
    return stories.in_progress(cast, **BLANK)


class TestDeciding:
    def test_one_is_refused_with_a_reason_and_a_word(
        self, cast: Cast, incident: Incident, version: ArticleVersion
    ) -> None:
        made = check(incident, by=cast.bo, decisions={version.pk: refused()})
        (row,) = made.candidates.all()
        assert (made.shown, row.version, row.position) == (1, version, 1)
        assert (row.decided, row.refusal, row.use) == ("refused", "other_symptom", None)
        assert 0 < row.score <= 1
        event = Event.objects.about(incident).get(seq=made.seq)
        assert (event.kind, event.actor) == (Kind.CHECK, cast.bo)
        assert (event.data["shown"], event.data["used"]) == (1, 0)
        words = {note.name: note.text for note in event.notes.all()}
        assert words == {"refusal_1": "Labels are fine."}

    def test_what_is_used_is_written_down_as_applied(
        self, cast: Cast, incident: Incident, version: ArticleVersion
    ) -> None:
        made = check(incident, by=cast.bo, decisions={version.pk: USED})
        (row,) = made.candidates.all()
        assert row.use is not None
        assert (row.use.how, row.use.version) == (HowUsed.APPLIED, version)

    def test_what_was_told_already_is_not_used_twice(
        self, cast: Cast, incident: Incident, version: ArticleVersion
    ) -> None:
        told = use(incident, version, by=cast.bo)
        made = check(incident, by=cast.cy, decisions={version.pk: USED})
        assert made.candidates.get().use == told
        assert KnownErrorUse.objects.count() == 1

    def test_what_was_used_before_the_last_solution_failed_is_used_anew(
        self, cast: Cast, incident: Incident, version: ArticleVersion
    ) -> None:
        told = use(incident, version, by=cast.bo)
        failed(stories.resolved(cast, of=stories.again(incident)), cast)
        made = check(incident, by=cast.cy, decisions={version.pk: USED})
        assert made.candidates.get().use != told

    def test_that_nothing_was_shown_is_recorded(self, cast: Cast) -> None:
        told = stories.in_progress(cast, description="Something wholly different.")
        made = check(told, by=cast.bo, decisions={})
        assert made.shown == 0
        assert not made.candidates.exists()
        assert check_of_this_stay(told) == made

    def test_at_most_three_are_shown(self, cast: Cast) -> None:
        for number in range(5):
            known(cast, title=f"Label printer prints blank labels {number}")
        told = stories.in_progress(cast, **BLANK)
        assert len(shown_to(told, cast.bo)) == 3

    def test_the_word_can_be_redacted_and_the_event_holds_none(
        self, cast: Cast, incident: Incident, version: ArticleVersion
    ) -> None:
        made = check(incident, by=cast.bo, decisions={version.pk: refused()})
        event = Event.objects.about(incident).get(seq=made.seq)
        assert "Labels are fine" not in str(event.data)


class TestRefusals:
    @pytest.mark.parametrize(
        ("decision", "field"),
        [
            (None, "decided"),
            (Decision(decided="maybe"), "decided"),
            (Decision(decided=Decided.REFUSED), "refusal"),
            (Decision(decided=Decided.REFUSED, refusal="lazy"), "refusal"),
        ],
    )
    def test_what_was_shown_has_to_be_decided(
        self,
        cast: Cast,
        incident: Incident,
        version: ArticleVersion,
        decision: Decision | None,
        field: str,
    ) -> None:
        given = {} if decision is None else {version.pk: decision}
        with pytest.raises(ValidationError) as refusal:
            check(incident, by=cast.bo, decisions=given)
        assert list(refusal.value.message_dict) == [f"{field}_{version.pk}"]
        assert not KnownErrorCheck.objects.exists()
        assert not KnownErrorUse.objects.exists()

    def test_leaving_out_what_is_suggested_does_not_help(
        self, cast: Cast, incident: Incident, version: ArticleVersion
    ) -> None:
        with pytest.raises(ValidationError, match="Other known errors"):
            check(incident, by=cast.bo, shown=[], decisions={})

    def test_what_was_published_anew_meanwhile_is_shown_first(
        self, cast: Cast, incident: Incident, version: ArticleVersion
    ) -> None:
        shown = shown_to(incident, cast.bo)
        rewrite(cast, version, workaround_reporters="Buy another printer.")
        with pytest.raises(ValidationError, match="Other known errors"):
            check(
                incident,
                by=cast.bo,
                shown=shown,
                decisions={version.pk: refused()},
            )

    def test_what_is_retired_is_not_shown(
        self, cast: Cast, incident: Incident, version: ArticleVersion
    ) -> None:
        retire(version)
        assert shown_to(incident, cast.bo) == []

    def test_a_stale_page_is_refused(
        self, cast: Cast, incident: Incident, version: ArticleVersion
    ) -> None:
        services.add_note(incident.pk, by=cast.cy, expected_version=None, text="Hm.")
        with pytest.raises(Conflict):
            check(
                incident,
                by=cast.bo,
                decisions={version.pk: refused()},
                expected_version=incident.version,
            )

    @pytest.mark.parametrize("story", [stories.resolved, stories.closed])
    def test_what_is_solved_is_not_checked(self, cast: Cast, story: Any) -> None:
        with pytest.raises(Conflict):
            check(story(cast), by=cast.bo, shown=[], decisions={})

    @pytest.mark.parametrize("who", ["ann", "zed", "ned", "max", "ida"])
    def test_who_does_not_work_on_it_does_not_check(
        self, cast: Cast, incident: Incident, who: str
    ) -> None:
        with pytest.raises(NotAllowed):
            check(incident, by=getattr(cast, who), shown=[], decisions={})


class TestWhatCounts:
    def test_a_check_counts_for_the_stay_it_was_made_in(
        self, cast: Cast, incident: Incident, version: ArticleVersion
    ) -> None:
        assert check_of_this_stay(incident) is None
        check(incident, by=cast.bo, decisions={version.pk: refused()})
        services.add_note(incident.pk, by=cast.cy, expected_version=None, text="Hm.")
        assert check_of_this_stay(incident) is not None

    def test_a_new_cycle_asks_for_a_new_check(
        self, cast: Cast, incident: Incident, version: ArticleVersion
    ) -> None:
        check(incident, by=cast.bo, decisions={version.pk: refused()})
        failed(stories.resolved(cast, of=stories.again(incident)), cast)
        assert check_of_this_stay(incident) is None

    def test_another_team_checks_again(
        self, cast: Cast, incident: Incident, version: ArticleVersion
    ) -> None:
        check(incident, by=cast.bo, decisions={version.pk: refused()})
        other = cast.desk.__class__.objects.create(
            name="Second desk", tier=1, is_service_desk=True
        )
        services.transfer_incident(
            incident.pk, by=cast.bo, expected_version=None, team=other, reason="Theirs."
        )
        assert check_of_this_stay(incident) is None

    def test_a_check_before_triage_counts_after_it(
        self, cast: Cast, version: ArticleVersion
    ) -> None:
        told = stories.reported(cast, **BLANK)
        check(told, by=cast.bo, decisions={version.pk: refused()})
        stories.triaged(cast, of=told)
        assert check_of_this_stay(told) is not None

    def test_triage_to_another_desk_leaves_it(
        self, cast: Cast, version: ArticleVersion
    ) -> None:
        """There it goes up without another one, and PostgreSQL agrees."""
        told = stories.reported(cast, **BLANK)
        made = check(told, by=cast.bo, decisions={version.pk: refused()})
        other = second_desk()
        EscalationPath.objects.create(from_team=other, to_team=cast.network)
        stories.triaged(cast, of=told, team=other)
        assert check_of_this_stay(told) == made
        services.escalate_incident(
            told.pk,
            by=member_of(other),
            expected_version=None,
            team=cast.network,
            package=stories.package(),
        )
        connection.check_constraints()
        assert stories.again(told).team == cast.network


class TestWhoReadsIt:
    def test_the_reporter_reads_nothing_of_it(
        self, cast: Cast, incident: Incident, version: ArticleVersion
    ) -> None:
        check(incident, by=cast.bo, decisions={version.pk: refused()})
        assert Kind.CHECK not in [one.kind for one in public_timeline(incident)]

    def test_colleagues_read_who_and_why(
        self, cast: Cast, incident: Incident, version: ArticleVersion
    ) -> None:
        check(incident, by=cast.bo, decisions={version.pk: refused()})
        last = full_timeline(incident)[-1]
        assert last.sentence == "Bo Berg checked for known errors"
        (words,) = last.words
        assert words.text == "Labels are fine."

    def test_checks_are_seen_by_who_sees_the_ticket(
        self, cast: Cast, incident: Incident, version: ArticleVersion
    ) -> None:
        check(incident, by=cast.bo, decisions={version.pk: refused()})
        seen = KnownErrorCheck.objects.visible_to
        assert seen(cast.lea).count() == 1
        for stranger in (cast.ann, cast.ned, cast.max, cast.ida, cast.zed):
            assert not seen(stranger).exists()

    def test_nothing_is_suggested_that_one_may_not_read(
        self, cast: Cast, incident: Incident
    ) -> None:
        known(cast, title="Label printer prints blank", audience=Audience.AGENTS)
        assert len(candidates_for(incident, cast.bo)) == 2
        assert len(candidates_for(incident, cast.ann)) == 1


def failed(incident: Incident, cast: Cast) -> Incident:
    services.reject_resolution(
        incident.pk,
        by=cast.ann,
        complaint="Still blank.",
        resolution=stories.current(incident),
    )
    return stories.again(incident)


def test_reasons_are_a_closed_list() -> None:
    assert set(Refusal.values) == {
        "other_symptom",
        "already_tried",
        "not_applicable",
        "not_safe",
    }
