"""Drafting, publishing and matching: which promise counts for which ticket."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Team
from activity import clock
from catalogue.models import Service
from incidents import codes as incident_codes
from sla import services
from sla.business_time import WorkingHours, add_working_time
from sla.codes import Pause
from sla.models import (
    Calendar,
    CalendarVersion,
    Kind,
    Policy,
    PolicyVersion,
    Severity,
    Shift,
)
from sla.models.policies import SETTINGS
from tests.database import without
from tests.people import Cast
from tests.sla.settings_cast import (
    BEGINNING,
    draft_calendar,
    draft_policy,
    in_days,
    keep_service_levels,
    make_calendar,
    make_policy,
    publish,
    without_defaults,
)

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def nothing_else(db: None) -> None:
    without_defaults()
    make_calendar()


def matched(
    service: Service | None = None,
    team: Team | None = None,
    kind: str = "incident",
    severity: int | None = 2,
    at: datetime = AT,
) -> services.Match | None:
    return services.match_policy(
        service=service, team=team, kind=kind, severity=severity, at=at
    )


def name_of_match(**ticket: Any) -> str:
    match = matched(**ticket)
    return match.version.policy.name if match else ""


# ---- the lists that two apps keep


def test_the_lists_are_those_of_incidents() -> None:
    for ours, theirs in (
        (Pause, incident_codes.HoldReason),
        (Kind, incident_codes.Kind),
        (Severity, incident_codes.Severity),
    ):
        assert ours.choices == theirs.choices


# ---- what an installation starts with


@pytest.mark.parametrize(
    ("severity", "response", "resolution", "update", "calendar"),
    [
        (1, 15, 240, 30, "Around the clock"),
        (2, 30, 480, 60, "Around the clock"),
        (3, 120, 1440, 480, "Working hours"),
        (4, 480, 2400, 960, "Working hours"),
    ],
)
def test_every_severity_has_its_promise_from_the_start(
    db: None, severity: int, response: int, resolution: int, update: int, calendar: str
) -> None:
    keep_service_levels()
    match = matched(severity=severity)
    assert match is not None
    version = match.version
    assert [version.target_of(metric) for metric in ("response", "resolution")] == [
        response,
        resolution,
    ]
    assert version.target_of("update") == update
    assert version.calendar.name == calendar
    assert version.warnings_of("response") == [75]
    assert version.warnings_of("resolution") == [50, 75, 90]
    assert version.warnings_of("update") == []
    waits = ["awaiting_reporter", "awaiting_supplier"] if severity > 2 else []
    assert version.pauses_on == waits
    assert version.published_by is not None
    assert version.published_by.is_system
    assert match.why == (("severity", severity),)
    assert match.words == f"Severity: SEV{severity}"


def test_the_first_calendars_are_round_the_clock_and_office_hours(
    db: None, settings: Any
) -> None:
    keep_service_levels()
    [(_since, always)] = services.schedule_of(
        Calendar.objects.get(name="Around the clock")
    )
    assert always.is_always_open
    [(_since, office)] = services.schedule_of(
        Calendar.objects.get(name="Working hours")
    )
    nine_hours = [(time(8), time(17))]
    week = dict.fromkeys(range(5), nine_hours)
    assert office == WorkingHours(settings.TIME_ZONE, week)


# ---- matching


@pytest.mark.usefixtures("nothing_else")
def test_the_most_specific_policy_wins(cast: Cast) -> None:
    """Service, then team, then kind, then severity."""
    wifi = Service.objects.create(name="Wi-Fi")
    every = {
        "service": wifi,
        "team": cast.network,
        "kind": "incident",
        "severity": 2,
    }
    names = list(every)
    for chosen in range(16):
        asked = [name for bit, name in enumerate(names) if chosen & 8 >> bit]
        fields: dict[str, Any] = {name: every[name] for name in asked}
        make_policy(" ".join(asked) or "none", **fields)
    ticket: dict[str, Any] = dict(every)
    for chosen in reversed(range(16)):
        asked = [name for bit, name in enumerate(names) if chosen & 8 >> bit]
        wanted = " ".join(asked) or "none"
        assert name_of_match(**ticket) == wanted
        Policy.objects.filter(name=wanted).update(is_active=False)
    assert matched(**ticket) is None


@pytest.mark.usefixtures("nothing_else")
def test_a_policy_that_asks_for_something_else_does_not_fit(cast: Cast) -> None:
    other = Service.objects.create(name="Printing")
    make_policy("service", service=other)
    make_policy("team", team=cast.vendor)
    make_policy("kind", kind="service_request")
    make_policy("severity", severity=1)
    assert matched(service=Service.objects.create(name="Wi-Fi")) is None
    assert matched(team=cast.network) is None
    assert matched(severity=None) is None
    assert name_of_match(severity=1) == "severity"


@pytest.mark.usefixtures("nothing_else")
def test_a_service_follows_the_nearest_service_above_it(cast: Cast) -> None:
    network = Service.objects.create(name="Network")
    wifi = Service.objects.create(name="Wi-Fi", parent=network)
    guests = Service.objects.create(name="Guests", parent=wifi)
    make_policy("far", service=network, team=cast.network, severity=2)
    make_policy("near", service=wifi)
    assert name_of_match(service=guests, team=cast.network) == "near"
    assert name_of_match(service=wifi, team=cast.network) == "near"
    assert name_of_match(service=network, team=cast.network) == "far"
    match = matched(service=guests)
    assert match is not None
    assert match.why == (("service", wifi.pk),)
    assert match.words == "Service: Wi-Fi"


@pytest.mark.usefixtures("nothing_else")
def test_a_match_says_in_words_what_made_it_fit(cast: Cast) -> None:
    make_policy("all")
    every = matched()
    assert every is not None
    assert (every.why, every.words) == ((), "It is for every ticket.")
    make_policy("some", team=cast.network, kind="incident", severity=2)
    match = matched(team=cast.network)
    assert match is not None
    assert match.words == "Team: Network, Kind: Incident, Severity: SEV2"
    assert [name for name, _value in match.why] == ["team", "kind", "severity"]


@pytest.mark.usefixtures("nothing_else")
def test_each_moment_has_the_version_that_was_in_force_then(cast: Cast) -> None:
    first = make_policy("Everything")
    later = in_days(2)
    second = publish(draft_policy(first.policy, effective_from=later))
    draft_policy(first.policy, effective_from=in_days(1))
    early, before, then = (
        matched(at=moment)
        for moment in (BEGINNING, later - timedelta(microseconds=1), later)
    )
    assert early is not None
    assert before is not None
    assert then is not None
    assert early.version == before.version == first
    assert then.version == second
    assert matched(at=BEGINNING - timedelta(microseconds=1)) is None


@pytest.mark.usefixtures("nothing_else")
def test_what_a_policy_no_longer_asks_for_does_not_linger(cast: Cast) -> None:
    """Not an older version that fits, but the one in force decides."""
    first = make_policy("Everything")
    publish(draft_policy(first.policy, effective_from=in_days(1), severity=1))
    assert matched(severity=2, at=in_days(2)) is None


@pytest.mark.usefixtures("nothing_else")
def test_matching_reads_the_database_a_constant_number_of_times(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    for severity in (1, 2, 3, 4):
        make_policy(f"SEV {severity}", severity=severity)
    with django_assert_num_queries(1):
        matched(team=cast.network)


# ---- schedules


def test_a_schedule_has_every_published_version_in_its_order(db: None) -> None:
    calendar = make_calendar(holidays={date(2026, 12, 25): "Christmas"})
    later = in_days(1)
    publish(draft_calendar(calendar, effective_from=later, zone="Asia/Tokyo"))
    draft_calendar(calendar, effective_from=in_days(2), zone="Europe/Rome")
    (since, old), (then, new) = services.schedule_of(calendar)
    assert (since, then) == (BEGINNING, later)
    assert (old.zone, new.zone) == ("UTC", "Asia/Tokyo")
    assert old.holidays == {date(2026, 12, 25)}
    monday = datetime(2026, 12, 25, 8, tzinfo=UTC)
    assert add_working_time(monday, timedelta(hours=1), old) == datetime(
        2026, 12, 28, 9, tzinfo=UTC
    )


def test_a_schedule_is_read_once_until_a_version_is_published(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    calendar = make_calendar()
    services.schedule_of(calendar)
    with django_assert_num_queries(1):
        assert len(services.schedule_of(calendar.pk)) == 1
    publish(draft_calendar(calendar, effective_from=in_days(1)))
    assert len(services.schedule_of(calendar)) == 2


def test_a_schedule_forgets_a_publication_that_was_undone(cast: Cast) -> None:
    calendar = make_calendar()
    draft = draft_calendar(calendar, effective_from=in_days(1), zone="Asia/Tokyo")
    publish(draft)
    services.schedule_of(calendar)
    without("sla_calendarversion.calendar_version_kept")
    CalendarVersion.objects.filter(pk=draft.pk).update(
        published_at=None, published_by=None, zone="Europe/Rome"
    )
    publish(CalendarVersion.objects.get(pk=draft.pk))
    assert services.schedule_of(calendar)[1][1].zone == "Europe/Rome"


def test_a_calendar_that_was_never_published_has_no_schedule(db: None) -> None:
    draft = draft_calendar(Calendar.objects.create(name="Drafted"))
    assert services.schedule_of(draft.calendar) == ()


# ---- who may

Act = Callable[[Any], object]


def new_calendar() -> Calendar:
    calendar: Calendar = Calendar.objects.create(name=f"New {Calendar.objects.count()}")
    return calendar


def new_policy() -> Policy:
    policy: Policy = Policy.objects.create(name=f"New {Policy.objects.count()}")
    return policy


def draft_a_calendar(by: Any) -> object:
    return services.draft_calendar_version(new_calendar().pk, by=by, at=AT)


def draft_a_policy(by: Any) -> object:
    return services.draft_policy_version(new_policy().pk, by=by, at=AT)


def copy_holidays(by: Any) -> object:
    draft = draft_calendar(new_calendar())
    return services.copy_country_holidays(draft.pk, by=by, country="DE", years=[2027])


def publish_a_calendar(by: Any) -> object:
    draft = draft_calendar(new_calendar())
    return services.publish_calendar_version(draft.pk, by=by, at=clock.now())


def publish_a_policy(by: Any) -> object:
    draft = draft_policy(new_policy())
    return services.publish_policy_version(draft.pk, by=by, at=clock.now())


@pytest.mark.usefixtures("nothing_else")
@pytest.mark.parametrize("act", [draft_a_calendar, draft_a_policy, copy_holidays])
def test_managers_and_administrators_draft_and_nobody_else(
    cast: Cast, act: Act
) -> None:
    for user in cast.everyone:
        if user not in {cast.max, cast.ida}:
            with pytest.raises(PermissionDenied):
                act(user)
    act(cast.max)
    act(cast.ida)


@pytest.mark.usefixtures("nothing_else")
@pytest.mark.parametrize("act", [publish_a_calendar, publish_a_policy])
def test_administrators_publish_and_nobody_else(cast: Cast, act: Act) -> None:
    for user in cast.everyone:
        if user != cast.ida:
            with pytest.raises(PermissionDenied):
                act(user)
    act(cast.ida)


def test_drafts_are_seen_by_those_who_write_them_only(cast: Cast) -> None:
    draft = draft_calendar(make_calendar(), effective_from=in_days(1))
    for user in cast.everyone:
        seen = CalendarVersion.objects.visible_to(user)
        assert seen.filter(pk=draft.pk).exists() == (user in {cast.max, cast.ida})
        assert seen.published().exists()
        assert Calendar.objects.visible_to(user).exists()
    cast.zed.is_active = False
    assert not CalendarVersion.objects.visible_to(cast.zed).exists()
    assert not Policy.objects.visible_to(cast.zed).exists()


# ---- drafting


@pytest.mark.usefixtures("nothing_else")
def test_a_new_draft_says_what_the_latest_version_says(cast: Cast) -> None:
    promised = make_policy(
        "Everything",
        team=cast.network,
        kind="incident",
        severity=2,
        response_target=5,
        resolution_target=50,
        update_target=7,
        response_warnings=[10],
        resolution_warnings=[20, 30],
        pauses_on=["scheduled"],
        stops_at="closed",
        on_change="forward",
        on_transfer="restart",
        on_tier_move="restart",
        on_reject="restart",
        on_reopen="continue",
    )
    draft = services.draft_policy_version(promised.policy_id, by=cast.max, at=AT)
    draft = PolicyVersion.objects.get(pk=draft.pk)
    assert (draft.number, draft.is_published, draft.effective_from) == (2, False, AT)
    untouched = PolicyVersion(calendar=promised.calendar)
    for name in SETTINGS:
        assert getattr(draft, name) == getattr(promised, name)
        if name not in {"service", "calendar"}:
            assert getattr(draft, name) != getattr(untouched, name), name


def test_a_new_draft_of_a_calendar_has_its_shifts_and_holidays(cast: Cast) -> None:
    calendar = make_calendar(
        zone="Europe/Rome", country="IT", holidays={date(2026, 6, 2): "Republic Day"}
    )
    draft = services.draft_calendar_version(calendar.pk, by=cast.max, at=AT)
    assert (draft.number, draft.is_published, draft.country) == (2, False, "IT")
    published = CalendarVersion.objects.get(calendar=calendar, number=1)
    assert draft.hours() == published.hours()
    assert [holiday.name for holiday in draft.holidays.all()] == ["Republic Day"]


@pytest.mark.usefixtures("nothing_else")
def test_there_is_one_draft_at_a_time(cast: Cast) -> None:
    calendar, policy = new_calendar(), new_policy()
    services.draft_calendar_version(calendar.pk, by=cast.max, at=AT)
    services.draft_policy_version(policy.pk, by=cast.max, at=AT)
    with pytest.raises(ValidationError, match="a draft already, version 1"):
        services.draft_calendar_version(calendar.pk, by=cast.max, at=AT)
    with pytest.raises(ValidationError, match="a draft already, version 1"):
        services.draft_policy_version(policy.pk, by=cast.max, at=AT)


def test_a_policy_needs_a_calendar_first(cast: Cast) -> None:
    Calendar.objects.update(is_active=False)
    with pytest.raises(ValidationError, match="make one first"):
        services.draft_policy_version(new_policy().pk, by=cast.max, at=AT)


# ---- publishing


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(ValidationError) as caught:
        act()
    return " ".join(caught.value.messages)


def refused_calendar(draft: CalendarVersion, by: Any) -> str:
    return refusal(
        lambda: services.publish_calendar_version(draft.pk, by=by, at=clock.now())
    )


def refused_policy(draft: PolicyVersion, by: Any) -> str:
    return refusal(
        lambda: services.publish_policy_version(draft.pk, by=by, at=clock.now())
    )


def test_publishing_says_who_and_when(cast: Cast) -> None:
    at, later = clock.now(), in_days(1)
    draft = draft_calendar(make_calendar(), effective_from=later)
    services.publish_calendar_version(draft.pk, by=cast.ida, at=at)
    draft.refresh_from_db()
    assert (draft.published_at, draft.published_by) == (at, cast.ida)
    assert draft.effective_from == later
    again = refused_calendar(draft, cast.ida)
    assert again.endswith("stays as it is. Copy it to a new draft.")


@pytest.mark.usefixtures("nothing_else")
def test_a_draft_whose_moment_has_passed_may_begin_now(cast: Cast) -> None:
    draft = draft_policy(make_policy("All").policy, effective_from=in_days(-1))
    assert "what was promised stays promised" in refused_policy(draft, cast.ida)
    at = clock.now()
    services.publish_policy_version(draft.pk, by=cast.ida, at=at, from_now=True)
    draft.refresh_from_db()
    assert draft.effective_from == at


def test_a_version_begins_after_the_one_before(cast: Cast) -> None:
    calendar = make_calendar(effective_from=in_days(2))
    draft = draft_calendar(calendar, effective_from=in_days(1))
    assert "Choose a later moment" in refused_calendar(draft, cast.ida)


def test_a_calendar_that_is_never_open_is_not_published(cast: Cast) -> None:
    draft = draft_calendar(new_calendar(), shifts={})
    assert "add a shift first" in refused_calendar(draft, cast.ida)


def test_a_calendar_whose_shifts_overlap_is_not_published(cast: Cast) -> None:
    draft = draft_calendar(new_calendar())
    Shift.objects.create(version=draft, weekday=0, opens=time(9), closes=time(10))
    assert "overlap" in refused_calendar(draft, cast.ida)
    draft.shifts.all().delete()


def test_a_policy_waits_for_its_calendar(cast: Cast) -> None:
    calendar = new_calendar()
    draft = draft_policy(new_policy(), calendar=calendar, effective_from=in_days(1))
    assert "publish it first" in refused_policy(draft, cast.ida)
    publish(draft_calendar(calendar, effective_from=in_days(2)))
    assert "begin then or later" in refused_policy(draft, cast.ida)


@pytest.mark.usefixtures("nothing_else")
def test_a_tie_is_refused_and_says_with_whom(cast: Cast) -> None:
    make_policy("First", severity=1)
    draft = draft_policy(new_policy(), severity=1)
    assert "“First” fits exactly the same" in refused_policy(draft, cast.ida)
    publish(draft_policy(Policy.objects.get(name="First"), effective_from=in_days(1)))
    assert "“First” fits exactly the same" in refused_policy(draft, cast.ida)
    draft.effective_from = in_days(2)
    draft.save()
    services.publish_policy_version(draft.pk, by=cast.ida, at=clock.now())
