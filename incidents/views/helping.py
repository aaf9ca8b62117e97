"""What may help before somebody reports, and what they do with it.

What was typed travels in the body of a request only, never in an address, and goes
back to the page that it came from. The report can always be sent.
"""

from typing import Any, cast
from uuid import uuid4

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import AuthenticatedRequest
from accounts.models import User
from incidents import services
from incidents.forms import helping as forms
from incidents.looking import Help, help_for
from incidents.models import Incident
from incidents.views.acting import result_of
from incidents.views.portal import message_page, report_page

NO_CONTENT = 204


def _user(request: HttpRequest) -> User:
    return cast(AuthenticatedRequest, request).user


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """What may help with the words typed so far: a fragment while they are typed, the
    whole page for who asks by the button."""
    user = _user(request)
    form = forms.UnfinishedReport(request.POST, request.FILES, by=user)
    form.is_valid()
    is_fragment = bool(cast(Any, request).htmx)
    if not ratelimit.consume(request, action="look_for_help", user=user):
        return _slower(request, form, is_fragment=is_fragment)
    found = help_for(form.cleaned_data.get("description", ""), user)
    if not is_fragment:
        form.keep_files()
        return report_page(request, form.as_report(), help=found, has_looked=True)
    if found.code == request.POST.get("shown", ""):
        return HttpResponse(status=NO_CONTENT)
    context = {"help": found, "is_fragment": True}
    return render(request, "incidents/partials/_portal_help.html", context)


def _slower(
    request: HttpRequest, form: forms.UnfinishedReport, *, is_fragment: bool
) -> HttpResponse:
    if is_fragment:
        return HttpResponse(status=NO_CONTENT)
    form.keep_files()
    words = _("Wait a minute before you look again. You can send your report now.")
    return _back(request, form, words)


@require_POST
def solved(request: HttpRequest) -> HttpResponse:
    """*This solved it*: nothing is sent, and that an article helped is counted."""
    user = _user(request)
    form = forms.SolvedForm(request.POST, request.FILES, by=user)
    form.is_valid()
    given = form.cleaned_data
    if "version" not in given:
        raise Http404
    form.keep_files()
    if not ratelimit.consume(request, action="say_it_helped", user=user):
        words = _("You said so many times just now. Wait a minute.")
        return _back(request, form, words)
    deflection = services.record_deflection(
        given["version"],
        by=user,
        submission=given.get("submission") or uuid4(),
        letters=len(form.typed().get("description", "")),
    )
    context = {"deflection": deflection, "form": form, "typed": form.typed()}
    return render(request, "incidents/portal/solved.html", context)


@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """It did not help after all: back to the form, with all that was typed."""
    user = _user(request)
    form = forms.TakeBackForm(request.POST, by=user)
    form.is_valid()
    if "deflection" not in form.cleaned_data:
        raise Http404
    services.take_back_deflection(form.cleaned_data["deflection"], by=user)
    words = _("Taken back. What you typed is below: send it when you are ready.")
    return _back(request, form, words)


@require_POST
def me_too(request: HttpRequest) -> HttpResponse:
    """A report of one's own of what is announced; the same again, if there is one."""
    user = _user(request)
    form = forms.MeTooForm(request.POST, request.FILES, by=user)
    is_valid = form.is_valid()
    if "announcement" not in form.cleaned_data:
        raise Http404
    form.keep_files()
    sent = _join(form) if is_valid else None
    if sent is None:
        return _back(request, form, form.fault())
    said = form.cleaned_data["description"]
    if said and said != sent.description.strip():
        # They have one already, and these words are not in it.
        return message_page(request, sent, form.as_message(), "")
    return redirect("incidents:received", sent.pk)


def _join(form: forms.MeTooForm) -> Incident | None:
    given = form.cleaned_data
    chosen = {
        name: given[name] for name in ("impact", "urgency") if given[name] is not None
    }
    return result_of(
        form,
        lambda: services.say_me_too(
            given["announcement"],
            by=form.by,
            description=given["description"],
            files=form.file_ids,
            **chosen,
        ),
    )


def _back(
    request: HttpRequest, form: forms.UnfinishedReport, words: str
) -> HttpResponse:
    messages.warning(request, words)
    return report_page(request, form.as_report(), help=Help())
