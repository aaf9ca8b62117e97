"""How long a newcomer waits: fresh clone, `make run`, stop, again, `make test`.

    python -m tests.benchmarks.fresh_clone [--as nobody] [--closed-home]
        [--namespaces off] [--skip-test]

Clones the last commit into a new directory, with nothing installed, and prints what
each step took and what was left running. Package downloads are part of the first step.
"""

import argparse
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.servicedesk.embedded_machines import EVERY_USER, FORBIDDING, permissions

ROOT = Path(__file__).resolve().parents[2]
PORT = "8931"
LOG_IN = f"http://127.0.0.1:{PORT}/accounts/login/"


class Newcomer:
    """Somebody with a clone and nothing else."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.home = Path(mkdtemp(prefix="servicedesk-clone-", dir="/var/tmp"))
        if not options.closed_home:
            self.home.chmod(0o755)
        self.clone = self.home / "desk"
        subprocess.run(["git", "clone", "-q", ROOT, self.clone], check=True)
        if options.user:
            subprocess.run(["chown", "-R", options.user, self.home], check=True)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Run make in the clone, in a group of its own, as the options say."""
        command = ["make", f"PYTHON={self.options.python}", *arguments]
        if self.options.namespaces == "off":
            shim = [sys.executable, "-c", FORBIDDING, EVERY_USER]
            hand_over = "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"
            command = [*shim, "-c", hand_over, *command]
        who: dict[str, Any] = {}
        if self.options.user:
            account = pwd.getpwnam(self.options.user)
            who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        environment = os.environ | {"PORT": PORT, "HOME": str(self.home)}
        for name in ("DATA_DIR", "DATABASE_URL", "VIRTUAL_ENV"):
            environment.pop(name, None)
        with (self.home / "log").open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=self.clone,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **who,
            )

    def left_running(self) -> list[str]:
        """Programs that still run from the clone or on its data."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                place = str((entry / "cwd").readlink())
                if str(self.clone) in command + place:
                    found.append(f"{entry.name} {command[:80]}")
        return found


def timed(what: str, work: Callable[[], object]) -> None:
    began = time.monotonic()
    work()
    print(f"{what:<44}{time.monotonic() - began:7.1f} s", flush=True)  # noqa: T201


def wait_for_log_in(process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        assert process.poll() is None, "make run ended by itself"
        with suppress(OSError), urllib.request.urlopen(LOG_IN) as page:
            assert b"Log in" in page.read()
            return
        time.sleep(0.05)
    raise TimeoutError(LOG_IN)


def run_and_stop(newcomer: Newcomer, what: str, number: signal.Signals) -> None:
    process = newcomer.start("run")
    timed(f"{what}: until the log-in page", lambda: wait_for_log_in(process))
    began = time.monotonic()
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # as Ctrl-C in a terminal does
    else:
        process.send_signal(number)
    process.wait(60)
    while newcomer.left_running() and time.monotonic() - began < 10:
        time.sleep(0.05)
    took = time.monotonic() - began
    left = newcomer.left_running() or "nothing"
    print(f"{what}: {number.name}, gone after{'':<9}{took:7.1f} s, left: {left}")  # noqa: T201


def test(newcomer: Newcomer) -> None:
    assert newcomer.start("test").wait() == 0, (newcomer.home / "log").read_text()[
        -3000:
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--as", dest="user", default="")
    parser.add_argument("--python", default="python3")
    parser.add_argument("--closed-home", action="store_true")
    parser.add_argument("--namespaces", choices=["on", "off"], default="on")
    parser.add_argument("--skip-test", action="store_true")
    newcomer = Newcomer(parser.parse_args())
    before = permissions(newcomer.home.parent) if newcomer.options.closed_home else {}
    try:
        run_and_stop(newcomer, "first make run", signal.SIGINT)
        run_and_stop(newcomer, "second make run", signal.SIGTERM)
        if not newcomer.options.skip_test:
            timed("make test", lambda: test(newcomer))
            print((newcomer.home / "log").read_text().splitlines()[-1])  # noqa: T201
        changed = [
            path
            for path, facts in before.items()
            if path.exists() and permissions_of(path) != facts
        ]
        print(f"permissions changed above the clone: {changed or 'none'}")  # noqa: T201
    finally:
        shutil.rmtree(newcomer.home)


def permissions_of(path: Path) -> tuple[int, int, int]:
    at = path.lstat()
    return at.st_mode, at.st_uid, at.st_gid


if __name__ == "__main__":
    main()
