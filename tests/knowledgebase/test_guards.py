"""What PostgreSQL refuses about articles by any path, and which guard it is.

Every attack runs twice: as it is, where it must be refused with the rule's name,
and with that one guard taken away, where it must go through.
"""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.db import IntegrityError, connection, transaction

from activity.refusals import GUARDED_RULES, broken_rule, explain
from knowledgebase.apps import KnowledgebaseConfig
from knowledgebase.models import Address, ArticleVersion
from tests.database import sql, without
from tests.knowledgebase import attacks, attacks_on_images, stories
from tests.people import Cast

Attack = Callable[[Cast], None]


class Case(NamedTuple):
    """An attack, the rule that refuses it, and the guard that keeps the rule."""

    attack: Attack
    rule: str
    guard: str

    def attempt(self, cast: Cast) -> None:
        """Attack and let the deferred guards speak, as a commit would."""
        with transaction.atomic():
            self.attack(cast)
            connection.check_constraints()


def cases(rule: str, guard: str, *attacks: Attack) -> list[Case]:
    return [Case(attack, rule, guard) for attack in attacks]


KEPT = "article_version_kept"
CASES = [
    *cases(
        KEPT,
        f"{attacks.VERSION}.{KEPT}",
        attacks.edit_published,
        attacks.edit_in_review,
        attacks.edit_superseded,
        attacks.edit_draft_without_saying_so,
        attacks.date_publication_back,
        attacks.give_to_another_writer,
        attacks.delete_version,
    ),
    *cases(
        KEPT,
        "knowledgebase_signature.signature_kept",
        attacks.add_signature,
        attacks.edit_signature,
        attacks.delete_signature,
        attacks.take_signature_over,
    ),
    *cases(
        KEPT,
        f"{attacks.VERSION}_services.version_service_kept",
        attacks.add_service,
        attacks.delete_service,
    ),
    *cases(
        KEPT,
        f"{attacks.VERSION}_categories.version_category_kept",
        attacks.add_category,
        attacks.delete_category,
    ),
    *cases(
        "article_version_born_draft",
        f"{attacks.VERSION}.article_version_born_draft",
        attacks.bear_in_review,
    ),
    *cases(
        "article_version_moves",
        f"{attacks.VERSION}.article_version_moves",
        attacks.unpublish,
    ),
    *cases(
        "article_version_number_follows",
        f"{attacks.VERSION}.article_version_number_follows",
        attacks.leave_a_gap,
    ),
    *cases(
        "article_version_written",
        f"{attacks.VERSION}.article_version_written",
        attacks.write_without_event,
        attacks.write_with_an_event_of_another_kind,
    ),
    *cases(
        "article_versions_agree",
        "knowledgebase_article.article_versions_agree",
        attacks.show_another_title,
        attacks.widen_the_audience,
        attacks.show_the_draft,
    ),
    *cases(
        "article_versions_agree",
        f"{attacks.VERSION}.article_version_agrees",
        attacks.discard_behind_its_back,
    ),
    *cases(
        "article_kind_fixed",
        "knowledgebase_article.article_kind_fixed",
        attacks.turn_into_another_kind,
    ),
    *cases(
        "article_has_address",
        "knowledgebase_article.article_has_address",
        attacks.move_to_an_address_of_nobody,
    ),
    *cases(
        "article_address_kept",
        "knowledgebase_address.article_address_kept",
        attacks.lead_an_address_elsewhere,
        attacks.forget_an_address,
    ),
    *cases(
        "article_image_kept",
        f"{attacks_on_images.IMAGE}.article_image_kept",
        attacks_on_images.swap_a_file,
        attacks_on_images.swap_the_file_of_one_that_waits,
        attacks_on_images.give_an_image_away,
    ),
    *cases(
        KEPT,
        f"{attacks_on_images.ILLUSTRATION}.illustration_kept",
        attacks_on_images.forget_an_illustration,
        attacks_on_images.show_readers_what_is_inside,
        attacks_on_images.illustrate_what_is_published,
    ),
    *cases(
        "illustration_of_its_article",
        f"{attacks_on_images.ILLUSTRATION}.illustration_of_its_article",
        attacks_on_images.show_the_image_of_another_article,
        attacks_on_images.show_an_image_of_no_article,
    ),
    *cases(
        "review_by_another",
        "knowledgebase_review.review_by_another",
        attacks.publish_ones_own,
        attacks.publish_what_one_changed,
    ),
    *cases(
        "review_by_editor",
        "knowledgebase_review.review_by_editor",
        attacks.publish_without_the_role,
    ),
    *cases(
        "article_version_reviewed",
        f"{attacks.VERSION}.article_version_reviewed",
        attacks.publish_without_a_decision,
    ),
    *cases(
        "review_has_event",
        "knowledgebase_review.review_has_event",
        attacks.decide_without_event,
        attacks.decide_without_publishing,
    ),
    *cases(
        "review_append_only",
        "knowledgebase_review.review_append_only",
        attacks.change_a_decision,
        attacks.remove_a_decision,
    ),
    *cases(
        "feedback_kept",
        "knowledgebase_feedback.feedback_kept",
        attacks.turn_an_answer,
        attacks.give_an_answer_to_another,
    ),
    *cases(
        "feedback_about_shown",
        "knowledgebase_feedback.feedback_about_shown",
        attacks.answer_about_a_draft,
        attacks.answer_about_what_is_retired,
    ),
    *cases(
        "feedback_by_another",
        "knowledgebase_feedback.feedback_about_shown",
        attacks.praise_oneself,
    ),
    *cases(
        "feedback_has_event",
        "knowledgebase_feedback.feedback_has_event",
        attacks.answer_for_another,
        attacks.answer_otherwise_than_the_event_says,
    ),
    *cases(
        "gap_decision_append_only",
        "knowledgebase_gapdecision.gap_decision_append_only",
        attacks.turn_a_decision,
        attacks.forget_a_decision,
    ),
    *cases(
        "gap_decided_by_editor",
        "knowledgebase_gapdecision.gap_decided_by_editor",
        attacks.decide_without_the_role,
    ),
]
# Two guards refuse these, so one alone taken away does not let them through.
REFUSED_TWICE = [
    Case(attacks.edit_while_sending, KEPT, ""),
    Case(attacks.edit_published_with_a_later_event, KEPT, ""),
    Case(attacks.renumber, KEPT, ""),
    Case(attacks_on_images.delete_an_image, "article_image_kept", ""),
]
TRUNCATED = {
    f"{attacks.VERSION}.article_version_no_truncate": KEPT,
    "knowledgebase_signature.signature_no_truncate": KEPT,
    f"{attacks.VERSION}_services.version_service_no_truncate": KEPT,
    f"{attacks.VERSION}_categories.version_category_no_truncate": KEPT,
    f"{attacks_on_images.IMAGE}.article_image_no_truncate": "article_image_kept",
    f"{attacks_on_images.ILLUSTRATION}.illustration_no_truncate": KEPT,
    "knowledgebase_address.article_address_no_truncate": "article_address_kept",
    "knowledgebase_review.review_no_truncate": "review_append_only",
    "knowledgebase_gapdecision.gap_decision_no_truncate": "gap_decision_append_only",
}


def name_of(case: Case) -> str:
    return case.attack.__name__


@pytest.mark.parametrize("case", [*CASES, *REFUSED_TWICE], ids=name_of)
def test_it_is_refused_by_name(cast: Cast, case: Case) -> None:
    with pytest.raises(IntegrityError) as caught:
        case.attempt(cast)
    assert broken_rule(caught.value) == case.rule
    assert explain(caught.value)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_it_would_pass_without_that_guard(cast: Cast, case: Case) -> None:
    without(case.guard)
    case.attempt(cast)


@pytest.mark.parametrize("guard", TRUNCATED)
def test_no_table_is_emptied_once_its_guard_stands(cast: Cast, guard: str) -> None:
    """The test database has these off; here one is on."""
    table, trigger = guard.split(".")
    sql(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        sql(f"TRUNCATE {table} CASCADE")
    assert broken_rule(caught.value) == TRUNCATED[guard]


def test_every_guard_was_attacked() -> None:
    attacked = {case.guard for case in CASES}
    declared = {".".join(guard) for guard in KnowledgebaseConfig.guards}
    assert declared == attacked | set(TRUNCATED)


def test_every_refusal_can_be_put_into_words() -> None:
    assert {case.rule for case in CASES} <= set(GUARDED_RULES)


def test_two_new_versions_at_once_are_one_too_many(cast: Cast) -> None:
    article = stories.rewritten(cast, attacks.editor())
    without(f"{attacks.VERSION}.article_version_written")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        ArticleVersion.objects.create(
            article=article,
            number=3,
            drafted_by=cast.cy,
            seq=1,
            title="x",
            audience="staff",
        )
    assert broken_rule(caught.value) == "article_version_one_open"
    assert explain(caught.value)


def test_an_address_belongs_to_one_article(cast: Cast) -> None:
    article = stories.drafted(cast)
    other = stories.drafted(cast)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Address.objects.create(article=other, slug=article.slug)
    assert broken_rule(caught.value) == "article_address_once"
