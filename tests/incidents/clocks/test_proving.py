"""The clocks are proved at night, beside a desk at work."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from activity.models import Check
from incidents import services
from incidents.clocks import keeping
from incidents.clocks.history import history_of
from incidents.clocks.keeping import differences
from incidents.models import Clock, Incident
from incidents.tasks import prove_clocks
from sla.codes import State
from tests.incidents import stories
from tests.people import Cast, make_cast


def test_clocks_that_are_right(cast: Cast) -> None:
    stories.in_progress(cast)
    prove_clocks()
    check = Check.objects.get(name="nightly_clocks")
    assert (check.state, check.detail["count"]) == (Check.State.OK, 3)


def test_a_clock_that_is_wrong(cast: Cast) -> None:
    incident = stories.in_progress(cast)
    Clock.objects.filter(metric="resolution").update(state=State.MET)
    prove_clocks()
    detail = Check.objects.get(name="nightly_clocks").detail
    assert detail["differences"] == 1
    assert detail["first"].startswith(f"{incident}, resolution 1: state is met")


@pytest.mark.django_db(transaction=True)
def test_no_transaction_stays_open_while_clocks_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast = make_cast()
    for _ in range(3):
        stories.reported(cast)
    seen: list[bool] = []
    compare = keeping._compare

    def watched(incident: Incident) -> Iterator[keeping.Difference]:
        seen.append(connection.in_atomic_block)
        yield from compare(incident)

    monkeypatch.setattr(keeping, "_compare", watched)
    monkeypatch.setattr(keeping, "INCIDENTS_AT_ONCE", 2)
    assert list(differences()) == []
    assert seen == [False, False, False]


def test_what_is_written_while_it_reads_is_no_difference(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the rows and the events it is said that somebody took it a while ago: a
    single reading would see clocks of before beside events of after."""
    incident = stories.triaged(cast)
    read_history = history_of
    rivals = [cast.bo]

    def history_after_a_rival(read: Incident) -> object:
        while rivals:
            services.take_incident(
                incident.pk,
                by=rivals.pop(),
                expected_version=None,
                at=incident.reported_at,
            )
        return read_history(read)

    monkeypatch.setattr(keeping, "history_of", history_after_a_rival)
    with transaction.atomic():
        assert list(keeping._compare(incident)) != []
        transaction.set_rollback(True)
    rivals.append(cast.bo)
    assert list(differences()) == []
    assert rivals == []
