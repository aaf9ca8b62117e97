"""Pages made of sections: each shows its first rows, one alone shows all of its."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from incidents.shifts.sections import Section, Sorted

ROWS: Final = 10
PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """``pks`` are the rows shown of ``total``; ``query`` is the address of all."""

    section: Section
    total: int
    pks: Sequence[int]
    query: str

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.pks)

    @property
    def href(self) -> str:
        """To exactly these rows: further down on the page, or on a page of theirs."""
        return f"?{self.query}" if self.is_cut else f"#{self.section.code}"


def chosen_section(request: HttpRequest, found: Sorted) -> Section | None:
    """The one that the address asks for alone; an unknown one is none."""
    code = request.GET.get("show")
    return next((each for each in found.sections if each.code == code), None)


def blocks_of(
    request: HttpRequest, found: Sorted, shown: Section | None, *, query: str = ""
) -> tuple[Page[Any] | None, list[Block]]:
    """Of every section that has any the first rows; of one alone a page of them."""
    if shown is None:
        return None, [
            _block(each, found, found.of(each.code)[:ROWS], query)
            for each in found.sections
            if found.count(each.code)
        ]
    rows = Paginator(found.of(shown.code), PER_PAGE)
    page: Page[Any] = rows.get_page(request.GET.get("page"))
    return page, [_block(shown, found, list(page), query)]


def _block(section: Section, found: Sorted, pks: Sequence[int], query: str) -> Block:
    asked = f"{query}&show={section.code}" if query else f"show={section.code}"
    total = found.count(section.code)
    return Block(section=section, total=total, pks=pks, query=asked)
