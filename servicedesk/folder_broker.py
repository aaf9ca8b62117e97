"""A broker without a server: messages are files in a folder of ``DATA_DIR``.

Celery's transport for folders lets a reader see a message while it is being written,
and moves it through the system's temporary folder; the first ends the worker now and
then. Here a message appears whole and is taken by one rename.
"""

import logging
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

SCHEME = "folder"


class Channel(filesystem.Channel):
    """Puts and gets by rename within one folder."""

    # The classes above do not agree on the name of the second argument.
    def _put(  # type: ignore[override]
        self, queue: str, payload: dict[str, Any], **kwargs: Any
    ) -> None:
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns()}_{uuid.uuid4()}"
        draft = folder / f"{name}.draft"
        draft.write_text(dumps(payload))
        draft.rename(folder / f"{name}.{queue}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The oldest message; raises ``Empty`` when there is none."""
        for path in sorted(Path(self.data_folder_in).glob(f"*.{queue}.msg")):
            taken = path.with_name(f"{uuid.uuid4()}.taken")
            try:
                path.rename(taken)
            except FileNotFoundError:
                continue  # Another worker was faster.
            text = taken.read_text()
            taken.unlink()
            try:
                return loads(text)
            except ValueError:
                logger.warning("A wake-up that cannot be read was dropped")
        raise Empty


class Transport(filesystem.Transport):
    """What ``folder://`` names."""

    Channel = Channel


def register() -> None:
    """Make the scheme known to Celery."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
