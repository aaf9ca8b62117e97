"""Where the bar on top of every page leads this person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import template
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts import permissions as people
from incidents import permissions as may

register = template.Library()

Asked = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Link:
    label: str | Promise
    url: str
    is_current: bool


def only_reports(user: Any) -> bool:
    """Somebody for whom reporting trouble is what the desk is for."""
    return people.is_reporter(user) and not may.may_use_desk(user)


# Name of the route, the words, who sees it.
LINKS: Final[tuple[tuple[str, str | Promise, Asked], ...]] = (
    ("incidents:queue", gettext_lazy("Queue"), may.may_use_desk),
    ("incidents:handover", gettext_lazy("Hand-over"), may.may_use_desk),
    ("incidents:chase", gettext_lazy("Confirmations"), may.may_report_for_others),
    ("incidents:contact", gettext_lazy("New ticket"), may.may_report_for_others),
    ("incidents:lead", gettext_lazy("Lead"), may.may_lead),
    ("incidents:my_reports", gettext_lazy("My reports"), may.may_report),
    ("incidents:report", gettext_lazy("Report a problem"), only_reports),
    ("knowledge:articles", gettext_lazy("Knowledge"), people.is_reporter),
    ("admin:index", gettext_lazy("Administration"), people.may_enter_admin),
)


@register.simple_tag(takes_context=True)
def main_links(context: dict[str, Any]) -> list[Link]:
    """The pages this person works with; nobody, none."""
    user = context.get("user") or AnonymousUser()
    match = getattr(context.get("request"), "resolver_match", None)
    here = match.view_name if match else ""
    return [
        Link(label, reverse(name), name == here)
        for name, label, is_shown in LINKS
        if is_shown(user)
    ]


@register.simple_tag(takes_context=True)
def can_search(context: dict[str, Any]) -> bool:
    """Whether there is anything for this person to find."""
    return people.is_reporter(context.get("user") or AnonymousUser())
