"""What is done with an article as a whole: one address for each move."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from activity.refusals import NotAllowed
from knowledgebase import forms, services
from knowledgebase import permissions as may
from knowledgebase.models import Article
from knowledgebase.views.asking import the_article, viewer

View = Callable[[HttpRequest, str], HttpResponse]
Words = Any  # Translated when it is shown.


def press(act: Callable[..., Article], said: Words, form: Any = None) -> View:
    """A move without words."""

    @require_POST
    def view(request: HttpRequest, slug: str) -> HttpResponse:
        article = the_article(request, slug)
        by = viewer(request)
        asked = (form or forms.VersionForm)(request.POST, article=article, by=by)
        if not asked.is_valid():
            raise BadRequest("A move names the version that it saw.")
        moved = act(article.pk, by=by, **asked.given())
        messages.success(request, said)
        return redirect(moved)

    return view


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A move that asks something. ``may`` is asked before anybody types."""

    name: str
    may: Callable[[Article, Any], bool]
    act: Callable[..., Article]
    form: Any
    label: Words
    lead: Words
    said: Words


def page(entry: Page) -> View:

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, slug: str) -> HttpResponse:
        article = the_article(request, slug)
        by = viewer(request)
        if not entry.may(article, by):
            raise NotAllowed(article, move=entry.name)
        data = request.POST if request.method == "POST" else None
        asked = entry.form(data, article=article, by=by)
        if asked.is_bound and asked.is_valid():
            moved = entry.act(article.pk, by=by, **asked.given())
            messages.success(request, entry.said)
            return redirect(moved)
        context = {"article": article, "form": asked, "entry": entry}
        return render(request, "knowledge/move.html", context)

    return view


submit = press(
    services.submit_for_review, _("Sent for review. A knowledge editor reads it next.")
)
publish = press(services.publish_article, _("Published. Its readers see it now."))
new_version = press(
    services.new_version,
    _("A new version is begun. Readers see the current one until it is published."),
)
restore = press(
    services.restore_version,
    _("The old words are a new draft now."),
    forms.RestoreForm,
)
discard = press(services.discard_draft, _("The draft is dropped."))
send_back = page(
    Page(
        name="send_back",
        may=may.may_send_back,
        act=services.send_back,
        form=forms.ReasonForm,
        label=_("Send back"),
        lead=_("It is a draft again. Who wrote it gets an e-mail with your words."),
        said=_("It is a draft again."),
    )
)
retire = page(
    Page(
        name="retire",
        may=may.may_retire,
        act=services.retire_article,
        form=forms.ReasonForm,
        label=_("Retire"),
        lead=_("Nobody finds it any more. Editors can bring an old version back."),
        said=_("The article is retired."),
    )
)
rename = page(
    Page(
        name="rename",
        may=may.may_rename,
        act=services.rename_article,
        form=forms.RenameForm,
        label=_("Change the address"),
        lead=_("Links to the old address go on working."),
        said=_("The article has its new address."),
    )
)
hand_over = page(
    Page(
        name="hand_over",
        may=may.may_keep,
        act=services.hand_over_owner,
        form=forms.HandOverForm,
        label=_("Hand over"),
        lead=_("The owner looks after it: whether it still holds, and what to add."),
        said=_("The article has a new owner."),
    )
)
confirm_review = page(
    Page(
        name="confirm_review",
        may=may.may_keep,
        act=services.confirm_review,
        form=forms.ConfirmReviewForm,
        label=_("It still holds"),
        lead=_("You have read it, and what it says is still true."),
        said=_("Thank you. We ask again on the day you chose."),
    )
)
