"""Settings that are missing or wrong are told in one line that says what to do."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import Warning as CheckWarning
from django.core.mail import send_mail
from django.core.management import CommandError, call_command

from accounts.models import User
from incidents.models import Incident
from servicedesk import demonstration
from servicedesk.checks import mail_is_configured
from servicedesk.demonstration.stories import STORIES
from servicedesk.secret_key import load_or_create_secret

REAL = {
    "DEMONSTRATION": "false",
    "SECRET_KEY": "x" * 60,
    "SITE_URL": "https://desk.example.org",
    "EMAIL_URL": "smtp://mail.example.org:25",
}
SHOW = "from django.conf import settings as s; print(repr(s.%s))"


def ask(question: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", question],
        cwd=settings.BASE_DIR,
        env=kept | {"DJANGO_SETTINGS_MODULE": "servicedesk.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def setting(name: str, **environment: str) -> str:
    done = ask(SHOW % name, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({**REAL, "SECRET_KEY": ""}, "Set SECRET_KEY: 50 random characters"),
        (
            {**REAL, "SITE_URL": "desk.example.org"},
            "SITE_URL needs a scheme and a host",
        ),
        ({**REAL, "DATABASE_URL": "sqlite:///x"}, "must name a PostgreSQL server"),
        ({**REAL, "PORT": "http"}, "PORT must be a whole number"),
        ({**REAL, "DEADMAN_URL": "ping"}, "DEADMAN_URL must begin with http"),
        ({**REAL, "DEADMAN_URL": "file:///x"}, "DEADMAN_URL must begin with http"),
        ({**REAL, "DEBUG": "maybe"}, "DEBUG must be true or false"),
        ({**REAL, "DEMONSTRATION": "x"}, "DEMONSTRATION must be true or false"),
        ({**REAL, "SITE_URL": "ftp://desk.example.org"}, "https://desk.example.org"),
        ({**REAL, "SITE_URL": "https://desk.example.org/x"}, "and nothing else"),
        ({**REAL, "DATABASE_URL": "garbage"}, "must name a PostgreSQL server"),
        ({**REAL, "TIME_ZONE": "Mars/Base"}, "TIME_ZONE must name a time zone"),
        ({**REAL, "LOG_LEVEL": "chatty"}, "LOG_LEVEL must be"),
        ({**REAL, "EMAIL_URL": "foo"}, "EMAIL_URL must begin with one of"),
        ({**REAL, "TRUSTED_PROXY_COUNT": "-1"}, "must be a whole number"),
    ],
)
def test_a_wrong_setting_is_told(environment: dict[str, str], words: str) -> None:
    done = ask(SHOW % "DEBUG", **environment)
    assert done.returncode != 0
    assert words in done.stderr.splitlines()[-1]


def test_an_address_with_tls_turns_on_all_that_goes_with_it() -> None:
    for name in (
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
    ):
        assert setting(name, **REAL) == "True"
    assert setting("SECURE_HSTS_SECONDS", **REAL) == "31536000"


def test_a_database_of_your_own_is_never_a_demonstration_by_itself() -> None:
    mine = {**REAL, "DATABASE_URL": "postgresql://desk@db.example.org/desk"}
    mine.pop("DEMONSTRATION")
    assert setting("DEMONSTRATION", **mine) == "False"
    assert "servicedesk.embedded" not in setting("DATABASES", **mine)


def test_a_real_desk_needs_a_mail_server() -> None:
    """Or links to choose a password would end in a log."""
    without = {name: value for name, value in REAL.items() if name != "EMAIL_URL"}
    done = ask(SHOW % "DEBUG", **without)
    assert "Set EMAIL_URL" in done.stderr.splitlines()[-1]


def test_other_hosts_below_the_name_are_promised_only_when_asked() -> None:
    assert setting("SECURE_HSTS_INCLUDE_SUBDOMAINS", **REAL) == "False"
    asked = {**REAL, "HSTS_SUBDOMAINS": "true"}
    assert setting("SECURE_HSTS_INCLUDE_SUBDOMAINS", **asked) == "True"


def test_the_demonstration_is_never_filled_into_a_real_desk(
    settings: pytest.FixtureRequest,
) -> None:
    settings.DEMONSTRATION = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="everybody would know the password"):
        call_command("demo_data")


def test_debugging_is_off_unless_asked() -> None:
    assert setting("DEBUG", **REAL) == "False"


@pytest.mark.parametrize("broker", ["redis://localhost/0", "amqp://guest@localhost//"])
def test_a_real_broker_gets_time_outs_not_folders(broker: str) -> None:
    options = setting(
        "CELERY_BROKER_TRANSPORT_OPTIONS", **REAL, CELERY_BROKER_URL=broker
    )
    assert "data_folder" not in options


def test_the_policy_allows_nothing_inline_and_nobody_elses() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    for sources in directives.values():
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:"} & set(sources)
    assert directives["default-src"] == ["'none'"]


class TestSecret:
    def test_rivals_get_the_one_that_was_first(self, tmp_path: Path) -> None:
        path = tmp_path / "var" / "secret-key"
        found: set[str] = set()
        start = threading.Barrier(8)

        def load() -> None:
            start.wait()
            found.add(load_or_create_secret(path))

        threads = [threading.Thread(target=load) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 1
        assert len(found.pop()) >= 50
        assert [entry.name for entry in path.parent.iterdir()] == ["secret-key"]

    def test_nobody_else_reads_it(self, tmp_path: Path) -> None:
        path = tmp_path / "var" / "secret-key"
        load_or_create_secret(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_mail_in_the_terminal_reads_like_a_letter(
    settings: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = "servicedesk.console_mail.EmailBackend"  # type: ignore[attr-defined]
    send_mail("Hello", "First line\nSecond", None, ["ann@example.org"])
    said = capsys.readouterr().out
    assert "Mail to ann@example.org\nSubject: Hello\n\n  First line\n  Second\n" in said


def test_mail_that_is_only_printed_is_told(settings: pytest.FixtureRequest) -> None:
    settings.EMAIL_BACKEND = "servicedesk.console_mail.EmailBackend"  # type: ignore[attr-defined]
    [warning] = mail_is_configured(None)
    assert isinstance(warning, CheckWarning)
    assert "EMAIL_URL" in str(warning.hint)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    assert mail_is_configured(None) == []


def test_the_command_fills_the_demonstration_and_says_who(
    db: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_few = STORIES[:4]  # all of them are played in test_demonstration.py
    monkeypatch.setattr("servicedesk.demonstration.filling.STORIES", a_few)
    call_command("demo_data")
    assert Incident.objects.count() == len(a_few)
    call_command("demo_data")
    assert User.objects.people().count() == len(demonstration.PEOPLE)
    said = capsys.readouterr().out
    assert demonstration.PASSWORD in said
    assert "ada@harbour.example" in said
