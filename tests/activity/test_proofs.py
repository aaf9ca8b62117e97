"""What is proved once a night, and how it came out."""

from collections.abc import Iterator

import pytest

from activity import tasks
from activity.models import Check
from activity.services.checks import COUNTED, prove
from tests.database import sql, without
from tests.people import Cast
from tests.probe.services import open_probe


def test_a_proof_that_finds_nothing_is_well(db: None) -> None:
    prove("nightly_test", lambda: (7, []))
    check = Check.objects.get()
    assert (check.name, check.state) == ("nightly_test", Check.State.OK)
    assert check.detail["count"] == 7
    assert check.detail["differences"] == 0
    assert check.detail["seconds"] >= 0


def test_the_first_difference_is_named_and_all_are_counted(db: None) -> None:
    prove("nightly_test", lambda: (7, ["one", "two"]))
    check = Check.objects.get()
    assert check.state == Check.State.BAD
    assert (check.detail["differences"], check.detail["first"]) == (2, "one")


def test_counting_comes_to_an_end(db: None) -> None:
    def endless() -> Iterator[str]:
        while True:
            yield "x" * 400

    detail = prove("nightly_test", lambda: (7, endless())).detail
    assert (detail["differences"], len(detail["first"])) == (COUNTED, 300)


def test_a_proof_that_breaks_off_is_no_proof(db: None) -> None:
    prove("nightly_test", lambda: (7, []))
    with pytest.raises(ZeroDivisionError):
        prove("nightly_test", lambda: (1 // 0, []))
    check = Check.objects.get()
    assert check.state == Check.State.BAD
    assert check.detail["error"] == "ZeroDivisionError"


def test_the_history_is_proved_at_night(cast: Cast) -> None:
    probe = open_probe(by=cast.bo)
    without("probe_probe.probe_agrees_on_update")
    tasks.prove_history()
    check = Check.objects.get(name="nightly_history")
    # The truncate guards are off in tests, and that is a fault.
    before = check.detail["differences"]
    assert check.detail["count"] == 1
    sql("UPDATE probe_probe SET version = 9 WHERE id = %s", probe.pk)
    tasks.prove_history()
    check.refresh_from_db()
    assert check.state == Check.State.BAD
    assert check.detail["differences"] == before + 1
    assert check.detail["first"].startswith(f"probe {probe.pk}: 9 events were written")
