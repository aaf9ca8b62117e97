"""The engine: PostgreSQL as Django knows it, started before the first connection."""

from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.postgresql import base

from servicedesk.embedded import EmbeddedPostgresError, ensure
from servicedesk.embedded.engine.client import DatabaseClient


class DatabaseWrapper(base.DatabaseWrapper):
    """Starts nothing before a connection is wanted: checks and help need no server."""

    client_class = DatabaseClient

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            ensure(Path(self.settings_dict["DATA_DIR"]))
        except EmbeddedPostgresError as problem:
            raise OperationalError(str(problem)) from problem
        return super().get_new_connection(conn_params)
