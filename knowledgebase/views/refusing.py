"""What a person is told when something about an article is refused: why, who can, and
everything they typed.

Who may not see the article gets ``None``, so that the plain page answers.
"""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activity.refusals import Conflict, NotAllowed
from knowledgebase import permissions as may
from knowledgebase.differences import Difference, between
from knowledgebase.forms import EditForm, typed_in
from knowledgebase.models import Article, Feedback
from knowledgebase.models.life_cycle import has_draft
from knowledgebase.services import Content
from knowledgebase.services.content import WORDS

Words = str | Promise
ONLY: Final[dict[str, Words]] = {
    "publish": _(
        "A knowledge editor publishes it, and not one who wrote some of it: somebody"
        " else reads it first."
    ),
    "retire": _("A knowledge editor retires articles."),
    "rename": _("A knowledge editor gives articles their address."),
    "restore": _("A knowledge editor brings back what is retired."),
    "say": _("Who answers for an article is not asked whether it helped."),
    "handle": _("Its owner or a knowledge editor says what became of it."),
    "hand_over": _("Its owner or a knowledge editor hands it over."),
    "confirm_review": _("Its owner or a knowledge editor says that it still holds."),
}
# The field with words on the pages of what readers say.
SAYING: Final[dict[str, tuple[Words, str]]] = {
    "not_helpful": (_("What should be different?"), "words"),
    "handle": (_("What became of it"), "answer"),
}
WRITER: Final = _("Who began this version, or a knowledge editor, goes on with it.")


def told_of_conflict(request: HttpRequest, refusal: Conflict) -> HttpResponse | None:
    """The page of 409."""
    article = _seen(request, refusal.subject)
    if article is None:
        return None
    context: dict[str, Any] = {"article": article, "sentence": refusal.sentence()}
    context |= _typed(request, article)
    return render(request, "knowledge/conflict.html", context, status=409)


def told_of_refusal(request: HttpRequest, refusal: NotAllowed) -> HttpResponse | None:
    """The page of 403."""
    article = _seen(request, refusal.subject)
    if article is None:
        return None
    sentence = ONLY.get(refusal.move, WRITER)
    context: dict[str, Any] = {"article": article, "sentence": sentence}
    context |= _typed(request, article)
    return render(request, "knowledge/refused.html", context, status=403)


def _seen(request: HttpRequest, subject: Any) -> Article | None:
    if isinstance(subject, Feedback):
        subject = subject.about.article
    if not isinstance(subject, Article) or not request.user.is_authenticated:
        return None
    rows = Article.objects.visible_to(request.user).for_page()
    found: Article | None = rows.filter(pk=subject.pk).first()
    return found


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return str(match.url_name) if match else ""


def _typed(request: HttpRequest, article: Article) -> dict[str, Any]:
    """Nothing that somebody typed is lost."""
    route = _route(request)
    if request.method == "POST" and route == "edit":
        return _kept(request, article)
    label, name = SAYING.get(route, ("", ""))
    words = request.POST.get(name, "").strip()
    return {"said": [(label, words)]} if words else {}


def _kept(request: HttpRequest, article: Article) -> dict[str, Any]:
    """What was typed: in the form again where it may still be saved, else to copy."""
    posted = EditForm(request.POST, kind=article.kind)
    typed = posted.typed()
    possible = has_draft(article) and may.may_write(article, request.user)
    kept: dict[str, Any] = {
        "said": [
            (posted[name].label, typed[name])
            for name in posted.fields
            if name in WORDS and str(typed[name] or "").strip()
        ]
    }
    if possible:
        kept["form"] = EditForm(kind=article.kind, article=article, initial=typed)
        kept["differences"] = _from_saved(article, posted, typed)
    return kept


def _from_saved(
    article: Article, posted: EditForm, typed: dict[str, Any]
) -> list[Difference]:
    """From what the other one saved to what was typed here."""
    assert article.open is not None  # noqa: S101 - asked before
    saved = typed_in(Content.of(article.open))
    return [
        Difference(str(posted[name].label), list(between(saved[name], mine)))
        for name in posted.fields
        if name in WORDS and (mine := str(typed[name] or "")) != str(saved[name])
    ]
