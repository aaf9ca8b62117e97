"""Where the bar on top of every page leads this person."""

from collections.abc import Callable, Iterable
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
    """``key`` is the letter that leads there after g, if there is one."""

    label: str | Promise
    url: str
    is_current: bool
    key: str


def only_reports(user: Any) -> bool:
    """Somebody for whom reporting trouble is what the desk is for."""
    return people.is_reporter(user) and not may.may_use_desk(user)


def only_resolves(user: Any) -> bool:
    """A member of a tier 2 or 3 team who is at no desk: they start at their work."""
    return people.is_resolver(user) and not people.is_agent(user)


def only_reads_teams(user: Any) -> bool:
    """Figures of teams, and no ticket: managers, administrators, who manages a team."""
    return may.may_read_teams(user) and not may.may_use_desk(user)


# Name of the route, the words, who sees it.
LINKS: Final[tuple[tuple[str, str | Promise, Asked], ...]] = (
    ("incidents:my_work", gettext_lazy("My work"), only_resolves),
    ("incidents:queue", gettext_lazy("Queue"), may.may_use_desk),
    ("incidents:handover", gettext_lazy("Hand-over"), may.may_use_desk),
    ("incidents:chase", gettext_lazy("Confirmations"), may.may_report_for_others),
    ("incidents:contact", gettext_lazy("New ticket"), may.may_report_for_others),
    ("incidents:lead", gettext_lazy("Lead"), may.may_lead),
    ("incidents:teams", gettext_lazy("Teams"), only_reads_teams),
    ("incidents:my_reports", gettext_lazy("My reports"), may.may_report),
    ("incidents:report", gettext_lazy("Report a problem"), only_reports),
    ("knowledge:articles", gettext_lazy("Knowledge"), people.is_reporter),
    ("admin:index", gettext_lazy("Administration"), people.may_enter_admin),
)
# The same of what stands in the menu below one's name: the bar of a desk is full.
BESIDE: Final[tuple[tuple[str, str | Promise, Asked], ...]] = (
    ("incidents:teams", gettext_lazy("Teams"), may.may_use_desk),
)

# g and one of these goes there, as on other desks.
KEYS: Final = {
    "incidents:my_work": "w",
    "incidents:queue": "q",
    "incidents:handover": "h",
    "incidents:contact": "n",
    "incidents:lead": "d",
    "incidents:teams": "t",
    "incidents:my_reports": "r",
    "knowledge:articles": "k",
}


@register.simple_tag(takes_context=True)
def main_links(context: dict[str, Any]) -> list[Link]:
    """The pages this person works with; nobody, none."""
    return _shown(LINKS, context)


@register.simple_tag(takes_context=True)
def menu_links(context: dict[str, Any]) -> list[Link]:
    """Those that they need less often, for the menu below their name."""
    return _shown(BESIDE, context)


def _shown(
    links: Iterable[tuple[str, str | Promise, Asked]], context: dict[str, Any]
) -> list[Link]:
    user = context.get("user") or AnonymousUser()
    match = getattr(context.get("request"), "resolver_match", None)
    here = match.view_name if match else ""
    return [
        Link(label, reverse(name), name == here, KEYS.get(name, ""))
        for name, label, is_shown in links
        if is_shown(user)
    ]


@register.simple_tag(takes_context=True)
def can_search(context: dict[str, Any]) -> bool:
    """Whether there is anything for this person to find."""
    return people.is_reporter(context.get("user") or AnonymousUser())
