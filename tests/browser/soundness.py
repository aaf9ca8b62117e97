"""What every page has to be: sound, quiet, and nothing sticks out.

``SCREENSHOTS=var/screenshots`` keeps a picture of each. axe looks at two of the four
looks, which between them have both widths and both colour schemes; at all four with
``ALL_LOOKS=1`` (``make test-long``).
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from accounts.models import User
from tests.browser.conftest import Open, Visit
from tests.browser.sheets import Sheet

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS: list[tuple[int, Literal["light", "dark"]]] = [
    (1440, "light"),
    (1440, "dark"),
    (390, "light"),
    (390, "dark"),
]
DIAGONAL = LOOKS[::3]
ALL_LOOKS = bool(os.environ.get("ALL_LOOKS"))
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What is typed asks after a while, at most 700 ms: nothing has asked for longer.
QUIET = """() => new Promise((done) => {
  let since = performance.now();
  const look = () => {
    if (document.querySelector(".htmx-request")) since = performance.now();
    if (performance.now() - since > 900) done();
    else setTimeout(look, 50);
  };
  look();
})"""

# A rule of axe, the page ("" is every page), a part of what axe says, why it is right.
Known = tuple[str, str, str, str]


def check_each(
    looks: Iterable[tuple[Sheet, User | None, str]],
    visit: Open,
    subtests: pytest.Subtests,
    *,
    undecided: Sequence[Known],
) -> None:
    """Each page, as this person at this address, in one and the same crowd: where that
    takes longer to make than to look at. Nothing that a sheet does changes it."""
    for sheet, viewer, address in looks:
        with subtests.test(sheet.name):
            window = visit(viewer)
            answer = window.page.goto(f"{window.url}{address}")
            assert answer is not None
            assert answer.ok
            if sheet.act:
                sheet.act(window.page)
            check(window, sheet.name, undecided=undecided)


def check(
    window: Visit,
    name: str,
    *,
    undecided: Sequence[Known],
    accepted: Sequence[Known] = (),
) -> None:
    """Fail unless the page in ``window`` is sound in every look.

    ``undecided`` explains what axe could not decide, ``accepted`` what it finds and
    we live with.
    """
    page = window.page
    page.wait_for_load_state()
    if page.locator("[hx-trigger*=load]").count():
        page.wait_for_load_state("networkidle")  # What fills itself in is there.
    if page.locator("[hx-trigger*=delay]").count():
        page.evaluate(QUIET)  # And what follows the keys.
    assert page.locator("h1").count() == 1
    page.evaluate(AXE_SCRIPT)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(SIDEWAYS) == 0, f"{width} px: scrolls sideways"
        if SCREENSHOTS:
            _keep_picture(page, f"{name}-{width}-{scheme}")
        if not ALL_LOOKS and (width, scheme) not in DIAGONAL:
            continue
        result = axe(page)
        wrong = _unexplained(result["violations"], name, accepted)
        assert not wrong, (width, scheme, wrong)
        open_ = _unexplained(result["incomplete"], name, undecided)
        assert not open_, (width, scheme, open_)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(SIDEWAYS) == 0, "320 px: scrolls sideways"
    assert window.policy_violations() == [], window.policy_violations()
    assert window.errors == [], window.errors


def axe(page: Page) -> dict[str, Any]:
    """What axe finds on the page, once its script is there."""
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        "resultTypes": ["violations", "incomplete"],
        # Or axe writes imported stylesheets into the page, against its policy.
        "preload": False,
    }
    found: dict[str, Any] = page.evaluate("(options) => axe.run(options)", options)
    return found


def _keep_picture(page: Page, name: str) -> None:
    Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
    page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


def _unexplained(
    findings: list[dict[str, Any]], name: str, explained: Sequence[Known]
) -> list[str]:
    return [
        f"{finding['id']}: {node['target']} {node['failureSummary']}"
        for finding in findings
        for node in finding["nodes"]
        if not any(
            finding["id"] == rule
            and page in ("", name)
            and (node["html"].startswith(part) or part in node["failureSummary"])
            for rule, page, part, _why in explained
        )
    ]
