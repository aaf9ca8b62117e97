"""Who hears of what happens to an article: editors of what waits for them, writers
of what became of it. Everything else is silent: its page and the lists show it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Role, User
from activity import handlers
from activity.models import Event
from activity.outbox import Message
from knowledgebase.events import Kind, Said
from knowledgebase.models import Article, Feedback

MOST_EDITORS = 50


def submitted(event: Event, article: Article) -> Iterator[Message]:
    """Every editor who may publish it."""
    version = article.versions.get(number=event.data["version"])
    editors = User.objects.active().filter(role_grants__role=Role.KNOWLEDGE_EDITOR)
    for editor in editors.exclude(pk__in=version.writer_ids)[:MOST_EDITORS]:
        with translation.override(editor.language):
            yield _letter(
                editor,
                article,
                _("Please review: %(title)s") % {"title": version.title},
                [_("%(name)s asks you to publish it.") % {"name": event.actor.name}],
            )


def sent_back(event: Event, article: Article) -> Iterator[Message]:
    reason = event.notes.get(name="reason").text
    for writer in _others(event, article):
        with translation.override(writer.language):
            yield _letter(
                writer,
                article,
                _("Sent back to you: %(title)s") % {"title": article.title},
                [
                    _("%(name)s says what is missing:") % {"name": event.actor.name},
                    reason,
                ],
            )


def published(event: Event, article: Article) -> Iterator[Message]:
    for writer in _others(event, article):
        with translation.override(writer.language):
            yield _letter(
                writer,
                article,
                _("Published: %(title)s") % {"title": article.title},
                [_("Its readers see what you wrote from now on.")],
            )


def did_not_help(event: Event, feedback: Feedback) -> Iterator[Message]:
    """The owner, of the first that waits: the others stand in the same list."""
    article = feedback.about.article
    owner = article.owner
    waiting = Feedback.objects.waiting().about_article(article)
    if feedback.helped or waiting.exclude(pk=feedback.pk).exists():
        return
    if not _reads(owner, article):
        return
    with translation.override(owner.language):
        sentence = _("%(name)s says that it did not help: %(reason)s.") % {
            "name": event.actor.name,
            "reason": feedback.get_reason_display(),
        }
        yield _letter(
            owner,
            article,
            _("It did not help: %(title)s") % {"title": article.title},
            [sentence, *_words(event), _("Look at it, and say what became of it.")],
        )


def handled(event: Event, feedback: Feedback) -> Iterator[Message]:
    """Who said it, while they may still read the article."""
    article, reader = feedback.about.article, feedback.by
    if reader.pk == event.actor_id or not _reads(reader, article):
        return
    with translation.override(reader.language):
        yield _letter(
            reader,
            article,
            _("About your answer: %(title)s") % {"title": article.title},
            [
                _("You said that it did not help. %(name)s says what became of it:")
                % {"name": event.actor.name},
                *_words(event),
            ],
        )


def _reads(user: User, article: Article) -> bool:
    return bool(Article.objects.visible_to(user).filter(pk=article.pk).exists())


def _words(event: Event) -> list[str]:
    return [note.text for note in event.notes.all() if note.text]


def _others(event: Event, article: Article) -> Iterable[User]:
    """Who began this version, unless it is their own act."""
    version = article.versions.select_related("drafted_by").get(
        number=event.data["version"]
    )
    writer = version.drafted_by
    return [] if writer.pk == event.actor_id else [writer]


def _letter(to: User, article: Article, heading: str, intro: list[str]) -> Message:
    path = reverse("knowledge:article", args=[article.slug])
    context: dict[str, Any] = {
        "heading": heading,
        "intro": intro,
        "button_url": f"{settings.SITE_URL}{path}",
        "button_label": _("Open the article"),
        "reference": article.reference,
    }
    return Message(
        to=to,
        subject=heading,
        text=render_to_string("mail/base.txt", context),
        html=render_to_string("mail/base.html", context),
    )


TOLD: Final[dict[str, Callable[[Event, Any], Iterable[Message]]]] = {
    Kind.SUBMIT: submitted,
    Kind.SEND_BACK: sent_back,
    Kind.PUBLISH: published,
    Said.GIVE: did_not_help,
    Said.HANDLE: handled,
}


def register() -> None:
    """Called when the app is ready; a second call changes nothing."""
    for kind, listener in TOLD.items():
        handlers.tell(kind, listener)
