"""The knowledge base: sound in every look, with keys alone, without a script too."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from knowledgebase.models import Article
from tests.browser.conftest import Open
from tests.browser.hands import FOCUS
from tests.browser.sheets import Sheet
from tests.browser.sheets_knowledge import EDITORS, FULL, KNOWN, shelf
from tests.browser.soundness import check
from tests.browser.test_pages import UNDECIDED
from tests.knowledgebase import stories
from tests.people import Cast, make_cast


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def full(people: Cast) -> Cast:
    shelf(people)
    return people


def editor() -> User:
    return User.objects.get(name="Kim Kade")


@pytest.mark.parametrize("sheet", FULL, ids=lambda sheet: sheet.name)
def test_page_is_sound(sheet: Sheet, visit: Open, full: Cast) -> None:
    window = visit(sheet.viewer(full))
    window.go(sheet.path)
    if sheet.act:
        sheet.act(window.page)
    check(window, sheet.name, undecided=UNDECIDED)


@pytest.mark.parametrize("sheet", EDITORS, ids=lambda sheet: sheet.name)
def test_page_of_an_editor_is_sound(sheet: Sheet, visit: Open, full: Cast) -> None:
    window = visit(editor())
    window.go(sheet.path)
    check(window, sheet.name, undecided=UNDECIDED)


@pytest.mark.parametrize(
    ("name", "path"), [("ann", "/knowledge/"), ("kim", "/knowledge/reviews/")]
)
def test_page_with_nothing_on_it_is_sound(
    name: str, path: str, visit: Open, people: Cast
) -> None:
    kim = stories.make_editor()
    window = visit(kim if name == "kim" else people.ann)
    window.go(path)
    check(window, f"knowledge-empty-{name}", undecided=UNDECIDED)


def test_an_article_goes_from_one_to_another_to_its_readers(
    visit: Open, people: Cast
) -> None:
    kim = stories.make_editor()
    bo = visit(people.bo)
    bo.go("/knowledge/new/")
    bo.page.get_by_label("A how-to", exact=False).check()
    bo.page.get_by_role("button", name="Continue").click()
    bo.page.get_by_label("Title").fill("How do I reset the door reader?")
    bo.page.get_by_role("textbox", name="Text").fill("Hold **both** keys.")
    preview = bo.page.locator("#preview")
    expect(preview.locator("strong")).to_have_text("both")
    bo.page.get_by_label("Everyone who logs in").check()
    bo.page.get_by_role("button", name="Save the draft").click()
    bo.page.get_by_role("button", name="Send for review").click()
    expect(bo.page.get_by_role("button", name="Publish")).to_have_count(0)

    window = visit(kim)
    window.go("/knowledge/reviews/")
    window.page.get_by_role("link", name="How do I reset the door reader?").click()
    window.page.get_by_role("button", name="Publish").click()
    expect(window.page.get_by_text("Its readers see it now")).to_be_visible()

    ann = visit(people.ann, script=False)
    ann.go("/knowledge/")
    ann.page.get_by_label("What do you need help with?").fill("door readers")
    ann.page.get_by_role("button", name="Find").click()
    ann.page.get_by_role("link", name="How do I reset the door reader?").click()
    expect(ann.page.locator("article strong")).to_have_text("both")
    for one in (bo, window):
        assert one.policy_violations() == []
        assert one.errors == []


def test_a_preview_works_without_a_script_and_loses_nothing(
    visit: Open, full: Cast
) -> None:
    window = visit(full.bo, script=False)
    window.go(f"{KNOWN}/edit/")
    window.page.get_by_role("textbox", name="Cause").fill("It is the **cable**.")
    window.page.get_by_role("button", name="Preview").click()
    expect(window.page.locator("#preview strong").get_by_text("cable")).to_be_visible()
    cause = window.page.get_by_role("textbox", name="Cause")
    assert cause.input_value() == "It is the **cable**."
    window.page.get_by_role("button", name="Save the draft").click()
    article = Article.objects.get(slug="label-printer-prints-blank-labels")
    assert article.open is not None
    assert article.open.cause == "It is the **cable**."


def test_a_preview_leaves_the_field_in_peace(visit: Open, full: Cast) -> None:
    window = visit(full.bo)
    window.go(f"{KNOWN}/edit/")
    field = window.page.get_by_role("textbox", name="Cause")
    field.click()
    field.press("Control+A")
    field.type("Typed *letter* by letter")
    expect(window.page.locator("#preview em").get_by_text("letter")).to_be_visible()
    assert window.page.evaluate("document.activeElement.name") == "cause"
    assert field.input_value() == "Typed *letter* by letter"


def test_keys_alone_find_and_read(visit: Open, full: Cast) -> None:
    window = visit(full.ann)
    window.go("/knowledge/")
    page = window.page
    _tab_to(page, "q")
    page.keyboard.type("switched off printer")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=switched*")
    _tab_to(page, "Label printer prints blank labels")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Label printer prints blank labels"
    )


def test_paper_shows_the_article_and_nothing_around_it(visit: Open, full: Cast) -> None:
    window = visit(full.bo)
    window.go(f"{KNOWN}/")
    window.page.emulate_media(media="print")
    expect(window.page.get_by_text("Before you begin")).to_be_visible()
    expect(window.page.get_by_text("What to do")).not_to_be_visible()
    expect(window.page.get_by_text("is being written by")).not_to_be_visible()


def _tab_to(page: Page, name: str) -> None:
    """Every stop on the way shows its ring, and is in sight."""
    for _stop in range(30):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["outlined"], f"no focus ring on {focus['name']}"
        assert focus["inside"], f"focus out of sight on {focus['name']}"
        if focus["name"] == name:
            return
    raise AssertionError(f"{name} cannot be reached with the Tab key")
