"""Markdown becomes HTML that may stand on a page. Nothing else marks text as safe.

Two locks, one behind the other. The parser knows no raw HTML, no image but our own and
no link but http, https, mailto and tel. Whatever it makes is then rebuilt by a
sanitiser from a list of what is allowed; what is not on the list does not come out.

An image is written ``![what it shows](image:7)``. It comes out where the caller names
it among the pictures that the reader may see; else what it shows is said in words.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from knowledgebase.codes import LONGEST_TEXT

SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
# Without the star the sanitiser would let titles and languages stand everywhere.
ATTRIBUTES: Final = {
    "*": set[str](),
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
}
TAGS: Final = frozenset(
    {
        *("a", "blockquote", "br", "code", "em", "hr", "p", "pre", "s", "strong"),
        *("h3", "h4", "h5", "h6", "img", "li", "ol", "ul"),
        *("table", "tbody", "td", "th", "thead", "tr"),
    }
)
DEEPEST: Final = 20
# Below the headings of the page and of its parts.
HEADINGS_DOWN: Final = 2
FOUND_FROM, FOUND_TO = "\x02", "\x03"
FOUND: Final = re.compile(f"{FOUND_FROM}(.*?){FOUND_TO}", re.DOTALL)
MARKS: Final = re.compile(r"[*_`#>|~]+|\]\([^)\s]*\)|!?\[|\]|^\s*[-+]\s", re.MULTILINE)
# What an image shows, in one line, and its number.
IMAGE: Final = re.compile(
    r"!\[(?P<alt>(?:\\.|[^\[\]\\\n])*)\]\(image:(?P<number>[0-9]{1,9})\)"
)
OTHER_IMAGE: Final = re.compile(r"!\[[^\[\]]*\]\(")


class Picture(Protocol):
    """An image that the reader may see."""

    width: int
    height: int

    def get_absolute_url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Images:
    """The images of a text: their numbers and what they show, in order; and whether it
    asks for one of another place, which is never shown."""

    shown: list[tuple[int, str]] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    @property
    def numbers(self) -> set[int]:
        return {number for number, _alt in self.shown}


def rendered(source: str, pictures: Mapping[int, Picture] | None = None) -> SafeString:
    """The HTML of a text of ours; what is longer than a text may be is cut off."""
    known = pictures or {}
    html = _parser.render(source[:LONGEST_TEXT], {"pictures": known})
    return mark_safe(_clean(html, known))  # noqa: S308 - this module is the reviewed one


def images_of(source: str) -> Images:
    """What images a text shows where it is rendered; one within code is none."""
    if "![" not in source:
        return Images()
    found = Images()
    _parser.parse(source[:LONGEST_TEXT], {"images": found})
    return found


def plain(source: str) -> str:
    """The Markdown with words in place of its images, for where none can be shown."""
    return IMAGE.sub(lambda found: in_words(_unescaped(found["alt"])), source)


def reference(number: int, alt: str) -> str:
    """The Markdown that shows this image."""
    escaped = re.sub(r"([\\\[\]])", r"\\\1", " ".join(alt.split()))
    return f"![{escaped}](image:{number})"


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


def _clean(html: str, pictures: Mapping[int, Picture]) -> str:
    return nh3.clean(
        html,
        tags=set(TAGS),
        attribute_filter=_only_ours(pictures),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def _only_ours(pictures: Mapping[int, Picture]) -> Callable[..., str | None]:
    ours = {picture.get_absolute_url() for picture in pictures.values()}

    def keep(tag: str, name: str, value: str) -> str | None:
        is_foreign = (tag, name) == ("img", "src") and value not in ours
        return None if is_foreign else value

    return keep


def _image(state: StateInline, silent: bool) -> bool:
    """An inline rule: an image of ours, or a note of one that is elsewhere."""
    found = IMAGE.match(state.src, state.pos, state.posMax)
    if found is None:
        if not silent and OTHER_IMAGE.match(state.src, state.pos, state.posMax):
            _noted(state).elsewhere.append(state.src[state.pos : state.pos + 40])
        return False
    number, alt = int(found["number"]), _unescaped(found["alt"])
    if not silent:
        state.push("picture", "img", 0).meta = {"number": number, "alt": alt}
        _noted(state).shown.append((number, alt))
    state.pos = found.end()
    return True


def _unescaped(alt: str) -> str:
    return re.sub(r"\\(.)", r"\1", alt).strip()


def _noted(state: StateInline) -> Images:
    noted: Images = state.env.setdefault("images", Images())
    return noted


def _picture(
    _self: Any, tokens: Sequence[Token], index: int, _options: Any, env: Any
) -> str:
    number, alt = tokens[index].meta["number"], tokens[index].meta["alt"]
    picture = env.get("pictures", {}).get(number)
    if picture is None:
        return escape(in_words(alt))
    return (
        f'<img src="{escape(picture.get_absolute_url())}" alt="{escape(alt)}"'
        f' width="{picture.width:d}" height="{picture.height:d}" loading="lazy">'
    )


def in_words(alt: str) -> str:
    """What stands for an image that is not shown."""
    return _("[Image: %(alt)s]") % {"alt": alt or "–"}


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + HEADINGS_DOWN)}"


def _built() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False, "maxNesting": DEEPEST})
    parser.disable(["image", "html_block", "html_inline"])
    parser.validateLink = is_allowed_link  # type: ignore[method-assign]
    parser.core.ruler.push("lower_headings", _lower_headings)
    parser.inline.ruler.before("link", "picture", _image)
    parser.add_render_rule("picture", _picture)
    return parser


_parser: Final = _built()
