"""One incident as the desk works on it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from incidents import permissions as may
from incidents import services
from incidents.forms.talking import Composer, NoteForm, ReplyForm
from incidents.known_errors import message_from
from incidents.models import Incident, Link
from incidents.services.asking import require
from incidents.services.linking import BY_HAND
from incidents.views.acting import done
from incidents.views.moves import (
    leave,
    page,
    press,
    refuse_stale,
    the_incident,
    viewer,
)
from incidents.views.workspace import gathered

LONGEST_ID = 18

EITHER = ["GET", "HEAD", "POST"]


@require_safe
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """Timeline, composers, next moves; ``?use=`` begins a reply with the words of a
    version of an article."""
    incident = the_incident(request, pk)
    use = request.GET.get("use")
    return _show(request, incident, _quoting(request, incident, use) if use else None)


def _quoting(request: HttpRequest, incident: Incident, use: str) -> ReplyForm:
    by = viewer(request)
    form = ReplyForm(incident=incident, by=by, initial={"use": use})
    if form.quoted is None:
        raise Http404
    if not form.hindrance:
        form.initial["message"] = message_from(form.quoted)
    return form


@require_http_methods(EITHER)
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to the reporter."""
    incident = the_incident(request, pk)
    if request.method != "POST":
        return redirect(f"{incident.get_absolute_url()}?write=reply#reply")
    form = ReplyForm(request.POST, request.FILES, incident=incident, by=viewer(request))
    said = _("Your message is in your report.")
    if incident.reporter_id != viewer(request).pk:
        said = _("Your reply to %(name)s is sent.") % {"name": incident.reporter.name}
    quotes = form.quoted is not None
    service = services.use_workaround if quotes else services.reply_to_reporter
    return _send(request, incident, form, service, said)


@require_http_methods(EITHER)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write for colleagues."""
    incident = the_incident(request, pk)
    if request.method != "POST":
        return redirect(f"{incident.get_absolute_url()}?write=note#note")
    form = NoteForm(request.POST, request.FILES, incident=incident, by=viewer(request))
    said = _("Your internal note is saved.")
    return _send(request, incident, form, services.add_note, said)


def _send(
    request: HttpRequest, incident: Incident, form: Composer, service: Any, said: str
) -> HttpResponse:
    by = viewer(request)
    # Before any file is kept: who only reads leaves nothing here.
    move = "note" if isinstance(form, NoteForm) else "reply"
    require(may.may_work, incident, by, move)
    valid = form.is_valid()
    form.keep_files()
    request.kept_files = form.file_ids  # type: ignore[attr-defined] # for refusals
    if form.wants_to_drop or form.wants_to_take_out or "edit" in request.POST:
        return _show(request, incident, form.shown_again(incident=incident))
    refuse_stale(incident, form)
    if valid and done(form, lambda: service(incident.pk, by=by, **form.given())):
        messages.success(request, said)
        return leave(request, incident)
    return _show(request, incident, form)


def _show(
    request: HttpRequest, incident: Incident, form: Any | None = None
) -> HttpResponse:
    context = gathered(
        incident,
        by=viewer(request),
        view=request.GET.get("show", "all"),
        write=request.GET.get("write", ""),
        reply=form if isinstance(form, ReplyForm) else None,
        note=form if isinstance(form, NoteForm) else None,
    )
    # Who asked for a part of the history gets to see it.
    context["folds"] = context["package"] is not None and "show" not in request.GET
    return render(request, "incidents/ticket/ticket.html", context)


@require_POST
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a link back that somebody made by hand."""
    incident = the_incident(request, pk)
    number = request.POST.get("link", "")
    if not number.isdecimal() or len(number) > LONGEST_ID:
        raise BadRequest("A link has a number.")
    ends = Q(from_incident=incident) | Q(to_incident=incident)
    found = get_object_or_404(Link, ends, pk=number, kind__in=BY_HAND)
    services.unlink_incidents(pk, by=viewer(request), link=found.pk)
    messages.success(request, _("The link is removed."))
    return leave(request, incident)


ask = page("ask")
link = page("link")
share_ticket = page("share")
watch = press("watch")
unwatch = press("unwatch")
