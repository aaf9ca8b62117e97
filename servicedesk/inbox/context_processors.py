"""What every page knows about the inbox."""

from django.http import HttpRequest

from servicedesk.inbox import letters


def inbox(request: HttpRequest) -> dict[str, bool]:
    """Whether the footer leads to the mail of the demonstration."""
    return {"has_inbox": letters.are_kept()}
