"""Signatures are tried on recent tickets before anybody publishes them."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from incidents.models import Incident
from incidents.signatures import MOST_EXAMPLES, tried
from tests.incidents import stories
from tests.knowledgebase.stories import drafted, make_editor
from tests.people import Cast

FRAGMENT = "/knowledge-signatures/"


def ticket(cast: Cast, title: str, **given: Any) -> Incident:
    return stories.reported(cast, title=title, **given)


def answered(user: User, typed: str) -> str:
    client = Client()
    client.force_login(user)
    return client.post(FRAGMENT, {"signatures": typed}).content.decode()


def test_each_line_says_how_many_tickets_it_hits_and_names_three(cast: Cast) -> None:
    for number in range(4):
        ticket(cast, f"Printer {number} says e102 again")
    ticket(cast, "The lift is stuck")
    html = answered(cast.bo, "E102\npaper * jam")
    assert "hits 4 of the last 5 tickets" in html
    assert "hits none of the last 5 tickets" in html
    assert html.count("<a href=") == MOST_EXAMPLES
    assert "Printer 3 says e102 again" in html
    assert "The lift" not in html


def test_nobody_learns_of_tickets_they_may_not_see(cast: Cast) -> None:
    """An editor without a team sees none, not even how many there are."""
    ticket(cast, "Secret: E102")
    html = answered(make_editor(), "E102")
    assert "Secret" not in html
    assert "hits" not in html
    assert "You see no ticket" in html
    (found,) = tried("E102", by=cast.ned).lines
    assert found.looked_at == 0


def test_a_line_that_fits_every_ticket_is_called_too_wide(cast: Cast) -> None:
    for number in range(10):
        ticket(cast, f"Cannot print {number}")
    (wide,) = tried("cannot print", by=cast.bo).lines
    assert wide.is_too_wide
    assert "Too many" in answered(cast.bo, "cannot print")


@pytest.mark.parametrize("line", ["*", "a1", "a*b*c", "…" * 9])
def test_a_line_that_never_hits_says_why(cast: Cast, line: str) -> None:
    ticket(cast, "a b c")
    (found,) = tried(line, by=cast.bo).lines
    assert found.refused
    assert found.count == 0
    assert "hits nothing, ever" in answered(cast.bo, line)


def test_it_takes_a_moment_and_no_more(cast: Cast) -> None:
    ticket(cast, "E102")
    trial = tried("E102\nE103", by=cast.bo, patience=-1)
    assert trial.is_cut
    assert [one.looked_at for one in trial.lines] == [0, 0]


def test_two_statements_whatever_was_typed(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        ticket(cast, f"E10{number}")
    with django_assert_max_num_queries(2):
        trial = tried("\n".join(f"E10{number}" for number in range(30)), by=cast.bo)
        assert [str(one) for line in trial.lines for one in line.examples]


def test_nothing_typed_says_what_to_do(cast: Cast) -> None:
    assert "Type a code or a pattern first" in answered(cast.bo, " \n ")


def test_without_a_script_the_editor_tries_them_and_keeps_what_was_typed(
    cast: Cast,
) -> None:
    ticket(cast, "It says E777")
    article = drafted(cast)
    client = Client()
    client.force_login(cast.bo)
    typed = {
        "kind": article.kind,
        "version": article.version,
        "title": "Typed, not saved",
        "signatures": "E777",
        "try_signatures": "1",
    }
    path = f"{article.get_absolute_url()}edit/"
    html = client.post(path, typed).content.decode()
    assert "hits 1 of the last 1 ticket" in html
    assert 'value="Typed, not saved"' in html
    assert ">\nE777</textarea>" in html
