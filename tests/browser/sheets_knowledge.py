"""Articles in every state, with the longest words, and pages with nothing on them."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from catalogue.models import Category, Service
from knowledgebase import services
from knowledgebase.models import Article
from tests.browser.sheets import LONG, Sheet
from tests.knowledgebase import stories
from tests.people import Cast

EVERYTHING = f"""
# Before you begin

1. Press **Feed** and *hold* it.
2. Call `lpadmin -p {LONG}{LONG}`.
   - or ask a colleague
   - ~~or wait~~

> Quoted by somebody.

| What | Where | {LONG} |
|------|-------|--------|
| one  | two   | three  |

```
{LONG} {LONG} {LONG}
```

<https://example.org/{LONG}/{LONG}>, [the manual](https://example.org)

---

## Afterwards

Print again. <b>No HTML.</b>
"""


def shelf(cast: Cast) -> dict[str, Article]:
    """Two editors, and an article for every sheet."""
    kim, _ola = stories.make_editor(), stories.make_editor("Ola Oak")
    printing = Service.objects.create(name="Printing")
    hardware = Category.objects.create(name="Hardware")
    for name in ("Wi-Fi", f"Telephones {LONG}"):
        Service.objects.create(name=name)
    Category.objects.create(name="Printer", parent=hardware)
    full = stories.known_error(
        body=EVERYTHING,
        services=[printing],
        categories=[hardware],
        applicability=f"Windows 11 and {LONG}",
    )
    article = stories.published(cast, kim, content=full)
    _second_version(cast, kim, article)
    long = stories.known_error(title=f"{LONG} {LONG} prints nothing", symptom=LONG)
    old = stories.published(cast, kim, content=long)
    Article.objects.filter(pk=old.pk).update(
        review_by=timezone.localdate() - timedelta(days=9)
    )
    found = {
        "draft": stories.drafted(
            cast, content=stories.known_error(title="Unfinished", symptom="")
        ),
        "review": stories.submitted(
            cast, content=stories.known_error(title="Please read me")
        ),
        "own": stories.submitted(
            cast, by=kim, content=stories.known_error(title="Of an editor")
        ),
        "back": _sent_back(cast, kim),
        "retired": stories.retired(
            cast, kim, content=stories.known_error(title="Gone")
        ),
    }
    return {"known": article, "old": old, **found}


def _second_version(cast: Cast, kim: User, article: Article) -> None:
    services.new_version(article.pk, by=cast.bo, expected_version=None)
    content = stories.known_error(
        cause="The driver loses its paper size, often.",
        body=EVERYTHING.replace("Print again.", "Print twice."),
    )
    services.save_draft(article.pk, by=cast.bo, expected_version=None, content=content)


def _sent_back(cast: Cast, kim: User) -> Article:
    article = stories.submitted(
        cast, content=stories.known_error(title="Sent back to its writer")
    )
    return services.send_back(
        article.pk, by=kim, expected_version=None, reason=f"Which {LONG}?"
    )


def _save(page: Page) -> None:
    page.get_by_role("button", name="Save the draft").click()


def _nothing_typed(page: Page) -> None:
    page.get_by_label("Title").fill("")
    _save(page)


def _rival(page: Page) -> None:
    """Somebody else saves meanwhile; then this one does."""
    article = Article.objects.get(title="Unfinished")
    services.save_draft(
        article.pk,
        by=User.objects.get(name="Kim Kade"),
        expected_version=None,
        content=stories.known_error(title="Unfinished", symptom="Typed by Kim."),
    )
    page.get_by_role("textbox", name="Symptom").fill(f"Typed here, {LONG}")
    _save(page)


def _preview(page: Page) -> None:
    page.get_by_role("textbox", name="Text").fill(EVERYTHING)
    page.get_by_text("Before you begin").last.wait_for()


KNOWN = "/knowledge/label-printer-prints-blank-labels"
FULL = [
    Sheet("knowledge", "/knowledge/", "ann"),
    Sheet("knowledge-agent", "/knowledge/?state=all", "bo"),
    Sheet("knowledge-found", "/knowledge/?q=printer+switched", "ann"),
    Sheet("knowledge-not-found", "/knowledge/?q=coffee", "ann"),
    Sheet("knowledge-filtered-away", "/knowledge/?kind=faq", "bo"),
    Sheet("knowledge-read", f"{KNOWN}/", "ann"),
    Sheet("knowledge-read-agent", f"{KNOWN}/", "bo"),
    Sheet("knowledge-next-version", f"{KNOWN}/versions/2/", "bo"),
    Sheet("knowledge-versions", f"{KNOWN}/versions/", "bo"),
    Sheet("knowledge-draft", "/knowledge/unfinished/", "bo"),
    Sheet("knowledge-sent-back", "/knowledge/sent-back-to-its-writer/", "bo"),
    Sheet("knowledge-kind", "/knowledge/new/", "bo"),
    Sheet("knowledge-kind-missing", "/knowledge/new/?kind=", "bo"),
    Sheet("knowledge-new", "/knowledge/new/?kind=how_to", "bo"),
    Sheet("knowledge-edit", f"{KNOWN}/edit/", "bo", _preview),
    Sheet("knowledge-edit-wrong", "/knowledge/unfinished/edit/", "bo", _nothing_typed),
    Sheet("knowledge-rival", "/knowledge/unfinished/edit/", "bo", _rival),
    Sheet("knowledge-too-late", "/knowledge/please-read-me/edit/", "bo"),
    Sheet("knowledge-refused", f"{KNOWN}/retire/", "bo"),
]
EDITORS = [
    Sheet("knowledge-reviews", "/knowledge/reviews/"),
    Sheet("knowledge-review", "/knowledge/please-read-me/"),
    Sheet("knowledge-own-words", "/knowledge/of-an-editor/"),
    Sheet("knowledge-retired", "/knowledge/gone/"),
    Sheet("knowledge-retire", f"{KNOWN}/retire/"),
    Sheet("knowledge-rename", f"{KNOWN}/rename/"),
    Sheet("knowledge-hand-over", f"{KNOWN}/hand-over/"),
    Sheet("knowledge-confirm", f"{KNOWN}/confirm-review/"),
]
