"""Images of articles: shown to whoever reads a text with them, and to nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from knowledgebase import markdown, services
from knowledgebase.markdown import images_of, reference, rendered
from knowledgebase.models import Article, ArticleImage
from knowledgebase.services import Content
from tests.knowledgebase import stories
from tests.knowledgebase.stories import image_of, known_error, shown
from tests.people import Cast


@pytest.fixture
def editor(cast: Cast) -> User:
    return stories.make_editor()


def got(user: User, image: ArticleImage) -> int:
    client = Client()
    client.force_login(user)
    return int(client.get(image.get_absolute_url()).status_code)


def who_gets(cast: Cast, image: ArticleImage, *more: User) -> set[str]:
    people = [*cast.everyone, *more]
    answers = {person.name: got(person, image) for person in people}
    assert set(answers.values()) <= {200, 404}
    return {name.split()[0] for name, answer in answers.items() if answer == 200}


def page(user: User, path: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(path).content.decode()


def wrong(content: Content, **given: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        services.draft_article(kind="known_error", content=content, **given)
    return caught.value.message_dict


# ---- who sees one


def test_whoever_reads_the_text_sees_its_image(cast: Cast, editor: User) -> None:
    everyone, agents = image_of(cast.bo), image_of(cast.bo)
    stories.published(cast, editor, content=known_error(body=shown(everyone)))
    stories.published(
        cast, editor, content=known_error(body=shown(agents), audience="agents")
    )
    assert who_gets(cast, everyone) == {
        person.name.split()[0] for person in cast.everyone
    }
    assert who_gets(cast, agents, editor) == {"Bo", "Cy", "Lea", "Ned", "Ute", "Kim"}


@pytest.mark.parametrize("part", ["cause", "workaround_agents"])
def test_what_only_agents_read_shows_its_image_to_them_alone(
    cast: Cast, editor: User, part: str
) -> None:
    image = image_of(cast.bo)
    article = stories.published(
        cast, editor, content=known_error(**{part: shown(image)})
    )
    assert who_gets(cast, image, editor) == {"Bo", "Cy", "Lea", "Ned", "Ute", "Kim"}
    assert image.get_absolute_url() not in page(cast.ann, article.get_absolute_url())
    assert image.get_absolute_url() in page(cast.bo, article.get_absolute_url())


def test_an_image_of_a_draft_is_for_its_writer_and_editors(
    cast: Cast, editor: User
) -> None:
    image = image_of(cast.bo)
    assert who_gets(cast, image, editor) == {"Bo"}
    article = stories.drafted(cast, content=known_error(body=shown(image)))
    assert who_gets(cast, image, editor) == {"Bo", "Kim"}
    services.submit_for_review(article.pk, by=cast.bo, expected_version=None)
    assert who_gets(cast, image, editor) == {"Bo", "Kim"}


def test_an_image_that_is_only_in_the_next_version_waits_with_it(
    cast: Cast, editor: User
) -> None:
    article = stories.rewritten(cast, editor)
    image = image_of(cast.bo)
    services.save_draft(
        article.pk,
        by=cast.bo,
        expected_version=None,
        content=known_error(body=shown(image)),
    )
    assert who_gets(cast, image, editor) == {"Bo", "Kim"}


def test_an_image_goes_with_the_version_that_showed_it(
    cast: Cast, editor: User
) -> None:
    """Readers lose it; who works on tickets reads earlier versions."""
    image = image_of(cast.bo)
    article = stories.published(cast, editor, content=known_error(body=shown(image)))
    services.new_version(article.pk, by=cast.bo, expected_version=None)
    services.save_draft(
        article.pk, by=cast.bo, expected_version=None, content=known_error()
    )
    assert "Ann" in who_gets(cast, image)
    services.submit_for_review(article.pk, by=cast.bo, expected_version=None)
    services.publish_article(article.pk, by=editor, expected_version=None)
    assert who_gets(cast, image) == {"Bo", "Cy", "Lea", "Ned", "Ute"}
    services.retire_article(
        article.pk, by=editor, expected_version=None, reason="Gone."
    )
    assert who_gets(cast, image, editor) == {"Kim"}


def test_a_new_version_and_an_old_one_brought_back_keep_their_images(
    cast: Cast, editor: User
) -> None:
    image = image_of(cast.bo)
    article = stories.published(cast, editor, content=known_error(body=shown(image)))
    services.new_version(article.pk, by=cast.bo, expected_version=None)
    services.discard_draft(article.pk, by=cast.bo, expected_version=None)
    services.restore_version(article.pk, by=cast.cy, expected_version=None, number=1)
    assert set(image.illustrations.values_list("version__number", flat=True)) == {
        1,
        2,
        3,
    }


# ---- what may be shown


def test_an_image_without_words_cannot_be_saved(cast: Cast) -> None:
    image = image_of(cast.bo)
    said = wrong(known_error(cause=f"![ ](image:{image.pk})"), by=cast.bo)
    assert f"Say what image {image.pk} shows" in said["cause"][0]


@pytest.mark.parametrize(
    "text",
    [
        "![x](https://example.org/x.png)",
        "![x](data:image/png;base64,AAAA)",
        "![x](/knowledge/images/1/)",
        "![x](image:1 'title')",
        "![a\nb](image:1)",
    ],
)
def test_an_image_of_another_place_is_refused_in_words(cast: Cast, text: str) -> None:
    said = wrong(known_error(symptom=text), by=cast.bo)
    assert "add it here" in said["symptom"][0]


def test_only_ones_own_images_and_those_of_the_article_can_be_shown(
    cast: Cast, editor: User
) -> None:
    foreign, secret = image_of(cast.cy), image_of(cast.cy)
    stories.drafted(cast, by=cast.cy, content=known_error(cause=shown(secret)))
    for image in (foreign, secret):
        said = wrong(known_error(body=shown(image)), by=cast.bo)
        assert f"Image {image.pk} is not one of this article" in said["body"][0]
    assert "999" in wrong(known_error(body="![x](image:999)"), by=cast.bo)["body"][0]


def test_what_another_dropped_does_not_come_back_through_its_number(
    cast: Cast, editor: User
) -> None:
    article = stories.published(cast, editor)
    services.new_version(article.pk, by=cast.cy, expected_version=None)
    image = image_of(cast.cy)
    services.save_draft(
        article.pk,
        by=cast.cy,
        expected_version=None,
        content=known_error(cause=shown(image)),
    )
    services.discard_draft(article.pk, by=cast.cy, expected_version=None)
    services.new_version(article.pk, by=cast.bo, expected_version=None)
    with pytest.raises(ValidationError, match="not one of this article"):
        services.save_draft(
            article.pk,
            by=cast.bo,
            expected_version=None,
            content=known_error(body=shown(image)),
        )
    assert got(cast.bo, image) == 404


def test_code_that_looks_like_an_image_is_code(cast: Cast) -> None:
    text = "Write `![x](https://example.org/x.png)`:\n\n    ![y](image:9)\n"
    stories.drafted(cast, content=known_error(body=text))


def test_a_text_shows_thirty_images_and_no_more(cast: Cast) -> None:
    text = " ".join(f"![x](image:{number})" for number in range(1, 32))
    assert "at most 30" in " ".join(wrong(known_error(body=text), by=cast.bo)["body"])


def test_readers_keep_no_images(cast: Cast) -> None:
    upload = SimpleUploadedFile("x.png", stories.picture())
    with pytest.raises(PermissionDenied):
        services.keep_image(upload, by=cast.ann, alt="A switch")


def test_nobody_fills_the_disk(cast: Cast) -> None:
    image = image_of(cast.bo)
    ArticleImage.objects.bulk_create(
        ArticleImage(
            file=image.file.name,
            ending="png",
            width=1,
            height=1,
            size=1,
            sha256="0" * 64,
            alt="x",
            uploaded_by=cast.bo,
            uploaded_at=timezone.now(),
        )
        for _number in range(49)
    )
    with pytest.raises(ValidationError, match="Too many of your images wait"):
        image_of(cast.bo)


# ---- how it is written


class Known:
    width, height = 40, 30

    def get_absolute_url(self) -> str:
        return "/knowledge/images/7/"


def test_an_image_comes_out_with_its_words_and_size_alone() -> None:
    html = rendered('![A "red" <switch>](image:7)', {7: Known()})
    assert html == (
        '<p><img src="/knowledge/images/7/" alt="A &quot;red&quot; &lt;switch&gt;"'
        ' width="40" height="30" loading="lazy"></p>\n'
    )


def test_an_image_that_is_not_seen_is_said_in_words() -> None:
    assert rendered("![The switch](image:8)", {7: Known()}) == (
        "<p>[Image: The switch]</p>\n"
    )


def test_where_no_image_can_be_shown_its_words_are_said() -> None:
    assert markdown.plain("Press ![The \\[red\\] one](image:7) now, ![x](y)") == (
        "Press [Image: The [red] one] now, ![x](y)"
    )


@pytest.mark.parametrize(
    "alt", ["a ] b", "[x](y)", "back\\slash", "![z](image:9)", "`"]
)
def test_any_words_can_say_what_an_image_shows(alt: str) -> None:
    assert images_of(reference(7, alt)).shown == [(7, alt)]


def test_an_image_is_sent_to_be_looked_at_and_never_to_be_run(
    cast: Cast, editor: User
) -> None:
    image = image_of(cast.bo)
    client = Client()
    client.force_login(cast.bo)
    response = client.get(image.get_absolute_url())
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"] == f'inline; filename="image-{image.pk}.png"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-cache"
    again = client.get(
        image.get_absolute_url(), headers={"If-None-Match": response["ETag"]}
    )
    assert again.status_code == 304
    assert again["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_is_gone_is_missing(cast: Cast) -> None:
    image = image_of(cast.bo)
    image.file.storage.delete(str(image.file))
    assert got(cast.bo, image) == 404


# ---- what nobody shows is forgotten


def test_an_image_that_no_version_shows_is_gone_after_a_day(
    cast: Cast, editor: User
) -> None:
    unused, used = image_of(cast.bo), image_of(cast.bo)
    stories.published(cast, editor, content=known_error(body=shown(used)))
    hours = timezone.now() + timedelta(hours=23)
    assert services.sweep_images(at=hours) == 0
    assert services.sweep_images(at=hours + timedelta(hours=2)) == 1
    assert list(ArticleImage.objects.all()) == [used]
    assert unused.pk != used.pk


def test_a_version_that_is_no_draft_any_more_keeps_its_image(
    cast: Cast, editor: User
) -> None:
    image = image_of(cast.bo)
    article = stories.rewritten(cast, editor)
    services.save_draft(
        article.pk,
        by=cast.bo,
        expected_version=None,
        content=known_error(body=shown(image)),
    )
    services.discard_draft(article.pk, by=cast.bo, expected_version=None)
    later = timezone.now() + timedelta(days=9)
    assert services.sweep_images(at=later) == 0


# ---- the editor


def test_an_image_pasted_into_the_editor_is_kept_for_its_writer(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.bo)
    upload = SimpleUploadedFile("x.png", stories.picture())
    told = client.post("/knowledge/images/", {"image": upload, "alt": "A [switch]"})
    image = ArticleImage.objects.get()
    assert told.status_code == 201
    assert told.json() == {"markdown": f"![A \\[switch\\]](image:{image.pk})"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "image"),
        ({"image": b"words", "alt": "A switch"}, "image"),
        ({"image": stories.picture(), "alt": " "}, "alt"),
    ],
    ids=["nothing", "no image", "no words"],
)
def test_what_is_wrong_with_an_image_is_said(
    cast: Cast, given: dict[str, Any], field: str
) -> None:
    client = Client()
    client.force_login(cast.bo)
    if "image" in given:
        given = given | {"image": SimpleUploadedFile("x.png", given["image"])}
    told = client.post("/knowledge/images/", given)
    assert told.status_code == 400
    assert field in told.json()["errors"]


def test_without_a_script_an_image_is_added_and_nothing_typed_is_lost(
    cast: Cast,
) -> None:
    article = stories.drafted(cast)
    client = Client()
    client.force_login(cast.bo)
    typed = {
        "kind": article.kind,
        "version": article.version,
        "title": "Typed, not saved",
        "audience": "staff",
        "symptom": "It **blinks**.",
        "add_image": "1",
        "alt": "The switch",
        "image": SimpleUploadedFile("x.png", stories.picture()),
    }
    path = f"{article.get_absolute_url()}edit/"
    html = client.post(path, typed).content.decode()
    image = ArticleImage.objects.get()
    assert f"![The switch](image:{image.pk})" in html
    assert 'value="Typed, not saved"' in html
    assert "It **blinks**." in html
    assert Article.objects.get().title != "Typed, not saved"


def test_a_preview_shows_the_images_of_who_writes(cast: Cast) -> None:
    mine, foreign = image_of(cast.bo), image_of(cast.cy, "Secret")
    client = Client()
    client.force_login(cast.bo)
    body = f"{shown(mine)} {shown(foreign)}"
    html = client.post(
        "/knowledge/preview/", {"kind": "faq", "title": "x", "body": body}
    ).content.decode()
    assert f'src="{mine.get_absolute_url()}"' in html
    assert foreign.get_absolute_url() not in html


def test_a_search_says_what_an_image_shows(cast: Cast, editor: User) -> None:
    image = image_of(cast.bo, "The crimson switch")
    stories.published(cast, editor, content=known_error(symptom=shown(image)))
    html = page(cast.ann, "/knowledge/?q=crimson")
    assert "The <mark>crimson</mark> switch" in html
    assert "!The" not in html
    assert "image:" not in html


def test_pages_without_images_ask_for_none(
    cast: Cast, editor: User, django_assert_num_queries: Any
) -> None:
    from knowledgebase.sections import sections  # noqa: PLC0415

    article = stories.published(cast, editor)
    with django_assert_num_queries(0):
        sections(article.current, article.kind, cast.bo)
    image = image_of(cast.bo)
    other = stories.published(cast, editor, content=known_error(body=shown(image) * 3))
    with django_assert_num_queries(1):
        sections(other.current, other.kind, cast.bo)
