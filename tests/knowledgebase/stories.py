"""Articles in every state, made as people make them."""

from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.models import Role, User
from knowledgebase import services
from knowledgebase.codes import Audience, Kind
from knowledgebase.markdown import reference
from knowledgebase.models import Article, ArticleImage
from knowledgebase.services import Content
from tests.people import Cast, make_user


def make_editor(name: str = "Kim Kade") -> User:
    """A knowledge editor and nothing else."""
    user = make_user(name)
    user.role_grants.create(
        role=Role.KNOWLEDGE_EDITOR, granted_by=User.objects.system()
    )
    return user


def known_error(**changes: Any) -> Content:
    given: dict[str, Any] = {
        "title": "Label printer prints blank labels",
        "audience": Audience.EVERYONE,
        "symptom": "Labels come out *blank* after the update.",
        "cause": "The driver forgets its paper size.",
        "workaround_agents": "Set the paper size by `lpadmin`.",
        "workaround_reporters": "Switch the printer off and on again.",
        "signatures": ["E102", "paper size * unknown"],
    }
    return Content(**(given | changes))


def how_to(**changes: Any) -> Content:
    given: dict[str, Any] = {
        "title": "How do I forward my telephone?",
        "audience": Audience.EVERYONE,
        "body": "1. Press *21*\n2. Dial the number.",
    }
    return Content(**(given | changes))


def drafted(
    cast: Cast, *, by: User | None = None, content: Content | None = None
) -> Article:
    return services.draft_article(
        by=by or cast.bo, kind=Kind.KNOWN_ERROR, content=content or known_error()
    )


def submitted(cast: Cast, **given: Any) -> Article:
    article = drafted(cast, **given)
    assert article.open is not None
    by = given.get("by") or cast.bo
    return services.submit_for_review(article.pk, by=by, expected_version=None)


def published(cast: Cast, editor: User, **given: Any) -> Article:
    article = submitted(cast, **given)
    return services.publish_article(article.pk, by=editor, expected_version=None)


def rewritten(cast: Cast, editor: User, **changes: Any) -> Article:
    """Published, and Bo is writing the second version."""
    article = published(cast, editor)
    services.new_version(article.pk, by=cast.bo, expected_version=None)
    return services.save_draft(
        article.pk, by=cast.bo, expected_version=None, content=known_error(**changes)
    )


def retired(cast: Cast, editor: User, **given: Any) -> Article:
    article = published(cast, editor, **given)
    return services.retire_article(
        article.pk, by=editor, expected_version=None, reason="The printer is gone."
    )


def grow_stale(article: Article) -> None:
    past = timezone.localdate() - timedelta(days=3)
    Article.objects.filter(pk=article.pk).update(review_by=past)


@cache
def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    """A true image, of one colour."""
    memory = BytesIO()
    Image.new("RGB", size, "teal").save(memory, form, **more)
    return memory.getvalue()


def image_of(by: User, alt: str = "The red switch") -> ArticleImage:
    """Chosen by this person, for a draft that is not saved yet."""
    upload = SimpleUploadedFile("switch.png", picture())
    return services.keep_image(upload, by=by, alt=alt)


def shown(image: ArticleImage) -> str:
    """A text with this image."""
    return f"Press it:\n\n{reference(image.pk, image.alt)}"
