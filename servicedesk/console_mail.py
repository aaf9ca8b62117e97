"""Mail of the demonstration: shown in the terminal, as a person would read it."""

import textwrap
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend as ConsoleBackend

from servicedesk.inbox import letters


class EmailBackend(ConsoleBackend):
    """Writes recipient, subject and plain text; nothing is sent.

    In the demonstration a copy lies in the inbox before the terminal shows it, so
    that a mail that could not be kept is tried again.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if letters.are_kept():
                letters.keep(message)
            with self._lock:
                self.stream.write(as_letter(message))
                self.stream.flush()
        return len(email_messages)


def as_letter(message: EmailMessage) -> str:
    """One mail between two rules."""
    rule = "-" * 72
    head = f"Mail to {', '.join(message.to)}\nSubject: {message.subject}"
    body = textwrap.indent(str(message.body).strip(), "  ")
    return f"{rule}\n{head}\n\n{body}\n{rule}\n"
