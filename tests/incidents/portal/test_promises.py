"""The reporter reads what was promised, what became of it, and nothing internal."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from activity import clock, lifecycle
from incidents import services
from incidents.clocks.promises import Cause, Standing, Times
from incidents.codes import HoldReason
from incidents.events import Kind
from incidents.models import Incident
from incidents.promise_words import (
    BECAME,
    DONE,
    HAPPENED,
    TITLES,
    WAITS,
    next_promise,
    roughly,
)
from incidents.reporter_words import PROMISING, in_words, reporter_state
from sla.codes import Metric, Pause
from tests.database import sql
from tests.incidents import stories
from tests.incidents.letters import letter
from tests.incidents.portal.browsing import ClientOf, text_of, to
from tests.people import Cast

HOUR = timedelta(hours=1)
Most = Callable[[int], Any]


def section(page: str) -> str:
    """The words of the section, in one line; ``""`` without it."""
    _before, found, after = page.partition('<section class="promises"')
    words = strip_tags(found + after.partition("</section>")[0])
    return " ".join(words.split())


def urgent(cast: Cast, hours: float = 0) -> Incident:
    """SEV1, reported so many hours ago: 15 minutes to look, 4 hours to solve it."""
    moment = clock.now() - hours * HOUR
    with clock.frozen_at(moment):
        return stories.reported(cast, impact=1, urgency=1)


def due(incident: Incident, metric: str) -> str:
    row = incident.clocks.filter(metric=metric).last()
    assert row is not None
    assert row.due_at is not None
    return in_words(row.due_at)


def test_every_code_has_its_words() -> None:
    assert set(TITLES) == set(DONE) == set(Metric)
    assert set(WAITS) == set(Pause)
    assert set(HAPPENED) == set(Cause)
    assert set(BECAME) == set(Standing) - {Standing.ON_ITS_WAY, Standing.LATE}


def test_who_reports_reads_by_when_somebody_looks_at_it(
    cast: Cast, client_of: ClientOf
) -> None:
    incident = urgent(cast)
    ann, look_by = client_of(cast.ann), due(incident, "response")
    page = text_of(ann.get(to("my_report", incident)))
    sentence = f"We have your report. Somebody will look at it by {look_by}."
    assert sentence in page
    told = section(page)
    assert "Somebody looks at it by" in told
    assert f"You reported it. We promised {look_by}." in told
    assert "in 3 h 59 min" in told
    assert look_by in text_of(ann.get(to("received", incident)))
    sent = letter(incident, "report", cast.ann)
    assert f"Somebody will look at it by {look_by}" in sent.text
    assert f"Somebody looks at it by {look_by}" in " ".join(
        strip_tags(text_of(ann.get("/my/"))).split()
    )


def test_who_works_on_it_plans_to_have_it_solved(
    cast: Cast, client_of: ClientOf
) -> None:
    incident = stories.in_progress(cast)
    page = text_of(client_of(cast.ann).get(to("my_report", incident)))
    solved_by = due(incident, "resolution")
    assert (
        f"Bo Berg is looking at it. We plan to have it solved by {solved_by}." in page
    )


def test_what_is_late_is_said_plainly(cast: Cast, client_of: ClientOf) -> None:
    incident = urgent(cast, hours=2.25)
    ann = client_of(cast.ann)
    page = text_of(ann.get(to("my_report", incident)))
    look_by = due(incident, "response")
    assert f"Somebody should have looked at it by {look_by}: we are late." in page
    assert f"by {look_by}" in section(page)
    assert "We have not kept this. We are still at it." in section(page)
    assert "2 h late" in section(page)
    assert "Late" in strip_tags(text_of(ann.get("/my/")))
    assert look_by not in text_of(ann.get(to("received", incident)))


def test_a_promise_that_was_not_kept_is_never_hidden(
    cast: Cast, client_of: ClientOf
) -> None:
    incident = urgent(cast, hours=3)
    begun = clock.now() - 3 * HOUR
    services.take_incident(
        incident.pk, by=cast.bo, expected_version=None, at=begun + 2.25 * HOUR
    )
    told = section(text_of(client_of(cast.ann).get(to("my_report", incident))))
    assert "We did not keep this: promised" in told
    assert "it took 1 h 59 min longer, until" in told or "it took 2 h longer" in told
    assert "The promised time went by. We did not keep it." in told
    assert "service hours" not in told


def test_while_we_wait_for_the_reporter_the_clock_stands_still(
    cast: Cast, client_of: ClientOf
) -> None:
    incident = stories.on_hold(cast)
    services.share_incident(incident.pk, by=cast.ann, email=cast.zed.email)
    page = text_of(client_of(cast.ann).get(to("my_report", incident)))
    assert "the clock stands still until then." in page
    assert "The clock stands still until you answer." in section(page)
    assert "We asked you a question. The time stands still." in section(page)
    along = text_of(client_of(cast.zed).get(to("my_report", incident)))
    assert "The clock stands still until the answer is here." in section(along)
    assert "you" not in section(along).lower()
    assert "The clock stands still" in text_of(client_of(cast.ann).get("/my/"))


def test_whoever_answered_reads_that_they_did(cast: Cast, client_of: ClientOf) -> None:
    incident = stories.on_hold(cast)
    services.share_incident(incident.pk, by=cast.ann, email=cast.zed.email)
    services.answer_desk(incident.pk, by=cast.ann, message="The left one.")
    for reader, words in ((cast.ann, "You answered."), (cast.zed, "The answer came.")):
        page = text_of(client_of(reader).get(to("my_report", incident)))
        assert words in section(page)


def test_what_goes_on_while_it_waits_is_not_said_to_stand_still(cast: Cast) -> None:
    """SEV1 is never paused."""
    incident = stories.on_hold(cast)
    times = Times(at=clock.now(), solved_by=clock.now() + HOUR)
    assert "still" not in reporter_state(incident, cast.ann, times).sentence


def test_a_warning_is_in_the_ledger(cast: Cast, client_of: ClientOf) -> None:
    incident = urgent(cast)
    locked = Incident.objects.lock(incident.pk)
    told: dict[str, object] = {
        "metric": "resolution",
        "cycle": 1,
        "percent": 75,
        "promise": 1,
        "promised": clock.now().isoformat(),
    }
    lifecycle.record(locked, Kind.WARN, by=cast.bo, data=told, public=True)
    page = text_of(client_of(cast.ann).get(to("my_report", incident)))
    assert "We told you that we may be late." in section(page)


def test_news_that_came_is_counted(cast: Cast, client_of: ClientOf) -> None:
    incident = urgent(cast)
    for _round in range(2):
        services.reply_to_reporter(
            incident.pk, by=cast.bo, expected_version=None, message="We look."
        )
    told = section(text_of(client_of(cast.ann).get(to("my_report", incident))))
    assert "We kept 2 promises of news." in told
    assert "missed" not in told
    assert told.count("News from us") == 2  # on top, and folded


def test_without_a_promise_there_is_no_sentence(
    cast: Cast, client_of: ClientOf
) -> None:
    sql("UPDATE sla_policy SET is_active = false")
    incident = stories.reported(cast)
    ann = client_of(cast.ann)
    page = text_of(ann.get(to("my_report", incident)))
    assert "We have your report. The service desk looks at it next." in page
    assert section(page) == ""
    assert "promised next" in text_of(ann.get("/my/")).lower()
    assert "by 1" not in strip_tags(text_of(ann.get(to("received", incident))))


@pytest.mark.parametrize("reader", ["zed", "ute"])
def test_a_stranger_reads_nothing_of_it(
    reader: str, cast: Cast, client_of: ClientOf
) -> None:
    incident = urgent(cast)
    client = client_of(getattr(cast, reader))
    assert client.get(to("my_report", incident)).status_code == 404


def test_nothing_internal_is_in_the_ledger(cast: Cast, client_of: ClientOf) -> None:
    incident = stories.triaged(cast, of=urgent(cast))
    stories.in_progress(cast, of=incident)
    stories.on_hold(
        cast, of=stories.again(incident), reason=HoldReason.AWAITING_SUPPLIER
    )
    told = section(text_of(client_of(cast.ann).get(to("my_report", incident))))
    assert "We judged it less urgent." in told
    assert "We wait for a supplier." in told
    for internal in ("SEV", "tier", "Service desk", "%", "polic", "Bo Berg"):
        assert internal not in told, internal


@pytest.mark.parametrize("size", [1, 12])
def test_the_list_asks_as_much_for_many_rows(
    size: int, cast: Cast, client_of: ClientOf, django_assert_num_queries: Most
) -> None:
    for _round in range(size):
        stories.reported(cast)
        stories.on_hold(cast)
    ann = client_of(cast.ann)
    with django_assert_num_queries(6):
        ann.get("/my/")


def test_the_earliest_time_comes_next(cast: Cast) -> None:
    at = timezone.now()
    times = Times(at=at, look_by=at + 2 * HOUR, news_by=at - HOUR)
    found = next_promise(times)
    assert found is not None
    assert (found.due_at, found.is_late) == (at - HOUR, True)
    assert next_promise(Times(at=at)) is None


@pytest.mark.parametrize("key", PROMISING)
def test_a_promise_has_a_sentence_in_time_and_one_for_late(
    key: tuple[str, str],
) -> None:
    on_its_way, late = PROMISING[key]
    assert "late" not in str(on_its_way)
    assert "we are late" in str(late)
    assert "%(due)s" in str(on_its_way)


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0.5, "30 min"), (5.5, "5 h 30 min"), (24, "1 day"), (51.9, "2 days 3 h")],
)
def test_an_amount_has_two_units_at_most(hours: float, words: str) -> None:
    assert roughly(hours * HOUR) == words
