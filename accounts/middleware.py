"""Show each person their own times."""

import zoneinfo
from collections.abc import Callable
from datetime import tzinfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

GetResponse = Callable[[HttpRequest], HttpResponse]


def own_time_zone(get_response: GetResponse) -> GetResponse:
    """Activate the time zone and language of the person who is logged in."""

    def respond(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return get_response(request)
        translation.activate(user.language)
        request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(_zone(user.time_zone)):
            return get_response(request)

    return respond


def _zone(name: str) -> tzinfo:
    """The zone, or the installation's where tzdata has dropped the name."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()
