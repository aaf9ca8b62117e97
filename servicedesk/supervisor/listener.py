"""The port of the web server, taken before anything else is started."""

import errno
import socket

HIGHEST_PORT = 65535


class PortUnavailableError(Exception):
    """The port cannot be had; the message is one line for a person."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket for the web server to inherit.

    Visitors who come while the server is still starting wait instead of being
    refused, and nobody can take the port between the check and the start.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OverflowError as problem:
        raise PortUnavailableError(
            f"PORT must be a number up to {HIGHEST_PORT}, not {port}."
        ) from problem
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            other = port + 1 if port < HIGHEST_PORT else port - 1
            raise PortUnavailableError(
                f"Port {port} is already in use. Choose another one: "
                f"PORT={other} make run"
            ) from problem
        raise PortUnavailableError(
            f"Cannot listen on {host}, port {port} ({problem.strerror}). "
            "Set HOST and PORT to an address of this machine and a free port."
        ) from problem


def local_address(listener: socket.socket) -> tuple[str, int]:
    """Where a client on this machine reaches the listener."""
    host, port = listener.getsockname()[:2]
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
    return everywhere.get(host, host), port
