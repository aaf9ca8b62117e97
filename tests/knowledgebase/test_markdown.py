"""Whatever somebody writes, nothing but the allow-list comes out."""

import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

from knowledgebase.codes import LONGEST_TEXT
from knowledgebase.markdown import (
    ATTRIBUTES,
    SCHEMES,
    TAGS,
    highlighted,
    is_allowed_link,
    rendered,
)
from tests.knowledgebase.hostile import CASES, HUGE, LINKS, SPELLINGS

ALLOWED = {tag: ATTRIBUTES.get(tag, set()) for tag in TAGS}
ALLOWED["a"] = ATTRIBUTES["a"] | {"rel"}
# A browser ignores these inside a scheme and would run what is left.
IGNORED = re.compile(r"[\x00-\x20\x7f-\xa0\u200b\ufeff]")
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
PATIENCE = 5.0


class Reader(HTMLParser):
    """Notes every tag, attribute and link of what came out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.wrong.append(f"<{tag}>")
            return
        for name, value in attrs:
            if name not in ALLOWED[tag]:
                self.wrong.append(f"<{tag} {name}>")
            if name == "href":
                self.links.append(value or "")

    def handle_comment(self, data: str) -> None:
        self.wrong.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.wrong.append("instruction")


def read(source: str) -> Reader:
    reader = Reader()
    reader.feed(str(rendered(source)))
    reader.close()
    return reader


def test_there_are_enough_hostile_cases() -> None:
    assert len(set(CASES)) >= 200


@pytest.mark.parametrize("source", CASES, ids=range(len(CASES)))
def test_nothing_but_the_allow_list_comes_out(source: str) -> None:
    reader = read(source)
    assert reader.wrong == []
    for link in reader.links:
        scheme = IGNORED.sub("", link).partition(":")[0].lower()
        assert scheme in SCHEMES, link


@pytest.mark.parametrize("source", LINKS, ids=range(len(LINKS)))
def test_no_link_leads_where_none_may(source: str) -> None:
    """Not even to our own pages: one press on a link never acts here."""
    assert read(source).links == []


def test_words_that_were_not_allowed_are_still_there_to_read() -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in rendered(
        "<script>alert(1)</script>"
    )
    assert "javascript:alert(1)" in rendered("[click](javascript:alert(1))")


@pytest.mark.parametrize("url", SPELLINGS)
def test_the_first_lock_refuses_by_itself(url: str) -> None:
    assert not is_allowed_link(url)


def test_the_second_lock_holds_without_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A parser that lets HTML and every link through: the sanitiser stands alone."""
    from markdown_it import MarkdownIt  # noqa: PLC0415

    from knowledgebase import markdown  # noqa: PLC0415

    naive = MarkdownIt("js-default", {"html": True})
    naive.validateLink = lambda url: True  # type: ignore[method-assign]
    monkeypatch.setattr(markdown, "_parser", naive)
    for source in CASES:
        reader = read(source)
        assert reader.wrong == [], source
        for link in reader.links:
            scheme = SCHEME.match(IGNORED.sub("", link))
            # An address without one leads to a page of ours, and runs nothing.
            assert scheme is None or scheme[1].lower() in SCHEMES, source


def test_the_cases_would_get_through_a_naive_renderer() -> None:
    """What they are worth: a renderer that trusts lets most of them through."""
    from markdown_it import MarkdownIt  # noqa: PLC0415

    naive = MarkdownIt("commonmark")
    naive.validateLink = lambda url: True  # type: ignore[method-assign]
    through = 0
    for source in CASES:
        reader = Reader()
        reader.feed(naive.render(source))
        through += bool(reader.wrong or reader.links)
    assert through > len(CASES) / 2


@pytest.mark.parametrize("name", HUGE)
def test_the_largest_text_takes_a_moment_and_no_more(name: str) -> None:
    began = time.process_time()  # Of this process alone, whoever else is at work.
    reader = read(HUGE[name])
    assert time.process_time() - began < PATIENCE
    assert reader.wrong == []


def test_a_longer_text_is_cut() -> None:
    assert rendered("x" * (LONGEST_TEXT + 1)) == f"<p>{'x' * LONGEST_TEXT}</p>\n"


def test_what_is_meant_comes_out() -> None:
    html = rendered(
        "# Steps\n\n1. *Press* **21**\n2. Call <https://example.org>\n\n"
        "3. [Mail](mailto:x@example.org), [call](tel:+4912)\n\n"
        "> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n"
    )
    for part in (
        "<h3>Steps</h3>",
        "<em>Press</em> <strong>21</strong>",
        'href="https://example.org" rel="noopener noreferrer nofollow"',
        'href="mailto:x@example.org"',
        'href="tel:+4912"',
        "<blockquote>",
        "<td>1</td>",
        "<pre><code>code",
    ):
        assert part in html


@pytest.mark.parametrize("source", CASES, ids=range(len(CASES)))
def test_an_excerpt_is_plain_words_and_marks(source: str) -> None:
    reader = Reader()
    reader.feed(str(highlighted(f"\x02{source}\x03 and \x03\x02")))
    assert set(reader.wrong) <= {"<mark>"}
    assert reader.links == []


def test_one_module_alone_marks_text_as_safe() -> None:
    root = Path(settings.BASE_DIR)
    marking = [
        path.relative_to(root).as_posix()
        for app in ("knowledgebase", "incidents", "servicedesk", "activity", "accounts")
        for path in (root / app).rglob("*.py")
        if "node_modules" not in path.parts
        and re.search(r"mark_safe\(|SafeString\(", path.read_text())
    ]
    assert marking == ["knowledgebase/markdown.py"]
