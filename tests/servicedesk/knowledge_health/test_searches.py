"""Searches that found nothing are shown to those who may write, and to nobody else."""

from typing import Any

from django.test import Client

from accounts.models import User
from knowledgebase import services
from knowledgebase.models import SearchMiss
from tests.knowledgebase import stories
from tests.people import Cast

LIST = "/knowledge/gaps/searches/"


def page(user: User, **query: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(LIST, query).content.decode()


def mark(user: User, miss: SearchMiss, **given: str) -> Any:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client.post(f"{LIST}{miss.pk}/", given)


def missed(by: User, words: str, times: int = 1) -> SearchMiss:
    for _time in range(times):
        found = services.record_miss(words, by=by)
    assert found is not None
    return found


def test_the_most_frequent_comes_first(cast: Cast) -> None:
    missed(cast.ann, "parking permit")
    missed(cast.zed, "hearing aid", 3)
    for reader in (cast.bo, cast.ned, stories.make_editor()):
        shown = page(reader)
        assert shown.index("hearing aid") < shown.index("parking permit")
        assert "Ann Archer" not in shown


def test_others_do_not_see_what_was_searched_for(cast: Cast) -> None:
    miss = missed(cast.ann, "hearing aid")
    for other in (cast.ann, cast.zed, cast.max, cast.ida):
        assert "hearing aid" not in page(other)
        assert mark(other, miss, dismiss="yes").status_code == 403
    miss.refresh_from_db()
    assert miss.mark == "open"


def test_dismissed_is_dismissed_until_it_is_brought_back(cast: Cast) -> None:
    miss = missed(cast.ann, "hearing aid")
    assert mark(cast.bo, miss, dismiss="yes").status_code == 302
    missed(cast.zed, "hearing aid")
    assert "Everybody found something" in page(cast.bo)
    assert "hearing aid" in page(cast.bo, dismissed="yes")
    mark(cast.bo, miss)
    assert "hearing aid" in page(cast.bo)
    assert "Nothing is dismissed" in page(cast.bo, dismissed="yes")


def test_an_article_can_be_begun_with_the_words(cast: Cast) -> None:
    missed(cast.ann, "hearing aid")
    assert 'value="Hearing aid"' in page(cast.bo)


def test_nothing_searched_for_is_run(cast: Cast) -> None:
    missed(cast.ann, "hearing <script>alert(1)</script> aid")
    assert "<script>alert" not in page(cast.bo)
