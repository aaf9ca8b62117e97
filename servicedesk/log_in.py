"""The log-in page; in the demonstration it shows one log-in per role."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from incidents.models import Incident
from servicedesk import demonstration

# Who follows a link to a ticket or to a question gets that, and no other question.
DEEP = ("/my/", "/tickets/", "/answer/", "/asked/")


class DeskLoginView(LoginView):
    """allauth's log-in with our context, and the question whether it works."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.DEMONSTRATION:
            context["demo_logins"] = demonstration.logins()
            context["demo_password"] = demonstration.PASSWORD
        return context

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if not isinstance(response, HttpResponseRedirect):
            return response
        if not _is_asked_now(self.request, response.url):
            return response
        query = urlencode({"next": response.url})
        return HttpResponseRedirect(f"{reverse('incidents:asked')}?{query}")


def _is_asked_now(request: HttpRequest, onwards: str) -> bool:
    """If anything waits for this person's word; a session begins with one log-in, so
    nobody is asked twice in it."""
    if not request.user.is_authenticated or onwards.startswith(DEEP):
        return False
    return Incident.objects.to_confirm_by(request.user).exists()
