"""What a browser has to fetch stays small, and no page carries code or style."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "static"
TEMPLATES = settings.BASE_DIR / "templates"
KILOBYTE = 1000

# A message has no stylesheet to ask for: mail programs read the one in its head.
PAGES = [
    path
    for path in sorted(TEMPLATES.rglob("*.html"))
    if path.parent.name not in {"email", "mail"}
]


def _packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), compresslevel=9, mtime=0))


def test_stylesheet_is_small() -> None:
    assert _packed(STATIC / "css" / "servicedesk.css") <= 25 * KILOBYTE


def test_images_are_small() -> None:
    assert sum(_packed(path) for path in (STATIC / "img").iterdir()) <= 6 * KILOBYTE


def test_no_fonts_and_nothing_from_elsewhere() -> None:
    for path in (STATIC / "css").iterdir():
        css = path.read_text()
        assert "@font-face" not in css
        assert "@import" not in css
        assert not re.search(r"url\(\s*[\"']?(https?:)?//", css)


@pytest.mark.parametrize(
    "path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_page_has_no_inline_style_or_script(path: Path) -> None:
    source = path.read_text()
    assert not re.search(r"\sstyle\s*=", source)
    assert "<style" not in source
    assert not re.search(r"\son[a-z]+\s*=", source)
    assert "hx-on" not in source
    for attributes in re.findall(r"<script\b([^>]*)>", source):
        assert "src=" in attributes
    assert "javascript:" not in source
    assert not re.search(r"(src|href)=[\"'](https?:)?//", source)
