"""How an article does, on its own page and in lists."""

from datetime import date
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from incidents.codes import Outcome
from knowledgebase import permissions as may
from knowledgebase.models import Article
from servicedesk.knowledge_health.figures import Health, healths

register = template.Library()


@register.simple_tag(takes_context=True)
def health_of(context: dict[str, Any], article: Article) -> Health | None:
    """Its figures, for who keeps it; ``None`` for others, and before it is
    published."""
    if article.current_id is None or not may.may_keep(article, context["user"]):
        return None
    return healths(Article.objects.filter(pk=article.pk), only_current=False)[0]


@register.simple_tag
def days_left(health: Health, today: date) -> int:
    return health.days_left(today)


@register.simple_tag
def outcome_words(outcome: str | None) -> str | Promise:
    return Outcome(outcome).label if outcome else _("not known yet")


@register.filter
def absolute(number: int) -> int:
    return abs(number)
