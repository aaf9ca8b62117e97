"""The shelf of the demonstration: something in every state for everybody to do."""

import pytest
from django.utils import timezone

from accounts.models import User
from activity import clock
from knowledgebase import permissions as may
from knowledgebase.codes import Audience, Kind, State, Status
from knowledgebase.models import Article, ArticleVersion
from knowledgebase.services import publish_article, submit_for_review
from servicedesk.demonstration.articles import DRAFTS, write_down
from servicedesk.demonstration.hospital import DOMAIN, furnish


@pytest.fixture(autouse=True)
def shelf(db: None) -> None:
    furnish()
    write_down(clock.now())


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@{DOMAIN}")


def values(queryset: object, field: str) -> set[str]:
    return set(queryset.values_list(field, flat=True))  # type: ignore[attr-defined]


def test_there_is_one_of_everything() -> None:
    assert values(Article.objects, "status") == set(Status.values)
    assert values(Article.objects, "kind") == set(Kind.values)
    assert values(Article.objects, "audience") == set(Audience.values)
    assert values(ArticleVersion.objects, "state") >= set(State.values) - {"discarded"}
    assert Article.objects.stale(timezone.localdate()).count() == 1


def test_each_role_has_its_part() -> None:
    peter, priya, samuel = person("peter"), person("priya"), person("samuel")
    waiting = Article.objects.for_page().in_review().get()
    assert waiting.open is not None
    assert waiting.open.drafted_by == samuel
    assert may.may_publish(waiting, peter)
    publish_article(waiting.pk, by=peter, expected_version=None)
    draft = Article.objects.for_page().get(status=Status.DRAFT)
    assert may.may_write(draft, priya)
    counts = [
        Article.objects.visible_to(person(name)).count()
        for name in ("nora", "victor", "priya", "peter")
    ]
    assert counts == sorted(set(counts))


def test_a_second_filling_changes_nothing() -> None:
    before = list(Article.objects.order_by("pk").values("pk", "version", "slug"))
    write_down(clock.now())
    assert (
        list(Article.objects.order_by("pk").values("pk", "version", "slug")) == before
    )
    assert len(before) == len(DRAFTS)


def test_what_happened_lies_in_the_past() -> None:
    assert not ArticleVersion.objects.filter(published_at__gt=clock.now()).exists()
    assert not ArticleVersion.objects.filter(submitted_at__gt=clock.now()).exists()


def test_what_waits_can_be_sent_only_once() -> None:
    waiting = Article.objects.for_page().in_review().get()
    with pytest.raises(Exception, match="moved on"):
        submit_for_review(waiting.pk, by=person("samuel"), expected_version=None)
