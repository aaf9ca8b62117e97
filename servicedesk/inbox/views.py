"""Pages on which a newcomer reads what the demonstration would have mailed.

They need no log-in, because a link in a mail is followed as its reader, who may
have none. So anybody who reaches a demonstration can read the links that set a
password, which gives nothing away: the password of its accounts is public.
"""

import re
from collections.abc import Callable
from functools import wraps

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from servicedesk.inbox import letters
from servicedesk.inbox.letters import Letter
from servicedesk.inbox.links import pieces

View = Callable[..., HttpResponse]

PAGE_SIZE = 50
HEAD = re.compile(r"<head(\s[^>]*)?>", re.IGNORECASE)
# Links open in the window around the frame, and only when somebody presses them.
SANDBOX = "allow-top-navigation-by-user-activation"
# Mail carries its style in its head; it may do nothing else.
MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": [SANDBOX],
}


def of_the_demonstration(view: View) -> View:
    """Open to everybody, never cached, and not there on a real desk."""

    @wraps(view)
    def answer(request: HttpRequest, **names: str) -> HttpResponse:
        if not letters.are_kept():
            raise Http404
        return view(request, **names)

    return require_safe(login_not_required(never_cache(answer)))


@of_the_demonstration
def mails(request: HttpRequest) -> HttpResponse:
    """Every kept mail, or those to one address."""
    to = request.GET.get("to", "").strip().lower()
    kept = letters.newest_first()
    shown = [letter for letter in kept if letter.is_to(to)] if to else kept
    people = {who.addr_spec.lower() for letter in kept for who in letter.recipients}
    context = {
        "to": to,
        "people": sorted(people | {to} - {""}),
        "page_obj": Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "demonstration/mails.html", context)


@csp_update({"frame-src": [SELF]})
@of_the_demonstration
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its head and its words, or how a mail program shows it."""
    letter = _letter_or_404(name)
    html = letter.body("html")
    context = {
        "letter": letter,
        "pieces": pieces(letter.body("plain").strip()),
        "has_html": bool(html),
        "shows_html": bool(html) and request.GET.get("as") == "html",
        "sandbox": SANDBOX,
    }
    return render(request, "demonstration/mail.html", context)


@csp(MAIL_POLICY)
@xframe_options_sameorigin
@of_the_demonstration
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of one mail, in a sandbox, for the frame on its page."""
    html = _letter_or_404(name).body("html")
    if not html:
        raise Http404
    return HttpResponse(_opening_links_above(html))


def _letter_or_404(name: str) -> Letter:
    letter = letters.letter_named(name)
    if letter is None:
        raise Http404
    return letter


def _opening_links_above(html: str) -> str:
    above = '<base target="_top">'
    head = HEAD.search(html)
    if head is None:
        return above + html
    return html[: head.end()] + above + html[head.end() :]
