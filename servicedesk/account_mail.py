"""How django-allauth writes to people: through the outbox, in our words."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from accounts.wording import ACCOUNT_ERRORS
from activity.outbox import Message, enqueue_account_mail


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators; mail waits for the mail server."""

    error_messages = {**DefaultAccountAdapter.error_messages, **ACCOUNT_ERRORS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Where the link leads: our own address, whatever Host the request named."""
        path = reverse(
            "account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"}
        )
        return settings.SITE_URL + path.replace("UID-KEY", key)

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Queue the message, so that a mail server that is down loses nothing, and
        answering takes as long whether or not the account exists."""
        user = User.objects.active().people().filter(email__iexact=email).first()
        if user is None:
            return
        if (
            template_prefix.endswith("password_reset_key")
            and not user.has_usable_password()
        ):
            template_prefix = "account/email/welcome"  # Nobody asked for it: greet.
        rendered = self.render_mail(template_prefix, email, {**context, "user": user})
        html = next(
            (
                body
                for body, kind in getattr(rendered, "alternatives", [])
                if kind == "text/html"
            ),
            "",
        )
        enqueue_account_mail(
            Message(to=user, subject=rendered.subject, text=rendered.body, html=html)
        )
