"""Markdown becomes HTML that may stand on a page. Nothing else marks text as safe.

Two locks, one behind the other. The parser knows no raw HTML, no images and no link
but http, https, mailto and tel. Whatever it makes is then rebuilt by a sanitiser from
a list of what is allowed; what is not on the list does not come out.
"""

import re
from typing import Final
from urllib.parse import urlsplit

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from knowledgebase.codes import LONGEST_TEXT

SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
# Without the star the sanitiser would let titles and languages stand everywhere.
ATTRIBUTES: Final = {"*": set[str](), "a": {"href", "title"}, "ol": {"start"}}
TAGS: Final = frozenset(
    {
        *("a", "blockquote", "br", "code", "em", "hr", "p", "pre", "s", "strong"),
        *("h3", "h4", "h5", "h6", "li", "ol", "ul"),
        *("table", "tbody", "td", "th", "thead", "tr"),
    }
)
DEEPEST: Final = 20
# Below the headings of the page and of its parts.
HEADINGS_DOWN: Final = 2
FOUND_FROM, FOUND_TO = "\x02", "\x03"
FOUND: Final = re.compile(f"{FOUND_FROM}(.*?){FOUND_TO}", re.DOTALL)
MARKS: Final = re.compile(r"[*_`#>|~]+|\]\([^)\s]*\)|[\[\]]|^\s*[-+]\s", re.MULTILINE)


def rendered(source: str) -> SafeString:
    """The HTML of a text of ours; what is longer than a text may be is cut off."""
    html = _parser.render(source[:LONGEST_TEXT])
    return mark_safe(_clean(html))  # noqa: S308 - this module is the reviewed one


def highlighted(found: str) -> SafeString:
    """Plain words of a Markdown text; what a search marked in it is marked."""
    return marked(MARKS.sub(" ", found))


def marked(found: str) -> SafeString:
    """A text as it is; what a search marked in it is marked."""
    text: str = escape(" ".join(found.split()))
    text = FOUND.sub(r"<mark>\1</mark>", text)
    for sign in (FOUND_FROM, FOUND_TO):
        text = text.replace(sign, "")
    return mark_safe(text)  # noqa: S308 - this module is the reviewed one


def is_allowed_link(url: str) -> bool:
    """Whole addresses of a few kinds; nothing that a browser would complete."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme not in SCHEMES:
        return False
    return bool(parts.netloc or parts.scheme in {"mailto", "tel"})


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + HEADINGS_DOWN)}"


def _built() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False, "maxNesting": DEEPEST})
    parser.disable(["image", "html_block", "html_inline"])
    parser.validateLink = is_allowed_link  # type: ignore[method-assign]
    parser.core.ruler.push("lower_headings", _lower_headings)
    return parser


_parser: Final = _built()
