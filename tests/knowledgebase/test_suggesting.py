"""Suggestions: for whom, from which words, and when they change."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override

from accounts.models import User
from catalogue.models import Category, Service
from knowledgebase import services, shelves
from knowledgebase.codes import Audience, Kind
from knowledgebase.matching import Asked, Index
from knowledgebase.models import Article
from knowledgebase.services import question, suggest
from tests.knowledgebase.stories import (
    drafted,
    how_to,
    known_error,
    make_editor,
    published,
    retired,
    rewritten,
    submitted,
)
from tests.people import Cast

pytestmark = pytest.mark.django_db

LABELS = question(subject="Labels come out blank, E102 on the display")


@pytest.fixture
def editor() -> User:
    return make_editor()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def titles(by: User, asked: Asked = LABELS, **given: Any) -> list[str]:
    return [one.version.title for one in suggest(asked, by=by, **given)]


def test_what_fits_is_suggested_with_its_reason(cast: Cast, editor: User) -> None:
    article = published(cast, editor)
    (found,) = suggest(LABELS, by=cast.ann)
    assert found.article == article
    assert found.version == article.current
    assert 0.4 <= found.score <= 1
    assert found.because.startswith("same error code E102, ")


def test_a_signature_with_a_star_hits_what_stands_between(
    cast: Cast, editor: User
) -> None:
    published(cast, editor, content=known_error(title="Tray", symptom="Nothing."))
    (found,) = suggest(question(text="it says Paper size A9 is unknown"), by=cast.ann)
    assert found.because.startswith("says “Paper size A9 is unknown”")


def test_an_error_code_is_not_found_within_another(cast: Cast, editor: User) -> None:
    published(cast, editor, content=known_error(symptom="Lid.", title="Lid"))
    assert titles(cast.ann, question(text="the lift shows E1024")) == []


def test_the_same_service_and_category_are_reasons(cast: Cast, editor: User) -> None:
    service = Service.objects.create(name="Printing")
    other = Service.objects.create(name="Labels")
    category = Category.objects.create(name="Printer")
    content = known_error(services=[other, service], categories=[category])
    published(cast, editor, content=content)
    asked = question(
        subject="Labels come out blank", service=service, category=category
    )
    (found,) = suggest(asked, by=cast.bo)
    assert "same service, same category" in found.because
    (alone,) = suggest(question(subject="Labels come out blank"), by=cast.bo)
    assert "same service" not in alone.because
    assert found.score > alone.score


def test_what_is_not_published_is_never_suggested(cast: Cast, editor: User) -> None:
    drafted(cast)
    submitted(cast)
    retired(cast, editor)
    for person in (cast.ann, cast.bo, editor):
        assert titles(person) == []


def test_retiring_ends_suggestions_at_once(cast: Cast, editor: User) -> None:
    article = published(cast, editor)
    assert titles(cast.ann)
    services.retire_article(
        article.pk, by=editor, expected_version=None, reason="Gone."
    )
    assert titles(cast.ann) == []


def test_a_retired_article_is_not_suggested_even_from_an_old_index(
    cast: Cast, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = published(cast, editor)
    old = shelves.index_for(cast.ann)
    services.retire_article(
        article.pk, by=editor, expected_version=None, reason="Gone."
    )
    monkeypatch.setattr(services.suggesting, "index_for", lambda _user: old)
    assert titles(cast.ann) == []


def test_the_published_words_match_not_those_being_written(
    cast: Cast, editor: User
) -> None:
    article = rewritten(cast, editor, title="Wombat", symptom="Wombats in the tray.")
    wombat = question(subject="wombats in the tray")
    assert titles(cast.bo, wombat) == []
    services.submit_for_review(article.pk, by=cast.bo, expected_version=None)
    services.publish_article(article.pk, by=editor, expected_version=None)
    assert titles(cast.bo, wombat) == ["Wombat"]


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        (Audience.EVERYONE, {"ann", "max", "bo", "ned", "zed"}),
        (Audience.STAFF, {"max", "bo", "ned"}),
        (Audience.AGENTS, {"bo", "ned"}),
    ],
)
def test_only_its_audience_is_suggested_an_article(
    cast: Cast, editor: User, audience: Audience, readers: set[str]
) -> None:
    published(cast, editor, content=known_error(audience=audience))
    people = ("ann", "max", "bo", "ned", "zed")
    assert {name for name in people if titles(getattr(cast, name))} == readers


@pytest.mark.parametrize("part", ["cause", "workaround_agents"])
def test_nobody_is_suggested_by_words_they_may_not_read(
    cast: Cast, editor: User, part: str
) -> None:
    hidden = "Reboot quokka17 and narwhal23 in the cellar, then walrus44."
    published(cast, editor, content=known_error(**{part: hidden}, signatures=[]))
    asked = question(subject="blank labels quokka17 narwhal23 walrus44")
    (seen,) = suggest(asked, by=cast.bo)
    assert "quokka17" in seen.because
    for one in suggest(asked, by=cast.ann):
        assert "quokka17" not in one.because
        assert "narwhal23" not in one.because


def test_at_most_three_of_the_kinds_asked_for(cast: Cast, editor: User) -> None:
    for number in range(5):
        published(
            cast, editor, content=known_error(title=f"Labels come out blank {number}")
        )
    published(cast, editor, content=known_error())
    assert len(titles(cast.ann)) == 3
    assert len(titles(cast.ann, most=5)) == 5
    assert titles(cast.ann, kinds=[Kind.FAQ]) == []


def test_how_tos_are_suggested_too(cast: Cast, editor: User) -> None:
    article = services.draft_article(by=cast.bo, kind=Kind.HOW_TO, content=how_to())
    services.submit_for_review(article.pk, by=cast.bo, expected_version=None)
    services.publish_article(article.pk, by=editor, expected_version=None)
    asked = question(subject="forward my telephone")
    assert titles(cast.ann, asked) == ["How do I forward my telephone?"]


@pytest.mark.parametrize("words", ["", " \n", "\x00", "zzz", "***", "é" * 9000])
def test_words_that_say_nothing_find_nothing(
    cast: Cast, editor: User, words: str
) -> None:
    published(cast, editor)
    assert titles(cast.ann, question(subject=words[:150], text=words)) == []


def test_the_index_is_made_once_for_many_questions(
    cast: Cast, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(cast, editor)
    made = count_indexes(monkeypatch)
    for _again in range(4):
        suggest(LABELS, by=cast.ann)
        suggest(LABELS, by=cast.zed)
    assert len(made) == 1
    later = time.monotonic() + shelves.ANEW_AFTER
    monkeypatch.setattr(shelves, "monotonic", lambda: later)
    suggest(LABELS, by=cast.ann)
    assert len(made) == 2


def test_asking_again_costs_three_statements(
    cast: Cast, editor: User, django_assert_num_queries: Any
) -> None:
    published(cast, editor)
    cast.ann.standing  # noqa: B018 - is read once a request
    suggest(LABELS, by=cast.ann)
    with django_assert_num_queries(3):
        suggest(LABELS, by=cast.ann)


def test_while_an_index_is_made_others_are_answered_from_the_last(
    cast: Cast, editor: User
) -> None:
    published(cast, editor)
    before = shelves.index_for(cast.ann)
    published(cast, editor, content=known_error(title="Labels come out blank again"))
    with shelves._making:
        assert shelves.index_for(cast.ann) is before
    assert shelves.index_for(cast.ann) is not before


def test_whoever_comes_first_waits_for_who_makes_the_index(
    cast: Cast, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Naive: both make it."""
    published(cast, editor)
    made = count_indexes(monkeypatch)
    monkeypatch.setattr(shelves, "_shelves", {})
    monkeypatch.setattr(shelves, "_stamp", tuple)
    monkeypatch.setattr(shelves, "_known", lambda _readers: [])
    monkeypatch.setattr(shelves, "_past", [])
    readers = cast.ann.standing and cast.ann
    with shelves._making:
        waiting = [
            threading.Thread(target=shelves.index_for, args=(readers,)) for _ in "ab"
        ]
        for thread in waiting:
            thread.start()
        assert made == []
    for thread in waiting:
        thread.join()
    assert len(made) == 1


def test_every_signature_that_may_be_typed_is_tried(cast: Cast, editor: User) -> None:
    """The longest of signs that are all escaped fits as well."""
    typed = ["(abc" + "?" * 116, "* net *", "0x80070005", "Fehler: größer"]
    published(cast, editor, content=known_error(signatures=typed))
    assert shelves.index_for(cast.bo).refused == []


def count_indexes(monkeypatch: pytest.MonkeyPatch) -> list[Index]:
    made: list[Index] = []
    of = Index.of

    def counted(*given: Any) -> Index:
        made.append(of(*given))
        return made[-1]

    monkeypatch.setattr(Index, "of", counted)
    return made


def test_an_article_has_one_reader_of_each_kind(cast: Cast, editor: User) -> None:
    """What is kept in memory does not grow with people."""
    published(cast, editor)
    before = len(shelves._shelves)
    for person in cast.everyone:
        suggest(LABELS, by=person)
    assert len(shelves._shelves) - before <= 3
    assert Article.objects.count() == 1
