"""Nobody learns by searching that a word exists which they may not read.

The whole answer to such a word is compared, byte by byte, with the answer to a word
that nobody ever wrote: what is found, counted, marked, suggested, corrected, counted
for editors, and where one is led. So is the number of statements.
"""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from incidents import services
from incidents.models import Incident
from knowledgebase.models import Article
from knowledgebase.services import question, suggest
from tests.incidents import stories
from tests.knowledgebase.stories import make_editor
from tests.knowledgebase.test_visibility import EVERYONE, READERS, Shelf, _fill
from tests.people import Cast, make_user

SEARCH, LIST = "/search/", "/knowledge/"
ROLES = ["ann", "zed", "bo", "ned", "max", "ida", "pam", "kim"]
NEVER = "quzwkrlmnopf"
NEVER_MISSPELT = "quzwrklmnopf"
# What nobody finds at all: no longer read, or in no text that is searched.
UNSEARCHED = {"canaryretired", "canarynarrow", "canarydiscarded", "canaryreason"}
# These by who filters the list by state, and not by default.
UNSEARCHED |= {"canarydraft", "canaryreview", "canarynext"}
# And what editors read beside an article, and nobody searches.
UNSEARCHED |= {"canarycomplaint"}
DESK = {"bo", "cy", "lea"}
# Words of a ticket of Ann's that Ned's team has, and of one of Cy's that it has not.
TICKETS = {
    "sparrowtitle": DESK | {"ann", "ned"},
    "sparrowreport": DESK | {"ann", "ned"},
    "pelicantitle": DESK,
    "pelicanreport": DESK,
    "pelicanformer": set[str](),
    "pelicannote": set[str](),
    "pelicananswer": set[str](),
}
WORDS = READERS | TICKETS
OWN = [
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'), "token"),
    (re.compile(r'nonce="[^"]*"'), "nonce"),
]


@pytest.fixture
def shelf(cast: Cast) -> Shelf:
    kim, pam = make_editor(), make_user("Pam Poe")
    pam.role_grants.create(role=Role.PROBLEM_MANAGER, granted_by=User.objects.system())
    names = EVERYONE - {"kim", "pam"}
    people = {name: getattr(cast, name) for name in names}
    found = Shelf(people | {"kim": kim, "pam": pam})
    _fill(found, cast, kim)
    _report(cast)
    return found


def _report(cast: Cast) -> None:
    with_team = stories.reported(
        cast, title="Printer sparrowtitle", description="It says sparrowreport."
    )
    with_team.holdings.create(team=cast.network)
    foreign = stories.reported(
        cast,
        by=cast.cy,
        title="Printer pelicanformer",
        description="It says pelicanreport.",
    )
    by: dict[str, Any] = {"by": cast.bo, "expected_version": None}
    services.retitle_incident(foreign.pk, title="Printer pelicantitle", **by)
    services.add_note(foreign.pk, text="pelicannote", **by)
    stories.in_progress(cast, of=stories.triaged(cast, of=foreign))
    services.reply_to_reporter(foreign.pk, message="pelicananswer", **by)


def is_found_by(name: str, word: str) -> bool:
    return name in WORDS[word] and word not in UNSEARCHED


def misspelt(word: str) -> str:
    """Two letters in the middle of it change places."""
    return word[:8] + word[9] + word[8] + word[10:]


def answers(client: Client, words: str) -> list[object]:
    """All that somebody gets who searches for it, without what is theirs alone."""
    asked: list[tuple[Any, str, dict[str, str]]] = [
        (client.get, SEARCH, {"q": words, "in": "tickets"}),
        (client.post, SEARCH, {"q": words}),
        (client.get, SEARCH, {"q": f"printer {words}"}),
        (client.get, LIST, {"q": words}),
    ]
    return [answer(ask, path, given, words) for ask, path, given in asked]


def answer(ask: Any, path: str, given: dict[str, str], words: str) -> object:
    with CaptureQueriesContext(connection) as statements:
        response = ask(path, given)
    text = response.content.decode()
    for theirs, name in OWN:
        text = theirs.sub(name, text)
    place = response.headers.get("Location", "")
    return (
        response.status_code,
        place.replace(words, "WORD"),
        text.replace(words, "WORD"),
        len(statements),
    )


def alone(client: Client, words: str) -> object:
    return answer(client.get, SEARCH, {"q": words}, words)


@pytest.mark.parametrize("name", ROLES)
def test_a_word_that_is_not_theirs_is_a_word_that_nobody_wrote(
    shelf: Shelf, name: str
) -> None:
    client, user = Client(), shelf.people[name]
    client.force_login(user)
    nothing = answers(client, NEVER)
    in_vain = alone(client, NEVER_MISSPELT)
    for word in WORDS:
        if is_found_by(name, word):
            assert alone(client, word) != in_vain, word
            continue
        assert answers(client, word) == nothing, word
        assert alone(client, misspelt(word)) == in_vain, word
        asked = question(subject=word, text=f"It says {word}.")
        assert suggest(asked, by=user) == [], word


@pytest.mark.parametrize("name", ROLES)
def test_a_number_leads_only_who_may_see_what_it_names(shelf: Shelf, name: str) -> None:
    client, user = Client(), shelf.people[name]
    client.force_login(user)
    articles = Article.objects.visible_to(user)
    found = Incident.objects.findable_numbers(user)
    hidden = {
        "KB": Article.objects.exclude(pk__in=articles.values("pk")),
        "INC": Incident.objects.none()
        if found is None
        else Incident.objects.exclude(pk__in=found),
    }
    for kind, records in hidden.items():
        nothing = answers(client, f"{kind}-99999")
        for record in records:
            assert answers(client, record.reference) == nothing
    for article in articles:
        led = client.get(SEARCH, {"q": article.reference})
        assert led["Location"] == article.get_absolute_url()


def test_without_the_readers_the_words_would_tell(
    shelf: Shelf, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The naive version, which looks for near words in all that is written, fails."""
    from knowledgebase.querysets import WordQuerySet  # noqa: PLC0415

    client = Client()
    client.force_login(cast.ann)
    in_vain = alone(client, NEVER_MISSPELT)
    word = misspelt("canarycause")
    assert alone(client, word) == in_vain
    monkeypatch.setattr(WordQuerySet, "read_by", lambda words, _user: words)
    assert alone(client, word) != in_vain
