"""Machines where the embedded server has a harder life: other users, closed homes."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from servicedesk.embedded import binaries, portable
from tests.servicedesk.embedded_clients import REPOSITORY, bare_environment

NOBODY = pwd.getpwnam("nobody")
# The whole range of users in a namespace of its own, and no further namespaces in
# there: to a program it looks like root on a machine that forbids them.
FORBIDDING = """
import ctypes, os, sys
unshare = ctypes.CDLL(None).unshare
me, mapping = os.getpid(), sys.argv[1]
ask, answer = os.pipe(), os.pipe()
if os.fork() == 0:
    os.read(ask[0], 1)
    for kind in ("uid", "gid"):
        with open(f"/proc/{me}/{kind}_map", "w") as map:
            map.write(mapping)
    os.write(answer[1], b"x")
    os._exit(0)
assert unshare(0x10000000) == 0
os.write(ask[1], b"x")
os.read(answer[0], 1)
os.wait()
with open("/proc/sys/user/max_user_namespaces", "w") as limit:
    limit.write("0")
assert unshare(0x10000000) == -1
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
EVERY_USER = "0 0 65536"
ONLY_ROOT = "0 0 1"


def without_namespaces(users: str = EVERY_USER) -> tuple[str, ...]:
    """A Python for clients that run as root where user namespaces are forbidden."""
    return (sys.executable, "-c", FORBIDDING, users)


def can_forbid_namespaces() -> bool:
    """Whether this machine lets the tests make such a place."""
    trial = [*without_namespaces(), "-c", "pass"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


def python_for(account: pwd.struct_passwd) -> str | None:
    """A Python that the account can run with the product's sources, if any."""
    needed = "import psycopg, servicedesk.embedded.binaries as b; print(b.directory())"
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            trial = subprocess.run(
                [python, "-c", needed],
                env=bare_environment(),
                cwd="/",
                user=account.pw_uid,
                group=account.pw_gid,
                extra_groups=[],
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError:
            continue
        if trial.returncode == 0 and trial.stdout.strip() == str(binaries.directory()):
            return python
    return None


@contextmanager
def home_of(account: pwd.struct_passwd) -> Iterator[Path]:
    """A closed home directory that the account can reach."""
    home = Path(mkdtemp(prefix="servicedesk-home-", dir="/var/tmp"))
    os.chown(home, account.pw_uid, account.pw_gid)
    try:
        yield home
    finally:
        shutil.rmtree(home)


def unreachable_wheel(below: Path) -> str:
    """A copy of the installed programs where only their owner can reach them."""
    closed = below / "closed"
    closed.mkdir(mode=0o700)
    programs = binaries.directory()
    root = binaries.root(programs)
    for part in binaries.parts(programs):
        shutil.copytree(part, closed / part.relative_to(root))
    package = programs.parents[1].relative_to(root)
    shutil.copy(root / package / "__init__.py", closed / package)
    return os.pathsep.join([str(closed), *sys.path, str(REPOSITORY)])


def permissions(*paths: Path) -> dict[Path, tuple[int, int, int]]:
    """Mode and owner of the paths, all above them and all below them."""
    seen = set(paths)
    for path in paths:
        seen.update(path.parents, path.rglob("*"))
    facts = {path: path.lstat() for path in seen}
    return {path: (at.st_mode, at.st_uid, at.st_gid) for path, at in facts.items()}


def owners(tree: Path) -> set[int]:
    """The users who own anything in the tree."""
    return {path.lstat().st_uid for path in (tree, *tree.rglob("*"))}


def copies() -> set[Path]:
    """The copies of the programs on this machine."""
    return {
        copy
        for parent in portable.PARENTS
        for copy in parent.glob("servicedesk-postgresql-*")
    }


@contextmanager
def copies_removed() -> Iterator[None]:
    """Remove the copies of the programs that were not there before."""
    before = copies()
    try:
        yield
    finally:
        for copy in copies() - before:
            shutil.rmtree(copy)
