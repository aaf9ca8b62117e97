"""Whether what was used helped: who is asked, when, and whose answer counts."""

import pytest
from django.core.exceptions import ValidationError

from incidents import services
from incidents.codes import AskedOf, Channel, Outcome
from incidents.models import Incident, KnownErrorUse, UseOutcome
from incidents.timeline import full_timeline
from tests.incidents import stories
from tests.incidents.services.facts import kinds, outcome
from tests.incidents.using.known import applied, judged, known, use, with_network
from tests.people import Cast


def read(used: KnownErrorUse) -> tuple[str | None, str | None, str | None]:
    """What the desk said, what the confirmer said, what counts."""
    row = KnownErrorUse.objects.with_outcomes().get(pk=used.pk)
    return row.desk_outcome, row.confirmer_outcome, row.outcome


def told_and_resolved(cast: Cast) -> tuple[Incident, KnownErrorUse]:
    incident = stories.in_progress(cast)
    used = use(incident, known(cast), by=cast.bo)
    return stories.resolved(cast, of=stories.again(incident)), used


class TestWhoseAnswerCounts:
    def test_the_latest_of_the_desk(self, cast: Cast) -> None:
        used = applied(stories.triaged(cast), known(cast), by=cast.bo)
        assert read(used) == (None, None, None)
        judged(used, by=cast.bo, outcome="failed")
        judged(used, by=cast.cy, outcome="worked")
        assert read(used) == ("worked", None, "worked")
        assert used.outcomes.count() == 2

    def test_the_confirmers_before_the_desks(self, cast: Cast) -> None:
        incident, used = told_and_resolved(cast)
        services.confirm_resolution(
            incident.pk,
            by=cast.ann,
            resolution=stories.current(incident),
            helped={used.pk: "partly"},
        )
        judged(used, by=cast.bo, outcome="worked")
        assert read(used) == ("worked", "partly", "partly")

    def test_they_are_counted_by_what_counts(self, cast: Cast) -> None:
        version, other = known(cast), stories.triaged(cast)
        first = applied(other, version, by=cast.bo)
        applied(other, version, by=cast.bo)
        third = use(stories.triaged(cast), version, by=cast.bo)
        judged(first, by=cast.bo, outcome="worked")
        judged(third, by=cast.bo, outcome="failed")
        assert KnownErrorUse.objects.filter(version=version).tally() == {
            "uses": 3,
            "tickets": 2,
            "worked": 1,
            "partly": 0,
            "failed": 1,
            "unknown": 1,
        }


class TestBesideAMove:
    def test_resolving_says_it_for_the_desk(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        used = applied(incident, known(cast), by=cast.bo)
        services.resolve_incident(
            incident.pk,
            by=cast.bo,
            expected_version=None,
            solution=stories.solution(),
            helped={used.pk: "worked"},
        )
        assert kinds(incident)[-2:] == ["resolve", "judge_workaround"]
        assert read(used) == ("worked", None, "worked")

    def test_a_resolver_who_gives_it_back_says_it_too(self, cast: Cast) -> None:
        """Resolving returns it to the desk; whose answer it is stays allowed."""
        incident = with_network(cast)
        used = applied(incident, known(cast), by=cast.ned)
        services.resolve_incident(
            incident.pk,
            by=cast.ned,
            expected_version=None,
            solution=stories.solution(),
            helped={used.pk: "failed"},
        )
        assert read(used)[0] == "failed"

    def test_the_confirmer_says_it_with_yes_and_with_no(self, cast: Cast) -> None:
        for say, said in (("confirm", "worked"), ("reject", "failed")):
            incident, used = told_and_resolved(cast)
            current = stories.current(incident)
            if say == "confirm":
                services.confirm_resolution(
                    incident.pk,
                    by=cast.ann,
                    resolution=current,
                    channel=Channel.LINK,
                    helped={used.pk: said},
                )
            else:
                services.reject_resolution(
                    incident.pk,
                    by=cast.ann,
                    resolution=current,
                    complaint="No.",
                    helped={used.pk: said},
                )
            assert read(used) == (None, said, said)

    def test_a_recorded_call_says_it_for_the_confirmer(self, cast: Cast) -> None:
        incident, used = told_and_resolved(cast)
        services.record_call(
            incident.pk,
            by=cast.cy,
            expected_version=None,
            account="Ann called.",
            helped={used.pk: "worked"},
        )
        assert read(used) == (None, "worked", "worked")
        entry = full_timeline(incident)[-1]
        assert entry.sentence.startswith("Cy Cole said that KB-")
        assert entry.sentence.endswith("helped")
        assert entry.details == ["as the person who confirms told them"]

    def test_who_is_silent_says_nothing(self, cast: Cast) -> None:
        incident, used = told_and_resolved(cast)
        services.confirm_resolution(
            incident.pk,
            by=cast.ann,
            resolution=stories.current(incident),
            helped={used.pk: ""},
        )
        assert kinds(incident)[-1] == "confirm"
        assert not UseOutcome.objects.exists()

    def test_a_desk_that_rejects_answers_for_nobody(self, cast: Cast) -> None:
        incident, used = told_and_resolved(cast)
        services.reject_resolution(
            incident.pk, by=cast.bo, complaint="Blank.", helped={used.pk: "failed"}
        )
        assert read(used) == (None, None, None)

    def test_what_was_not_told_is_not_asked_of_them(self, cast: Cast) -> None:
        incident = stories.in_progress(cast)
        used = applied(incident, known(cast), by=cast.bo)
        incident = stories.resolved(cast, of=stories.again(incident))
        services.confirm_resolution(
            incident.pk,
            by=cast.ann,
            resolution=stories.current(incident),
            helped={used.pk: "worked"},
        )
        assert not UseOutcome.objects.exists()

    def test_anothers_use_is_left_alone(self, cast: Cast) -> None:
        used = use(stories.triaged(cast), known(cast), by=cast.bo)
        incident, _own = told_and_resolved(cast)
        services.confirm_resolution(
            incident.pk,
            by=cast.ann,
            resolution=stories.current(incident),
            helped={used.pk: "failed"},
        )
        assert read(used)[2] is None

    def test_a_word_that_is_no_answer_undoes_the_move(self, cast: Cast) -> None:
        incident, used = told_and_resolved(cast)
        with pytest.raises(ValidationError):
            services.confirm_resolution(
                incident.pk,
                by=cast.ann,
                resolution=stories.current(incident),
                helped={used.pk: "perhaps"},
            )
        assert not stories.again(incident).is_confirmed


class TestWho:
    @pytest.mark.parametrize(
        ("name", "asked", "expected"),
        [
            ("bo", AskedOf.DESK, "ok"),
            ("lea", AskedOf.DESK, "ok"),
            ("ned", AskedOf.DESK, "403"),
            ("ann", AskedOf.DESK, "403"),
            ("zed", AskedOf.DESK, "403"),
            ("ann", AskedOf.CONFIRMER, "ok"),
            ("bo", AskedOf.CONFIRMER, "ok"),
            ("max", AskedOf.CONFIRMER, "403"),
            ("zed", AskedOf.CONFIRMER, "403"),
        ],
    )
    def test_only_who_is_asked_answers(
        self, cast: Cast, name: str, asked: str, expected: str
    ) -> None:
        used = use(stories.triaged(cast), known(cast), by=cast.bo)
        person = getattr(cast, name)
        said = outcome(
            lambda: judged(used, by=person, outcome=Outcome.WORKED, asked=asked)
        )
        assert said == expected

    def test_the_desk_may_still_say_it_after_the_end(self, cast: Cast) -> None:
        incident, used = told_and_resolved(cast)
        incident = stories.confirmed(cast, of=incident)
        stories.closed(cast, of=incident)
        judged(used, by=cast.bo, outcome="partly")
        assert read(used)[0] == "partly"

    def test_of_what_was_only_applied_nobody_asks_the_reporter(
        self, cast: Cast
    ) -> None:
        used = applied(stories.triaged(cast), known(cast), by=cast.bo)
        with pytest.raises(ValidationError, match="not told"):
            judged(used, by=cast.ann, outcome="worked", asked=AskedOf.CONFIRMER)

    def test_a_use_of_another_incident_is_missing(self, cast: Cast) -> None:
        used = use(stories.triaged(cast), known(cast), by=cast.bo)
        other = stories.triaged(cast)
        with pytest.raises(KnownErrorUse.DoesNotExist):
            services.judge_workaround(
                other.pk, by=cast.bo, use=used.pk, outcome="worked"
            )
