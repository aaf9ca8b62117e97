"""What the page of an article offers to this person just now."""

from datetime import date

from accounts.models import User
from knowledgebase import permissions as may
from knowledgebase.codes import Status
from knowledgebase.models import Article
from knowledgebase.models.life_cycle import (
    has_draft,
    has_nothing_open,
    is_under_review,
)


def offers(article: Article, user: User, today: date) -> dict[str, bool]:
    """Moves by name, ``True`` where they are possible and allowed. The services ask
    again."""
    lives = article.status != Status.RETIRED
    is_published = article.status == Status.PUBLISHED
    drafting, reviewing = has_draft(article), is_under_review(article)
    writes = may.may_write(article, user)
    return {
        "edit": drafting and writes,
        "submit": drafting and writes,
        "discard": drafting and writes and is_published,
        "take_back": reviewing and writes and not may.may_edit_all(user),
        "send_back": reviewing and may.may_edit_all(user),
        "publish": reviewing and may.may_publish(article, user),
        "own_words": reviewing
        and may.may_edit_all(user)
        and not may.may_publish(article, user),
        "new_version": is_published
        and has_nothing_open(article)
        and may.may_start(article, user),
        "restore": (is_published or not lives)
        and has_nothing_open(article)
        and may.may_start(article, user),
        "retire": lives and may.may_retire(article, user),
        "rename": may.may_rename(article, user),
        "hand_over": lives and may.may_keep(article, user),
        "confirm_review": is_published and may.may_keep(article, user),
        "history": may.may_see_history(user),
        "see_open": article.open is not None and may.may_see_open(article, user),
        "inside": may.works_on_tickets(user),
        "stale": article.is_stale(today) and may.works_on_tickets(user),
    }
