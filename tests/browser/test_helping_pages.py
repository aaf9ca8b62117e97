"""Help while somebody types, *this solved it* and *me too*, in a browser."""

import pytest
from django.core.cache import cache

from incidents.models import Deflection, Incident
from tests.browser.conftest import Open
from tests.browser.sheets_helping import SHEETS, TYPED, type_it
from tests.browser.sheets_portal import Sheet
from tests.browser.soundness import check
from tests.browser.test_pages import UNDECIDED
from tests.incidents.told import HEADLINE, announced
from tests.knowledgebase import stories as articles
from tests.people import Cast, make_cast


@pytest.fixture
def people(transactional_db: None) -> Cast:
    cache.clear()
    return make_cast()


def test_every_sheet_has_its_own_name() -> None:
    names = [sheet.name for sheet in SHEETS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_page_is_sound(sheet: Sheet, visit: Open, people: Cast) -> None:
    path = sheet.story(people)
    window = visit(getattr(people, sheet.by))
    window.go(path)
    if sheet.act:
        sheet.act(window.page)
    check(window, sheet.name, undecided=UNDECIDED)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_workaround_helps_and_no_ticket_is_written(
    width: int, visit: Open, people: Cast
) -> None:
    """With the keyboard alone."""
    articles.published(people, articles.make_editor())
    window = visit(people.ann, width=width)
    page = window.page
    window.go("/report/")
    page.get_by_label("What is going wrong?").focus()
    page.keyboard.type(TYPED)
    page.locator(".help-article").wait_for()
    said = page.get_by_role("status").filter(has_text="that may help")
    said.wait_for()
    assert page.evaluate("document.activeElement.id") == "id_description"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Switch the printer off and on again.").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Good. Nothing was sent.").wait_for()
    assert Deflection.objects.get().by == people.ann
    assert not Incident.objects.exists()
    assert not window.errors


@pytest.mark.parametrize("width", [1440, 390])
def test_another_has_it_too_and_presses_once(
    width: int, visit: Open, people: Cast
) -> None:
    master = announced(people)
    other = visit(people.zed, width=width)
    other.go("/")
    other.page.get_by_role("heading", name=HEADLINE).wait_for()
    other.page.get_by_role("button", name="Me too").focus()
    other.page.keyboard.press("Enter")
    other.page.get_by_role("heading", name="We have your report").wait_for()
    part = Incident.objects.parts_of(master).get()
    assert part.reporter == people.zed
    other.page.get_by_text(part.reference, exact=True).wait_for()
    other.page.get_by_label("Anything different for you?").fill("Mine is yellow.")
    other.page.get_by_role("button", name="Send message").click()
    other.page.get_by_text("Your message is with the service desk.").wait_for()
    assert not other.errors


def test_without_a_script_a_button_looks_first(visit: Open, people: Cast) -> None:
    articles.published(people, articles.make_editor())
    window = visit(people.ann, script=False)
    page = window.page
    window.go("/report/")
    page.get_by_label("What is going wrong?").fill(TYPED)
    page.get_by_role("button", name="Look for help first").click()
    page.locator(".help-article summary").click()
    page.get_by_role("button", name="This solved it").click()
    page.get_by_role("heading", name="Good. Nothing was sent.").wait_for()
    page.get_by_role("button", name="It did not help after all").click()
    assert page.get_by_label("What is going wrong?").input_value() == TYPED
    assert not Deflection.objects.standing().exists()


def test_enter_sends_the_report_whatever_else_is_offered(
    visit: Open, people: Cast
) -> None:
    """The naive page would press its first button: this solved it."""
    articles.published(people, articles.make_editor())
    window = visit(people.ann)
    page = window.page
    window.go("/report/")
    type_it(page)
    page.get_by_label("It is a small annoyance").check()
    page.get_by_label("My team").check()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="We have your report").wait_for()
    assert Incident.objects.get().description == TYPED
    assert not Deflection.objects.exists()


def test_nobody_loses_their_place_in_the_list(visit: Open, people: Cast) -> None:
    """What comes late does not take away what they stand on."""
    articles.published(people, articles.make_editor())
    window = visit(people.ann)
    page = window.page
    window.go("/report/")
    type_it(page)
    with page.expect_response("**/report/look/"):
        page.get_by_label("What is going wrong?").fill("It is about telephones now")
        page.keyboard.press("Tab")
    page.wait_for_timeout(300)  # For a swap that would come now.
    assert page.evaluate("document.activeElement.localName") == "summary"
    assert page.locator(".help-article").count() == 1
