"""`manage.py dbshell` with the psql that belongs to the server."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db.backends.postgresql import client

from servicedesk.embedded import binaries, ensure


class DatabaseClient(client.DatabaseClient):
    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        (_, *arguments), env = super().settings_to_cmd_args_env(
            settings_dict, parameters
        )
        return [str(binaries.directory() / "psql"), *arguments], env

    def runshell(self, parameters: Iterable[str]) -> None:
        # The lease is this process's, which lives as long as psql.
        ensure(Path(self.connection.settings_dict["DATA_DIR"]))
        super().runshell(parameters)
