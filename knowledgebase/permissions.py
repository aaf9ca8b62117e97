"""Who may read, write, publish and keep articles."""

from typing import TYPE_CHECKING, Any

from accounts import permissions as people
from knowledgebase.codes import Audience, Status

if TYPE_CHECKING:
    from knowledgebase.models import Article, Feedback


def may_read(user: Any) -> bool:
    """Everyone who logs in finds something here."""
    return people.is_reporter(user)


def may_edit_all(user: Any) -> bool:
    """Knowledge editors answer for the whole: drafts, reviews and what is retired."""
    return people.is_knowledge_editor(user)


def works_on_tickets(user: Any) -> bool:
    """Reads causes and what agents do about them."""
    return people.is_agent(user) or people.is_resolver(user) or may_edit_all(user)


def is_staff(user: Any) -> bool:
    """Works in any team or holds a role."""
    standing = getattr(user, "standing", None)
    return standing is not None and bool(standing.teams or standing.roles)


def audiences_of(user: Any) -> list[Audience]:
    """The audiences that this person belongs to."""
    asked = {
        Audience.EVERYONE: may_read,
        Audience.STAFF: is_staff,
        Audience.AGENTS: works_on_tickets,
    }
    return [audience for audience, belongs in asked.items() if belongs(user)]


def reach_of(user: Any) -> Audience | None:
    """The narrowest audience that this person belongs to; nobody has none."""
    return audiences_of(user)[-1] if may_read(user) else None


def may_draft(user: Any) -> bool:
    """Whoever works on tickets writes down what helped."""
    return works_on_tickets(user)


def may_see_history(user: Any) -> bool:
    """Earlier versions may have had a narrower audience than the one of today."""
    return works_on_tickets(user)


def may_see_open(article: "Article", user: Any) -> bool:
    """What is being written: for editors, and for who writes it."""
    if may_edit_all(user):
        return True
    return article.open is not None and article.open.drafted_by_id == user.pk


def may_start(article: "Article", user: Any) -> bool:
    """Begin a new version. What is retired comes back through an editor only."""
    if article.status == Status.RETIRED:
        return may_edit_all(user)
    return may_draft(user)


def may_write(article: "Article", user: Any) -> bool:
    """Change the draft, send it for review, take it back."""
    return may_draft(user) and may_see_open(article, user)


def may_publish(article: "Article", user: Any) -> bool:
    """An editor who wrote nothing of it. Also kept by ``review_by_another``."""
    if not may_edit_all(user) or article.open is None:
        return False
    return user.pk not in article.open.writer_ids


def may_send_back(article: "Article", user: Any) -> bool:
    """An editor; or who wrote it takes it back."""
    return may_write(article, user)


def may_retire(article: "Article", user: Any) -> bool:
    return may_edit_all(user)


def may_rename(article: "Article", user: Any) -> bool:
    return may_edit_all(user)


def may_keep(article: "Article", user: Any) -> bool:
    """Say that it still holds, or whose it is from now on."""
    return may_edit_all(user) or (may_draft(user) and article.owner_id == user.pk)


def may_say(article: "Article", user: Any) -> bool:
    """Whether it helped: readers, not who answers for it."""
    return user.is_authenticated and article.owner_id != user.pk


def may_hear(article: "Article", user: Any) -> bool:
    """Who said what of it, and in which words; others see counts at most."""
    return may_keep(article, user)


def may_handle(feedback: "Feedback", user: Any) -> bool:
    """Say what became of it: the article's owner, or an editor."""
    return may_keep(feedback.about.article, user)


def gave(feedback: "Feedback", user: Any) -> bool:
    """Nobody else says otherwise for them."""
    return bool(feedback.by_id == user.pk)


def may_see_gaps(user: Any) -> bool:
    """What many ask for and nobody has written down: whoever may write it."""
    return may_draft(user)


def may_decide_gap(user: Any) -> bool:
    """That nothing needs to be written. Also kept by ``gap_decided_by_editor``."""
    return may_edit_all(user) or people.is_service_desk_lead(user)


def may_see_health(user: Any) -> bool:
    """How articles do: editors and managers those they may read, writers their own."""
    return may_edit_all(user) or people.is_manager(user) or may_draft(user)


def sees_all_health(user: Any) -> bool:
    return may_edit_all(user) or people.is_manager(user)
