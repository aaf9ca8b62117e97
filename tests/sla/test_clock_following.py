"""A clock that is followed stands after each event as if it were read then."""

from hypothesis import given, settings

from sla.clock import Mark, follow, read
from sla.codes import Metric
from tests.sla.test_clock_properties import METRICS, histories


@settings(max_examples=400, deadline=None)
@given(histories(), METRICS)
def test_following_says_after_each_event_what_reading_up_to_it_says(
    marks: list[Mark], metric: Metric
) -> None:
    stands: dict[int, object] = {}
    followed = list(follow(metric, marks))
    assert [mark.seq for mark, _readings in followed] == [mark.seq for mark in marks]
    for place, (mark, readings) in enumerate(followed, 1):
        stands.update({reading.cycle: reading for reading in readings})
        anew = {one.cycle: one for one in read(metric, marks[:place], mark.at)}
        assert stands.keys() == anew.keys()
        for reading in readings:
            assert anew[reading.cycle] == reading
        # A cycle that was not told has ended, and nothing changed about it.
        assert {cycle: one for cycle, one in anew.items() if one.stopped_at} == {
            cycle: one for cycle, one in stands.items() if anew[cycle].stopped_at
        }
