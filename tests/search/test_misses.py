"""Searches in vain are counted for those who write; who searched is not kept."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from knowledgebase import services, tasks
from knowledgebase.models import SearchMiss
from knowledgebase.services.missing import kept_words
from tests.database import sql
from tests.knowledgebase import stories
from tests.people import Cast

SEARCH, LIST = "/search/", "/knowledge/"


def counted() -> list[tuple[str, str, int]]:
    misses = SearchMiss.objects.order_by("words", "audience")
    return list(misses.values_list("words", "audience", "count"))


def ask(user: User, words: str, path: str = SEARCH, method: str = "post") -> None:
    client = Client()
    client.force_login(user)
    getattr(client, method)(path, {"q": words})


@pytest.mark.parametrize("path", [SEARCH, LIST])
def test_what_finds_nothing_is_counted_by_who_may_have_asked(
    cast: Cast, path: str
) -> None:
    for user in (cast.ann, cast.zed, cast.max, cast.bo):
        ask(user, "  Coffee   MACHINE ", path)
    assert counted() == [
        ("coffee machine", "agents", 1),
        ("coffee machine", "everyone", 2),
        ("coffee machine", "staff", 1),
    ]


def test_nothing_is_counted_that_nobody_asked_for(cast: Cast) -> None:
    stories.published(cast, stories.make_editor())
    for path in (SEARCH, LIST):
        ask(cast.ann, "coffee", path, method="get")  # Looked at, fetched ahead, typed.
        for words in ("printer", "pritner", "", "x" * 151, "-coffee"):
            ask(cast.ann, words, path)
    for words in ("42", "INC-00042", "kb 7"):
        ask(cast.ann, words)
    assert counted() == []


def test_a_list_that_is_narrowed_says_nothing_about_what_is_missing(
    cast: Cast,
) -> None:
    client = Client()
    client.force_login(cast.ann)
    answer = client.post(LIST, {"q": "coffee", "kind": "faq", "foo": "bar"})
    assert answer["Location"] == f"{LIST}?q=coffee&kind=faq"
    assert counted() == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Mail of ann@example.org is late", "mail of is late"),
        ("call +46 70 123 45 67 now", "call now"),
        ("IBAN DE89 3704 0044 0532 0130 00", "iban"),
        ("staff number 123456", "staff number"),
        ("error 0x80070005", "error"),
        ("error E102 and 50123", "error e102 and 50123"),
        ("see https://example.org/ann/archer", "see"),
        ("Ann Archer has no mail", "has no mail"),
        ("laptop of Archer, Ann", "laptop of"),
        ("Zed Zorn", ""),
        ("Wi-Fi  “slow”!", "wi-fi slow"),
        ("a" * 149, "a" * 100),
        (f"{'word ' * 29}", ("word " * 20).strip()),
        ("\uff11\uff12\uff13\uff14\uff15\uff16 wide", "wide"),
        ("\u0661\u0662\u0663\u0664\u0665\u0666 digits", "digits"),
        ("printer -ann", "printer"),
        ("... --- !!!", ""),
    ],
)
def test_what_tells_who_somebody_is_is_not_kept(
    cast: Cast, typed: str, kept: str
) -> None:
    assert kept_words(typed) == kept


def test_a_miss_has_no_person_and_no_moment() -> None:
    names = {field.name for field in SearchMiss._meta.get_fields()}
    assert names == {
        *("id", "words", "audience", "count", "first_on", "last_on"),
        *("mark", "article", "marked_by", "marked_at"),
    }


def test_a_miss_is_dismissed_for_good_and_answered_until_it_is_missed_again(
    cast: Cast,
) -> None:
    article = stories.published(cast, stories.make_editor())
    for words in ("coffee", "tea"):
        ask(cast.ann, words)
    coffee, tea = SearchMiss.objects.visible_to(cast.bo).order_by("words")
    services.dismiss_miss(coffee.pk, by=cast.bo)
    services.answer_miss(tea.pk, by=cast.bo, article=article)
    assert not SearchMiss.objects.open().exists()
    for words in ("coffee", "tea"):
        ask(cast.ann, words)
    assert [miss.words for miss in SearchMiss.objects.open()] == ["tea"]
    assert set(SearchMiss.objects.values_list("count", flat=True)) == {2}
    services.reopen_miss(coffee.pk, by=cast.bo)
    assert SearchMiss.objects.open().count() == 2


@pytest.mark.parametrize("name", ["ann", "zed", "max", "ida"])
def test_misses_are_for_those_who_write(cast: Cast, name: str) -> None:
    ask(cast.ann, "coffee")
    user = getattr(cast, name)
    assert not SearchMiss.objects.visible_to(user).exists()
    with pytest.raises(PermissionDenied):
        services.dismiss_miss(SearchMiss.objects.get().pk, by=user)


def test_the_most_frequent_come_first(cast: Cast) -> None:
    for words in ("tea", "coffee", "coffee"):
        ask(cast.ann, words)
    assert [miss.words for miss in SearchMiss.objects.open()] == ["coffee", "tea"]


def test_what_nobody_searches_any_more_is_forgotten(cast: Cast) -> None:
    for words in ("tea", "coffee"):
        ask(cast.ann, words)
    today = timezone.localdate()
    for words, days in (("tea", 180), ("coffee", 181)):
        long_ago = today - timedelta(days=days)
        SearchMiss.objects.filter(words=words).update(
            first_on=long_ago, last_on=long_ago
        )
    tasks.forget_old_misses()
    assert counted() == [("tea", "everyone", 1)]


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"words": "call 0701234567"}, "search_miss_names_nobody"),
        ({"words": "ann@example.org"}, "search_miss_names_nobody"),
        ({"words": ""}, "search_miss_names_nobody"),
        ({"audience": "x"}, "search_miss_codes_known"),
        ({"mark": "x"}, "search_miss_codes_known"),
        ({"count": 0}, "search_miss_counted"),
        ({"last_on": date(2020, 1, 1)}, "search_miss_counted"),
        ({"mark": "dismissed"}, "search_miss_marked_by_somebody"),
        ({"mark": "answered"}, "search_miss_marked_by_somebody"),
    ],
)
def test_postgresql_refuses_what_a_miss_is_not(
    cast: Cast, values: dict[str, object], rule: str
) -> None:
    ask(cast.ann, "coffee")
    columns = ", ".join(f"{name} = %s" for name in values)
    with pytest.raises(IntegrityError, match=rule):
        sql(f"UPDATE knowledgebase_searchmiss SET {columns}", *values.values())


def test_the_task_runs_every_night(settings: object) -> None:
    from servicedesk.settings import CELERY_BEAT_SCHEDULE  # noqa: PLC0415

    assert CELERY_BEAT_SCHEDULE["forget-misses"]["task"] == tasks.forget_old_misses.name
    assert reverse("knowledge:articles") == LIST
