"""Whether an article that solved it really did: nobody came back with the same."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from accounts.models import User
from activity import clock
from catalogue.models import Service
from incidents import services
from incidents.models import Deflection
from knowledgebase.models import ArticleVersion
from tests.incidents import stories
from tests.knowledgebase import stories as articles
from tests.people import Cast

pytestmark = pytest.mark.django_db
DAY = timedelta(hours=24)


@pytest.fixture
def version(cast: Cast) -> ArticleVersion:
    content = articles.known_error(services=[stories.catalogue()[0]])
    article = articles.published(cast, articles.make_editor(), content=content)
    assert article.current is not None
    return article.current


def helped(version: ArticleVersion, by: User, at: datetime) -> Deflection:
    return services.record_deflection(
        version.pk, by=by, submission=uuid4(), letters=30, at=at
    )


def test_after_a_quiet_day_it_is_proven(cast: Cast, version: ArticleVersion) -> None:
    at = clock.now()
    row = helped(version, cast.ann, at)
    assert not Deflection.objects.proven(at + DAY - timedelta(seconds=1)).exists()
    assert Deflection.objects.proven(at + DAY).get() == row


@pytest.mark.parametrize(
    ("hours", "about", "by", "was_followed"),
    [
        (1, "", "ann", True),
        (23, "Printing", "ann", True),
        (25, "Printing", "ann", False),
        (-1, "Printing", "ann", False),
        (1, "Telephones", "ann", False),
        (1, "Printing", "zed", False),
    ],
)
def test_who_reports_the_same_within_a_day_was_not_helped(
    hours: int,
    about: str,
    by: str,
    was_followed: bool,
    cast: Cast,
    version: ArticleVersion,
) -> None:
    at = clock.now() - timedelta(days=3)
    helped(version, cast.ann, at)
    service = Service.objects.get_or_create(name=about)[0] if about else None
    stories.reported(
        cast,
        by=getattr(cast, by),
        service=service,
        at=at + timedelta(hours=hours),
        detected_at=None,
    )
    row = Deflection.objects.with_follow_up().get()
    assert row.was_followed is was_followed  # type: ignore[attr-defined]
    assert Deflection.objects.proven(clock.now()).exists() is not was_followed


def test_an_article_about_anything_is_followed_by_anything(cast: Cast) -> None:
    article = articles.published(cast, articles.make_editor())
    assert article.current is not None
    at = clock.now() - timedelta(days=3)
    helped(article.current, cast.ann, at)
    service = Service.objects.create(name="Telephones")
    stories.reported(cast, service=service, at=at + timedelta(hours=1))
    assert not Deflection.objects.proven(clock.now()).exists()


def test_what_was_taken_back_never_counts(cast: Cast, version: ArticleVersion) -> None:
    at = clock.now() - timedelta(days=3)
    row = helped(version, cast.ann, at)
    services.take_back_deflection(row.pk, by=cast.ann)
    assert not Deflection.objects.proven(clock.now()).exists()
    assert Deflection.objects.visible_to(cast.ann).exists()


def test_whom_it_helped_is_theirs_to_know(cast: Cast, version: ArticleVersion) -> None:
    helped(version, cast.ann, clock.now())
    for person in (cast.bo, cast.lea, cast.max, cast.ida, cast.zed):
        assert not Deflection.objects.visible_to(person).exists()


def test_taken_back_it_may_help_again(cast: Cast, version: ArticleVersion) -> None:
    form = uuid4()
    given = {"by": cast.ann, "submission": form, "letters": 3}
    first = services.record_deflection(version.pk, **given)  # type: ignore[arg-type]
    services.take_back_deflection(first.pk, by=cast.ann)
    second = services.record_deflection(version.pk, **given)  # type: ignore[arg-type]
    assert second != first
    assert Deflection.objects.standing().get() == second
