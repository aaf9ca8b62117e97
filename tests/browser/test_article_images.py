"""Images come into an article by paste, by drop, by keys, and without a script."""

import base64
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from knowledgebase import services
from knowledgebase.models import Article, ArticleImage
from tests.browser.conftest import Open
from tests.browser.soundness import check
from tests.browser.test_pages import UNDECIDED
from tests.incidents import stories as incidents
from tests.knowledgebase import stories
from tests.people import Cast, make_cast

HAND_OVER = """([name, kind, content, type]) => {
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], "shot", { type }));
  const given = { bubbles: true, cancelable: true };
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { ...given, clipboardData: files })
    : new DragEvent("drop", { ...given, dataTransfer: files });
  document.querySelector(`[name=${name}]`).dispatchEvent(event);
}"""


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


def hand_over(
    page: Page, name: str, kind: str, content: bytes, form: str = "image/png"
) -> None:
    page.evaluate(HAND_OVER, [name, kind, base64.b64encode(content).decode(), form])


def editor_of(people: Cast, visit: Open, **given: Any) -> Any:
    article = stories.drafted(people)
    window = visit(people.bo, **given)
    window.go(f"{article.get_absolute_url()}edit/")
    return window


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_an_image_is_pasted_or_dropped_and_says_what_it_shows(
    kind: str, visit: Open, people: Cast
) -> None:
    window = editor_of(people, visit)
    page = window.page
    text = page.locator("[name=cause]")
    text.fill("Look: after")
    text.evaluate("(field) => field.setSelectionRange(5, 5)")
    hand_over(page, "cause", kind, stories.picture(size=(300, 200)))
    words = page.get_by_label("What does it show?")
    expect(words).to_be_focused()
    page.get_by_role("button", name="Add and insert it").click()
    expect(page.locator("[data-said]")).to_contain_text("Say what the image shows")
    expect(words).to_be_focused()
    busy = page.locator("[name=add_image]")
    expect(busy).not_to_have_attribute("aria-busy", "true")
    # Chromium notes every answer that refuses, in words or not.
    assert [error for error in window.errors if "400 (Bad Request)" not in error] == []
    window.errors.clear()
    check(window, f"knowledge-image-asked-{kind}", undecided=UNDECIDED)
    page.set_viewport_size({"width": 1440, "height": 900})
    words.fill("The red switch")
    page.get_by_role("button", name="Add and insert it").click()
    expect(page.locator("[data-said]")).to_have_text("The image is in the text.")
    image = ArticleImage.objects.get()
    assert text.input_value() == f"Look: ![The red switch](image:{image.pk}) after"
    expect(text).to_be_focused()
    shown = page.locator("#preview img")
    expect(shown).to_have_attribute("alt", "The red switch")
    assert shown.evaluate("(image) => image.decode().then(() => image.naturalWidth)")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator("article img")).to_have_attribute("width", "300")
    assert window.policy_violations() == []


def test_what_is_no_image_is_said_and_nothing_typed_is_lost(
    visit: Open, people: Cast
) -> None:
    window = editor_of(people, visit)
    page = window.page
    hand_over(page, "cause", "drop", b"words", "text/plain")
    expect(page.locator("[data-said]")).to_contain_text("Only images")
    hand_over(page, "cause", "drop", b"<svg onload=alert(1)>", "image/svg+xml")
    page.get_by_label("What does it show?").fill("A drawing")
    page.get_by_role("button", name="Add and insert it").click()
    expect(page.locator("[data-said]")).to_contain_text("no image that we can show")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("[name=cause]")).to_be_focused()
    assert not ArticleImage.objects.exists()


def test_words_are_pasted_as_words(visit: Open, people: Cast) -> None:
    """A table of a spreadsheet comes as words and as a picture of them."""
    window = editor_of(people, visit)
    window.page.evaluate(
        """() => {
          const both = new DataTransfer();
          both.items.add(new File(["x"], "x.png", { type: "image/png" }));
          both.setData("text/plain", "a table");
          document.querySelector("[name=cause]").dispatchEvent(new ClipboardEvent(
            "paste", { bubbles: true, cancelable: true, clipboardData: both }));
        }"""
    )
    expect(window.page.get_by_role("button", name="Cancel")).not_to_be_visible()


def test_keys_alone_add_an_image_where_the_cursor_is(visit: Open, people: Cast) -> None:
    window = editor_of(people, visit)
    page = window.page
    press = page.get_by_role("button", name="Add an image: Cause")
    press.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name=image]")).to_be_focused()
    page.locator("[name=image]").set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": stories.picture()}
    )
    page.keyboard.press("Tab")
    page.keyboard.type("The switch")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=cause]")).to_be_focused()
    assert "![The switch](image:" in page.locator("[name=cause]").input_value()
    assert Article.objects.get().version == 1  # Nothing was saved meanwhile.


def test_without_a_script_the_line_to_copy_is_shown(visit: Open, people: Cast) -> None:
    window = editor_of(people, visit, script=False)
    page = window.page
    page.locator("[name=cause]").fill("Typed before")
    page.locator("[name=image]").set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": stories.picture()}
    )
    page.locator("[name=alt]").fill("The switch")
    page.get_by_role("button", name="Add the image").click()
    line = page.locator(".kb-added code").inner_text()
    assert page.locator("[name=cause]").input_value() == "Typed before"
    page.locator("[name=cause]").fill(line)
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator("article img")).to_have_attribute("alt", "The switch")


def test_signatures_are_tried_while_they_are_typed(visit: Open, people: Cast) -> None:
    for number in range(12):
        incidents.reported(people, title=f"Printer {number} prints nothing, E102")
    window = editor_of(people, visit)
    page = window.page
    page.locator("[name=signatures]").fill("E102\nE999 * broken\na*b*c\n")
    page.get_by_role("button", name="Try them on recent tickets").click()
    tried = page.locator("#tried")
    expect(tried).to_contain_text("hits 12 of the last 12 tickets")
    expect(tried).to_contain_text("Too many")
    expect(tried).to_contain_text("hits none of the last 12 tickets")
    expect(tried).to_contain_text("hits nothing, ever")
    check(window, "knowledge-signatures-tried", undecided=UNDECIDED)


def test_an_article_with_images_is_sound(visit: Open, people: Cast) -> None:
    wide = stories.picture(size=(1_600, 700))

    image = services.keep_image(
        SimpleUploadedFile("x.png", wide), by=people.bo, alt="A wide dialog"
    )
    body = stories.shown(image)
    article = stories.published(
        people, stories.make_editor(), content=stories.known_error(symptom=body)
    )
    for person in (people.ann, people.bo):
        window = visit(person)
        window.go(article.get_absolute_url())
        expect(window.page.locator("article img")).to_be_visible()
        check(window, f"knowledge-images-{person.name[:2]}", undecided=UNDECIDED)


def test_images_at_hand_are_inserted_by_a_press(visit: Open, people: Cast) -> None:
    """The editor lists them, and is sound with them."""
    for alt in ("The red switch", f"A dialog {'very' * 20} long"):
        stories.image_of(people.bo, alt)
    window = editor_of(people, visit)
    window.page.locator("[name=cause]").fill("Press")
    window.page.get_by_role("button", name="Insert The red switch").click()
    line = window.page.locator("[name=cause]").input_value()
    assert line.startswith("Press ![The red switch](image:")
    expect(window.page.locator("#preview img")).to_be_visible()
    check(window, "knowledge-images-at-hand", undecided=UNDECIDED)
