"""Files lie where only the desk can read them."""

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as live_settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import models
from django.db.migrations.writer import MigrationWriter
from pytest_django import Settings

from activity.private_files import PrivateStorage, attachment_path, private_storage


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"
    before = os.umask(0)  # the laxest there is
    yield tmp_path / "attachments"
    os.umask(before)


def modes(folder: Path) -> tuple[set[int], set[int]]:
    found = [folder, *folder.rglob("*")]
    return (
        {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_dir()},
        {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_file()},
    )


def test_nobody_else_on_the_machine_can_read_them(folder: Path) -> None:
    storage = private_storage()
    storage.save(attachment_path(None, "a.txt"), ContentFile(b"small"))
    with TemporaryUploadedFile("b.txt", "text/plain", 5, None) as large:
        large.write(b"large")
        large.seek(0)
        storage.save(attachment_path(None, "b.txt"), large)
    assert modes(folder) == ({0o700}, {0o600})
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 2


def test_the_path_owes_nothing_to_the_name() -> None:
    path = attachment_path(None, "../../evil.html")
    first, second, name = path.split("/")
    assert name.startswith(first + second)
    assert len(name) == 36
    assert "." not in path
    assert path != attachment_path(None, "../../evil.html")


def test_no_path_leads_out_of_the_folder(folder: Path) -> None:
    with pytest.raises(SuspiciousFileOperation):
        private_storage().open("../outside")


def test_a_file_has_no_address() -> None:
    with pytest.raises(ValueError, match="no address"):
        private_storage().url("ab/cd/x")


def test_the_folder_is_asked_for_each_time(settings: Settings, tmp_path: Path) -> None:
    storage = private_storage()
    settings.ATTACHMENTS_DIR = tmp_path / "moved"
    assert storage.path("x") == str(tmp_path / "moved" / "x")


def test_a_migration_holds_names_and_no_folder() -> None:
    field = models.FileField(upload_to=attachment_path, storage=private_storage)
    assert isinstance(field.storage, PrivateStorage)
    written = MigrationWriter.serialize(field)[0]
    assert "activity.private_files.private_storage" in written
    assert "activity.private_files.attachment_path" in written
    assert str(live_settings.ATTACHMENTS_DIR) not in written


def test_the_tests_keep_their_files_apart_and_leave_none() -> None:
    assert live_settings.ATTACHMENTS_DIR.is_relative_to(tempfile.gettempdir())
    store = (
        "from django.conf import settings\n"
        "from django.core.files.base import ContentFile\n"
        "from activity.private_files import private_storage\n"
        "private_storage().save('x', ContentFile(b'x'))\n"
        "assert settings.ATTACHMENTS_DIR.exists()\n"
        "print(settings.ATTACHMENTS_DIR)"
    )
    done = subprocess.run(
        [sys.executable, "-c", store],
        cwd=live_settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = Path(done.stdout.strip())
    assert theirs != live_settings.ATTACHMENTS_DIR
    assert not theirs.exists()


def test_the_desk_keeps_them_in_its_data_folder_unless_told() -> None:
    show = "from django.conf import settings as s; print(s.ATTACHMENTS_DIR)"

    def ask(**environment: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", show],
            cwd=live_settings.BASE_DIR,
            env={"DJANGO_SETTINGS_MODULE": "servicedesk.settings"}
            | {"SECRET_KEY": "x" * 60, "DATA_DIR": "/data", **environment},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    assert ask() == "/data/attachments"
    assert ask(ATTACHMENTS_DIR="/elsewhere") == "/elsewhere"
