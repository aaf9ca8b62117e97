"""What one incident taught, written down for all."""

from django.db import transaction

from accounts.models import User
from activity.lifecycle import record
from incidents import permissions as may
from incidents.events import Kind
from incidents.services.asking import lock, require_sight
from knowledgebase.models import Article
from knowledgebase.services import Content, draft_article


@transaction.atomic
def write_article(pk: int, *, by: User, kind: str, content: Content) -> Article:
    """A draft of an article; the incident remembers that it has one.

    Also after the end, and whatever happened to the incident meanwhile: nothing of it
    changes. Who reads the draft is a matter of the knowledge base.
    """
    incident = lock(pk, by=by, move="write_article", may=may.may_write_article)
    require_sight(incident, by, "write_article")
    article = draft_article(by=by, kind=kind, content=content)
    data = {"article": article.pk, "number": 1}
    record(incident, Kind.WRITE_ARTICLE, by=by, data=data)
    return article
