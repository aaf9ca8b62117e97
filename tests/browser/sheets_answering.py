"""The pages that ask whether it works, by a link or after log-in, in every state."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from accounts.models import User
from incidents import services
from incidents.models import Incident
from tests.incidents import stories
from tests.incidents.letters import letter
from tests.people import Cast

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamter"
TITLE = "The printer on the second floor prints blank pages"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page in one state. ``story`` makes the state and returns the address; without
    ``by`` nobody is logged in."""

    name: str
    story: Callable[[Cast], str]
    by: str = ""
    act: Callable[[Page], None] | None = None

    def viewer(self, cast: Cast) -> User | None:
        return getattr(cast, self.by) if self.by else None


def asked_yes(cast: Cast) -> str:
    incident = stories.resolved(cast, title=TITLE)
    return letter(incident, "resolve", cast.ann).path("answer=yes")


def asked_no(cast: Cast) -> str:
    incident = stories.resolved(cast, title=LONG * 2)
    return letter(incident, "resolve", cast.ann).path("answer=no")


def called(cast: Cast) -> str:
    incident = stories.called(cast, title=TITLE)
    return letter(incident, "confirm", cast.ann).path("/answer/")


def void(cast: Cast) -> str:
    incident = stories.resolved(cast, title=TITLE)
    path = letter(incident, "resolve", cast.ann).path("answer=yes")
    services.reject_resolution(incident.pk, by=cast.cy, complaint="Still blank.")
    return path


def tampered(cast: Cast) -> str:
    return asked_yes(cast).replace("/answer/", "/answer/x")


def one_question(cast: Cast) -> str:
    stories.resolved(cast, title=TITLE)
    return "/asked/?next=/help/"


def questions(cast: Cast) -> str:
    stories.resolved(cast, title=LONG * 2)
    return one_question(cast)


def no_question(cast: Cast) -> str:
    return "/asked/"


def press_yes(page: Page) -> None:
    page.get_by_role("button", name="Yes, it works").first.click()


def press_no(page: Page) -> None:
    page.get_by_role("button", name="No, it still does not work").click()


def doubt(page: Page) -> None:
    page.get_by_label("Anything to add?").fill("Thanks, but page 2 is still blank.")
    press_yes(page)


def complain(page: Page) -> None:
    page.get_by_label("What still goes wrong?").fill("Page 2 is still blank.")
    press_no(page)


def object_to_it(page: Page) -> None:
    page.get_by_label("What still goes wrong?").fill("Nobody asked me.")
    page.get_by_role("button", name="Not so: look at it again").click()


def open_no(page: Page) -> None:
    page.get_by_text("No, it still does not work").first.click()


def no_words(page: Page) -> None:
    open_no(page)
    page.get_by_role("button", name="Send it back to work").first.click()


SHEETS = [
    Sheet("answer-yes", asked_yes),
    Sheet("answer-yes-logged-in", asked_yes, "bo"),
    Sheet("answer-no", asked_no),
    Sheet("answer-no-words", asked_no, act=press_no),
    Sheet("answer-doubt", asked_yes, act=doubt),
    Sheet("answer-said-yes", asked_yes, act=press_yes),
    Sheet("answer-said-no", asked_no, act=complain),
    Sheet("answer-call", called),
    Sheet("answer-call-objected", called, act=object_to_it),
    Sheet("answer-void", void),
    Sheet("answer-tampered", tampered),
    Sheet("asked", one_question, "ann"),
    Sheet("asked-no", questions, "ann", open_no),
    Sheet("asked-no-words", questions, "ann", no_words),
    Sheet("asked-answered", one_question, "ann", press_yes),
    Sheet("asked-nothing", no_question, "ann"),
]


def letters(cast: Cast) -> dict[str, Incident]:
    """Stories that end with a letter to Ann, by the kind of event it is about."""
    return {
        "report": stories.reported(cast, title=TITLE),
        "hold": stories.on_hold(cast, title=TITLE),
        "resolve": stories.resolved(cast, title=LONG),
        "confirm": stories.called(cast, title=TITLE),
        "waive": stories.waived(cast, title=TITLE),
        "cancel": stories.cancelled(cast, title=TITLE),
        "close": stories.closed(cast, title=TITLE),
    }
