"""Ways past everything in Python, to what a guard of the knowledge base keeps."""

from unittest import mock

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from activity.lifecycle import begin, record
from catalogue.models import Category, Service
from knowledgebase import services
from knowledgebase.models import (
    Article,
    ArticleVersion,
    Feedback,
    Review,
    Signature,
)
from tests.database import sql, without
from tests.knowledgebase import stories
from tests.people import Cast

VERSION = "knowledgebase_articleversion"
PERMISSIONS = "knowledgebase.permissions"


def editor() -> User:
    return User.objects.filter(name="Kim Kade").first() or stories.make_editor()


def published(cast: Cast) -> Article:
    content = stories.known_error(
        services=[Service.objects.get_or_create(name="Printing")[0]],
        categories=[Category.objects.get_or_create(name="Hardware")[0]],
    )
    return stories.published(cast, editor(), content=content)


def settled(article: Article) -> Article:
    """As if it had been committed before: its own guards have spoken."""
    connection.check_constraints()
    return article


def version_of(article: Article, number: int = 1) -> int:
    return int(article.versions.get(number=number).pk)


def change(article: Article, what: str, number: int = 1) -> None:
    pk = version_of(article, number)
    sql(f"UPDATE knowledgebase_articleversion SET {what} WHERE id = %s", pk)


# ---- what was sent for review or published stays


def edit_published(cast: Cast) -> None:
    change(published(cast), "workaround_reporters = 'Throw it away.'")


def edit_published_with_a_later_event(cast: Cast) -> None:
    change(published(cast), "body = 'Other', seq = seq + 5")


def edit_in_review(cast: Cast) -> None:
    change(stories.submitted(cast), "cause = 'Me'")


def edit_while_sending(cast: Cast) -> None:
    change(
        stories.drafted(cast),
        "cause = 'Me', seq = seq + 1, state = 'in_review', submitted_at = now()",
    )


def edit_superseded(cast: Cast) -> None:
    article = stories.rewritten(cast, editor())
    services.submit_for_review(article.pk, by=cast.bo, expected_version=None)
    services.publish_article(article.pk, by=editor(), expected_version=None)
    change(article, "symptom = 'Nothing.'")


def edit_draft_without_saying_so(cast: Cast) -> None:
    change(stories.drafted(cast), "cause = 'Me'")


def date_publication_back(cast: Cast) -> None:
    change(published(cast), "published_at = published_at - interval '1 year'")


def renumber(cast: Cast) -> None:
    change(stories.drafted(cast), "number = 7, seq = seq")


def give_to_another_writer(cast: Cast) -> None:
    article = stories.drafted(cast)
    change(article, f"drafted_by_id = {cast.cy.pk}")


def delete_version(cast: Cast) -> None:
    article = stories.rewritten(cast, editor())
    Signature.objects.filter(version__number=2).delete()
    Article.objects.filter(pk=article.pk).update(open=None)
    sql(
        "DELETE FROM knowledgebase_articleversion WHERE id = %s", version_of(article, 2)
    )


def add_signature(cast: Cast) -> None:
    version = ArticleVersion.objects.get(pk=version_of(published(cast)))
    Signature.objects.create(version=version, kind="code", text="E999")


def edit_signature(cast: Cast) -> None:
    published(cast)
    sql("UPDATE knowledgebase_signature SET text = 'E103' WHERE text = 'E102'")


def delete_signature(cast: Cast) -> None:
    published(cast)
    sql("DELETE FROM knowledgebase_signature WHERE text = 'E102'")


def take_signature_over(cast: Cast) -> None:
    article = stories.rewritten(cast, editor(), signatures=["E555"])
    sql(
        "UPDATE knowledgebase_signature SET version_id = %s WHERE text = 'E555'",
        version_of(article, 1),
    )


def add_service(cast: Cast) -> None:
    version = ArticleVersion.objects.get(pk=version_of(published(cast)))
    version.services.add(Service.objects.create(name="Wi-Fi"))


def delete_service(cast: Cast) -> None:
    published(cast)
    sql("DELETE FROM knowledgebase_articleversion_services")


def add_category(cast: Cast) -> None:
    version = ArticleVersion.objects.get(pk=version_of(published(cast)))
    version.categories.add(Category.objects.create(name="Network"))


def delete_category(cast: Cast) -> None:
    published(cast)
    sql("DELETE FROM knowledgebase_articleversion_categories")


# ---- versions follow each other, and the article shows what was published


def unpublish(cast: Cast) -> None:
    article = stories.rewritten(cast, editor())
    without(f"{VERSION}.article_version_agrees")
    change(article, "state = 'draft', submitted_at = NULL, ended_at = NULL", 2)
    change(article, "state = 'discarded', ended_at = now()", 2)
    change(article, "state = 'draft', ended_at = NULL", 2)


def bear_in_review(cast: Cast) -> None:
    article = published(cast)
    without(f"{VERSION}.article_version_agrees", f"{VERSION}.article_version_written")
    ArticleVersion.objects.create(
        article=article,
        number=2,
        drafted_by=cast.bo,
        seq=1,
        title="New",
        audience="agents",
        state="in_review",
    )


def leave_a_gap(cast: Cast) -> None:
    article = published(cast)
    without(f"{VERSION}.article_version_agrees", f"{VERSION}.article_version_written")
    ArticleVersion.objects.create(
        article=article,
        number=5,
        drafted_by=cast.bo,
        seq=1,
        title="New",
        audience="staff",
    )


def write_without_event(cast: Cast) -> None:
    change(stories.drafted(cast), "cause = 'Me', seq = seq + 1")


def write_with_an_event_of_another_kind(cast: Cast) -> None:
    article = stories.drafted(cast)
    services.hand_over_owner(article.pk, by=cast.bo, expected_version=None, to=cast.cy)
    change(article, "cause = 'Me', seq = seq + 1")


def show_another_title(cast: Cast) -> None:
    Article.objects.filter(pk=settled(published(cast)).pk).update(title="All is well")


def widen_the_audience(cast: Cast) -> None:
    content = stories.known_error(audience="agents")
    article = settled(stories.published(cast, editor(), content=content))
    Article.objects.filter(pk=article.pk).update(audience="everyone")


def show_the_draft(cast: Cast) -> None:
    article = settled(stories.rewritten(cast, editor()))
    first, second = version_of(article, 1), version_of(article, 2)
    Article.objects.filter(pk=article.pk).update(current=None, open=None)
    Article.objects.filter(pk=article.pk).update(current=second, open=first)


def discard_behind_its_back(cast: Cast) -> None:
    article = settled(stories.rewritten(cast, editor()))
    change(article, "state = 'discarded', ended_at = now()", 2)


def turn_into_another_kind(cast: Cast) -> None:
    Article.objects.filter(pk=settled(published(cast)).pk).update(kind="faq")


def move_to_an_address_of_nobody(cast: Cast) -> None:
    Article.objects.filter(pk=settled(published(cast)).pk).update(slug="elsewhere")


def lead_an_address_elsewhere(cast: Cast) -> None:
    one, other = published(cast), stories.drafted(cast)
    without("knowledgebase_article.article_has_address")
    sql(
        "UPDATE knowledgebase_address SET article_id = %s WHERE article_id = %s",
        other.pk,
        one.pk,
    )


def forget_an_address(cast: Cast) -> None:
    article = published(cast)
    services.rename_article(
        article.pk, by=editor(), expected_version=None, slug="blank"
    )
    settled(article)
    sql("DELETE FROM knowledgebase_address WHERE slug <> 'blank'")


# ---- two people publish


def publish_ones_own(cast: Cast) -> None:
    article = stories.submitted(cast, by=editor())
    with mock.patch.object(ArticleVersion, "writer_ids", frozenset()):
        services.publish_article(article.pk, by=editor(), expected_version=None)


def publish_what_one_changed(cast: Cast) -> None:
    article = stories.drafted(cast)
    services.save_draft(
        article.pk,
        by=editor(),
        expected_version=None,
        content=stories.known_error(cause="Mine."),
    )
    services.submit_for_review(article.pk, by=cast.bo, expected_version=None)
    with mock.patch.object(ArticleVersion, "writer_ids", frozenset()):
        services.publish_article(article.pk, by=editor(), expected_version=None)


def publish_without_the_role(cast: Cast) -> None:
    article = stories.submitted(cast)
    with mock.patch(f"{PERMISSIONS}.may_edit_all", return_value=True):
        services.publish_article(article.pk, by=cast.cy, expected_version=None)


def publish_without_a_decision(cast: Cast) -> None:
    article = stories.submitted(cast)
    with mock.patch("knowledgebase.services.reviewing._decide"):
        services.publish_article(article.pk, by=editor(), expected_version=None)


def decide_without_event(cast: Cast) -> None:
    version = ArticleVersion.objects.get(pk=version_of(stories.submitted(cast)))
    Review.objects.create(
        version=version, verdict="send_back", by=cast.cy, at="2026-11-01T00:00Z", seq=2
    )


@transaction.atomic
def decide_without_publishing(cast: Cast) -> None:
    pk = stories.submitted(cast).pk
    article = Article.objects.lock(pk)
    event = record(article, "article.publish", by=editor(), data={"version": 1})
    Review.objects.create(
        version=article.open, verdict="publish", by=editor(), at=event.at, seq=event.seq
    )


def change_a_decision(cast: Cast) -> None:
    published(cast)
    sql("UPDATE knowledgebase_review SET verdict = 'send_back'")


def remove_a_decision(cast: Cast) -> None:
    published(cast)
    sql("DELETE FROM knowledgebase_review")


# ---- what readers said, and what editors decided


def said(cast: Cast) -> Feedback:
    """Ann says that it did not help."""
    article = published(cast)
    return services.give_feedback(
        article.pk, by=cast.ann, number=1, helped=False, reason="wrong"
    )


def _feedback(cast: Cast, article: Article, *, by: User, helped: bool = True) -> None:
    """A row with its event, past the service."""
    version = article.versions.get(number=1)
    fresh = Feedback(
        about=version,
        by=by,
        helped=helped,
        reason="" if helped else "wrong",
        at=timezone.now(),
    )
    data = {"helped": helped, "reason": fresh.reason}
    begin(fresh, "feedback.give", by=by, data=data)


def turn_an_answer(cast: Cast) -> None:
    sql(
        "UPDATE knowledgebase_feedback SET helped = true, reason = '' WHERE id = %s",
        said(cast).pk,
    )


def give_an_answer_to_another(cast: Cast) -> None:
    sql(
        "UPDATE knowledgebase_feedback SET by_id = %s WHERE id = %s",
        cast.zed.pk,
        said(cast).pk,
    )


def answer_about_a_draft(cast: Cast) -> None:
    _feedback(cast, stories.drafted(cast), by=cast.ann)


def answer_about_what_is_retired(cast: Cast) -> None:
    _feedback(cast, stories.retired(cast, editor()), by=cast.ann)


def praise_oneself(cast: Cast) -> None:
    _feedback(cast, published(cast), by=cast.bo)


def answer_for_another(cast: Cast) -> None:
    article = published(cast)
    fresh = Feedback(
        about=article.versions.get(), by=cast.ann, helped=True, at=timezone.now()
    )
    data = {"helped": True, "reason": ""}
    begin(fresh, "feedback.give", by=cast.cy, data=data)


def answer_otherwise_than_the_event_says(cast: Cast) -> None:
    article = published(cast)
    fresh = Feedback(
        about=article.versions.get(), by=cast.ann, helped=True, at=timezone.now()
    )
    data = {"helped": False, "reason": "wrong"}
    begin(fresh, "feedback.give", by=cast.ann, data=data)


def decide_a_gap(cast: Cast) -> int:
    decision = services.decide_gap(["a1b2"], by=editor(), is_dismissed=True)
    return int(decision.pk)


def turn_a_decision(cast: Cast) -> None:
    pk = decide_a_gap(cast)
    sql(
        "UPDATE knowledgebase_gapdecision SET is_dismissed = false WHERE id = %s",
        pk,
    )


def forget_a_decision(cast: Cast) -> None:
    sql("DELETE FROM knowledgebase_gapdecision WHERE id = %s", decide_a_gap(cast))


def decide_without_the_role(cast: Cast) -> None:
    with mock.patch(f"{PERMISSIONS}.may_decide_gap", return_value=True):
        services.decide_gap(["a1b2"], by=cast.bo, is_dismissed=True)
