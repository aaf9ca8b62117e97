"""The page of one incident and its forms: sound in every look and state."""

import pytest

from tests.browser.conftest import Open
from tests.browser.sheets_ticket import SHEETS as OF_TICKETS
from tests.browser.sheets_ticket import TicketSheet
from tests.browser.sheets_tiers import SHEETS as OF_TIERS
from tests.browser.sheets_tiers import agreed
from tests.browser.soundness import Known, check
from tests.incidents import stories
from tests.people import Cast, make_cast

SHEETS = [*OF_TICKETS, *OF_TIERS]
UNDECIDED: list[Known] = [
    (
        "color-contrast",
        "",
        "<select",
        "The arrow is a picture inside the padding; the text stands on --surface, and"
        " test_tokens.py computes that pair.",
    ),
]

PLACES = """() => [...document.querySelectorAll(
  ".next-steps > .btn, .next-steps > form, .next-steps summary"
)].map((one) => [one.getBoundingClientRect().x, one.getBoundingClientRect().y])"""
# How far the words of each choice of a team are above those of the next.
BETWEEN_CHOICES = """() => {
  const boxes = [...document.querySelectorAll(".choices label:has([name=team])")]
    .map((label) => {
      const words = document.createRange();
      words.selectNodeContents(label);
      const rects = [...words.getClientRects()];
      return [Math.min(...rects.map((r) => r.top)),
              Math.max(...rects.map((r) => r.bottom))];
    });
  return boxes.slice(1).map(([top], place) => top - boxes[place][1]);
}"""


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


@pytest.mark.parametrize("width", [1440, 390])
def test_what_more_opens_moves_no_step(width: int, visit: Open, people: Cast) -> None:
    incident = stories.in_progress(people)
    window = visit(people.bo)
    window.page.set_viewport_size({"width": width, "height": 900})
    window.go(incident.get_absolute_url())
    before = window.page.evaluate(PLACES)
    window.page.locator(".more-steps > summary").click()
    assert window.page.get_by_role("link", name="Ask for attention").is_visible()
    assert window.page.evaluate(PLACES) == before


def test_choices_of_several_lines_stand_apart(visit: Open, people: Cast) -> None:
    """The lines of two choices are farther from each other than those of one."""
    agreed(people)
    window = visit(people.bo)
    window.page.set_viewport_size({"width": 390, "height": 900})
    window.go(f"{stories.triaged(people).get_absolute_url()}escalate/")
    gaps = window.page.evaluate(BETWEEN_CHOICES)
    assert gaps
    assert min(gaps) >= 12


@pytest.mark.parametrize(("script", "after"), [(True, "SEV1"), (False, "SEV4")])
def test_the_severity_is_said_while_one_chooses(
    script: bool, after: str, visit: Open, people: Cast
) -> None:
    """Without JavaScript the page says what it said before; the matrix is beside."""
    incident = stories.reported(people, impact=3, urgency=2)
    window = visit(people.bo, script=script)
    window.go(f"{incident.get_absolute_url()}triage/")
    said = window.page.locator("[data-severities]")
    assert said.get_attribute("aria-live") == "polite"
    assert said.inner_text() == "Impact and urgency make it SEV4."
    window.page.get_by_label("Everyone, several sites or customers").check()
    window.page.get_by_label("Cannot work").check()
    assert said.inner_text() == f"Impact and urgency make it {after}."
    assert window.page.get_by_role("table", name="Impact and urgency").is_visible()
    if script:
        assert window.policy_violations() == window.errors == []


def test_the_severity_is_right_again_after_going_back(
    visit: Open, people: Cast
) -> None:
    """The browser keeps what was chosen, and changes nothing itself."""
    incident = stories.triaged(people)
    window = visit(people.bo)
    window.go(f"{incident.get_absolute_url()}reclassify/")
    window.page.get_by_label("Everyone, several sites or customers").check()
    window.page.get_by_role("link", name="Back to the incident").click()
    window.page.go_back()
    window.page.wait_for_load_state()
    chosen = window.page.get_by_label("Everyone, several sites or customers")
    severity = "SEV2" if chosen.is_checked() else "SEV4"
    said = window.page.locator("[data-severities]")
    assert said.inner_text() == f"Impact and urgency make it {severity}."
