"""What every test may rely on: PostgreSQL, its guards, and the cast."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.database import empty_tables
from tests.people import Cast, keep_severities, make_cast
from tests.sla.settings_cast import keep_service_levels

# Time is a matter of benchmarks: on a busy machine any example may take long.
hypothesis_settings.register_profile(
    "desk", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("desk")

TRUNCATE_GUARDS = (
    "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
    " WHERE NOT tgisinternal AND tgname LIKE '%_no_truncate'"
)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let transactional tests empty tables: the truncate guard alone is off here.

    ``tests/activity/test_guards.py`` turns it on again and shows that it works.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(TRUNCATE_GUARDS)
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _empty)
        yield


def _empty(_case: TransactionTestCase) -> None:
    empty_tables()


@pytest.fixture(autouse=True)
def severities_stand(request: pytest.FixtureRequest) -> None:
    """What the migrations filled in is there in every test, whatever ran before."""
    marker = request.node.get_closest_marker("django_db")
    named = set(request.fixturenames)
    if "transactional_db" in named or (marker and marker.kwargs.get("transaction")):
        request.getfixturevalue("transactional_db")
    elif "db" in named or marker:
        request.getfixturevalue("db")
    else:
        return
    keep_severities()
    keep_service_levels()


@pytest.fixture
def cast(db: None) -> Cast:
    """The people of every story, a stranger among them."""
    return make_cast()
