"""A call is answered: logged, often solved at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import AuthenticatedRequest
from accounts.models import User
from incidents import permissions as may
from incidents import services
from incidents.forms.contact import ContactForm, filled_by, first_values
from incidents.models import Incident, TicketTemplate
from incidents.views.acting import result_of

# A longer list helps nobody, and every name costs bytes; who is not in it is typed.
MOST_SUGGESTIONS = 200


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: AuthenticatedRequest) -> HttpResponse:
    """Log a contact and take it, or log and solve it in one go.

    A template fills in what is still empty; ``?template=`` starts with one.
    """
    if not may.may_report_for_others(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, ContactForm(initial=_start(request)))
    if "template" in request.POST:
        return _page(request, ContactForm(initial=_refilled(request)))
    form = ContactForm(request.POST, solved=request.POST.get("then") == "solve")
    logged = _logged(request, form)
    return _page(request, form) if logged is None else _answer(request, logged)


def _logged(request: AuthenticatedRequest, form: ContactForm) -> Incident | None:
    """What became of the call; ``None`` where the form has to be shown again."""
    if not form.is_valid():
        return None
    if request.POST.get("then") not in ("solve", "take"):
        form.add_error(None, _("Press one of the buttons: is it solved, or yours now?"))
        return None
    logged = result_of(form, lambda: _act(form, by=request.user))
    if logged is None or form.refuse_other_call(logged):
        return None
    return logged


def _act(form: ContactForm, *, by: User) -> Incident:
    told: dict[str, Any] = {
        "by": by,
        "reporter": form.cleaned_data["reporter"],
        "classification": form.classification(),
    }
    if form.solved:
        solution = form.solution()
        return services.resolve_at_first_contact(
            form.report(), solution=solution, **told
        )
    return services.log_contact(form.report(), **told)


def _answer(request: HttpRequest, incident: Incident) -> HttpResponse:
    name = incident.reporter.name
    if incident.is_open:
        sentence = _("%(reference)s is logged for %(name)s, and yours.")
    else:
        sentence = _(
            "%(reference)s is logged and solved. %(name)s gets an e-mail that asks"
            " whether it works."
        )
    words = {"reference": incident.reference, "name": name}
    messages.success(request, sentence % words)
    return redirect(incident)


def _start(request: HttpRequest) -> dict[str, Any]:
    template = _template(request.GET.get("template", ""))
    values = filled_by(template) if template else first_values()
    return values | {"caller": request.GET.get("caller", "")[:254]}


def _refilled(request: HttpRequest) -> dict[str, Any]:
    typed = request.POST.dict()
    template = _template(request.POST["template"])
    return filled_by(template, typed) if template else first_values() | typed


def _template(pk: str) -> TicketTemplate | None:
    if not pk.isascii() or not pk.isdecimal() or len(pk) > 9:
        return None
    return TicketTemplate.objects.filter(is_active=True, pk=int(pk)).first()


def _page(request: HttpRequest, form: ContactForm) -> HttpResponse:
    people = User.objects.people().active().order_by("name")[:MOST_SUGGESTIONS]
    context = {
        "form": form,
        "templates": TicketTemplate.objects.filter(is_active=True),
        "people": people.only("name", "email"),
    }
    return render(request, "incidents/contact/contact.html", context)
