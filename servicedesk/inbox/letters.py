"""Every mail of the demonstration, kept as a file that its owner alone can read."""

import email
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cached_property, lru_cache
from pathlib import Path
from typing import cast

from django.conf import settings
from django.core.mail import EmailMessage as OutgoingMail
from django.utils import timezone
from django.utils.crypto import salted_hmac

from servicedesk.embedded import locks

MOST = 500
STAMP = "%Y%m%dT%H%M%S%f"
NAME = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9a-f]{20}")


@dataclass(frozen=True)
class Letter:
    """A kept mail, or its head alone. Its name says when it came."""

    name: str
    message: EmailMessage

    @property
    def came_at(self) -> datetime:
        stamp = self.name.partition("-")[0]
        return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)

    @cached_property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"] or "")

    @cached_property
    def recipients(self) -> tuple[Address, ...]:
        return tuple(getattr(self.message["To"], "addresses", ()))

    def is_to(self, address: str) -> bool:
        """Whether it went to this address, in whatever case."""
        return address.lower() in {to.addr_spec.lower() for to in self.recipients}

    def body(self, kind: str) -> str:
        """The ``plain`` or ``html`` words; empty where there are none."""
        part = self.message.get_body((kind,))
        return "" if part is None else str(part.get_content())


def are_kept() -> bool:
    """Whether this is a demonstration that keeps its mail."""
    return bool(settings.DEMONSTRATION and settings.DEMONSTRATION_MAIL_DIR)


def keep(mail: OutgoingMail) -> None:
    """Add a copy, unless its Message-ID came before: delivery is at-least-once.

    Nobody ever finds half a mail. Of many, the newest 500 stay.
    """
    message = mail.message()
    key = salted_hmac(__name__, message["Message-ID"], algorithm="sha256")
    digest = key.hexdigest()[:20]
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone_in(folder):
        if any(folder.glob(f"*-{digest}.eml")):
            return
        stamp = timezone.now().astimezone(UTC).strftime(STAMP)
        _write(folder / f"{stamp}-{digest}.eml", message.as_bytes())
        for path in sorted(folder.glob("*.eml"))[:-MOST]:
            path.unlink()


def newest_first() -> list[Letter]:
    """The heads of all kept mails."""
    paths = sorted(_folder().glob("*.eml"), reverse=True)
    found = [_head(path) for path in paths if NAME.fullmatch(path.stem)]
    return [letter for letter in found if letter is not None]


def letter_named(name: str) -> Letter | None:
    """The mail of that name, if it is a name and the mail is still there."""
    if not NAME.fullmatch(name):
        return None
    path = _folder() / f"{name}.eml"
    content = _content(path)
    return None if content is None else _letter(path, content)


def _folder() -> Path:
    return cast(Path, settings.DEMONSTRATION_MAIL_DIR)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    descriptor = locks.opened(folder / ".lock")
    try:
        locks.wait_for(descriptor, locks.EXCLUSIVE)
        yield
    finally:
        os.close(descriptor)


def _write(path: Path, content: bytes) -> None:
    """All or nothing. What a crash left of the draft is overwritten: we are alone."""
    draft = path.with_name(".draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.rename(path)


@lru_cache(maxsize=2 * MOST)
def _head(path: Path) -> Letter | None:
    """A kept mail never changes, so its head is read once."""
    content = _content(path)
    if content is None:
        return None
    return _letter(path, content.partition(b"\n\n")[0] + b"\n\n")


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None  # It made room for a newer one meanwhile.


def _letter(path: Path, content: bytes) -> Letter:
    message = email.message_from_bytes(content, policy=policy.default)
    return Letter(path.stem, message)
