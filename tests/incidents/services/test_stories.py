"""The stories that other tests begin with end where they say."""

from django.db import connection

from incidents.codes import ClosureBasis, Status
from tests.incidents import stories
from tests.people import Cast


def test_there_is_one_incident_in_every_state(cast: Cast) -> None:
    found = stories.everything(cast)
    connection.check_constraints()
    assert {story.status for story in found.values()} == set(Status.values)
    for name in ("confirmed", "waived"):
        assert found.pop(name).status == Status.RESOLVED
    assert {name: story.status for name, story in found.items()} == {
        str(status): status for status in Status
    }


def test_each_is_read_afresh(cast: Cast) -> None:
    for incident in stories.everything(cast).values():
        assert (
            incident.version == incident.__class__.objects.get(pk=incident.pk).version
        )


def test_a_waiver_comes_after_a_week_of_silence(cast: Cast) -> None:
    closed = stories.closed(cast, of=stories.waived(cast))
    connection.check_constraints()
    assert closed.closure_basis == ClosureBasis.WAIVED


def test_a_call_and_first_contact_end_resolved(cast: Cast) -> None:
    assert stories.called(cast).is_confirmed
    assert stories.first_contact(cast).status == Status.RESOLVED
    connection.check_constraints()
