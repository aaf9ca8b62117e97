"""The portal asks the database eight questions at most, however much there is."""

from collections.abc import Callable
from typing import Any

import pytest

from incidents import services
from incidents.models import Incident
from tests.incidents import stories
from tests.incidents.portal.browsing import ClientOf, picture, report_form, to
from tests.people import Cast

BUDGET = 8
# What was promised is read from the events themselves: those that matter to clocks, the
# policies that matched, the hours of their calendars. One question each.
OF_PROMISES = 3
OF_OTHERS = 1  # What the desk told everybody about it.
Most = Callable[[int], Any]


@pytest.mark.parametrize("size", [1, 8])
def test_lists_stay_within_the_budget(
    size: int, cast: Cast, client_of: ClientOf, django_assert_max_num_queries: Most
) -> None:
    for _round in range(size):
        stories.reported(cast)
        stories.on_hold(cast)
        stories.resolved(cast)
        stories.waived(cast)
        stories.cancelled(cast)
    for path in ("/", "/my/", "/my/?show=ended", "/report/"):
        ann = client_of(cast.ann)
        with django_assert_max_num_queries(BUDGET):
            assert ann.get(path).status_code == 200, path


@pytest.mark.parametrize("size", [1, 12])
def test_a_long_conversation_stays_within_the_budget(
    size: int, cast: Cast, client_of: ClientOf, django_assert_max_num_queries: Most
) -> None:
    """With files, several people of the desk, and two colleagues reading along."""
    ann = client_of(cast.ann)
    ann.post("/report/", report_form(files=[picture("a.png"), picture("b.png")]))
    incident = stories.in_progress(
        cast, of=stories.triaged(cast, of=Incident.objects.get())
    )
    for email in (cast.zed.email, cast.ute.email):
        services.share_incident(incident.pk, by=cast.ann, email=email)
    for _round in range(size):
        for by in (cast.bo, cast.cy, cast.lea):
            services.reply_to_reporter(
                incident.pk, by=by, expected_version=None, message="News."
            )
        ann.post(to("answer", incident), {"message": "Yes.", "files": [picture()]})
    incident = stories.resolved(cast, of=stories.again(incident))
    _read_within_budget(incident, cast, client_of, django_assert_max_num_queries)
    incident = stories.closed(cast, of=stories.confirmed(cast, of=incident))
    _read_within_budget(incident, cast, client_of, django_assert_max_num_queries)


def _read_within_budget(
    incident: Incident, cast: Cast, client_of: ClientOf, most: Most
) -> None:
    for reader in (cast.ann, cast.zed):
        client = client_of(reader)
        with most(BUDGET + OF_PROMISES + OF_OTHERS):
            assert client.get(to("my_report", incident)).status_code == 200
