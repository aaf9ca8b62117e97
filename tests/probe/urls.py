"""The product's pages and a few that fail on purpose."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.models import User
from servicedesk.urls import handler500, urlpatterns
from tests.probe.models import Probe
from tests.probe.services import start_probe

__all__ = ["handler500", "urlpatterns"]


def start(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, User)
    start_probe(pk, by=request.user, expected_version=int(request.POST["version"]))
    return HttpResponse("started")


def bypass(request: HttpRequest, pk: int) -> HttpResponse:
    with transaction.atomic():
        Probe.objects.filter(pk=pk).delete()
    return HttpResponse("deleted")


def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def fail(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [
    *urlpatterns,
    path("probe/<int:pk>/start/", start),
    path("probe/<int:pk>/bypass/", bypass),
    path("probe/refuse/", refuse),
    path("probe/fail/", fail),
]
