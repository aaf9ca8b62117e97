"""The page of the one search box.

Asking is a POST, because a search that finds nothing is counted for those who write
articles. It leads to an address that changes nothing and can be kept.
"""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedRequest
from accounts.models import User
from incidents import permissions as may
from knowledgebase import permissions as articles
from knowledgebase.services import record_miss
from servicedesk.search_page.forms import SearchForm
from servicedesk.search_page.groups import Group, found
from servicedesk.search_page.jumping import is_number, named_by


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Tickets, articles and people with these words, as this person may see them."""
    user = cast(AuthenticatedRequest, request).user
    given = request.POST if request.method == "POST" else request.GET
    if not given.get("q", "").strip():
        return _unasked(request, user)
    form = SearchForm(given)
    if not form.is_valid():
        return _page(request, user, form)
    words = form.cleaned_data["q"]
    address = named_by(words, user)
    if address is not None:
        return redirect(address)
    if request.method == "POST":
        return _asked(request, user, words)
    return _page(request, user, form, words, found(words, user))


def _unasked(request: HttpRequest, user: User) -> HttpResponse:
    if request.method == "POST":
        return redirect(request.path)
    return _page(request, user, SearchForm())


def _asked(request: HttpRequest, user: User, words: str) -> HttpResponse:
    if not is_number(words) and not found(words, user):
        record_miss(words, by=user)
    return redirect(f"{request.path}?{urlencode({'q': words})}")


def _page(
    request: HttpRequest,
    user: User,
    form: SearchForm,
    words: str = "",
    groups: list[Group] | None = None,
) -> HttpResponse:
    only = [group for group in groups or [] if group.code == request.GET.get("in")]
    context: dict[str, Any] = {
        "form": form,
        "words": words,
        "all_query": urlencode({"q": words}),
        "groups": groups or [],
        "works": may.may_use_desk(user),
        "inside": articles.works_on_tickets(user),
        "may_report_for_others": may.may_report_for_others(user),
        "may_draft": articles.may_draft(user),
    }
    if only:
        page, rows = only[0].page(request.GET.get("page"))
        context |= {"only": only[0], "page_obj": page, "rows": rows}
    return render(request, "search/search.html", context)
