"""Become a program that ends when the supervisor does, even by SIGKILL.

Run by path, as `python launch.py SUPERVISOR PROGRAM ARGUMENTS...`; it imports
nothing of the product, so that it costs next to nothing.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1


def main(arguments: Sequence[str]) -> None:
    supervisor, *command = arguments
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    # It may have died before the kernel was asked to tell.
    if os.getppid() != int(supervisor):
        return
    # A shell starts background jobs with SIGINT ignored, and that is inherited.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execvp(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
