"""One address for each move of the desk.

Two views do all of it: ``press`` for what needs no words, ``page`` for what has a
form. What differs is data, in ``move_pages``.
"""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AuthenticatedRequest
from accounts.models import User
from activity import clock
from activity.lifecycle import check_version
from incidents import moves, services
from incidents.clocks.foretelling import Foretold, foretold
from incidents.clocks.previewing import preview
from incidents.forms import planning
from incidents.forms.move import MoveForm
from incidents.models import Incident
from incidents.services.parts import Together
from incidents.views.acting import done
from incidents.views.move_pages import PAGES, PRESSES, Page, in_words

FIRST = 1  # The event of the report.
View = Callable[[HttpRequest, int], HttpResponse]


def the_incident(request: HttpRequest, pk: int) -> Incident:
    """One that this person may see in full. Any other answers 404, like none."""
    seen = Incident.objects.visible_to(request.user).for_page().with_reminders()
    incident: Incident = get_object_or_404(seen, pk=pk)
    return incident


def viewer(request: HttpRequest) -> User:
    return cast(AuthenticatedRequest, request).user


def way_back(request: HttpRequest) -> str:
    """Where to go afterwards, if the page named a place of ours."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url.startswith("/") and url_has_allowed_host_and_scheme(url, None)
    return url if is_ours else ""


def leave(request: HttpRequest, incident: Incident) -> HttpResponse:
    return redirect(way_back(request) or incident.get_absolute_url())


def press(name: str) -> View:
    """The view of a move that one press makes."""
    entry = PRESSES[name]

    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        incident = the_incident(request, pk)
        entry.act(pk, by=viewer(request), **entry.given(request, incident))
        messages.success(request, in_words(entry.said, incident))
        return leave(request, incident)

    view.__name__ = name
    return view


def page(name: str) -> View:
    """The view of a move that has a form."""
    entry = PAGES[name]

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        incident = the_incident(request, pk)
        if request.method != "POST":
            moves.check(incident, name, viewer(request), clock.now())
            return show(request, incident, name, bind(request, incident, entry))
        form = bind(request, incident, entry)
        if "edit" in request.POST:
            return show(request, incident, name, again(request, incident, form))
        refuse_stale(incident, form)
        if entry.plan and "preview" in request.POST:
            moves.check(incident, name, viewer(request), clock.now())
            return ahead(request, incident, name, form)
        made: list[Any] = []
        by = viewer(request)
        if form.is_valid() and done(form, lambda: made.append(entry.act(form, pk, by))):
            messages.success(request, in_words(entry.said, incident, made[0]))
            tell_together(request, made[0])
            return leave(request, made[0] if entry.leads_on else incident)
        moves.check(incident, name, viewer(request), clock.now())
        return show(request, incident, name, form)

    view.__name__ = name
    return view


def tell_together(request: HttpRequest, made: Any) -> None:
    """What became of the parts, where some were solved together; each that was not by
    name."""
    if not isinstance(made, Together):
        return
    if made.solved:
        words = ngettext(
            "%(count)d report that is part of it is resolved as well.",
            "%(count)d reports that are part of it are resolved as well.",
            len(made.solved),
        )
        messages.success(request, words % {"count": len(made.solved)})
    for one in made.left:
        sentence = _("%(reference)s stays open: %(why)s")
        told = {"reference": one.part.reference, "why": one.why}
        messages.warning(request, sentence % told)


@require_POST
def resolve_parts(request: HttpRequest, pk: int) -> HttpResponse:
    """What is part of a solved incident is solved with it."""
    incident = the_incident(request, pk)
    tell_together(request, services.resolve_parts(pk, by=viewer(request)))
    return leave(request, incident)


def bind(request: HttpRequest, incident: Incident, entry: Page) -> MoveForm:
    data = request.POST if request.method == "POST" else None
    return entry.form(data, incident=incident, by=viewer(request), asked=request.GET)


def again(request: HttpRequest, incident: Incident, form: MoveForm) -> MoveForm:
    """The form with what was typed, on the incident as it is now."""
    return type(form)(incident=incident, by=viewer(request), initial=form.typed())


def refuse_stale(incident: Incident, form: Any) -> None:
    """Who looked at an older version is told what changed, whatever else is wrong."""
    if "version" not in form.fields:
        return
    if "version" in form.errors:
        raise BadRequest("A form names the version that it saw.")
    check_version(incident, form.expected_version)


def ahead(
    request: HttpRequest, incident: Incident, name: str, form: MoveForm
) -> HttpResponse:
    """What it would do with what was typed so far; nothing is saved."""
    if not cast(Any, request).htmx:
        return show(request, incident, name, again(request, incident, form))
    context = {"foretold": told_beforehand(form, PAGES[name])}
    return render(request, "incidents/partials/_ticket_foretold.html", context)


def told_beforehand(form: MoveForm, entry: Page) -> Foretold | None:
    """What it does to the clocks, for the pages that say so."""
    if entry.plan is None:
        return None
    answers = planning.Answers(form)
    plan = entry.plan(answers)
    found = preview(form.incident, plan, clock.now())
    return foretold(found, answers.missing)


def show(
    request: HttpRequest, incident: Incident, name: str, form: MoveForm
) -> HttpResponse:
    entry = PAGES[name]
    context = {
        "incident": incident,
        "form": form,
        "move": moves.BY_NAME[name],
        "report_files": incident.attachments.filter(seq=FIRST),
        "lead": in_words(entry.lead, incident),
        "next": way_back(request),
        "foretold": told_beforehand(form, entry),
        **entry.beside(incident),
        **entry.around(form),
    }
    return render(request, entry.template, context)


triage = page("triage")
reclassify = page("reclassify")
override_severity = page("override_severity")
retitle = page("retitle")
assign = page("assign")
hand_over = page("hand_over")
transfer = page("transfer")
escalate = page("escalate")
hand_back = page("hand_back")
triage_and_escalate = page("triage_and_escalate")
hold = page("hold")
resolve = page("resolve")
record_call = page("record_call")
reject = page("reject")
waive = page("waive")
cancel = page("cancel")
reopen = page("reopen")
follow_up = page("follow_up")
declare_major = page("declare_major")
stand_down = page("stand_down")
name_successor = page("name_successor")
call_attention = page("call_attention")
end_attention = press("end_attention")
announce = page("announce")
end_announcement = press("end_announcement")
take = press("take")
start = press("start")
resume = press("resume")
remind = press("remind")
close = press("close")
