"""What an article's page says about whom we told it."""

from typing import Any

from django import template
from django.template import Context

from incidents import permissions as may
from incidents.models import KnownErrorUse
from incidents.querysets_known import told_older
from knowledgebase.models import Article

register = template.Library()


@register.inclusion_tag("incidents/partials/_told_older.html", takes_context=True)
def told_an_older_version(context: Context, article: Article) -> dict[str, Any]:
    """How many people were told an older version and not this one, of the tickets that
    the viewer can see; nothing for who does not work on tickets."""
    user = context["request"].user
    if article.current_id is None or not may.may_use_desk(user):
        return {"count": 0}
    uses = told_older(KnownErrorUse.objects.visible_to(user), article)
    return {"count": uses.count(), "article": article}
