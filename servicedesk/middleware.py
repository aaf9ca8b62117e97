"""What is true of every request: it has an id, and a refusal has an answer."""

import logging
import uuid
from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import page_not_found

from activity.refusals import Conflict, NotAllowed, explain
from activity.request_ids import request_id_set
from incidents.views import refusing as incidents
from knowledgebase.views import refusing as articles

GetResponse = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger(__name__)


def request_id(get_response: GetResponse) -> GetResponse:
    """Name the request, for its events, its log lines and the person who asks us."""

    def respond(request: HttpRequest) -> HttpResponse:
        with request_id_set(uuid.uuid4().hex) as name:
            response = get_response(request)
        response["X-Request-ID"] = name
        return response

    return respond


def no_null_bytes(get_response: GetResponse) -> GetResponse:
    """Answer 400 to a NUL in the address: PostgreSQL holds no such text."""

    def respond(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return render(request, "400.html", status=400)
        return get_response(request)

    return respond


class refusals:  # noqa: N801 - named as it is listed in settings
    """Answer a refusal in words, whoever raised it: views have no ``try``.

    403 says who can and offers to ask them, 409 says what changed and keeps what was
    typed, 400 says what was wrong with the input. What an incident's pages cannot
    say, and any other ``PermissionDenied``, has its plain page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if isinstance(exception, NotAllowed | Conflict | IntegrityError):
            return _refusal(request, exception)
        if isinstance(exception, ValidationError):
            context = {"sentences": exception.messages}
            return render(request, "400_input.html", context, status=400)
        if isinstance(exception, DataError | OverflowError) and request.method == "GET":
            return render(request, "400.html", status=400)  # An absurd number, say.
        if isinstance(exception, ObjectDoesNotExist) and request.method == "POST":
            return page_not_found(request, exception)  # Somebody took it away first.
        return None


def _refusal(
    request: HttpRequest, refusal: NotAllowed | Conflict | IntegrityError
) -> HttpResponse | None:
    if isinstance(refusal, NotAllowed):
        told = incidents.told_of_refusal(request, refusal)
        return told or articles.told_of_refusal(request, refusal)
    if isinstance(refusal, Conflict):
        told = incidents.told_of_conflict(request, refusal)
        told = told or articles.told_of_conflict(request, refusal)
        return told or _conflict(request, refusal.sentence(), is_rule=False)
    logger.warning("The database refused a change: %s", refusal)
    return _conflict(request, explain(refusal), is_rule=True)


def _conflict(
    request: HttpRequest, sentence: str, *, is_rule: bool
) -> HttpResponse | None:
    if not sentence:
        return None
    context = {"sentence": sentence, "is_rule": is_rule}
    return render(request, "409.html", context, status=409)
