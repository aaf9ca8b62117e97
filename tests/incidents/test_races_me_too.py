"""Sixteen press *me too* at the same moment, the same person or all of them."""

from uuid import uuid4

import pytest

from incidents import services
from incidents.models import Incident
from incidents.services import joining
from tests.incidents.races import THREADS, race
from tests.incidents.told import announced, announcement_of
from tests.people import Cast, make_user

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = 5


def masters(cast: Cast) -> dict[int, int]:
    """Announcement by incident."""
    found = [announced(cast) for _ in range(SIZE)]
    return {incident.pk: announcement_of(incident).pk for incident in found}


def parts(pk: int) -> int:
    return Incident.objects.parts_of(Incident.objects.get(pk=pk)).count()


def test_one_person_has_one_report_of_it(cast: Cast) -> None:
    told = masters(cast)
    results = race(
        lambda pk, _thread: services.say_me_too(told[pk], by=cast.zed), list(told)
    )
    assert results == {"won": SIZE * THREADS}
    assert [parts(pk) for pk in told] == [1] * SIZE


def test_everybody_has_their_own(cast: Cast) -> None:
    told = masters(cast)
    crowd = [make_user(f"P{number} Person") for number in range(THREADS)]
    results = race(
        lambda pk, thread: services.say_me_too(told[pk], by=crowd[thread]), list(told)
    )
    assert results == {"won": SIZE * THREADS}
    assert [parts(pk) for pk in told] == [THREADS] * SIZE


def test_while_it_is_being_solved_nobody_is_lost(cast: Cast) -> None:
    """Either it is a report of its own, or they are told that it is over."""
    told = masters(cast)
    crowd = [make_user(f"P{number} Person") for number in range(THREADS)]

    def press(pk: int, thread: int) -> object:
        if thread == 0:
            return services.end_announcement(pk, by=cast.bo)
        return services.say_me_too(told[pk], by=crowd[thread])

    results = race(press, list(told))
    assert set(results) <= {"won", "asked again"}
    assert sum(parts(pk) for pk in told) == results["won"] - SIZE


def test_without_asking_there_would_be_several(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The naive version: it asks nobody what there is, and has a new number each
    time."""
    told = masters(cast)
    monkeypatch.setattr(joining, "_number", lambda *_given: uuid4())
    monkeypatch.setattr(joining, "open_report_of", lambda *_given: None)
    race(lambda pk, _thread: services.say_me_too(told[pk], by=cast.zed), list(told))
    assert max(parts(pk) for pk in told) > 1
