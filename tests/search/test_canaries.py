"""Nobody learns by searching that a word exists which they may not read.

The whole answer to such a word is compared, byte by byte, with the answer to a word
that nobody ever wrote: what is found, counted, marked, suggested, corrected, counted
for editors, and where one is led. So is the number of statements.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, User
from incidents import services
from incidents.models import Incident
from knowledgebase.models import Article
from knowledgebase.services import question, suggest
from tests.incidents import stories
from tests.knowledgebase.stories import make_editor
from tests.knowledgebase.test_visibility import EVERYONE, READERS, Shelf, _fill
from tests.people import Cast, make_user

NEVER = "quzwkrlmnopf"
NEVER_MISSPELT = "quzwrklmnopf"
# What nobody finds at all: no longer read, or in no text that is searched.
UNSEARCHED = {"canaryretired", "canarynarrow", "canarydiscarded", "canaryreason"}
# These by who filters the list by state, and not by default.
UNSEARCHED |= {"canarydraft", "canaryreview"}
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


def answers(client: Client, words: str) -> Iterator[object]:
    """All that somebody gets who searches for it, without what is theirs alone."""
    search, articles = reverse("search:search"), reverse("knowledge:articles")
    asked: list[tuple[Any, str, dict[str, str]]] = [
        (client.get, search, {"q": words}),
        (client.post, search, {"q": words}),
        (client.get, search, {"q": words, "in": "tickets"}),
        (client.get, search, {"q": f"printer {words}"}),
        (client.get, search, {"q": f"printer -{words}"}),
        (client.get, articles, {"q": words}),
        (client.post, articles, {"q": words}),
    ]
    for ask, path, given in asked:
        with CaptureQueriesContext(connection) as statements:
            response = ask(path, given)
        text = response.content.decode()
        for theirs, name in OWN:
            text = theirs.sub(name, text)
        place = response.headers.get("Location", "")
        yield (
            response.status_code,
            place.replace(words, "WORD"),
            text.replace(words, "WORD"),
            len(statements),
        )


def both(client: Client, word: str) -> list[object]:
    return [*answers(client, word), *answers(client, misspelt(word))]


@pytest.mark.parametrize("name", sorted(EVERYONE))
def test_a_word_that_is_not_theirs_is_a_word_that_nobody_wrote(
    shelf: Shelf, name: str
) -> None:
    client = Client()
    client.force_login(shelf.people[name])
    nothing = list(answers(client, NEVER))
    assert list(answers(client, NEVER_MISSPELT)) == nothing
    for word in WORDS:
        if not is_found_by(name, word):
            assert both(client, word) == nothing * 2, word
        else:
            assert both(client, word) != nothing * 2, word


@pytest.mark.parametrize("name", sorted(EVERYONE))
def test_nothing_is_suggested_by_a_word_that_is_not_theirs(
    shelf: Shelf, name: str
) -> None:
    user = shelf.people[name]
    for word in WORDS:
        if not is_found_by(name, word):
            asked = question(subject=word, text=f"It says {word}.")
            assert suggest(asked, by=user) == [], word


@pytest.mark.parametrize("name", sorted(EVERYONE))
def test_a_number_leads_only_who_may_see_what_it_names(shelf: Shelf, name: str) -> None:
    client, user = Client(), shelf.people[name]
    client.force_login(user)
    nothing = [*answers(client, "INC-99999"), *answers(client, "KB-99999")]
    assert [answer[0] for answer in nothing if isinstance(answer, tuple)].count(200) > 4
    articles = Article.objects.visible_to(user)
    incidents = Incident.objects.findable_by(user)
    for incident in Incident.objects.exclude(pk__in=incidents.values("pk")):
        assert [*answers(client, incident.reference)] == nothing[:7]
    for article in Article.objects.exclude(pk__in=articles.values("pk")):
        assert [*answers(client, article.reference)] == nothing[7:]
    for article in articles:
        led = client.get(reverse("search:search"), {"q": article.reference})
        assert led["Location"] == article.get_absolute_url()


def test_without_the_readers_the_words_would_tell(
    shelf: Shelf, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The naive version, which looks for near words in all that is written, fails."""
    from knowledgebase.querysets import WordQuerySet  # noqa: PLC0415

    client = Client()
    client.force_login(cast.ann)
    nothing = list(answers(client, NEVER))
    hidden = [word for word in READERS if not is_found_by("ann", word)]
    monkeypatch.setattr(WordQuerySet, "read_by", lambda words, _user: words)
    assert [word for word in hidden if both(client, word) != nothing * 2]
