"""One terminal for several programs: whole lines, each with its program's name."""

import sys
import threading
from typing import IO

COLOURS = {"web": 36, "worker": 33, "beat": 35, "watch": 32}
WIDTH = max(map(len, COLOURS))


class Terminal:
    """Writes lines from several threads without mixing them."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = sys.stdout if stream is None else stream
        self._lock = threading.Lock()

    def line(self, text: str, name: str = "") -> None:
        """Write one line; a reader that went away is no reason to stop the desk."""
        prefix = f"{self._coloured(name)} | " if name else ""
        with self._lock:
            try:
                self._stream.write(f"{prefix}{text}\n")
                self._stream.flush()
            except (OSError, ValueError):
                return

    def relay(self, name: str, source: IO[bytes]) -> None:
        """Write every line of the source under the name, until it ends."""
        with source:
            for line in source:
                self.line(line.decode(errors="replace").rstrip("\r\n"), name)

    def _coloured(self, name: str) -> str:
        padded = f"{name:<{WIDTH}}"
        if not self._stream.isatty():
            return padded
        return f"\033[{COLOURS.get(name, 0)}m{padded}\033[0m"
