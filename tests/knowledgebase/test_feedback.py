"""Readers say whether an article helped; its owner says what became of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from activity.models import Delivery, Note
from activity.refusals import Conflict, NotAllowed
from activity.services.notes import redact_note
from knowledgebase import services
from knowledgebase.codes import Hearing
from knowledgebase.models import Article, Feedback
from knowledgebase.services.listening import MOST_AN_HOUR
from knowledgebase.voices import voices
from tests.knowledgebase import stories
from tests.people import Cast, make_cast

WORDS = "The switch is on the other side."


@pytest.fixture
def editor(cast: Cast) -> User:
    return stories.make_editor()


@pytest.fixture
def article(cast: Cast, editor: User) -> Article:
    """Bo's, for everyone."""
    return stories.published(cast, editor)


def say(article: Article, by: User, **given: Any) -> Feedback:
    given = {"number": 1, "helped": False, "reason": "wrong", **given}
    return services.give_feedback(article.pk, by=by, **given)


def answer(feedback: Feedback, by: User, words: str = "Mended.") -> Feedback:
    return services.handle_feedback(
        feedback.pk, by=by, expected_version=None, answer=words
    )


def page(user: User, path: str, **query: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(path, query).content.decode()


def post(user: User, path: str, **given: Any) -> Any:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client.post(path, given)


def of(article: Article, name: str) -> str:
    return reverse(f"knowledge:{name}", args=[article.slug])


def letters_to(user: User) -> list[str]:
    sent = Delivery.objects.filter(recipient=user, event__subject_type="feedback")
    return [delivery.envelope["text"] for delivery in sent.order_by("pk")]


def test_the_last_answer_of_a_person_counts_and_the_others_stay(
    cast: Cast, article: Article
) -> None:
    first = say(article, cast.ann, words=WORDS)
    last = say(article, cast.ann, helped=True, reason="")
    say(article, cast.zed)
    assert Feedback.objects.get(pk=first.pk).status == Hearing.REPLACED
    assert [row.helped for row in Feedback.objects.current().filter(by=cast.ann)] == [
        True
    ]
    assert Feedback.objects.waiting().get().by == cast.zed
    assert last.reason == ""
    assert [one.words for one in voices([Feedback.objects.get(pk=first.pk)])] == [WORDS]


def test_the_same_again_changes_nothing(cast: Cast, article: Article) -> None:
    first = say(article, cast.ann, words=WORDS)
    assert say(article, cast.ann) == first
    assert Feedback.objects.count() == 1


def test_a_no_needs_its_reason(cast: Cast, article: Article) -> None:
    for reason in ("", "because"):
        with pytest.raises(ValidationError) as caught:
            say(article, cast.ann, reason=reason)
        assert "reason" in caught.value.message_dict
    assert not Feedback.objects.exists()


def test_who_answers_for_it_is_not_asked(cast: Cast, article: Article) -> None:
    with pytest.raises(NotAllowed):
        say(article, cast.bo)
    assert "Did this help?" not in page(cast.bo, article.get_absolute_url())


def test_only_the_version_that_readers_see_is_asked_about(
    cast: Cast, editor: User
) -> None:
    article = stories.rewritten(cast, editor)
    services.submit_for_review(article.pk, by=cast.bo, expected_version=None)
    services.publish_article(article.pk, by=editor, expected_version=None)
    response = post(
        cast.ann, of(article, "not_helpful"), number=1, reason="other", words=WORDS
    )
    assert response.status_code == 409
    assert WORDS in response.content.decode()
    for other in (stories.drafted(cast), stories.retired(cast, editor)):
        with pytest.raises(Conflict):
            say(other, cast.ann)
    assert not Feedback.objects.exists()


def test_a_new_version_asks_anew_and_the_old_answer_stays_with_the_old(
    cast: Cast, editor: User
) -> None:
    article = stories.rewritten(cast, editor)
    old = say(article, cast.ann)
    services.submit_for_review(article.pk, by=cast.bo, expected_version=None)
    services.publish_article(article.pk, by=editor, expected_version=None)
    assert "You said" not in page(cast.ann, article.get_absolute_url())
    say(article, cast.ann, number=2, helped=True)
    assert Feedback.objects.current().filter(by=cast.ann).count() == 2
    assert Feedback.objects.waiting().get() == old


def test_nobody_answers_without_end(cast: Cast, article: Article) -> None:
    for number in range(MOST_AN_HOUR):
        say(article, cast.ann, helped=number % 2 == 0)
    with pytest.raises(ValidationError, match="Go on later"):
        say(article, cast.ann, helped=True)
    response = post(
        cast.ann, of(article, "not_helpful"), number=1, reason="other", words=WORDS
    )
    assert response.status_code == 200
    assert WORDS in response.content.decode()
    assert "Go on later" in response.content.decode()
    response = post(cast.ann, of(article, "helped"), number=1)
    assert response.status_code == 400
    assert "Go on later" in response.content.decode()


def test_yes_is_one_press_and_no_asks_why(cast: Cast, article: Article) -> None:
    path = article.get_absolute_url()
    shown = page(cast.ann, path)
    assert "Did this help?" in shown
    assert "It is out of date" in shown
    assert post(cast.ann, of(article, "helped"), number=1).url == f"{path}#helped"
    assert "You said that it helped." in page(cast.ann, path)
    response = post(cast.ann, of(article, "not_helpful"), number=1, words=WORDS)
    assert "Choose why it did not help." in response.content.decode()
    assert WORDS in response.content.decode()
    post(cast.ann, of(article, "not_helpful"), number=1, reason="no_use", words=WORDS)
    shown = page(cast.ann, path)
    assert "You said that it did not help: I did it" in shown
    assert WORDS in shown
    assert f"?article={article.slug}" in shown


@pytest.mark.parametrize("number", ["", "x", "0", "99999999999999999999"])
def test_a_press_without_a_version_is_refused_in_words(
    cast: Cast, article: Article, number: str
) -> None:
    for name in ("helped", "not_helpful"):
        given = {"number": number, "reason": "wrong"}
        response = post(cast.ann, of(article, name), **given)
        assert response.status_code in {400, 409}
    assert not Feedback.objects.exists()


def test_the_owner_is_written_to_once_while_something_waits(
    cast: Cast, article: Article
) -> None:
    say(article, cast.ann, words=WORDS)
    say(article, cast.zed)
    (letter,) = letters_to(cast.bo)
    assert "Ann Archer" in letter
    assert WORDS in letter
    for waiting in Feedback.objects.waiting():
        answer(waiting, cast.bo)
    say(article, cast.cy)
    assert len(letters_to(cast.bo)) == 2


def test_nobody_is_written_to_because_it_helped(cast: Cast, article: Article) -> None:
    say(article, cast.ann, helped=True)
    assert letters_to(cast.bo) == []


def test_who_said_it_is_told_what_became_of_it(cast: Cast, article: Article) -> None:
    feedback = say(article, cast.ann)
    answer(feedback, cast.bo, "The text names the right side now.")
    (letter,) = letters_to(cast.ann)
    assert "The text names the right side now." in letter
    shown = page(cast.ann, article.get_absolute_url())
    assert "Bo Berg says what became of it" in shown
    assert "The text names the right side now." in shown
    assert not Feedback.objects.waiting().exists()
    with pytest.raises(Conflict):
        answer(feedback, cast.bo)


def test_nobody_is_told_of_what_they_may_not_read_any_more(
    cast: Cast, editor: User, article: Article
) -> None:
    """Naive, the title of an article for agents went out to a reporter."""
    feedback = say(article, cast.ann)
    services.new_version(article.pk, by=cast.bo, expected_version=None)
    services.save_draft(
        article.pk,
        by=cast.bo,
        expected_version=None,
        content=stories.known_error(title="Secret", audience="agents"),
    )
    services.submit_for_review(article.pk, by=cast.bo, expected_version=None)
    services.publish_article(article.pk, by=editor, expected_version=None)
    answer(feedback, editor)
    assert letters_to(cast.ann) == []
    assert not Feedback.objects.visible_to(cast.ann).exists()


def test_only_who_keeps_the_article_reads_who_said_what(
    cast: Cast, editor: User, article: Article
) -> None:
    feedback = say(article, cast.ann, words=WORDS)
    path = reverse("knowledge:handle", args=[feedback.pk])
    for reader in (cast.bo, editor):
        assert WORDS in page(reader, path)
        assert "Ann Archer" in page(reader, article.get_absolute_url())
    for other in (cast.cy, cast.lea, cast.ned, cast.max, cast.ida, cast.zed):
        for place in (article.get_absolute_url(), reverse("knowledge:asked"), path):
            shown = page(other, place)
            assert "Ann Archer" not in shown
            assert WORDS not in shown


def test_an_article_that_is_handed_over_takes_what_waits_along(
    cast: Cast, article: Article
) -> None:
    say(article, cast.ann)
    assert Feedback.objects.asked_of(cast.bo).count() == 1
    services.hand_over_owner(article.pk, by=cast.bo, expected_version=None, to=cast.cy)
    assert not Feedback.objects.asked_of(cast.bo).exists()
    assert Feedback.objects.asked_of(cast.cy).count() == 1
    assert "Ann Archer" in page(cast.cy, reverse("knowledge:asked"))


def test_the_list_shows_what_waits_and_for_editors_all_of_it(
    cast: Cast, editor: User, article: Article
) -> None:
    say(article, cast.ann, words=WORDS)
    path = reverse("knowledge:asked")
    assert WORDS in page(cast.bo, path)
    assert "Nothing is asked of you" in page(editor, path)
    assert WORDS in page(editor, path, whose="all")
    assert "Nothing is asked of you" in page(cast.cy, path, whose="all")


def test_an_answer_without_words_is_asked_again(cast: Cast, article: Article) -> None:
    feedback = say(article, cast.ann)
    path = reverse("knowledge:handle", args=[feedback.pk])
    response = post(cast.bo, path, version=1, answer=" ")
    assert "Say what became of it." in response.content.decode()
    response = post(cast.bo, path, version=1, answer="x" * 2001)
    assert response.status_code == 200
    assert Feedback.objects.waiting().exists()
    assert post(cast.bo, path, version=1, answer="Done.").status_code == 302
    response = post(cast.bo, path, version=1, answer="Done again.")
    assert response.status_code == 409
    assert "Done again." in response.content.decode()


def test_redacted_words_are_gone_everywhere(cast: Cast, article: Article) -> None:
    feedback = say(article, cast.ann, words=WORDS)
    note = Note.objects.get(event__subject_type="feedback", name="words")
    redact_note(note.pk, by=cast.ida, reason_code="privacy")
    assert WORDS not in page(cast.bo, reverse("knowledge:asked"))
    assert WORDS not in page(cast.bo, reverse("knowledge:handle", args=[feedback.pk]))
    assert WORDS not in page(cast.ann, article.get_absolute_url())


def test_the_list_costs_the_same_however_long_it_is(
    cast: Cast, article: Article, django_assert_num_queries: Any
) -> None:
    def cost() -> int:
        client = Client()
        client.force_login(cast.bo)
        with connection.execute_wrapper(counter):
            seen.clear()
            client.get(reverse("knowledge:asked"))
        return len(seen)

    seen: list[str] = []

    def counter(execute: Any, sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    say(article, cast.ann, words=WORDS)
    one = cost()
    for reader in (cast.zed, cast.cy, cast.lea, cast.ned):
        say(article, reader, words=WORDS)
    assert cost() == one


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_answer() -> None:
    cast = make_cast()
    article = stories.published(cast, stories.make_editor())

    def press(_number: int) -> int:
        try:
            return int(say(article, cast.ann, helped=True).pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(press, range(4)))
    assert len(found) == 1
    assert Feedback.objects.count() == 1


def test_the_database_keeps_one_answer_that_counts(
    cast: Cast, article: Article
) -> None:
    feedback = say(article, cast.ann)
    twin = Feedback(about=feedback.about, by=cast.ann, helped=True, at=timezone.now())
    with pytest.raises(IntegrityError, match="feedback_one_current"):
        twin.save()


def test_an_hour_later_one_may_go_on(
    cast: Cast, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(MOST_AN_HOUR):
        say(article, cast.ann, helped=number % 2 == 0)
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr("activity.clock.now", lambda: later)
    assert say(article, cast.ann, helped=True).helped
