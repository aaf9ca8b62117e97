"""What a draft would change on open tickets: exact, worked out by hand, no words.

Calendars are in UTC: Mondays to Fridays, 8 to 17. 2 March 2026 is a Monday.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activity import clock
from catalogue.models import Service
from incidents import services
from incidents.clocks.history import history_of
from incidents.clocks.impact import (
    ClockChange,
    Effect,
    Impact,
    impact_of_calendar,
    impact_of_policy,
)
from incidents.codes import HoldReason
from incidents.models import Clock, Incident
from sla.codes import Metric
from sla.models import Calendar, CalendarVersion, Policy, PolicyVersion
from tests.incidents import stories
from tests.people import Cast
from tests.sla.settings_cast import (
    ALWAYS,
    draft_calendar,
    draft_policy,
    make_calendar,
    make_policy,
    publish,
    without_defaults,
)


def march(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


NOW = march(3, 12)
HOUR = timedelta(hours=1)


@pytest.fixture
def promise(cast: Cast) -> PolicyVersion:
    """Resolved within 16 working hours, which pauses on the reporter."""
    without_defaults()
    make_calendar()
    return make_policy(
        "Everything",
        calendar=Calendar.objects.get(name="Office"),
        resolution_target=960,
        pauses_on=["awaiting_reporter"],
    )


def drafted(version: PolicyVersion, **settings: Any) -> PolicyVersion:
    """The next version of its policy, from tomorrow on."""
    same = {
        "calendar": version.calendar,
        "resolution_target": version.resolution_target,
        "pauses_on": version.pauses_on,
    }
    return draft_policy(version.policy, effective_from=march(4, 0), **(same | settings))


def only(impact: Impact) -> ClockChange:
    [change] = impact.changes
    return change


def dues(change: ClockChange) -> tuple[datetime | None, datetime | None]:
    return (
        change.before.due_at if change.before else None,
        change.after.due_at if change.after else None,
    )


# ---- a draft of a policy


def test_a_shorter_promise_is_due_earlier(cast: Cast, promise: PolicyVersion) -> None:
    """16 h from Monday 9:00 are over on Tuesday at 16:00, 14 h at 14:00."""
    incident = stories.triaged(cast, at=march(2, 9))
    impact = impact_of_policy(drafted(promise, resolution_target=840), at=NOW)
    change = only(impact)
    assert (change.incident, change.metric) == (incident, Metric.RESOLUTION)
    assert dues(change) == (march(3, 16), march(3, 14))
    assert (change.effect, change.moved) == (Effect.EARLIER, -2 * HOUR)
    assert not change.is_newly_missed
    assert (impact.open, impact.concerned, impact.changed) == (1, 1, 1)


def test_what_was_used_up_already_is_missed_at_once(
    cast: Cast, promise: PolicyVersion
) -> None:
    stories.triaged(cast, at=march(2, 9))
    impact = impact_of_policy(drafted(promise, resolution_target=540), at=NOW)
    assert dues(only(impact)) == (march(3, 16), march(3, 9))
    assert only(impact).is_newly_missed
    assert impact.missed_of(Effect.EARLIER) == impact.newly_missed == 1


def test_a_longer_promise_forgives(cast: Cast, promise: PolicyVersion) -> None:
    stories.triaged(cast, at=march(2, 9))
    impact = impact_of_policy(drafted(promise, resolution_target=1500), at=march(4, 12))
    change = only(impact)
    assert dues(change) == (march(3, 16), march(4, 16))
    assert change.is_no_longer_missed
    assert (change.effect, change.moved) == (Effect.LATER, 24 * HOUR)


def test_the_setting_of_the_draft_says_what_becomes_of_time_that_has_passed(
    cast: Cast, promise: PolicyVersion
) -> None:
    """To begin again on Tuesday 12:00 gives 14 h: 5 that day, 9 on Wednesday."""
    stories.triaged(cast, at=march(2, 9))
    draft = drafted(promise, resolution_target=840, on_change="restart")
    assert dues(only(impact_of_policy(draft, at=NOW))) == (march(3, 16), march(4, 17))


def test_a_promise_may_come_and_go(cast: Cast, promise: PolicyVersion) -> None:
    stories.triaged(cast, at=march(2, 9))
    draft = drafted(promise, resolution_target=None, update_target=120)
    impact = impact_of_policy(draft, at=NOW)
    effects = {change.metric: change.effect for change in impact.changes}
    assert effects == {
        Metric.RESOLUTION: Effect.UNPROMISED,
        Metric.UPDATE: Effect.PROMISED,
    }
    assert impact.changed == 1


def test_a_ticket_that_waits_may_go_on_or_have_another_time_left(
    cast: Cast, promise: PolicyVersion
) -> None:
    with clock.frozen_at(march(2, 9)):
        incident = stories.in_progress(cast, at=march(2, 9))
        stories.on_hold(cast, of=incident, until=march(20, 9))
    goes_on = drafted(promise, pauses_on=[])
    change = only(impact_of_policy(goes_on, at=NOW))
    assert change.effect is Effect.GOES_ON
    assert change.before is not None
    assert change.before.due_at is None
    goes_on.delete()
    less = drafted(promise, resolution_target=480)
    change = only(impact_of_policy(less, at=NOW))
    assert (change.effect, change.moved) == (Effect.LEFT, -8 * HOUR)
    less.delete()
    assert not impact_of_policy(drafted(promise), at=NOW).changes


def test_a_draft_may_stop_a_clock_that_goes_on(
    cast: Cast, promise: PolicyVersion
) -> None:
    with clock.frozen_at(march(2, 9)):
        incident = stories.in_progress(cast, at=march(2, 9))
        stories.on_hold(
            cast, of=incident, reason=HoldReason.SCHEDULED, until=march(20, 9)
        )
    draft = drafted(promise, pauses_on=["scheduled"])
    assert only(impact_of_policy(draft, at=NOW)).effect is Effect.STOPS


def test_only_what_the_draft_touches_is_concerned(
    cast: Cast, promise: PolicyVersion
) -> None:
    """Below the service that the draft names: yes; another policy's: no."""
    above = Service.objects.create(name="Clinic")
    printing, _category = stories.catalogue()
    printing.parent = above
    printing.save()
    stories.reported(cast, at=march(2, 9))
    below = stories.triaged(cast, at=march(2, 9))
    stories.resolved(cast, at=march(2, 9))
    narrow = draft_policy(
        Policy.objects.create(name="Clinic"),
        calendar=promise.calendar,
        service=above,
        resolution_target=60,
    )
    impact = impact_of_policy(narrow, at=NOW)
    assert (impact.open, impact.concerned) == (2, 1)
    assert only(impact).incident == below
    assert not below.policy_matches.exclude(version=promise).exists()


def test_a_draft_that_fits_less_gives_tickets_back_to_another_policy(
    cast: Cast, promise: PolicyVersion
) -> None:
    printing, _category = stories.catalogue()
    own = make_policy(
        "Printers", calendar=promise.calendar, service=printing, resolution_target=60
    )
    stories.triaged(cast, at=march(2, 9))
    draft = drafted(own, service=printing, severity=1, resolution_target=60)
    change = only(impact_of_policy(draft, at=NOW))
    assert dues(change) == (march(2, 10), march(3, 16))
    assert change.after is not None
    assert change.after.policy == promise.pk


def test_an_inactive_policy_changes_nothing(cast: Cast, promise: PolicyVersion) -> None:
    stories.triaged(cast, at=march(2, 9))
    policy = Policy.objects.create(name="Idle", is_active=False)
    idle = draft_policy(policy, calendar=promise.calendar, resolution_target=1)
    assert impact_of_policy(idle, at=NOW).concerned == 0


def test_the_preview_is_what_happens_when_it_is_matched_again(
    cast: Cast, promise: PolicyVersion
) -> None:
    """Publish, classify again at that moment: the clock is due as was foretold."""
    incident = stories.triaged(cast)
    draft = drafted(promise, resolution_target=840)
    draft.effective_from = at = clock.now() + HOUR
    draft.save()
    foretold = only(impact_of_policy(draft, at=at))
    publish(draft)
    with clock.frozen_at(at):
        services.reclassify_incident(
            incident.pk,
            by=cast.bo,
            expected_version=None,
            classification=stories.classification(people_affected=7),
            reason="Seven of us.",
        )
    kept = Clock.objects.get(incident=incident, metric=Metric.RESOLUTION)
    assert foretold.after is not None
    assert (kept.due_at, kept.policy) == (foretold.after.due_at, draft)
    assert kept.breached_at == foretold.after.breached_at


def test_looking_writes_nothing(cast: Cast, promise: PolicyVersion) -> None:
    incident = stories.triaged(cast, at=march(2, 9))
    draft = drafted(promise, resolution_target=60)
    with CaptureQueriesContext(connection) as caught:
        impact_of_policy(draft, at=NOW)
    assert all(one["sql"].startswith("SELECT") for one in caught)
    assert stories.again(incident).version == incident.version


# ---- a draft of a calendar


def test_a_holiday_to_come_moves_what_is_due_after_it(
    cast: Cast, promise: PolicyVersion
) -> None:
    """8 h are counted on Monday, and the other 8 on Wednesday instead of Tuesday."""
    stories.triaged(cast, at=march(2, 9))
    draft = draft_calendar(
        promise.calendar,
        effective_from=march(2, 17),
        holidays={date(2026, 3, 3): "Founders"},
    )
    impact = impact_of_calendar(draft, at=march(2, 12))
    assert dues(only(impact)) == (march(3, 16), march(4, 16))
    assert (impact.open, impact.concerned) == (1, 1)


def test_time_before_its_moment_is_counted_as_it_was(
    cast: Cast, promise: PolicyVersion
) -> None:
    """8 h are counted on Monday, the other 8 from midnight on."""
    stories.triaged(cast, at=march(2, 9))
    draft = draft_calendar(promise.calendar, effective_from=march(3, 0), shifts=ALWAYS)
    change = only(impact_of_calendar(draft, at=march(2, 12)))
    assert dues(change) == (march(3, 16), march(3, 8))
    assert not change.is_newly_missed


def test_clocks_by_another_calendar_are_not_concerned(
    cast: Cast, promise: PolicyVersion
) -> None:
    stories.triaged(cast, at=march(2, 9))
    other = make_calendar("Elsewhere")
    draft = draft_calendar(other, effective_from=march(3, 0), shifts=ALWAYS)
    impact = impact_of_calendar(draft, at=march(2, 12))
    assert (impact.open, impact.concerned, list(impact.changes)) == (1, 0, [])


def test_the_preview_is_what_publishing_a_calendar_does(
    cast: Cast, promise: PolicyVersion
) -> None:
    incident = stories.triaged(cast, at=march(2, 9))
    draft = draft_calendar(
        promise.calendar,
        effective_from=clock.now() + HOUR,
        shifts={0: [(time(8), time(9))]},
    )
    at = clock.now()
    late = stories.triaged(cast, at=at)
    foretold = {
        change.incident.pk: change.after
        for change in impact_of_calendar(draft, at=at).changes
    }
    publish(draft)
    assert history_of(late).readings(at) == [foretold[late.pk]]
    assert incident.pk not in foretold


# ---- the pages


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(draft: Any) -> str:
    kind = "policy" if isinstance(draft, PolicyVersion) else "calendar"
    return reverse(f"admin:incidents_{kind}_impact", args=[draft.pk])


def seen(user: Any, draft: Any, at: datetime = NOW, **asked: Any) -> Any:
    with clock.frozen_at(at):
        return client_of(user).get(page_of(draft), asked)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_manager_sees_numbers_teams_and_times_and_no_word(
    cast: Cast, promise: PolicyVersion
) -> None:
    incident = stories.triaged(
        cast, at=march(2, 9), title="Canary subject", description="Canary body"
    )
    shown = seen(cast.max, drafted(promise, resolution_target=540))
    sentence = "Of 1 open ticket 1 would be due earlier, 1 of them missed at once."
    assert sentence in text(shown)
    for words in (
        incident.reference,
        "Service desk",
        "SEV4",
        "Resolution",
        "Tue 3 Mar 2026, 16:00",
        "Tue 3 Mar 2026, 09:00",
        "7 h earlier",
        "<strong>missed at once</strong>",
        "if each open ticket were matched again now",
    ):
        assert words in text(shown), words
    for words in ("Canary", "Ann Archer", "Bo Berg"):
        assert words not in text(shown)


def test_a_calendar_says_that_publishing_does_it(
    cast: Cast, promise: PolicyVersion
) -> None:
    stories.triaged(cast, at=march(2, 9))
    draft = draft_calendar(
        promise.calendar,
        effective_from=march(2, 17),
        holidays={date(2026, 3, 3): "Founders"},
    )
    shown = seen(cast.max, draft, at=march(2, 12))
    assert "this page shows what publishing does" in text(shown)
    assert "Of 1 open ticket 1 would change, none would be due earlier." in text(shown)
    assert "24 h later" in text(shown)


def test_empty_states_say_so(cast: Cast, promise: PolicyVersion) -> None:
    draft = drafted(promise)
    assert "There is no open ticket." in text(seen(cast.max, draft))
    stories.triaged(cast, at=march(2, 9))
    same = "Of 1 open ticket 1 is concerned; nothing changes."
    assert same in text(seen(cast.max, draft))
    draft.delete()
    narrow = draft_policy(
        Policy.objects.create(name="Narrow", is_active=False),
        calendar=promise.calendar,
        severity=1,
        resolution_target=60,
    )
    shown = text(seen(cast.max, narrow))
    assert "None of 1 open tickets is concerned." in shown
    assert "The policy is not active" in shown
    assert "Clocks that change" not in shown


def test_a_ladder_that_changes_is_not_nothing(
    cast: Cast, promise: PolicyVersion
) -> None:
    stories.triaged(cast, at=march(2, 9))
    draft = drafted(promise)
    draft.rungs.create(
        position=1, trigger="breach", tells="owner", acknowledge_within=9
    )
    shown = text(seen(cast.max, draft))
    assert "1 is concerned; no target changes, but the ladder does." in shown
    assert "the response or the resolution is late: The owner" in shown
    assert reverse("admin:incidents_policy_rehearsal", args=[draft.pk]) in shown


def test_what_cannot_be_published_says_why_instead(
    cast: Cast, promise: PolicyVersion
) -> None:
    never = draft_calendar(Calendar.objects.create(name="Never"), shifts={})
    assert "This calendar is never open" in text(seen(cast.max, never))
    early = draft_policy(
        Policy.objects.create(name="Early"), calendar=never.calendar, update_target=9
    )
    assert "“Never” is not published yet" in text(seen(cast.max, early))
    tied = draft_policy(Policy.objects.create(name="Tied"), calendar=promise.calendar)
    assert "fits exactly the same tickets" in text(seen(cast.max, tied))


def test_a_published_version_has_no_such_page(
    cast: Cast, promise: PolicyVersion
) -> None:
    version = CalendarVersion.objects.get(calendar=promise.calendar)
    for published in (promise, version):
        assert seen(cast.max, published).status_code == 404


def test_only_who_writes_drafts_looks_and_the_draft_leads_there(
    cast: Cast, promise: PolicyVersion
) -> None:
    for draft in (
        drafted(promise),
        draft_calendar(promise.calendar, effective_from=march(4, 0)),
    ):
        for user in cast.everyone:
            wanted = 200 if user in {cast.max, cast.ida} else 302
            assert seen(user, draft).status_code == wanted
        name = f"admin:sla_{draft._meta.model_name}"
        for user, place in ((cast.max, "change"), (cast.ida, "publish")):
            address = reverse(f"{name}_{place}", args=[draft.pk])
            assert page_of(draft) in text(client_of(user).get(address))


def test_rows_come_in_pages_and_counts_are_of_all(
    cast: Cast, promise: PolicyVersion
) -> None:
    for minute in range(52):
        stories.reported(cast, at=march(2, 9, minute))
    draft = drafted(promise, resolution_target=840)
    first = seen(cast.max, draft)
    assert len(first.context["rows"]) == 50
    assert "Of 52 open tickets 52 would be due earlier, 0 of" in text(first)
    assert "Page 1 of 2" in text(first)
    assert len(seen(cast.max, draft, p=2).context["rows"]) == 2
    assert len(seen(cast.max, draft, p="nonsense").context["rows"]) == 50


@pytest.mark.parametrize("kind", ["policy", "calendar"])
def test_statements_do_not_grow_with_tickets(
    cast: Cast, promise: PolicyVersion, kind: str
) -> None:
    draft: Any = drafted(promise, resolution_target=840)
    if kind == "calendar":
        draft = draft_calendar(
            promise.calendar, effective_from=march(3, 17), shifts=ALWAYS
        )
    client = client_of(cast.max)

    def statements() -> int:
        with clock.frozen_at(NOW), CaptureQueriesContext(connection) as caught:
            assert client.get(page_of(draft)).status_code == 200
        return len(caught)

    stories.triaged(cast, at=march(2, 9))
    statements()
    few = statements()
    for minute in range(5):
        stories.triaged(cast, at=march(2, 9, minute))
    assert statements() == few
    assert Incident.objects.open().count() == 6


def test_each_further_batch_of_tickets_costs_two_statements(
    cast: Cast, promise: PolicyVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minute in range(6):
        stories.triaged(cast, at=march(2, 9, minute))
    draft = drafted(promise, resolution_target=840)
    counts = []
    for size in (6, 2):
        monkeypatch.setattr("incidents.clocks.impact.TICKETS_AT_ONCE", size)
        with CaptureQueriesContext(connection) as caught:
            impact_of_policy(draft, at=NOW)
        counts.append(len(caught))
    assert counts[1] == counts[0] + 2 * 2
