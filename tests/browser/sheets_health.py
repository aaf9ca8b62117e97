"""What readers say of articles, how articles do, and what nobody wrote down."""

from playwright.sync_api import Page

from accounts.models import Membership
from knowledgebase import services as knowledge
from tests.browser.sheets import LONG, Sheet
from tests.incidents.using import known
from tests.knowledgebase import stories as articles
from tests.people import Cast
from tests.servicedesk.knowledge_health import scenes
from tests.servicedesk.knowledge_health.test_gaps import ALIKE, OTHERS, solved

READ = "/knowledge/bad-one"


def judged(cast: Cast) -> None:
    """Articles used, judged and voted on; tickets that are alike; the editor is of the
    desk as well."""
    kim = known.editor()
    Membership.objects.create(user=kim, team=cast.desk)
    scenes.a_shelf(cast)
    long = articles.known_error(title=f"{LONG} {LONG} prints nothing")
    articles.published(cast, kim, content=long)
    solved(cast, *ALIKE, *OTHERS)
    for words in ("hearing aid", f"how to reset {LONG}", "parking permit"):
        knowledge.record_miss(words, by=cast.ann)


def _open_why(page: Page) -> None:
    page.locator(".kb-why summary").click()


def _nothing_chosen(page: Page) -> None:
    page.get_by_label("What should be different?").fill(f"{LONG} {LONG}")
    page.get_by_role("button", name="Tell the owner").click()


def _answer(page: Page) -> None:
    page.get_by_role("link", name="Answer").first.click()


def _group(page: Page) -> None:
    page.locator(".kbh-gaps h2 a").first.click()


SHEETS = [
    Sheet("helped-asked", f"{READ}/", "cy", _open_why),
    Sheet("helped-answered", f"{READ}/", "zed"),
    Sheet("helped-owner", f"{READ}/", "bo"),
    Sheet("not-helpful", f"{READ}/not-helpful/", "cy"),
    Sheet("not-helpful-wrong", f"{READ}/not-helpful/", "cy", _nothing_chosen),
    Sheet("asked", "/knowledge/asked/", "bo"),
    Sheet("asked-nothing", "/knowledge/asked/", "cy"),
    Sheet("handle", "/knowledge/asked/", "bo", _answer),
    Sheet("health-own", "/knowledge/health/?sort=-uses", "bo"),
    Sheet("health-none", "/knowledge/health/", "cy"),
    Sheet("health-manager", "/knowledge/health/bad-one/", "max"),
    Sheet("health-article", "/knowledge/health/bad-one/?uses=failed", "bo"),
    Sheet("gaps", "/knowledge/gaps/", "lea"),
    Sheet("gaps-dismissed", "/knowledge/gaps/?dismissed=yes", "lea"),
    Sheet("searches", "/knowledge/gaps/searches/", "bo"),
    Sheet("searches-dismissed", "/knowledge/gaps/searches/?dismissed=yes", "bo"),
    Sheet("gap", "/knowledge/gaps/", "lea", _group),
]
EDITORS = [
    Sheet("asked-all", "/knowledge/asked/?whose=all"),
    Sheet("health", "/knowledge/health/"),
    Sheet("health-nothing-like-that", "/knowledge/health/?kind=faq"),
]
