"""Django admin, arranged: people first, what we run, the work, the log last."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

AppList = Callable[..., list[dict[str, Any]]]

FIRST = ["accounts", "catalogue", "incidents", "problems", "knowledgebase", "sla"]
LAST = ["activity"]


def in_our_order(app_list: AppList) -> AppList:
    """The list of ``AdminSite.get_app_list``, which Django sorts by name, in ours."""

    def listed(
        request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        found = app_list(request, app_label)
        return sorted(found, key=lambda app: _place(app["app_label"]))

    return listed


def _place(label: str) -> int:
    if label in LAST:
        return len(FIRST) + 1
    return FIRST.index(label) if label in FIRST else len(FIRST)
