"""The check for known errors, before somebody else is asked to work on it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activity import clock
from incidents import moves, services
from incidents.forms.checking import CheckForm
from incidents.models import Incident, KnownErrorCheck
from incidents.services.checking import candidates_for
from incidents.views.acting import done
from incidents.views.candidates import candidates_in
from incidents.views.moves import (
    leave,
    refuse_stale,
    the_incident,
    viewer,
    way_back,
)

NAME = "check_known_errors"


@require_http_methods(["GET", "HEAD", "POST"])
def check_known_errors(request: HttpRequest, pk: int) -> HttpResponse:
    """Each known error that is suggested is used, or refused with a word."""
    incident = the_incident(request, pk)
    by = viewer(request)
    if request.method != "POST":
        moves.check(incident, NAME, by, clock.now())
        return _show(request, incident, _form(request, incident))
    form = _form(request, incident, data=request.POST)
    refuse_stale(incident, form)
    moves.check(incident, NAME, by, clock.now())
    if not form.is_about_what_is_shown:
        return _anew(request, incident, form)
    if form.is_valid() and done(form, lambda: _check(form, incident, request)):
        messages.success(request, _said(form))
        return leave(request, incident)
    if form.non_field_errors():  # Others are suggested since a moment ago.
        return _anew(request, incident, form)
    return _show(request, incident, form)


def _form(request: HttpRequest, incident: Incident, **given: Any) -> CheckForm:
    by = viewer(request)
    found = candidates_for(incident, by)
    return CheckForm(incident=incident, by=by, suggestions=found, **given)


def _check(
    form: CheckForm, incident: Incident, request: HttpRequest
) -> KnownErrorCheck:
    return services.check_known_errors(
        incident.pk,
        by=viewer(request),
        expected_version=form.expected_version,
        shown=form.numbers,
        decisions=form.decisions,
    )


def _said(form: CheckForm) -> str:
    if not form.numbers:
        return _("It is on record that no known error was found.")
    return _("Your decisions are on record.")


def _anew(request: HttpRequest, incident: Incident, form: CheckForm) -> HttpResponse:
    """What is suggested now, with what was decided on those that are still among it."""
    again = _form(request, incident, initial=form.typed())
    return _show(request, incident, again, has_changed=True)


def _show(
    request: HttpRequest, incident: Incident, form: CheckForm, **more: Any
) -> HttpResponse:
    context = {
        "incident": incident,
        "form": form,
        "candidates": candidates_in(form, by=viewer(request)),
        "move": moves.BY_NAME[NAME],
        "next": way_back(request),
        **more,
    }
    return render(request, "incidents/ticket/check.html", context)
