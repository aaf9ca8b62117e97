"""The page of one incident and its forms: sound in every look and state."""

import pytest

from tests.browser.conftest import Open
from tests.browser.sheets_ticket import SHEETS, TicketSheet
from tests.browser.soundness import Known, check
from tests.people import Cast, make_cast

UNDECIDED: list[Known] = [
    (
        "color-contrast",
        "",
        "<select",
        "The arrow is a picture inside the padding; the text stands on --surface, and"
        " test_tokens.py computes that pair.",
    ),
]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


def test_every_sheet_has_its_own_name() -> None:
    names = [sheet.name for sheet in SHEETS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_page_is_sound(sheet: TicketSheet, visit: Open, people: Cast) -> None:
    incident = sheet.story(people)
    window = visit(getattr(people, sheet.by))
    window.go(f"{incident.get_absolute_url()}{sheet.page}")
    if sheet.act:
        sheet.act(window.page, incident, people)
    check(window, sheet.name, undecided=UNDECIDED)
