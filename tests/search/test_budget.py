"""A search reads what it finds, however full the desk is.

The long suite asks over 10,000 articles and 20,000 tickets; the default one over a
tenth of that, with the same limits: they do not grow with the desk.
"""

from dataclasses import dataclass
from typing import Final

import pytest
from django.test import Client

from incidents.querysets import MOST_RANKED as MOST_TICKETS
from knowledgebase.querysets import MOST_RANKED as MOST_ARTICLES
from tests.people import Cast
from tests.search import crowd
from tests.search.watching import plans_seen

SEARCH, LIST = "/search/", "/knowledge/"
# A page, with session, person and standing; each word taken for another costs more.
MOST_STATEMENTS: Final = 40
MOST_STATEMENTS_MISSPELT: Final = 64
# Of ids, titles and ranks; of the words themselves only what says all of them.
MOST_ROWS: Final = 1_000
SIZES = [
    pytest.param((1_000, 2_000), id="tenth"),
    pytest.param((10_000, 20_000), id="full", marks=pytest.mark.long),
]


@dataclass
class Desk:
    cast: Cast
    articles: int
    tickets: int


@pytest.fixture(params=SIZES)
def desk(request: pytest.FixtureRequest, cast: Cast) -> Desk:
    articles, tickets = request.param
    crowd.fill(cast, articles=articles, tickets=tickets)
    return Desk(cast, articles, tickets)


def client_of(desk: Desk, name: str) -> Client:
    client = Client()
    client.force_login(getattr(desk.cast, name))
    return client


def test_a_page_reads_what_it_finds(desk: Desk) -> None:
    """Of a frequent, a rare, a missing and a misspelt word, of a code and a number."""
    rare = crowd.word(5000)
    # Every fifth text says so: it is looked up in its index, and no further.
    everywhere = max(MOST_ROWS, desk.tickets / 5 * 1.1)
    questions = {
        "printer": (MOST_STATEMENTS, everywhere),
        rare: (MOST_STATEMENTS, MOST_ROWS),
        "scanner": (MOST_STATEMENTS_MISSPELT, MOST_ROWS),
        "nosuchword": (MOST_STATEMENTS_MISSPELT, MOST_ROWS),
        "scaner": (MOST_STATEMENTS_MISSPELT, MOST_ROWS),
        f"ORA-{crowd.FIRST + 100}": (MOST_STATEMENTS, MOST_ROWS),
        f"INC-{crowd.FIRST + 100}": (MOST_STATEMENTS, MOST_ROWS),
    }
    for name in ("ann", "bo", "ned", "max"):
        client = client_of(desk, name)
        for words, (most_statements, most_rows) in questions.items():
            for path in (SEARCH, LIST):
                with plans_seen() as seen:
                    client.get(path, {"q": words})
                assert seen.most[0] <= most_rows, (name, path, words, seen.most)
                assert len(seen.statements) <= most_statements, (name, path, words)


def test_a_misspelt_word_still_finds(desk: Desk) -> None:
    for name, groups in (("ann", ["articles"]), ("bo", ["tickets", "articles"])):
        found = client_of(desk, name).get(SEARCH, {"q": "scnaner"}).context["groups"]
        assert [group.code for group in found] == groups
        assert {group.instead for group in found} == {"scanner"}


def test_counts_say_that_there_is_more(desk: Desk) -> None:
    found = client_of(desk, "bo").get(SEARCH, {"q": "printer"}).context["groups"]
    counts = {group.code: group.count for group in found}
    assert counts["tickets"] == f"{MOST_TICKETS}+"
    most = min(desk.articles // 5, MOST_ARTICLES)
    assert len(found[1].numbers) >= most
    listed = client_of(desk, "bo").get(LIST, {"q": "printer"})
    is_capped = "or more; other words narrow it down" in listed.content.decode()
    assert is_capped == (len(found[1].numbers) >= MOST_ARTICLES)
