"""The ticket says whether a check for known errors is due, and offers it only then."""

import re

from incidents.models import Incident
from tests.incidents import stories
from tests.incidents.ticket.conftest import address, words
from tests.people import Cast
from tests.sla.test_admin import client_of

OFFERED = "Check for known errors</a>"


def panel(incident: Incident, by: object) -> str:
    """The panel *Knowledge* as this person reads it; ``""`` if there is none."""
    shown = words(client_of(by).get(address("ticket", incident)))
    found = re.search(r"<h2>Knowledge</h2>.*?</details>", shown, re.DOTALL)
    return found.group() if found else ""


def test_it_is_due_once_in_a_stay_at_tier_1(cast: Cast) -> None:
    incident = stories.triaged(cast)
    assert "not yet" in panel(incident, cast.bo)
    assert OFFERED in panel(incident, cast.bo)
    stories.checked(incident, by=cast.bo)
    assert "Bo Berg" in panel(incident, cast.cy)
    assert OFFERED not in panel(incident, cast.cy)


def test_above_tier_1_the_panel_says_who_looked(cast: Cast) -> None:
    incident = stories.escalated(cast)
    for reader in (cast.bo, cast.ned):
        shown = panel(incident, reader)
        assert "Bo Berg" in shown
        assert "no known error was found" in shown
        assert "not yet" not in shown
        assert OFFERED not in shown


def test_where_nobody_looked_and_nobody_has_to_nothing_is_said(cast: Cast) -> None:
    incident = stories.resolved(cast)
    assert "Checked" not in panel(incident, cast.bo)
    assert OFFERED not in panel(incident, cast.bo)


def test_what_comes_back_to_tier_1_is_looked_at_again(cast: Cast) -> None:
    incident = stories.handed_back(cast)
    assert "not yet" in panel(incident, cast.bo)
    assert OFFERED in panel(incident, cast.bo)
    assert OFFERED not in panel(incident, cast.ned)
