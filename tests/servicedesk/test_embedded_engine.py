"""Django's side of the embedded server: nothing runs before it is needed."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError

from servicedesk.embedded import EmbeddedPostgresError, socket_directory
from servicedesk.embedded.engine.base import DatabaseWrapper
from tests.servicedesk.embedded_clients import (
    PATIENCE,
    REPOSITORY,
    Desk,
    bare_environment,
)


def manage(data_dir: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run manage.py as a person does who has set nothing but DATA_DIR."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=REPOSITORY,
        env=bare_environment(DATA_DIR=str(data_dir)),
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
        check=False,
    )


def wrapper(data_dir: Path) -> DatabaseWrapper:
    """A connection of the engine to the data directory, not yet opened."""
    return DatabaseWrapper(
        {
            "ENGINE": "servicedesk.embedded.engine",
            "HOST": str(socket_directory(data_dir)),
            "PORT": "",
            "NAME": "servicedesk",
            "USER": "servicedesk",
            "PASSWORD": "",
            "DATA_DIR": str(data_dir),
            "OPTIONS": {},
            "TIME_ZONE": None,
            "CONN_MAX_AGE": 0,
            "CONN_HEALTH_CHECKS": True,
            "AUTOCOMMIT": True,
            "ATOMIC_REQUESTS": False,
            "TEST": {},
        }
    )


def test_checks_start_no_server(tmp_path):
    desk = Desk(tmp_path / "var")
    assert manage(desk.data_dir, "check").returncode == 0
    assert not desk.places.home.exists()


@pytest.mark.long
def test_shell_of_the_database_is_the_one_that_belongs_to_the_server(tmp_path):
    desk = Desk(tmp_path / "var")
    finished = manage(desk.data_dir, "dbshell", "--", "-Atc", "SHOW server_version")
    versions = finished.stdout.strip(), desk.log().partition("backend ")[2].split()[0]
    assert versions[0] == versions[1]
    desk.goes_down()


def test_server_that_cannot_be_had_is_an_operational_error(tmp_path, monkeypatch):
    def refuse(_data_dir: Path) -> None:
        raise EmbeddedPostgresError("There is none.")

    monkeypatch.setattr("servicedesk.embedded.engine.base.ensure", refuse)
    with pytest.raises(OperationalError, match=r"^There is none\. Set DATABASE_URL"):
        wrapper(tmp_path).connect()
