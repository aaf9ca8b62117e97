"""Every clock can be explained to the second, by whoever may see the ticket."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from activity import clock
from incidents import services
from incidents.clocks.explaining import explanation
from incidents.models import Incident
from sla.clock import Because
from sla.codes import Metric, Pause
from sla.wording import WHY
from tests.incidents import stories
from tests.incidents.replay import imported
from tests.people import Cast

FRIDAY = datetime(2026, 3, 6, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)


def over_a_weekend(cast: Cast) -> Incident:
    """Reported on Friday at 16:00, SEV4; a question on Monday at 10:00."""
    incident = stories.in_progress(cast, at=FRIDAY)
    with clock.frozen_at(FRIDAY + 66 * HOUR):
        stories.on_hold(cast, of=incident, until=FRIDAY + 200 * HOUR)
    return incident


def test_every_line_says_whether_it_counts_and_why(cast: Cast) -> None:
    incident = over_a_weekend(cast)
    found = explanation(incident, Metric.RESOLUTION, 1, FRIDAY + 67 * HOUR)
    assert found is not None
    told = [
        (str(one.why), one.length, one.line.counts, one.total) for one in found.segments
    ]
    assert told == [
        ("Working time", HOUR, True, HOUR),
        ("Outside working hours", 63 * HOUR, False, HOUR),
        ("Working time", 2 * HOUR, True, 3 * HOUR),
        ("On hold: waiting for the reporter", HOUR, False, 3 * HOUR),
    ]
    assert found.is_whole
    assert found.reading.elapsed == 3 * HOUR
    causes = [one.cause.sentence for one in found.segments if one.cause]
    assert causes == [
        "Ann Archer reported it",
        "Bo Berg asked the reporter a question and put it on hold",
    ]


def test_every_reason_has_its_words() -> None:
    assert set(WHY) == {*Because, *Pause}


@pytest.mark.parametrize("story", [stories.closed, stories.waived, stories.cancelled])
@pytest.mark.parametrize("metric", list(Metric))
def test_the_lines_add_up_whatever_happened(
    cast: Cast, story: object, metric: str
) -> None:
    incident = story(cast)  # type: ignore[operator]
    for row in incident.clocks.filter(metric=metric):
        found = explanation(incident, metric, row.cycle, clock.now())
        assert found is not None
        assert found.is_whole


def page(user: object, incident: Incident, query: str = "") -> tuple[int, str]:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    response = client.get(reverse("incidents:clocks", args=[incident.pk]) + query)
    return response.status_code, response.content.decode()


def test_the_page_explains_the_clock_that_is_named(cast: Cast) -> None:
    incident = over_a_weekend(cast)
    status, text = page(cast.bo, incident)
    assert status == 200
    assert "Resolution, explained" in text
    assert "On hold: waiting for the reporter" in text
    assert "the sum of the lines below" in text
    _status, text = page(cast.bo, incident, "?clock=response-1")
    assert "Response, explained" in text
    assert page(cast.bo, incident, "?clock=response-9")[0] == 404
    assert page(cast.bo, incident, "?clock='\"%3Cb%3E")[0] == 404


def test_on_paper_it_says_whose_times_these_are_and_as_of_when(cast: Cast) -> None:
    incident = over_a_weekend(cast)
    with clock.frozen_at(FRIDAY + 67 * HOUR):
        text = strip_tags(page(cast.bo, incident)[1])
    assert "Times are those of the time zone UTC." in text
    assert "counted up to 9 Mar 2026, 11:00." in text


def test_the_ticket_shows_its_clocks_and_links_them(cast: Cast) -> None:
    incident = over_a_weekend(cast)
    client = Client()
    client.force_login(cast.bo)
    text = client.get(incident.get_absolute_url()).content.decode()
    assert "Paused · waiting for the reporter" in text
    last = {row.metric: row.code for row in incident.clocks.order_by("cycle")}
    assert set(last) == set(Metric)
    for code in last.values():
        assert f"?clock={code}" in text


def test_where_nothing_was_promised_the_page_says_so(cast: Cast) -> None:
    status, text = page(cast.bo, imported.closed(cast))
    assert status == 200
    assert "Nothing was promised for this ticket" in text


def test_who_may_not_see_the_ticket_sees_no_clock(cast: Cast) -> None:
    incident = over_a_weekend(cast)
    for stranger in (cast.zed, cast.ned, cast.max, cast.ida, cast.ann):
        assert page(stranger, incident)[0] in {403, 404}


def test_what_is_shown_adds_up_to_the_second(cast: Cast) -> None:
    """Whoever adds the lines up gets the figure at the top, fractions or not."""
    odd = timedelta(seconds=0.7)
    incident = stories.in_progress(cast, at=FRIDAY + odd)
    for step in range(1, 4):
        start = FRIDAY + 66 * HOUR + step * (HOUR + 3 * odd)
        with clock.frozen_at(start):
            stories.on_hold(cast, of=stories.again(incident), until=start + 9 * HOUR)
        with clock.frozen_at(start + odd):
            services.answer_desk(incident.pk, by=cast.ann, message=f"Answer {step}")
    found = explanation(incident, Metric.RESOLUTION, 1, FRIDAY + 72 * HOUR)
    assert found is not None
    shown = sum((one.counted for one in found.segments), timedelta())
    assert shown == timedelta(seconds=found.reading.elapsed // timedelta(seconds=1))


def test_the_pages_say_which_policy_and_why(cast: Cast) -> None:
    incident = over_a_weekend(cast)
    client = Client()
    client.force_login(cast.bo)
    for address in (
        reverse("incidents:clocks", args=[incident.pk]),
        incident.get_absolute_url(),
    ):
        html = client.get(address).content.decode()
        assert "Severity: SEV4" in html
