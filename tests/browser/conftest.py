"""A real browser against a real server. One Chromium, a new profile per visit."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from accounts.models import User

HERE = Path(__file__).parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
COUNT_VIOLATIONS = """
window.policyViolations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.policyViolations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def _chromium() -> str:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    if path:
        return path
    reason = "Chromium is missing: install it, or name it in CHROMIUM."
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = _chromium()
    # Playwright keeps an event loop in this thread. The tests use the database from
    # the same thread, which is safe: nothing runs in that loop meanwhile.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    if before is not None:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(autouse=True)
def empty_inbox(settings: Any, tmp_path: Path) -> None:
    """No test finds the mail of another."""
    settings.DEMONSTRATION_MAIL_DIR = tmp_path / "mail"


@dataclass
class Visit:
    """One window of one person, and all that went wrong in it."""

    page: Page
    url: str
    errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def note(self, message: ConsoleMessage) -> None:
        # Chromium reports the page's own status 404 as if a part of it were missing.
        if message.type == "error" and message.location["url"] != self.page.url:
            self.errors.append(message.text)

    def policy_violations(self) -> list[str]:
        found: list[str] = self.page.evaluate("window.policyViolations")
        return found


Open = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Open]:
    """Open a window: ``visit(by=user, width=390, scheme="dark", script=False)``."""
    contexts = []

    def open_window(
        by: User | None = None,
        *,
        width: int = 1440,
        scheme: str = "light",
        script: bool = True,
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900 if width > 600 else 844},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=script,
            reduced_motion="reduce",
            locale="en-GB",
        )
        contexts.append(context)
        context.set_default_timeout(30_000)
        context.add_init_script(COUNT_VIOLATIONS)
        if by is not None:
            client = Client()
            client.force_login(by)
            name = settings.SESSION_COOKIE_NAME
            cookie = client.cookies[name].value
            context.add_cookies(
                [{"name": name, "value": cookie, "url": live_server.url}]
            )
        window = Visit(context.new_page(), live_server.url)
        window.page.on("console", window.note)
        window.page.on("pageerror", lambda error: window.errors.append(str(error)))
        return window

    yield open_window
    for context in contexts:
        context.close()
