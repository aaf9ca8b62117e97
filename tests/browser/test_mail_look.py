"""The frame of every mail: readable in light and dark, and its button works."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from playwright.sync_api import Route

from servicedesk.inbox import letters
from tests.browser.conftest import Open
from tests.browser.sheets import LONG
from tests.browser.soundness import LOOKS, SIDEWAYS

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FULL: dict[str, Any] = {
    "heading": "Is this fixed? The till stays dark",
    "intro": ["What we did: a new cable.", f"You wrote:\n{LONG}{LONG}{LONG}"],
    "button_url": f"https://desk.example.org/{LONG}{LONG}/",
    "button_label": "Yes, it works",
    "second_url": "https://desk.example.org/no/",
    "second_label": "No, it still does not work",
    "reference": "INC-1",
    "footer_note": "Reply to this e-mail to add a message.",
}


@pytest.mark.parametrize("context", [FULL, {"heading": "News"}], ids=["full", "bare"])
def test_mail_is_readable(context: dict[str, Any], visit: Open, db: None) -> None:
    body = render_to_string("mail/base.html", context)

    def answer(route: Route) -> None:
        route.fulfill(status=200, body=body, content_type="text/html")

    window = visit()
    window.page.route("**/mail/", answer)
    window.go("/mail/")
    window.page.evaluate(AXE_SCRIPT)
    for width, scheme in LOOKS:
        window.page.set_viewport_size({"width": width, "height": 900})
        window.page.emulate_media(color_scheme=scheme)
        assert window.page.evaluate(SIDEWAYS) == 0
        options = {"runOnly": {"type": "tag", "values": TAGS}}
        found = window.page.evaluate("(options) => axe.run(options)", options)
        assert found["violations"] == []
        assert found["incomplete"] == []


@pytest.mark.parametrize("framed", [True, False], ids=["framed", "alone"])
def test_the_button_of_a_mail_opens_in_the_whole_window(
    framed: bool, visit: Open, transactional_db: None
) -> None:
    window = visit()
    context = {"button_url": f"{window.url}/help/", "button_label": "Get help"}
    mail = EmailMultiAlternatives("News", "Words", to=["ann@example.org"])
    mail.attach_alternative(render_to_string("mail/base.html", context), "text/html")
    letters.keep(mail)
    path = f"/demo/inbox/{letters.newest_first()[0].name}/"
    window.go(f"{path}?as=html" if framed else f"{path}html/")
    page = window.page
    place: Any = page.frame_locator("iframe") if framed else page
    button = place.get_by_role("link", name="Get help")
    ground = button.evaluate("el => getComputedStyle(el).backgroundColor")
    assert ground == "rgb(11, 92, 107)"
    button.click()
    page.wait_for_url("**/help/")
    assert page.locator("h1").inner_text() == "Get help from a person"


def test_a_mail_runs_no_script(visit: Open, transactional_db: None) -> None:
    mail = EmailMultiAlternatives("News", "Words", to=["ann@example.org"])
    mail.attach_alternative("<h1>Hello</h1><script>top.name = 1</script>", "text/html")
    letters.keep(mail)
    window = visit()
    window.go(f"/demo/inbox/{letters.newest_first()[0].name}/?as=html")
    frame = window.page.frame_locator("iframe")
    assert frame.locator("h1").inner_text() == "Hello"
    assert window.page.evaluate("window.name") == ""
