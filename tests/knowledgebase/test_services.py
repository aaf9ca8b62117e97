"""What can be done with an article, by whom and in which state."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import User
from activity.models import Delivery, Event, Note
from activity.refusals import Conflict, NotAllowed
from activity.services.history import faults
from knowledgebase import services
from knowledgebase.codes import Kind, State, Status
from knowledgebase.models import Article, Review
from tests.knowledgebase import stories
from tests.people import Cast


@pytest.fixture
def editor(cast: Cast) -> User:
    return stories.make_editor()


def kinds(article: Article) -> list[str]:
    events = Event.objects.about(article)
    return [
        kind.removeprefix("article.") for kind in events.values_list("kind", flat=True)
    ]


def broken() -> list[str]:
    """What of history is not whole; the test database has some guards off."""
    places = [fault.place for fault in faults()]
    return [place for place in places if not place.startswith("guard ")]


def states(article: Article) -> list[str]:
    return list(article.versions.order_by("number").values_list("state", flat=True))


def reread(article: Article) -> Article:
    found: Article = Article.objects.for_page().get(pk=article.pk)
    return found


def act(name: str, article: Article, by: User, **given: Any) -> Article:
    service = getattr(services, name)
    result: Article = service(article.pk, by=by, expected_version=None, **given)
    return result


def test_an_article_is_written_by_one_and_published_by_another(
    cast: Cast, editor: User
) -> None:
    article = stories.published(cast, editor)
    assert article.status == Status.PUBLISHED
    assert states(article) == [State.PUBLISHED]
    assert kinds(article) == ["draft", "submit", "publish"]
    assert article.review_by is not None
    assert article.review_by > timezone.localdate()
    review = Review.objects.get()
    assert (review.by, review.version.number, review.seq) == (editor, 1, 3)
    assert broken() == []


@pytest.mark.parametrize("name", ["ann", "max", "ida", "zed"])
def test_who_does_not_work_on_tickets_writes_nothing(cast: Cast, name: str) -> None:
    with pytest.raises(PermissionDenied):
        stories.drafted(cast, by=getattr(cast, name))
    assert not Article.objects.exists()


@pytest.mark.parametrize("name", ["bo", "lea", "ned", "ute"])
def test_who_works_on_tickets_writes_and_does_not_publish(
    cast: Cast, name: str
) -> None:
    writer = getattr(cast, name)
    article = stories.submitted(cast, by=writer)
    for person in (writer, cast.cy):
        with pytest.raises(NotAllowed):
            act("publish_article", article, person)


def test_an_editor_does_not_publish_what_they_wrote(cast: Cast, editor: User) -> None:
    article = stories.submitted(cast, by=editor)
    with pytest.raises(NotAllowed):
        act("publish_article", article, editor)
    act("publish_article", article, stories.make_editor("Ola Oak"))


def test_an_editor_does_not_publish_what_they_changed(cast: Cast, editor: User) -> None:
    article = stories.drafted(cast)
    content = stories.known_error(cause="Another one.")
    act("save_draft", article, editor, content=content)
    act("submit_for_review", article, cast.bo)
    with pytest.raises(NotAllowed):
        act("publish_article", article, editor)


def test_somebody_elses_draft_is_not_mine_to_change(cast: Cast) -> None:
    article = stories.drafted(cast)
    for person in (cast.cy, cast.ann):
        with pytest.raises(NotAllowed):
            act("save_draft", article, person, content=stories.known_error())
        with pytest.raises(NotAllowed):
            act("submit_for_review", article, person)


def test_a_rival_is_not_overwritten(cast: Cast, editor: User) -> None:
    article = stories.drafted(cast)
    content = stories.known_error(cause="The first one.")
    act("save_draft", article, editor, content=content)
    with pytest.raises(Conflict):
        services.save_draft(
            article.pk,
            by=cast.bo,
            expected_version=article.version,
            content=stories.known_error(cause="The second one."),
        )
    assert reread(article).open.cause == "The first one."  # type: ignore[union-attr]


def test_a_new_owner_does_not_disturb_who_writes(cast: Cast, editor: User) -> None:
    article = stories.drafted(cast)
    seen = article.version
    act("hand_over_owner", article, editor, to=cast.cy)
    services.save_draft(
        article.pk,
        by=cast.bo,
        expected_version=seen,
        content=stories.known_error(cause="Another one."),
    )


def test_words_rest_while_they_are_reviewed(cast: Cast, editor: User) -> None:
    article = stories.submitted(cast)
    for person in (cast.bo, editor):
        with pytest.raises(Conflict):
            act("save_draft", article, person, content=stories.known_error())


def test_what_is_incomplete_is_not_reviewed(cast: Cast) -> None:
    bare = stories.known_error(
        symptom=" ", workaround_agents="", workaround_reporters=""
    )
    article = stories.drafted(cast, content=bare)
    with pytest.raises(Conflict, match=r"symptom.*workaround"):
        act("submit_for_review", article, cast.bo)


def test_an_editor_sends_it_back_with_a_reason(cast: Cast, editor: User) -> None:
    article = stories.submitted(cast)
    with pytest.raises(ValidationError):
        act("send_back", article, editor, reason="  ")
    article = act("send_back", article, editor, reason="Which printer?")
    assert (article.status, states(article)) == (Status.DRAFT, [State.DRAFT])
    note = Note.objects.get(event__kind="article.send_back")
    assert note.text == "Which printer?"
    act("save_draft", article, cast.bo, content=stories.known_error())
    act("submit_for_review", article, cast.bo)
    assert act("publish_article", article, editor).status == Status.PUBLISHED


def test_who_wrote_it_takes_it_back(cast: Cast) -> None:
    article = stories.submitted(cast)
    with pytest.raises(NotAllowed):
        act("send_back", article, cast.cy, reason="No.")
    act("send_back", article, cast.bo, reason="I forgot something.")
    assert states(article) == [State.DRAFT]


def test_readers_keep_the_old_version_until_the_new_one_is_published(
    cast: Cast, editor: User
) -> None:
    article = stories.rewritten(cast, editor, title="Blank labels", audience="agents")
    act("submit_for_review", article, cast.bo)
    article = reread(article)
    assert article.status == Status.PUBLISHED
    assert article.title == "Label printer prints blank labels"
    assert article.audience == "everyone"
    article = act("publish_article", article, editor)
    assert (article.title, article.audience) == ("Blank labels", "agents")
    assert states(article) == [State.SUPERSEDED, State.PUBLISHED]
    assert broken() == []


def test_one_new_version_at_a_time(cast: Cast, editor: User) -> None:
    article = stories.rewritten(cast, editor)
    with pytest.raises(Conflict):
        act("new_version", article, cast.cy)


def test_a_new_version_begins_with_the_words_and_parts_of_the_last(
    cast: Cast, editor: User
) -> None:
    article = stories.published(cast, editor)
    act("new_version", article, cast.cy)
    first, second = article.versions.order_by("number")
    assert second.symptom == first.symptom
    assert [each.text for each in second.signatures.all()] == [
        "E102",
        "paper size * unknown",
    ]
    assert [each.kind for each in second.signatures.all()] == ["code", "pattern"]


def test_a_draft_of_something_published_can_be_dropped(
    cast: Cast, editor: User
) -> None:
    article = stories.rewritten(cast, editor)
    with pytest.raises(NotAllowed):
        act("discard_draft", article, cast.cy)
    act("discard_draft", article, cast.bo)
    assert states(article) == [State.PUBLISHED, State.DISCARDED]
    act("new_version", article, cast.cy)


def test_an_old_version_comes_back_as_a_draft(cast: Cast, editor: User) -> None:
    article = stories.rewritten(cast, editor, symptom="Something else.")
    act("submit_for_review", article, cast.bo)
    act("publish_article", article, editor)
    article = act("restore_version", article, cast.cy, number=1)
    assert states(article) == [State.SUPERSEDED, State.PUBLISHED, State.DRAFT]
    assert "blank" in article.open.symptom  # type: ignore[union-attr]
    assert article.current.symptom == "Something else."  # type: ignore[union-attr]


def test_what_is_retired_is_over_for_everybody_but_editors(
    cast: Cast, editor: User
) -> None:
    article = stories.published(cast, editor)
    for person in (cast.bo, cast.lea):
        with pytest.raises(NotAllowed):
            act("retire_article", article, person, reason="Old.")
    article = act("retire_article", article, editor, reason="Old.")
    assert (article.status, states(article)) == (Status.RETIRED, [State.SUPERSEDED])
    for move in ("new_version", "submit_for_review", "publish_article"):
        with pytest.raises(Conflict):
            act(move, article, editor)
    with pytest.raises(NotAllowed):
        act("restore_version", article, cast.bo, number=1)
    article = act("restore_version", article, editor, number=1)
    assert (article.status, states(article)[-1]) == (Status.DRAFT, State.DRAFT)
    assert broken() == []


def test_a_draft_that_nobody_wants_is_retired_with_its_version(
    cast: Cast, editor: User
) -> None:
    article = act("retire_article", stories.submitted(cast), editor, reason="No.")
    assert states(article) == [State.DISCARDED]


def test_a_new_address_is_free_and_the_old_one_stays_taken(
    cast: Cast, editor: User
) -> None:
    article = stories.published(cast, editor)
    other = stories.drafted(cast)
    assert other.slug == "label-printer-prints-blank-labels-2"
    article = act("rename_article", article, editor, slug="Blank-Labels")
    assert article.slug == "blank-labels"
    for slug in (
        "label-printer-prints-blank-labels",
        "blank-labels",
        "reviews",
        "not good",
        "",
    ):
        with pytest.raises(ValidationError):
            act("rename_article", other, editor, slug=slug)
    act("rename_article", article, editor, slug="label-printer-prints-blank-labels")
    with pytest.raises(NotAllowed):
        act("rename_article", article, cast.bo, slug="mine")


def test_the_address_follows_the_title_and_the_old_one_leads_there(
    cast: Cast, editor: User
) -> None:
    """The title of a narrower audience would live on in it otherwise."""
    article = stories.rewritten(cast, editor, title="Blank labels")
    assert article.slug == "label-printer-prints-blank-labels"
    act("rename_article", article, editor, slug="labels")
    act("submit_for_review", article, cast.bo)
    article = act("publish_article", article, editor)
    assert article.slug == "blank-labels"
    known = article.addresses.order_by("pk").values_list("slug", flat=True)
    assert list(known) == [
        "label-printer-prints-blank-labels",
        "labels",
        "blank-labels",
    ]


def test_an_owner_hands_it_over_to_somebody_who_can_write(
    cast: Cast, editor: User
) -> None:
    article = stories.published(cast, editor)
    with pytest.raises(NotAllowed):
        act("hand_over_owner", article, cast.cy, to=cast.cy)
    with pytest.raises(ValidationError):
        act("hand_over_owner", article, cast.bo, to=cast.ann)
    assert act("hand_over_owner", article, cast.bo, to=cast.ned).owner == cast.ned


def test_the_owner_says_that_it_still_holds(cast: Cast, editor: User) -> None:
    article = stories.published(cast, editor)
    stories.grow_stale(article)
    today = timezone.localdate()
    assert Article.objects.stale(today).count() == 1
    for day in (today, today + timedelta(days=1000)):
        with pytest.raises(ValidationError):
            act("confirm_review", article, cast.bo, review_by=day)
    with pytest.raises(NotAllowed):
        act("confirm_review", article, cast.cy, review_by=today + timedelta(days=90))
    act("confirm_review", article, cast.bo, review_by=today + timedelta(days=90))
    assert not Article.objects.stale(today).exists()
    with pytest.raises(Conflict):
        act("confirm_review", stories.drafted(cast), cast.bo, review_by=today)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "two\nlines"},
        {"title": "x" * 151},
        {"audience": "friends"},
        {"fix_status": "maybe"},
        {"body": "x" * 20_001},
        {"signatures": ["*"]},
        {"signatures": ["E" * 121]},
        {"signatures": [f"E10{number}" for number in range(31)]},
    ],
)
def test_what_cannot_be_kept_is_refused_by_field(
    cast: Cast, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError) as caught:
        stories.drafted(cast, content=stories.known_error(**wrong))
    assert list(caught.value.error_dict) == list(wrong)


def test_only_a_known_error_has_a_cause(cast: Cast) -> None:
    with pytest.raises(ValidationError) as caught:
        services.draft_article(
            by=cast.bo, kind=Kind.FAQ, content=stories.known_error(title="Why?")
        )
    assert set(caught.value.error_dict) >= {"cause", "symptom", "signatures"}
    services.draft_article(by=cast.bo, kind=Kind.FAQ, content=stories.how_to())


def letters() -> list[tuple[str, str]]:
    found = Delivery.objects.order_by("pk")
    return [(each.address, each.envelope["subject"]) for each in found]


def test_editors_hear_what_waits_and_writers_what_became_of_it(
    cast: Cast, editor: User
) -> None:
    article = stories.submitted(cast)
    act("send_back", article, editor, reason="Which printer?")
    act("submit_for_review", article, cast.bo)
    act("publish_article", article, editor)
    title = "Label printer prints blank labels"
    assert letters() == [
        ("kim@example.org", f"Please review: {title}"),
        ("bo@example.org", f"Sent back to you: {title}"),
        ("kim@example.org", f"Please review: {title}"),
        ("bo@example.org", f"Published: {title}"),
    ]
    assert "Which printer?" in Delivery.objects.order_by("pk")[1].envelope["text"]
