"""Articles that are used in incidents, and how they were."""

from typing import Any

from accounts.models import User
from incidents import services
from incidents.codes import HowUsed
from incidents.models import Incident, KnownErrorUse
from knowledgebase import services as knowledge
from knowledgebase.codes import Kind
from knowledgebase.models import ArticleVersion
from tests.incidents import stories
from tests.knowledgebase import stories as articles
from tests.people import Cast

WORDS = "Switch the printer off and on again."


def editor() -> User:
    return User.objects.filter(name="Kim Kade").first() or articles.make_editor()


def known(cast: Cast, **changes: Any) -> ArticleVersion:
    """The published version of a known error that Bo wrote."""
    content = articles.known_error(**changes)
    article = articles.published(cast, editor(), content=content)
    return current(article.pk)


def how_to(cast: Cast) -> ArticleVersion:
    article = knowledge.draft_article(
        by=cast.bo, kind=Kind.HOW_TO, content=articles.how_to()
    )
    knowledge.submit_for_review(article.pk, by=cast.bo, expected_version=None)
    knowledge.publish_article(article.pk, by=editor(), expected_version=None)
    return current(article.pk)


def rewrite(cast: Cast, version: ArticleVersion, **changes: Any) -> ArticleVersion:
    """Publish another version of its article."""
    pk = version.article_id
    knowledge.new_version(pk, by=cast.bo, expected_version=None)
    knowledge.save_draft(
        pk, by=cast.bo, expected_version=None, content=articles.known_error(**changes)
    )
    knowledge.submit_for_review(pk, by=cast.bo, expected_version=None)
    knowledge.publish_article(pk, by=editor(), expected_version=None)
    return current(pk)


def retire(version: ArticleVersion) -> None:
    knowledge.retire_article(
        version.article_id, by=editor(), expected_version=None, reason="Gone."
    )


def current(article: int) -> ArticleVersion:
    return ArticleVersion.objects.select_related("article").get(
        article=article, state="published"
    )


def use(
    incident: Incident, version: ArticleVersion, *, by: User, **more: Any
) -> KnownErrorUse:
    given: dict[str, Any] = {
        "how": HowUsed.TOLD,
        "message": WORDS,
        "expected_version": None,
    }
    return services.use_workaround(
        incident.pk, by=by, version=version.pk, **(given | more)
    )


def applied(
    incident: Incident, version: ArticleVersion, *, by: User, **more: Any
) -> KnownErrorUse:
    return use(incident, version, by=by, how=HowUsed.APPLIED, message="", **more)


def judged(used: KnownErrorUse, *, by: User, outcome: str, **more: Any) -> Any:
    return services.judge_workaround(
        used.incident_id, by=by, use=used.pk, outcome=outcome, **more
    )


def with_network(cast: Cast) -> Incident:
    """Ned's team works on it now; Ned owns it."""
    incident = stories.escalated(cast)
    services.take_incident(incident.pk, by=cast.ned, expected_version=None)
    return stories.again(incident)
