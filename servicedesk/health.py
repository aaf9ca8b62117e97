"""Two questions of whoever watches over the product: alive? ready?"""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activity.services import heartbeats


@require_safe
@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The web server answers. Says nothing about anything behind it."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@login_not_required
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when requests and background work can be served, else 503 and why."""
    checks = _checks()
    ready = all(answer == "ok" for answer in checks.values())
    return JsonResponse(
        {"ready": ready, "checks": checks}, status=200 if ready else 503
    )


def _checks() -> dict[str, str]:
    return {
        "database": _answer(_database),
        "migrations": _answer(_migrations),
        "worker": _answer(_worker),
    }


def _answer(check: Callable[[], str]) -> str:
    try:
        return check()
    except DatabaseError as error:
        return f"not known: {type(error).__name__}"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} not applied: run manage.py migrate" if waiting else "ok"


def _worker() -> str:
    if heartbeats.is_alive(heartbeats.WORKER):
        return "ok"
    return "no sign of life for a minute: are the Celery worker and beat running?"
