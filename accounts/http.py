"""Types of requests."""

from django.http import HttpRequest

from accounts.models import User


class AuthenticatedRequest(HttpRequest):
    """What a view receives when nobody is let in without logging in."""

    user: User
