"""Nothing that people write or upload runs in a browser, under our policy or without.

All cases stand on one page of our own address: what is rendered of the hostile texts,
and every hostile upload that is kept, as a picture, a frame, a script and a style.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from markdown_it import MarkdownIt
from playwright.sync_api import Route

from accounts.models import User
from knowledgebase import services
from knowledgebase.codes import MOST_IMAGES
from knowledgebase.markdown import SCHEMES, rendered
from knowledgebase.models import ArticleImage
from tests.browser.conftest import Open, Visit
from tests.knowledgebase import stories
from tests.knowledgebase.hostile import CASES
from tests.knowledgebase.hostile_uploads import TAKEN
from tests.people import Cast, make_cast

POLICY = "Content-Security-Policy"
STAGE = "/stage"
NAIVE = "/naive/"
# In every frame: whatever would run says so.
WATCH = """
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => told(name);
window.msgbox = () => told("msgbox");
"""
LINKS = "[...document.links].map((link) => link.protocol)"
SETTLED = """async () => {
  for (const one of document.querySelectorAll("a, section")) {
    one.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
  }
  await new Promise((done) => setTimeout(done, 300));
}"""

# By address, what the product answers.
Images = dict[str, tuple[dict[str, str], bytes]]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


@dataclass
class Stage:
    """One page with everything on it, and what it tried."""

    window: Visit
    html: str
    has_policy: bool
    images: Images = field(default_factory=dict)
    hits: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def show(self) -> None:
        page = self.window.page
        page.expose_binding("told", lambda _source, name: self.hits.append(name))
        page.add_init_script(WATCH)
        page.route("**/*", self.answer)
        self.window.go(STAGE)
        page.wait_for_load_state("networkidle")
        page.evaluate(SETTLED)

    def answer(self, route: Route) -> None:
        url = route.request.url
        path = url.removeprefix(self.window.url)
        if path == STAGE:
            policy = Client().get("/help/")[POLICY]
            headers = {"Content-Type": "text/html; charset=utf-8"}
            if self.has_policy:
                headers[POLICY] = policy
            route.fulfill(status=200, headers=headers, body=self.html)
            return
        self.asked.append(path)
        if path.startswith(NAIVE):
            upload = TAKEN[int(path.removeprefix(NAIVE))]
            route.fulfill(status=200, content_type="text/html", body=upload.content)
        elif path.startswith("/knowledge/images/"):
            self.hand_out(route)
        else:
            route.abort()

    def hand_out(self, route: Route) -> None:
        found = self.images.get(route.request.url.removeprefix(self.window.url))
        if found is None:
            route.abort()
            return
        headers, content = found
        if not self.has_policy:
            headers = {name: told for name, told in headers.items() if name != POLICY}
        route.fulfill(status=200, headers=headers, body=content)


def staged(texts: list[str], addresses: list[str]) -> str:
    parts = [f"<section>{text}</section>" for text in texts]
    parts += [
        f'<img src="{address}" alt=""><iframe src="{address}"></iframe>'
        f'<script src="{address}"></script>'
        f'<link rel="stylesheet" href="{address}">'
        for address in addresses
    ]
    body = "\n".join(parts)
    return f"<!doctype html><meta charset=utf-8><title>Stage</title><body>{body}"


def kept(cast: Cast) -> Images:
    """Every hostile upload that is an image, in drafts of Bo."""
    found = []
    for start in range(0, len(TAKEN), MOST_IMAGES):
        images = [
            services.keep_image(
                SimpleUploadedFile(one.name, one.content), by=cast.bo, alt=one.why
            )
            for one in TAKEN[start : start + MOST_IMAGES]
        ]
        body = "\n\n".join(map(stories.shown, images))
        stories.drafted(cast, content=stories.known_error(body=body))
        found += images
    return dict(handed_out(cast.bo, image) for image in found)


def handed_out(by: User, image: ArticleImage) -> tuple[str, Any]:
    client = Client()
    client.force_login(by)
    answer: Any = client.get(image.get_absolute_url())
    return image.get_absolute_url(), (dict(answer.headers), answer.getvalue())


@pytest.mark.parametrize("has_policy", [True, False], ids=["policy", "no policy"])
def test_nothing_runs_and_nothing_is_asked_for(
    has_policy: bool, visit: Open, people: Cast
) -> None:
    images = kept(people)
    assert len(CASES) + len(images) >= 200
    texts = [str(rendered(case)) for case in CASES]
    stage = Stage(visit(people.bo), staged(texts, list(images)), has_policy, images)
    stage.show()
    page = stage.window.page
    assert stage.hits == []
    # Nothing but the images themselves was asked for.
    assert set(stage.asked) - set(images) <= {"/favicon.ico"}
    assert page.url.endswith(STAGE)
    assert page.locator("section").count() == len(CASES)
    assert page.evaluate("document.images.length") == len(images)
    protocols = {protocol.rstrip(":") for protocol in page.evaluate(LINKS)}
    assert protocols <= SCHEMES
    widths = page.evaluate("[...document.images].map((image) => image.naturalWidth)")
    assert all(widths)


def test_a_naive_renderer_is_caught(visit: Open, people: Cast) -> None:
    """What the silence above is worth: the same cases, trusted."""
    naive = MarkdownIt("commonmark")
    naive.validateLink = lambda url: True  # type: ignore[method-assign]
    texts = [naive.render(case) for case in CASES if "plaintext" not in case]
    stage = Stage(visit(people.bo), staged(texts, []), has_policy=False)
    stage.show()
    assert len(stage.hits) > 10
    assert any("example.org" in one for one in stage.asked)


def test_uploads_kept_as_they_came_are_caught(visit: Open, people: Cast) -> None:
    addresses = [f"{NAIVE}{number}" for number in range(len(TAKEN))]
    stage = Stage(visit(people.bo), staged([], addresses), has_policy=False)
    stage.show()
    assert len(stage.hits) > 10


def test_our_policy_alone_would_hold_as_well(visit: Open, people: Cast) -> None:
    """A third lock, behind the parser and the sanitiser."""
    naive = MarkdownIt("commonmark")
    naive.validateLink = lambda url: True  # type: ignore[method-assign]
    texts = [naive.render(case) for case in CASES if "plaintext" not in case]
    stage = Stage(visit(people.bo), staged(texts, []), has_policy=True)
    stage.show()
    assert stage.hits == []
    assert stage.window.policy_violations() != []
