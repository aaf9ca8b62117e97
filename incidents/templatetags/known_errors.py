"""What the tickets say about an article, for the pages of the knowledge base."""

from typing import Any

from django import template

from incidents.models import KnownErrorUse
from knowledgebase import permissions as may

register = template.Library()


@register.inclusion_tag("incidents/partials/_known_error_tally.html")
def known_error_tally(article: Any, user: Any) -> dict[str, Any]:
    """How often the versions of an article were used and helped: for people who work
    on tickets, and numbers only."""
    if not may.works_on_tickets(user):
        return {}
    uses = KnownErrorUse.objects.filter(version__article=article)
    return {"tally": uses.tally()}
