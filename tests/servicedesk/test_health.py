"""Alive and ready, for whoever watches."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from activity import clock
from activity.services import heartbeats
from servicedesk import health


def test_alive_needs_no_log_in_and_no_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_with_database_migrations_and_worker(client: Client, db: None) -> None:
    heartbeats.beat(heartbeats.WORKER)
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "checks": {"database": "ok", "migrations": "ok", "worker": "ok"},
    }


def test_not_ready_before_the_worker_was_seen(client: Client, db: None) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "no sign of life" in response.json()["checks"]["worker"]


def test_not_ready_when_the_worker_fell_silent(client: Client, db: None) -> None:
    with clock.frozen_at(clock.now() - timedelta(seconds=61)):
        heartbeats.beat(heartbeats.WORKER)
    assert client.get("/readyz").status_code == 503


def test_not_ready_with_a_migration_waiting(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        MigrationExecutor, "migration_plan", lambda executor, targets: ["one"]
    )
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"].startswith("1 not applied")


def test_not_ready_without_a_database(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable() -> str:
        raise DatabaseError

    monkeypatch.setattr(health, "_database", unreachable)
    monkeypatch.setattr(health, "_worker", unreachable)
    monkeypatch.setattr(health, "_migrations", lambda: "2 not applied")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"] == {
        "database": "not known: DatabaseError",
        "migrations": "2 not applied",
        "worker": "not known: DatabaseError",
    }


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_it_is_never_cached_and_never_posted(
    client: Client, db: None, path: str
) -> None:
    assert "no-cache" in client.get(path)["Cache-Control"]
    assert client.post(path).status_code == 405
