"""Two records at the same moment: a team that is given work while it is deactivated,
and a duplicate whose master changes while it comes back.

Each test has its counterpart without the lock, or says what was seen without it.
"""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction

from accounts.models import Team
from activity.refusals import Conflict
from incidents import services
from incidents.codes import OPEN, CancelReason, LinkKind, Status
from incidents.models import Incident, Link
from incidents.services import asking, classifying, confirming, ending, working
from tests.incidents import stories
from tests.incidents.races import race
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10


def new_desk(number: int = 0) -> Team:
    return Team.objects.create(name=f"Desk {number}", tier=1, is_service_desk=True)


def lost() -> list[str]:
    """Open, in a team in which nobody works."""
    found = Incident.objects.filter(status__in=OPEN, team__is_active=False)
    return [incident.reference for incident in found]


def deactivate_meanwhile(team: Team) -> str:
    """Somebody else tries it in a transaction of their own, and waits a moment."""
    told: list[str] = []

    def press() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '300ms'")
                Team.objects.filter(pk=team.pk).update(is_active=False)
            told.append("deactivated")
        except OperationalError:
            told.append("had to wait")
        finally:
            connection.close()

    rival = threading.Thread(target=press)
    rival.start()
    rival.join()
    return told[0]


Give = Callable[[Cast, Team], object]


def transfer(cast: Cast, team: Team) -> object:
    return services.transfer_incident(
        stories.triaged(cast).pk,
        by=cast.bo,
        expected_version=None,
        team=team,
        reason="Theirs.",
    )


def triage(cast: Cast, team: Team) -> object:
    return services.triage_incident(
        stories.reported(cast).pk,
        by=cast.bo,
        expected_version=None,
        classification=stories.classification(),
        team=team,
    )


def reject(cast: Cast, team: Team) -> object:
    """It goes back to the team that solved it, which is another desk by now."""
    incident = stories.triaged(cast, team=team)
    services.report_works_again(incident.pk, by=cast.ann)
    return services.reject_resolution(incident.pk, by=cast.ann, complaint="Blank.")


GIVEN = pytest.mark.parametrize("give", [transfer, triage, reject])


@GIVEN
def test_a_team_is_not_deactivated_while_it_is_given_work(
    give: Give, cast: Cast
) -> None:
    team = new_desk()
    with transaction.atomic():
        give(cast, team)
        assert deactivate_meanwhile(team) == "had to wait"
    assert lost() == []


@GIVEN
def test_without_the_lock_the_work_would_be_lost(
    give: Give, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the test above can fail, and what stops the rival is the lock."""
    for module in (working, classifying, confirming):
        monkeypatch.setattr(module, "stays_active", lambda team: team.is_active)
    team = new_desk()
    with transaction.atomic():
        give(cast, team)
        assert deactivate_meanwhile(team) == "deactivated"
    assert len(lost()) == 1


@pytest.mark.parametrize("give", [transfer, triage])
def test_a_team_that_was_deactivated_after_the_page_was_read_gets_nothing(
    give: Give, cast: Cast
) -> None:
    team = new_desk()
    Team.objects.filter(pk=team.pk).update(is_active=False)
    with pytest.raises(ValidationError):
        give(cast, team)
    assert lost() == []


def test_sixteen_transfer_to_teams_that_are_deactivated(cast: Cast) -> None:
    """Whoever is first wins: work comes and the team stays, or the reverse."""
    teams = {stories.triaged(cast).pk: new_desk(n) for n in range(ROUNDS)}

    def press(pk: int, n: int) -> object:
        if n % 2:
            return Team.objects.filter(pk=teams[pk].pk).update(is_active=False)
        return services.transfer_incident(
            pk, by=cast.bo, expected_version=None, team=teams[pk], reason="Theirs."
        )

    found = race(press, list(teams))
    named = {"won", "asked again", "not allowed", "refused by team_holds_incidents"}
    assert set(found) <= named
    assert lost() == []


def duplicate_of(cast: Cast, master: Incident) -> Incident:
    return stories.cancelled(cast, reason=CancelReason.DUPLICATE, master=master)


def test_a_duplicate_comes_back_when_its_master_was_cancelled_meanwhile(
    cast: Cast,
) -> None:
    """Both are locked in one order, whoever comes first: nothing is left over."""
    masters = [stories.reported(cast) for _ in range(ROUNDS)]
    pairs = {duplicate_of(cast, master).pk: master.pk for master in masters}

    def press(pk: int, n: int) -> object:
        if n % 2:
            return services.reopen_incident(pk, by=cast.ann, complaint="Blank again.")
        return services.cancel_incident(
            pairs[pk], by=cast.bo, reason=CancelReason.NOT_A_FAULT, explanation="Fine."
        )

    found = race(press, list(pairs))
    assert found == {"won": 2 * ROUNDS, "conflict": 14 * ROUNDS}
    back = Incident.objects.filter(pk__in=pairs)
    assert set(back.values_list("status", "master")) == {(Status.ASSIGNED, None)}
    gone = Incident.objects.filter(pk__in=pairs.values())
    assert set(gone.values_list("status", flat=True)) == {Status.CANCELLED}
    assert not Link.objects.filter(kind=LinkKind.DUPLICATE).exists()


def test_who_became_the_duplicate_of_another_one_meanwhile_is_told_so(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its master was read before the lock: the link to the new one would stay."""
    first, second = stories.reported(cast), stories.reported(cast)
    incident = duplicate_of(cast, first)
    locked = asking.lock_in_order

    def after_the_others(*pks: int | None) -> Any:
        monkeypatch.setattr(ending, "lock_in_order", locked)
        services.reopen_incident(incident.pk, by=cast.ann, complaint="Blank.")
        duplicate_again = stories.again(incident)
        stories.cancelled(
            cast, of=duplicate_again, reason=CancelReason.DUPLICATE, master=second
        )
        return locked(*pks)

    monkeypatch.setattr(ending, "lock_in_order", after_the_others)
    with pytest.raises(Conflict):
        services.reopen_incident(incident.pk, by=cast.ann, complaint="Blank again.")
    links = Link.objects.filter(from_incident=incident, kind=LinkKind.DUPLICATE)
    assert (stories.again(incident).status == Status.CANCELLED) is links.exists()
