"""How a message leaves the house. A channel raises ``Refused`` for good failures."""

import smtplib
from collections.abc import Callable, Mapping
from email.utils import formataddr

from django.core.mail import EmailMultiAlternatives
from django.utils.encoding import punycode

from activity.digests import contents_of
from activity.models import Delivery


class Refused(Exception):  # noqa: N818 - reads as what happened
    """The other side will never take this message; trying again is pointless."""


def send(delivery: Delivery) -> None:
    """Hand one leased message over, outside any transaction.

    Raises ``Refused`` for a permanent refusal; any other exception means "later".
    """
    CHANNELS[delivery.channel](delivery)


def send_email(delivery: Delivery) -> None:
    """Hand an e-mail to the mail server, with its fixed envelope and Message-ID."""
    if delivery.recipient is not None and not delivery.recipient.is_active:
        raise Refused("The account was switched off meanwhile.")
    try:
        _message(_envelope_of(delivery)).send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        if codes and all(_is_permanent(code) for code in codes):
            raise Refused(_reason(error)) from error
        raise
    except smtplib.SMTPAuthenticationError:
        raise  # Our own configuration: every message must wait for its repair.
    except smtplib.SMTPResponseException as error:
        if _is_permanent(error.smtp_code):
            raise Refused(_reason(error)) from error
        raise
    except (UnicodeError, ValueError) as error:
        raise Refused(_reason(error)) from error


def _envelope_of(delivery: Delivery) -> Mapping[str, str]:
    if not delivery.is_digest:
        return delivery.envelope
    contents = contents_of(delivery)
    if not contents:
        raise Refused("Nothing that it gathers has words any more.")
    return delivery.envelope | contents


def _message(envelope: Mapping[str, str]) -> EmailMultiAlternatives:
    user, _at, domain = envelope["address"].rpartition("@")
    message = EmailMultiAlternatives(
        subject=envelope["subject"],
        body=envelope["text"],
        from_email=envelope["from"],
        to=[formataddr((envelope["name"], f"{user}@{punycode(domain)}"))],
        headers=_headers(envelope),
    )
    if envelope.get("html"):
        message.attach_alternative(envelope["html"], "text/html")
    return message


def _headers(envelope: Mapping[str, str]) -> dict[str, str]:
    headers = {"Message-ID": envelope["message_id"], "Auto-Submitted": "auto-generated"}
    references = envelope.get("references")
    if references:
        headers |= {"References": references, "In-Reply-To": references}
    return headers


def _is_permanent(code: int) -> bool:
    return 500 <= code < 600


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


CHANNELS: dict[str, Callable[[Delivery], None]] = {
    Delivery.Channel.EMAIL: send_email,
}
