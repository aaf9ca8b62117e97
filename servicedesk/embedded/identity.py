"""As whom the server runs. PostgreSQL refuses root, so root needs a way round.

Nothing here changes a permission or an owner of what it did not make, and no
user is added to the system.
"""

import ctypes
import errno
import os
import pwd
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict

from servicedesk.embedded import portable
from servicedesk.embedded.errors import EmbeddedPostgresError

CLONE_NEWUSER = 0x10000000
NOBODY = "nobody"
SWITCH = "SERVICEDESK_EMBEDDED_NAMESPACE"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


class Credentials(TypedDict, total=False):
    """Arguments of `subprocess` that say where, with what and as whom to run."""

    cwd: str
    env: dict[str, str]
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Identity:
    """How to run a PostgreSQL program: from where, and as whom.

    With an account, the program runs as that user. With a guise, it runs as this
    process does, in a user namespace that makes it look like that user.
    """

    programs: Path
    account: pwd.struct_passwd | None = None
    guise: pwd.struct_passwd | None = None

    @contextmanager
    def reaching(self, directory: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
        """A name for the directory that the program can use, and what it inherits.

        Root may keep its data below a closed home. Whoever may not pass through
        there reaches the directory through a descriptor that root has opened.
        """
        if self.account is None and self.guise is None:
            yield str(directory), ()
            return
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            yield f"/proc/self/fd/{descriptor}", (descriptor,)
        finally:
            os.close(descriptor)

    def adopt(self, tree: Path) -> None:
        """Make the tree, which the keeper made or an earlier one, belong to this."""
        uid, gid = os.geteuid(), os.getegid()
        if self.account is not None:
            uid, gid = self.account.pw_uid, self.account.pw_gid
        if not tree.exists() or tree.stat().st_uid == uid:
            return
        # The top goes last: an interrupted change is found and done again.
        for folder, folders, files in os.walk(tree, topdown=False):
            for name in (*folders, *files):
                os.chown(os.path.join(folder, name), uid, gid, follow_symlinks=False)  # noqa: PTH118
        os.chown(tree, uid, gid)

    def credentials(self) -> Credentials:
        """What to tell `subprocess`, beside `disguise` as the `preexec_fn`."""
        neutral = Credentials(cwd="/", env=ENVIRONMENT)
        if self.account is None:
            return neutral
        return {
            **neutral,
            "user": self.account.pw_uid,
            "group": self.account.pw_gid,
            "extra_groups": [],
        }

    def disguise(self) -> None:
        """Enter the namespace, if there is one: in a new process, before its program.

        Outside, the process and its files still belong to root.
        """
        if self.guise is None:
            return
        uid, gid = os.geteuid(), os.getegid()
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "user namespaces are not allowed")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{self.guise.pw_uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{self.guise.pw_gid} {gid} 1")

    def can_run(self, programs: Path) -> bool:
        """Whether programs that lie there can be run like this.

        Raises EmbeddedPostgresError when nothing can be run like this, wherever.
        """
        try:
            finished = subprocess.run(  # noqa: S603
                [str(programs / "postgres"), "--version"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                preexec_fn=self.disguise,
                **self.credentials(),
            )
        except (OSError, subprocess.SubprocessError) as problem:
            if isinstance(problem, OSError) and problem.errno == errno.EACCES:
                return False
            raise EmbeddedPostgresError(f"Cannot change user: {problem}") from problem
        return finished.returncode == 0


def choose(programs: Path, home: Path) -> Identity:
    """Find out who can run the server for this home, and from where."""
    if os.geteuid() != 0:
        return Identity(programs)
    owner = home.stat().st_uid
    if owner != 0:
        return _as_owner(programs, owner)
    for identity in _ways_for_root(programs):
        with suppress(EmbeddedPostgresError):
            return replace(
                identity, programs=portable.programs_for(programs, identity.can_run)
            )
    raise EmbeddedPostgresError(
        "PostgreSQL refuses to run as root, and neither a user namespace nor the "
        f"account {NOBODY!r} could be used here.",
        advice="Run as an ordinary user, or set DATABASE_URL.",
    )


def _ways_for_root(programs: Path) -> Iterator[Identity]:
    # PostgreSQL wants a user with an entry in the password file.
    ordinary = [user for user in pwd.getpwall() if user.pw_uid != 0]
    ordinary.sort(key=lambda user: user.pw_name != NOBODY)
    if ordinary and os.environ.get(SWITCH) != "off":
        yield Identity(programs, guise=ordinary[0])
    if ordinary and ordinary[0].pw_name == NOBODY:
        yield Identity(programs, account=ordinary[0])


def _as_owner(programs: Path, owner: int) -> Identity:
    """Root in somebody else's desk: leave behind nothing that they cannot use."""
    try:
        account = pwd.getpwuid(owner)
    except KeyError as problem:
        raise EmbeddedPostgresError(
            f"The data belong to user {owner}, whom this system does not know."
        ) from problem
    usable = portable.programs_for(programs, Identity(programs, account).can_run)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    return Identity(usable)


def private_directory(path: Path) -> None:
    """Make the directory for this user alone, or make sure that it is so.

    Somebody else may have put something there first when the parent is open to
    all, so what is found is trusted only if it is ours and closed.
    """
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    if not ours or stat.S_IMODE(found.st_mode) & 0o077:
        raise EmbeddedPostgresError(
            f"{path} is not a private directory of this user; remove it.", advice=""
        )
