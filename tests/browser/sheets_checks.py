"""The check for known errors, the article from a ticket, and telling people anew."""

from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from incidents.models import Incident
from knowledgebase.models import Article
from tests.browser.sheets import LONG
from tests.browser.sheets_ticket import TicketSheet
from tests.incidents import stories
from tests.incidents.checking.asked import BLANK, USED, check, shown_to
from tests.incidents.using.known import known, rewrite, use
from tests.people import Cast, make_user

SIGNED = f"""Hello Bo,
the label printer PC-ANN01 shows E102, {LONG}{LONG}.
Will it ever work? Call me on 4711.
Regards, Ann"""


def likely(cast: Cast) -> Incident:
    """Three known errors fit it, one with the longest words."""
    known(cast)
    known(cast, title=f"Labels come out blank, E102 {LONG}", symptom=f"Blank {LONG}")
    known(cast, title="Label printer prints half a label", audience="agents")
    return stories.in_progress(cast, **BLANK)


def checked(cast: Cast) -> Incident:
    incident = likely(cast)
    decisions = dict.fromkeys(shown_to(incident, cast.bo), USED)
    check(incident, by=cast.bo, decisions=decisions)
    return stories.again(incident)


def signed(cast: Cast) -> Incident:
    make_user("Will Page").memberships.create(team=cast.desk)
    return stories.resolved(cast, title="Printer of Ann: E102", description=SIGNED)


def told_older(cast: Cast) -> Incident:
    """Three people were told an older version: one left, one reads of a closed one."""
    old = known(cast)
    last = stories.in_progress(cast)
    for name in ("Nora Nes", f"Omar {LONG}"):
        told = stories.reported(cast, by=make_user(name), title=f"Labels {LONG}")
        use(stories.triaged(cast, of=told), old, by=cast.bo)
    use(last, old, by=cast.bo)
    solved = stories.resolved(cast, of=stories.again(last))
    stories.closed(cast, of=stories.confirmed(cast, of=solved))
    User.objects.filter(name="Nora Nes").update(is_active=False)
    rewrite(cast, old, workaround_reporters="Hold the button for *ten* seconds.")
    return stories.again(last)


def send(page: Page, incident: Incident, cast: Cast) -> None:
    page.locator("main form button[type=submit]").first.click()


def refuse_all(page: Page, incident: Incident, cast: Cast) -> None:
    for choice in page.get_by_label("Not used").all():
        choice.check()
    send(page, incident, cast)


def see_told(page: Page, incident: Incident, cast: Cast) -> None:
    page.goto(page.url.partition("/tickets/")[0] + _told())


def tell(page: Page, incident: Incident, cast: Cast) -> None:
    see_told(page, incident, cast)
    page.get_by_role("button", name="Tell them the new one").click()


def see_article(page: Page, incident: Incident, cast: Cast) -> None:
    article = Article.objects.get()
    page.goto(page.url.partition("/tickets/")[0] + article.get_absolute_url())


def preview(page: Page, incident: Incident, cast: Cast) -> None:
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("heading", name="What you notice").wait_for()


def _told() -> str:
    return reverse("incidents:told_older", args=[Article.objects.get().slug])


CHECK, ARTICLE = "known-errors/check/", "article/"
SHEETS = [
    TicketSheet("check", likely, CHECK),
    TicketSheet("check-undecided", likely, CHECK, act=send),
    TicketSheet("check-refused", likely, CHECK, act=refuse_all),
    TicketSheet("check-used", checked, CHECK),
    TicketSheet("check-nothing", stories.in_progress, CHECK),
    TicketSheet("check-too-late", stories.resolved, CHECK),
    TicketSheet("ticket-checked", checked),
    TicketSheet("write-article", signed, ARTICLE),
    TicketSheet("write-article-preview", signed, ARTICLE, act=preview),
    TicketSheet("told-older", told_older, act=see_told),
    TicketSheet("told-older-done", told_older, act=tell),
    TicketSheet("article-told-older", told_older, act=see_article),
]
