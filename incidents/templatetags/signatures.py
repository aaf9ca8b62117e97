"""What typed signatures hit, for the editor of articles."""

from typing import Any

from django import template

from incidents.signatures import tried

register = template.Library()


@register.inclusion_tag("incidents/partials/_signatures_tried.html")
def signatures_tried(typed: str, by: Any) -> dict[str, Any]:
    """Each line of ``typed``, tried on recent tickets that ``by`` may see."""
    return {"trial": tried(typed, by=by)}
