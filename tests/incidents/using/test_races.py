"""Several people at once: one tells, and nobody tells what was replaced."""

import pytest

from accounts.models import User
from activity.models import Event
from incidents.events import Kind
from incidents.models import Incident, KnownErrorUse
from knowledgebase import services as knowledge
from knowledgebase.models import ArticleVersion
from tests.incidents import stories
from tests.incidents.races import THREADS, race
from tests.incidents.using.known import editor, known, use
from tests.knowledgebase import stories as articles
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = 5


def test_sixteen_tell_from_the_same_page_and_one_does(cast: Cast) -> None:
    version, desk = known(cast), [cast.bo, cast.cy, cast.lea]
    pks = [stories.triaged(cast).pk for _ in range(SIZE)]
    seen = dict(Incident.objects.values_list("pk", "version"))
    found = race(
        lambda pk, n: use(
            Incident(pk=pk), version, by=desk[n % 3], expected_version=seen[pk]
        ),
        pks,
    )
    assert found == {"won": SIZE, "conflict": SIZE * (THREADS - 1)}
    assert KnownErrorUse.objects.count() == SIZE
    assert Event.objects.filter(kind=Kind.REPLY).count() == SIZE


def test_a_use_and_the_next_version_at_once_never_cross(cast: Cast) -> None:
    """Whoever is first wins; the other is told so in words, never by a guard alone."""
    kim, bo = editor(), cast.bo
    waiting = {}
    for _ in range(SIZE):
        version = known(cast)
        in_review(version, bo)
        waiting[stories.triaged(cast).pk] = version

    def press(pk: int, n: int) -> object:
        version = waiting[pk]
        if n == 0:
            return knowledge.publish_article(
                version.article_id, by=kim, expected_version=None
            )
        return use(Incident(pk=pk), version, by=bo)

    found = race(press, list(waiting))
    assert set(found) <= {"won", "conflict"}
    assert found["won"] >= SIZE
    states = ArticleVersion.objects.filter(number=2).values_list("state", flat=True)
    assert set(states) == {"published"}


def in_review(version: ArticleVersion, by: User) -> None:
    pk = version.article_id
    knowledge.new_version(pk, by=by, expected_version=None)
    content = articles.known_error(workaround_reporters="Use the other one.")
    knowledge.save_draft(pk, by=by, expected_version=None, content=content)
    knowledge.submit_for_review(pk, by=by, expected_version=None)
