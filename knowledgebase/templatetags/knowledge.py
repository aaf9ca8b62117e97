"""How articles are written on pages."""

from collections.abc import Mapping
from typing import Final

from django import template
from django.utils.safestring import SafeString

from knowledgebase import markdown as ours
from knowledgebase.codes import State, Status
from knowledgebase.models import ArticleImage

register = template.Library()

LOOKS: Final[dict[str, str]] = {
    Status.DRAFT: "new",
    Status.IN_REVIEW: "waiting",
    Status.PUBLISHED: "resolved",
    Status.RETIRED: "closed",
    State.SUPERSEDED: "closed",
    State.DISCARDED: "closed",
}


@register.filter
def markdown(
    source: str, pictures: Mapping[int, ours.Picture] | None = None
) -> SafeString:
    """The text as HTML, from the allow-list of ``knowledgebase.markdown``. Images that
    are not among ``pictures`` are said in words."""
    return ours.rendered(source, pictures)


@register.filter
def reference(image: ArticleImage) -> str:
    """What shows this image, to be written into a text."""
    return ours.reference(image.pk, image.alt)


@register.filter
def highlighted(found: str) -> SafeString:
    """An excerpt with what a search found in it marked."""
    return ours.highlighted(found)


@register.filter
def marked(found: str) -> SafeString:
    """Plain text with what a search found in it marked."""
    return ours.marked(found)


@register.filter
def look(state: str) -> str:
    """The kind of tag that a state is shown with."""
    return LOOKS[state]
