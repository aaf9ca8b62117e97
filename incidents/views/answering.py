"""Confirmations without the portal: a link in an e-mail, a question after log-in."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedRequest
from accounts.models import User
from activity import clock
from activity.models import Note
from incidents import links, services
from incidents.codes import Channel, Status
from incidents.forms.answering import (
    AboutOne,
    AskedFailsForm,
    FailsForm,
    WorksForm,
)
from incidents.forms.helped import chosen
from incidents.known_errors import asked_of_confirmer
from incidents.links import AnswerLink, Purpose, State
from incidents.models import Confirmation, Incident, KnownErrorUse
from incidents.notifications.letters import in_words_of
from incidents.timeline import solution_of
from incidents.views.acting import done
from incidents.views.moves import way_back

GONE: Final = 410
MOST_ASKED = 20
THANKS: Final = {
    State.CONFIRMED: gettext_lazy("Thank you. You told us that it works."),
    State.REJECTED: gettext_lazy("Thank you. We are looking at it again."),
}
NOTED: Final = gettext_lazy(
    "It was noted already that it works: %(name)s wrote down that you said so in a"
    " call. If that is not so, tell us in your report."
)
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def only_for_the_reader(view: View[P]) -> View[P]:
    """Keep what a bearer of a link sees out of caches, search engines and the logs of
    other sites. ``no-referrer`` would also hide the origin of our own POST, which the
    protection against forged requests asks for."""

    @wraps(view)
    def respond(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return respond


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@only_for_the_reader
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A page with buttons; the GET changes nothing, no log-in.

    What is pressed counts as said by whom the link was sent to.
    """
    case = _case_of(token)
    with in_words_of(case.person):
        if case.state != State.ASKS and not _contradicts(request, case):
            return _say_state(request, case)
        if request.method == "POST":
            return _answer(request, case)
        return _ask(request, case, first=request.GET.get("answer", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A link that this desk wrote, and what it is good for now."""

    link: AnswerLink
    state: State
    incident: Incident

    @property
    def person(self) -> User:
        return self.incident.confirmer

    @property
    def is_objection(self) -> bool:
        """Whether a "no" contradicts what a colleague wrote down as a "yes"."""
        return self.link.purpose == Purpose.OBJECT or self.state == State.CONFIRMED

    def works(self, *given: Any, **more: Any) -> WorksForm:
        return WorksForm(*given, uses=self._uses(), auto_id="id_yes_%s", **more)

    def fails(self, *given: Any, **more: Any) -> FailsForm:
        return FailsForm(*given, uses=self._uses(), auto_id="id_no_%s", **more)

    def _uses(self) -> list[KnownErrorUse]:
        """What a "yes" or "no" is asked about; an objection is about the call."""
        return [] if self.is_objection else asked_of_confirmer(self.incident)


def _case_of(token: str) -> _Case:
    """Raises ``Http404`` for a token that this desk never wrote."""
    try:
        link = links.read(token)
    except signing.BadSignature:
        raise Http404 from None
    found = Incident.objects.for_page()
    incident = get_object_or_404(found, pk=link.incident)
    state = links.state_of(link, incident, clock.now())
    return _Case(link=link, state=state, incident=incident)


def _say_state(request: HttpRequest, case: _Case) -> HttpResponse:
    """Why there is nothing to press. What no longer counts tells nothing about the
    incident: whoever has an old link may be anybody."""
    is_gone = case.state in {State.EXPIRED, State.VOID}
    context = {"state": str(case.state), "report": case.incident.reporter_url()}
    if case.state == State.CONFIRMED:
        context |= _recorded_call(case)
    template = f"incidents/answering/{'gone' if is_gone else 'said'}.html"
    return render(request, template, context, status=GONE if is_gone else 200)


def _contradicts(request: HttpRequest, case: _Case) -> bool:
    """A "no" that comes after a recorded call is news: the page was open before it.
    One's own word is taken back in the report, not by an old link."""
    says_no = request.method == "POST" and request.POST.get("answer") == "no"
    if not says_no or case.state != State.CONFIRMED:
        return False
    return bool(links.objection_to_call(case.incident, case.person, clock.now()))


def _recorded_call(case: _Case) -> dict[str, Any]:
    """What a colleague wrote down in the confirmer's name; nothing for their own
    answer."""
    call = getattr(case.incident.resolution, "confirmation", None)
    if call is None or call.channel != Channel.CALL:
        return {}
    objection = links.objection_to_call(case.incident, case.person, clock.now())
    return {"call": call, "objection": objection}


def _ask(
    request: HttpRequest,
    case: _Case,
    *,
    first: str = "",
    works: WorksForm | None = None,
    fails: FailsForm | None = None,
    in_doubt: bool = False,
) -> HttpResponse:
    incident = case.incident
    fails = fails or case.fails()
    context = {
        "incident": incident,
        "person": case.person,
        "solution": solution_of(incident),
        "call": getattr(incident.resolution, "confirmation", None),
        "works": works or case.works(),
        "fails": fails,
        "form": fails if fails.errors else works,
        "no_first": first == "no" or bool(fails.errors),
        "in_doubt": in_doubt,
    }
    name = "object" if case.is_objection else "confirm"
    return render(request, f"incidents/answering/{name}.html", context)


def _answer(request: HttpRequest, case: _Case) -> HttpResponse:
    if case.is_objection or request.POST.get("answer") == "no":
        return _no(request, case)
    if request.POST.get("answer") == "yes":
        return _yes(request, case)
    return _ask(request, case)


def _yes(request: HttpRequest, case: _Case) -> HttpResponse:
    form = case.works(request.POST)
    if form.is_valid() and form.is_in_doubt:
        return _ask_again(request, case, form.cleaned_data["message"])
    if form.is_valid() and done(form, lambda: _confirm(case, form)):
        return redirect(request.path)
    return _ask(request, case, works=form)


def _ask_again(request: HttpRequest, case: _Case, message: str) -> HttpResponse:
    """They pressed yes and wrote what sounds like no: both are one press away."""
    said = chosen(request.POST)
    sure = case.works(initial={"message": message, "is_sure": True, **said})
    fails = case.fails(initial={"complaint": message, **said})
    return _ask(request, case, works=sure, fails=fails, in_doubt=True)


def _confirm(case: _Case, form: WorksForm) -> Incident:
    return services.confirm_resolution(
        case.incident.pk,
        by=case.person,
        resolution=case.link.resolution,
        channel=Channel.LINK,
        message=form.cleaned_data["message"],
        helped=form.helped,
    )


def _no(request: HttpRequest, case: _Case) -> HttpResponse:
    form = case.fails(request.POST)
    if form.is_valid() and done(form, lambda: _reject(case, form)):
        return redirect(request.path)
    return _ask(request, case, fails=form)


def _reject(case: _Case, form: FailsForm) -> Incident:
    """Back into work: from resolved, or from closed while that is still possible."""
    incident, complaint = case.incident, form.cleaned_data["complaint"]
    if incident.status == Status.CLOSED:
        return services.reopen_incident(
            incident.pk,
            by=case.person,
            complaint=complaint,
            expected_version=incident.version,
        )
    return services.reject_resolution(
        incident.pk,
        by=case.person,
        complaint=complaint,
        resolution=case.link.resolution,
        channel=Channel.LINK,
        helped=form.helped,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def asked(request: HttpRequest) -> HttpResponse:
    """What the desk asks this person after log-in; *Later* goes on."""
    user = cast(AuthenticatedRequest, request).user
    if request.method == "POST":
        return _answer_one(request, user)
    return _show_asked(request, user, {})


def _show_asked(
    request: HttpRequest, user: User, refused: dict[int, AskedFailsForm]
) -> HttpResponse:
    waiting = Incident.objects.to_confirm_by(user).select_related("resolution__by")
    questions = _questions(list(waiting[:MOST_ASKED]), refused)
    context = {
        "questions": questions,
        "onwards": _onwards(request),
        "form": next(iter(refused.values()), None),
    }
    return render(request, "incidents/answering/asked.html", context)


def _questions(
    waiting: list[Incident], refused: dict[int, AskedFailsForm]
) -> list[dict[str, Any]]:
    solutions = _solutions(waiting)
    return [
        {
            "incident": incident,
            "solution": solutions.get(incident.pk, ""),
            "works": AboutOne(initial=_about(incident), auto_id=False),
            "fails": refused.get(incident.pk)
            or AskedFailsForm(initial=_about(incident), auto_id=f"id_{incident.pk}_%s"),
        }
        for incident in waiting
    ]


def _about(incident: Incident) -> dict[str, Any]:
    return {"incident": incident.pk, "resolution": incident.resolution_id}


def _solutions(waiting: list[Incident]) -> dict[int, str]:
    """What was done, by id of the incident, with one query for all."""
    current = {
        (incident.pk, incident.resolution.seq)
        for incident in waiting
        if incident.resolution is not None
    }
    notes = Note.objects.filter(
        name="solution",
        event__subject_type=Incident.subject_type,
        event__subject_id__in=[pk for pk, _seq in current],
    ).select_related("event")
    return {
        note.event.subject_id: note.text
        for note in notes
        if (note.event.subject_id, note.event.seq) in current
    }


def _answer_one(request: HttpRequest, user: User) -> HttpResponse:
    named = AboutOne(request.POST)
    pk = named.cleaned_data["incident"] if named.is_valid() else None
    mine = Incident.objects.public_for(user).filter(confirmer=user)
    incident = get_object_or_404(mine, pk=pk)
    resolution = named.cleaned_data["resolution"]
    says_yes = request.POST.get("answer") == "yes"
    thanks = _said_already(incident, resolution, says_yes=says_yes)
    if thanks:
        return _next_question(request, thanks)
    if says_yes:
        services.confirm_resolution(
            incident.pk, by=user, resolution=resolution, channel=Channel.LOG_IN
        )
        return _next_question(request, THANKS[State.CONFIRMED])
    fails = AskedFailsForm(request.POST, auto_id=f"id_{incident.pk}_%s")
    if fails.is_valid() and done(fails, lambda: _reject_asked(fails, user)):
        return _next_question(request, THANKS[State.REJECTED])
    return _show_asked(request, user, {incident.pk: fails})


def _said_already(incident: Incident, resolution: int, *, says_yes: bool) -> Any:
    """The thanks for an answer that is here already, by a second press, say. A "no"
    after a "yes" is news."""
    link = AnswerLink(
        purpose=Purpose.CONFIRM,
        incident=incident.pk,
        resolution=resolution,
        person=incident.confirmer_id,
        is_expired=False,
    )
    state = links.state_of(link, incident, clock.now())
    if state == State.CONFIRMED and not says_yes:
        return None
    noted = state == State.CONFIRMED and _noted_by(incident)
    return NOTED % {"name": noted.name} if noted else THANKS.get(state)


def _noted_by(incident: Incident) -> User | None:
    """Who wrote down in a call that it works; ``None`` for the confirmer's own word."""
    call: Confirmation | None = getattr(incident.resolution, "confirmation", None)
    return call.recorded_by if call else None


def _reject_asked(form: AskedFailsForm, user: User) -> Incident:
    return services.reject_resolution(
        form.cleaned_data["incident"],
        by=user,
        complaint=form.cleaned_data["complaint"],
        resolution=form.cleaned_data["resolution"],
        channel=Channel.LOG_IN,
    )


def _next_question(request: HttpRequest, thanks: Any) -> HttpResponse:
    """The next one, or where the person wanted to go."""
    user = cast(AuthenticatedRequest, request).user
    messages.success(request, str(thanks))
    onwards = _onwards(request)
    if not Incident.objects.to_confirm_by(user).exists():
        return redirect(onwards)
    return redirect(f"{reverse('incidents:asked')}?{urlencode({'next': onwards})}")


def _onwards(request: HttpRequest) -> str:
    """Where the log-in led; only ever within this site."""
    return way_back(request) or reverse("home")
