"""Mistakes of the operator, told before the first request."""

from typing import Any

from django.conf import settings
from django.core.checks import Tags, Warning, register


@register(Tags.security, deploy=True)
def mail_is_configured(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """Messages that are printed reach nobody."""
    if "console" in settings.EMAIL_BACKEND:
        return [
            Warning(
                "E-mail is printed, not sent.",
                hint="Set EMAIL_URL, such as smtp+tls://user:password@mail.example.org:587",
                id="servicedesk.W001",
            )
        ]
    return []
