"""The desk tells everybody, and others report the same with one press."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from activity.models import Delivery, Event
from activity.refusals import Conflict, NotAllowed
from incidents import services
from incidents.codes import LinkKind
from incidents.events import Kind
from incidents.models import Announcement, Incident, Link
from tests.incidents import stories
from tests.incidents.told import HEADLINE, announced, announcement_of, joined
from tests.people import Cast

pytestmark = pytest.mark.django_db


def announce(incident: Incident, cast: Cast, **given: Any) -> Announcement:
    told = {"by": cast.bo, "expected_version": None, "title": HEADLINE} | given
    return services.announce_incident(incident.pk, **told)


def kinds(incident: Incident) -> list[str]:
    return list(Event.objects.about(incident).values_list("kind", flat=True))


def test_the_desk_announces_and_the_history_says_so(cast: Cast) -> None:
    incident = announced(cast)
    assert announcement_of(incident).title == HEADLINE
    assert kinds(incident)[-1] == Kind.ANNOUNCE
    assert HEADLINE not in str(Event.objects.about(incident).last().data)  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["ann", "ned", "max", "ida", "zed"])
def test_nobody_else_does(name: str, cast: Cast) -> None:
    incident = stories.in_progress(cast)
    with pytest.raises(NotAllowed):
        announce(incident, cast, by=getattr(cast, name))
    told = announced(cast, of=incident)
    with pytest.raises(NotAllowed):
        services.end_announcement(told.pk, by=getattr(cast, name))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"text": "x" * 601}, "text"),
    ],
)
def test_words_that_do_not_fit_are_refused(
    given: dict[str, str], field: str, cast: Cast
) -> None:
    incident = stories.in_progress(cast)
    with pytest.raises(ValidationError) as refusal:
        announce(incident, cast, **given)
    assert field in refusal.value.message_dict
    assert not Announcement.objects.exists()


@pytest.mark.parametrize("story", ["resolved", "closed", "cancelled"])
def test_only_what_is_open_is_announced(story: str, cast: Cast) -> None:
    with pytest.raises(Conflict):
        announce(getattr(stories, story)(cast), cast)


def test_new_words_take_the_place_of_the_old(cast: Cast) -> None:
    incident = announced(cast)
    first = announcement_of(incident)
    second = announce(incident, cast, title="Printing is slow on the second floor")
    assert announcement_of(incident) == second
    first.refresh_from_db()
    assert first.ended_at is not None
    assert first.title == HEADLINE
    row = Announcement.objects.active().for_portal(cast.zed).get()
    assert row.since == first.at  # type: ignore[attr-defined]


def test_it_is_taken_away_by_hand(cast: Cast) -> None:
    incident = announced(cast)
    services.end_announcement(incident.pk, by=cast.cy)
    assert not Announcement.objects.active().exists()
    with pytest.raises(Conflict):
        services.end_announcement(incident.pk, by=cast.cy)


def test_it_goes_by_itself_when_it_is_solved(cast: Cast) -> None:
    incident = announced(cast)
    stories.resolved(cast, of=incident)
    row = Announcement.objects.get()
    assert row.ended_by == cast.bo
    assert kinds(incident)[-2:] == [Kind.RESOLVE, Kind.END_ANNOUNCEMENT]
    services.reject_resolution(incident.pk, by=cast.ann, complaint="Still blank.")
    assert not Announcement.objects.active().exists()


def test_it_goes_by_itself_when_it_works_again(cast: Cast) -> None:
    incident = announced(cast)
    services.report_works_again(incident.pk, by=cast.ann)
    assert not Announcement.objects.active().exists()
    assert stories.again(incident).is_confirmed


def test_it_goes_by_itself_when_it_is_cancelled(cast: Cast) -> None:
    incident = announced(cast, of=stories.reported(cast))
    stories.cancelled(cast, of=incident)
    assert not Announcement.objects.active().exists()


def test_an_agent_who_looked_before_others_joined_may_still_act(cast: Cast) -> None:
    incident = announced(cast)
    joined(incident, by=cast.zed)
    assert stories.again(incident).version > incident.version
    services.resolve_incident(
        incident.pk,
        by=cast.bo,
        expected_version=incident.version,
        solution=stories.solution(),
    )
    assert stories.again(incident).status == "resolved"


def test_me_too_is_a_report_of_its_own(cast: Cast) -> None:
    master = announced(cast, description="Ann's own words")
    part = joined(master, by=cast.zed)
    assert part.pk != master.pk
    assert part.title == HEADLINE
    assert (part.reporter, part.confirmer) == (cast.zed, cast.zed)
    assert part.service == stories.catalogue()[0]
    assert "Ann's own words" not in part.description
    assert Link.objects.get().kind == LinkKind.PARENT
    assert (Link.objects.get().from_incident, Link.objects.get().to_incident) == (
        part,
        master,
    )
    assert kinds(part) == [Kind.REPORT, Kind.ME_TOO]
    assert kinds(master)[-1] == Kind.ME_TOO
    letters = Delivery.objects.filter(recipient=cast.zed)
    assert letters.count() == 1
    assert part.reference in str(letters.get().envelope)


def test_what_was_typed_comes_along(cast: Cast) -> None:
    part = joined(announced(cast), by=cast.zed, description="Mine is yellow.", impact=2)
    assert (part.description, part.impact) == ("Mine is yellow.", 2)


def test_pressed_again_it_is_the_same_report(cast: Cast) -> None:
    master = announced(cast)
    first = joined(master, by=cast.zed)
    assert joined(master, by=cast.zed) == first
    assert Incident.objects.parts_of(master).count() == 1


def test_whoever_reported_it_gets_their_own(cast: Cast) -> None:
    master = announced(cast)
    assert joined(master, by=cast.ann) == master
    assert Incident.objects.count() == 1


def test_after_the_first_has_ended_there_may_be_a_second(cast: Cast) -> None:
    master = announced(cast)
    first = joined(master, by=cast.zed)
    services.cancel_incident(first.pk, by=cast.zed, reason="withdrawn")
    second = joined(master, by=cast.zed)
    assert second != first
    row = Announcement.objects.active().for_portal(cast.zed).get()
    assert (row.reports, row.own) == (2, second.pk)


def test_what_is_no_longer_announced_is_not_joined(cast: Cast) -> None:
    master = announced(cast)
    pk = announcement_of(master).pk
    services.end_announcement(master.pk, by=cast.bo)
    with pytest.raises(ValidationError, match="not announced any more"):
        services.say_me_too(pk, by=cast.zed)
    assert Incident.objects.count() == 1


def test_old_words_lead_to_the_new_ones(cast: Cast) -> None:
    master = announced(cast)
    pk = announcement_of(master).pk
    announce(master, cast, title="Printing is slow")
    assert services.say_me_too(pk, by=cast.zed).title == "Printing is slow"


def test_how_many_there_are_is_counted_for_everybody(cast: Cast) -> None:
    master = announced(cast)
    joined(master, by=cast.zed)
    joined(master, by=cast.ute)
    row = Announcement.objects.visible_to(cast.max).active().for_portal(cast.max).get()
    assert (row.reports, row.own) == (3, None)
