"""The start page: what waits for this person comes first."""

import pytest
from django.test import Client

from tests.incidents import stories
from tests.people import Cast


def page_of(user: object) -> str:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client.get("/").content.decode()


def test_who_works_on_incidents_starts_where_their_work_is(cast: Cast) -> None:
    places = {"/queue/": (cast.bo, cast.lea), "/queue/mine/": (cast.ned, cast.ute)}
    for place, users in places.items():
        for user in users:
            client = Client()
            client.force_login(user)
            assert client.get("/")["Location"] == place


def test_waiting_comes_first_then_open_then_a_new_report(cast: Cast) -> None:
    stories.on_hold(cast, description="Asked about this")
    stories.resolved(cast, description="Solved this")
    stories.reported(cast, description="Reported this")
    page = page_of(cast.ann)
    order = [
        "Waiting for you",
        "Your open reports",
        "Reported this",
        "Report a problem</a></div>",
        "All my reports",
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    waiting = page.partition("Your open reports")[0]
    assert "Asked about this" in waiting
    assert "Solved this" in waiting


def test_at_most_five_open_reports(cast: Cast) -> None:
    for number in range(7):
        stories.reported(cast, description=f"Printer {number}")
    assert sum(f"Printer {number}" in page_of(cast.ann) for number in range(7)) == 5


def test_a_stranger_s_start_page_is_empty_of_others(cast: Cast) -> None:
    stories.everything(cast)
    page = page_of(cast.zed)
    assert "Waiting for you" not in page
    assert "INC-" not in page
    assert "Report a problem" in page


@pytest.mark.parametrize("name", ["max", "ida"])
def test_who_keeps_the_settings_finds_the_administration(name: str, cast: Cast) -> None:
    page = page_of(getattr(cast, name))
    assert "Open the administration" in page
    assert "You have not reported" not in page
    assert "Your open reports" not in page


def test_nobody_else_is_led_there(cast: Cast) -> None:
    assert "administration" not in page_of(cast.ann).lower()
