"""What helps before a report, and what others have too, in every state."""

from playwright.sync_api import Page

from incidents import services
from incidents.models import Incident
from tests.browser.sheets_portal import LONG, Sheet, send
from tests.incidents import stories
from tests.incidents.told import announced, announcement_of, joined
from tests.knowledgebase import stories as articles
from tests.people import Cast

TYPED = "The label printer prints blank labels"


# --- what happened before -----------------------------------------------------------


def of_cy(cast: Cast, title: str) -> Incident:
    """What Cy noticed himself, so that it is nobody else's report."""
    triaged = stories.triaged(cast, of=stories.reported(cast, by=cast.cy))
    return announced(cast, of=stories.in_progress(cast, of=triaged), title=title)


def printer(cast: Cast) -> str:
    """Two articles and an announcement about what Ann types next."""
    editor = articles.make_editor()
    articles.published(cast, editor)
    content = articles.known_error(
        title=f"Label printer of {LONG}",
        body=f"Print blank labels:\n\n## Where\n\n1. Open it.\n2. {LONG}\n\n"
        "| tray | paper |\n|---|---|\n| 1 | labels |",
    )
    articles.published(cast, editor, content=content)
    of_cy(cast, "Label printers print blank labels")
    return "/report/"


def many(cast: Cast) -> Incident:
    """Zed and Ute have it too, Ned's team works on another report of it."""
    master = announced(cast, title=f"Nothing prints in {LONG}")
    joined(master, by=cast.zed)
    hers = joined(master, by=cast.ute)
    stories.in_progress(cast, owner=cast.cy, of=stories.triaged(cast, of=hers))
    return stories.again(master)


def at_home(cast: Cast) -> str:
    many(cast)
    announced(cast, title="Outlook is slow", description="Slow.")
    return "/"


def receipt(cast: Cast) -> str:
    part = joined(announced(cast), by=cast.zed)
    return f"/my/{part.pk}/received/"


def own_part(cast: Cast) -> str:
    part = joined(announced(cast), by=cast.zed)
    return f"/my/{part.pk}/"


def of_the_desk(cast: Cast) -> str:
    return f"/tickets/{many(cast).pk}/"


def solved_with_open_parts(cast: Cast) -> str:
    master = stories.resolved(cast, of=many(cast))
    return f"/tickets/{master.pk}/"


def second_words(cast: Cast) -> str:
    return f"/tickets/{many(cast).pk}/announce/"


def first_words(cast: Cast) -> str:
    return f"/tickets/{stories.triaged(cast).pk}/announce/"


def with_parts(cast: Cast) -> str:
    return f"/tickets/{many(cast).pk}/resolve/"


def in_the_queue(cast: Cast) -> str:
    many(cast)
    return "/queue/?v=all"


def over_meanwhile(cast: Cast) -> str:
    """Its announcement ends while Ann reads of it."""
    of_cy(cast, "Outlook is slow")
    return "/"


# --- what they do -------------------------------------------------------------------


def type_it(page: Page) -> None:
    page.get_by_label("What is going wrong?").press_sequentially(TYPED)
    page.locator(".help-found").wait_for()


def unfold(page: Page) -> None:
    type_it(page)
    for one in page.locator(".help-article summary").all():
        one.click()


def press_solved(page: Page) -> None:
    unfold(page)
    page.get_by_role("button", name="This solved it").first.click()
    page.get_by_role("heading", name="Good. Nothing was sent.").wait_for()


def take_back(page: Page) -> None:
    press_solved(page)
    page.get_by_role("button", name="It did not help after all").click()
    page.locator(".help-found").wait_for()


def press_me_too(page: Page) -> None:
    page.get_by_role("button", name="Me too").first.click()
    page.get_by_role("heading", name="We have your report").wait_for()


def end_it_first(page: Page) -> None:
    incident = announcement_of(Incident.objects.get()).incident
    services.end_announcement(incident.pk, by=incident.owner or incident.reporter)
    page.get_by_role("button", name="Me too").click()
    page.get_by_text("not announced any more").wait_for()


SHEETS = [
    Sheet("report-help", printer, act=type_it),
    Sheet("report-help-read", printer, act=unfold),
    Sheet("report-solved", printer, act=press_solved),
    Sheet("report-solved-taken-back", printer, act=take_back),
    Sheet("home-announced", at_home),
    Sheet("home-announced-own", at_home, "zed"),
    Sheet("home-announced-over", over_meanwhile, act=end_it_first),
    Sheet("received-me-too", at_home, "max", press_me_too),
    Sheet("received-part", receipt, "zed"),
    Sheet("my-report-part", own_part, "zed"),
    Sheet("ticket-announced", of_the_desk, "bo"),
    Sheet("ticket-parts-left", solved_with_open_parts, "bo"),
    Sheet("announce", first_words, "bo"),
    Sheet("announce-empty", first_words, "bo", send),
    Sheet("announce-again", second_words, "bo"),
    Sheet("resolve-with-parts", with_parts, "bo"),
    Sheet("queue-parts", in_the_queue, "bo"),
]
