"""The reporter's pages in every state: who looks, at what, after doing what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from playwright.sync_api import FilePayload, Page

from activity import clock, lifecycle
from catalogue.models import Location, Workplace
from incidents import services
from incidents.codes import CancelReason, HoldReason
from incidents.events import Kind
from incidents.models import Incident
from tests.incidents import stories
from tests.incidents.files.samples import PNG
from tests.people import Cast

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamter"
TOO_LONG = "It prints blank pages. " * 500


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page in one state. ``story`` makes the state and returns the address."""

    name: str
    story: Callable[[Cast], str]
    by: str = "ann"
    act: Callable[[Page], None] | None = None


def at(name: str, story: Callable[[Cast], Incident]) -> Callable[[Cast], str]:
    """The page ``incidents:<name>`` about what the story made."""
    return lambda cast: reverse(f"incidents:{name}", args=[story(cast).pk])


def still(path: str) -> Callable[[Cast], str]:
    return lambda cast: path


def picture(name: str, content: bytes = PNG) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": content}


def send(page: Page) -> None:
    page.locator("main form .btn-primary").first.click()


# --- what happened before -----------------------------------------------------------


def home(cast: Cast) -> str:
    """Ann has something in every state, two of them wait for her."""
    stories.everything(cast)
    stories.on_hold(cast, description=f"{LONG} {LONG}")
    return "/"


def only_ended(cast: Cast) -> str:
    stories.closed(cast)
    return "/my/"


def many(cast: Cast) -> str:
    for number in range(30):
        stories.reported(cast, description=f"Printer {number} prints blank pages.")
    stories.resolved(cast, description=LONG * 2)
    return "/my/"


def ended(cast: Cast) -> str:
    stories.everything(cast)
    return "/my/?show=ended"


def shared(cast: Cast) -> Incident:
    """Ann lets Zed read along, after some talk with the desk."""
    incident = talked(cast)
    return share_with(cast, incident)


def share_with(cast: Cast, incident: Incident) -> Incident:
    services.share_incident(incident.pk, by=cast.ann, email=cast.zed.email)
    return stories.again(incident)


def talked(cast: Cast) -> Incident:
    incident = stories.in_progress(cast)
    services.reply_to_reporter(
        incident.pk,
        by=cast.bo,
        expected_version=None,
        message="Which paper is in it?\n\nA photo of the label helps.",
    )
    services.answer_desk(incident.pk, by=cast.ann, message=f"The usual. {LONG * 2}")
    return stories.again(incident)


def rejected(cast: Cast) -> Incident:
    incident = stories.resolved(cast)
    services.reject_resolution(
        incident.pk,
        by=cast.ann,
        complaint="It prints two pages, then stops again.",
        resolution=stories.current(incident),
    )
    return stories.again(incident)


def paused(cast: Cast) -> Incident:
    return stories.on_hold(cast, reason=HoldReason.AWAITING_SUPPLIER)


def late(cast: Cast) -> Incident:
    """Reported in the night before last, and nobody has looked at it."""
    moment = clock.now() - timedelta(hours=30)
    with clock.frozen_at(moment):
        return stories.reported(cast, impact=1, urgency=1)


def not_kept(cast: Cast) -> Incident:
    """Looked at too late, judged less urgent, warned, asked and answered, solved."""
    incident = stories.triaged(cast, of=late(cast))
    told: dict[str, object] = {
        "metric": "resolution",
        "cycle": 1,
        "percent": 75,
        "promise": 2,
        "promised": clock.now().isoformat(),
    }
    with transaction.atomic():
        locked = Incident.objects.lock(incident.pk)
        lifecycle.record(locked, Kind.WARN, by=cast.bo, data=told, public=True)
    incident = stories.on_hold(cast, of=stories.in_progress(cast, of=incident))
    services.answer_desk(incident.pk, by=cast.ann, message="The left one.")
    return stories.resolved(cast, of=stories.again(incident))


def some_late(cast: Cast) -> str:
    late(cast)
    stories.on_hold(cast)
    stories.in_progress(cast)
    stories.resolved(cast)
    return "/my/"


def withdrawn(cast: Cast) -> Incident:
    return stories.cancelled(cast, by=cast.ann, reason=CancelReason.WITHDRAWN)


def joined(cast: Cast) -> Incident:
    master = stories.reported(cast, by=cast.zed)
    return stories.cancelled(cast, reason=CancelReason.DUPLICATE, master=master)


def long_ago(cast: Cast) -> Incident:
    return stories.closed(cast, at=clock.now() - timedelta(days=20))


def in_lyon(cast: Cast) -> str:
    place = Location.objects.create(name="Lyon, second floor")
    Workplace.objects.create(user=cast.ann, location=place)
    return "/report/"


# --- what they do -------------------------------------------------------------------


def _forget_the_rest(page: Page) -> None:
    """A screenshot, and not a word."""
    page.get_by_label("Screenshot or file").set_input_files(
        [
            picture("screenshot.png"),
            picture(f"{LONG}.png"),
            picture("run-me.exe", b"MZ"),
        ]
    )
    send(page)


def _report(page: Page) -> None:
    page.get_by_label("What is going wrong?").fill(
        "The printer on the second floor prints blank pages since this morning."
    )
    page.get_by_label("I can work, but slowly").check()
    page.get_by_label("My team").check()
    page.get_by_label("Screenshot or file").set_input_files([picture("label.png")])
    send(page)


def _doubt(page: Page) -> None:
    page.get_by_label("Anything to add?").fill("Thanks, but it still prints slowly.")
    page.get_by_role("button", name="Yes, it works").click()


def _say_too_much(page: Page) -> None:
    page.get_by_label("Anything to add?").fill(TOO_LONG)
    page.get_by_role("button", name="Yes, it works").click()


def _confirm(page: Page) -> None:
    page.get_by_role("button", name="Yes, it works").click()


def _share_with_nobody(page: Page) -> None:
    page.get_by_label("E-mail address").fill(f"{LONG}@example.org")
    send(page)


def _unfold(page: Page) -> None:
    page.get_by_text("When each time was promised").click()


def _find_nothing(page: Page) -> None:
    page.get_by_label("Find by subject").fill("printr")
    page.get_by_role("button", name="Find").click()


def _send_no_message(page: Page) -> None:
    page.get_by_role("button", name="Send message").click()


SHEETS = [
    Sheet("portal-home", home),
    Sheet("portal-home-nothing-yet", still("/")),
    Sheet("portal-home-administrator", still("/"), "ida"),
    Sheet("report", in_lyon),
    Sheet("report-desk-member", still("/report/"), "bo"),
    Sheet("report-empty-sent", still("/report/"), act=send),
    Sheet("report-files-kept", still("/report/"), act=_forget_the_rest),
    Sheet("received", still("/report/"), act=_report),
    Sheet("my-reports", many),
    Sheet("my-reports-ended", ended),
    Sheet("my-reports-all-ended", only_ended),
    Sheet("my-reports-nothing-yet", still("/my/")),
    Sheet("my-reports-nothing-found", many, act=_find_nothing),
    Sheet("my-reports-none-shared", still("/my/?show=shared")),
    Sheet(
        "my-reports-shared",
        lambda cast: f"/my/?show=shared&q={shared(cast).pk}",
        "zed",
    ),
    Sheet("my-report-new", at("my_report", stories.reported)),
    Sheet("my-report-late", at("my_report", late)),
    Sheet("my-report-not-kept", at("my_report", not_kept), act=_unfold),
    Sheet("my-report-promised", at("my_report", stories.in_progress), act=_unfold),
    Sheet("my-reports-late", some_late),
    Sheet("my-report-talked", at("my_report", talked)),
    Sheet("my-report-shared", at("my_report", shared)),
    Sheet("my-report-read-along", at("my_report", shared), "zed"),
    Sheet("my-report-question", at("my_report", stories.on_hold)),
    Sheet("my-report-paused", at("my_report", paused)),
    Sheet("my-report-solved", at("my_report", stories.resolved)),
    Sheet("my-report-confirmed-now", at("my_report", stories.resolved), act=_confirm),
    Sheet("my-report-rejected", at("my_report", rejected)),
    Sheet("my-report-waived", at("my_report", stories.waived)),
    Sheet("my-report-closed", at("my_report", stories.closed)),
    Sheet("my-report-closed-long-ago", at("my_report", long_ago)),
    Sheet("my-report-no-fault", at("my_report", stories.cancelled)),
    Sheet("my-report-joined", at("my_report", joined)),
    Sheet("message", at("answer", stories.reported)),
    Sheet("message-empty-sent", at("answer", stories.reported), act=_send_no_message),
    Sheet("message-answer", at("answer", stories.on_hold)),
    Sheet("confirm", at("confirm", stories.resolved)),
    Sheet("confirm-too-long", at("my_report", stories.resolved), act=_say_too_much),
    Sheet("confirm-doubt", at("my_report", stories.resolved), act=_doubt),
    Sheet("still-broken", at("still_broken", stories.resolved)),
    Sheet("still-broken-empty", at("still_broken", stories.resolved), act=send),
    Sheet("works-again", at("works_again", stories.in_progress)),
    Sheet("withdraw", at("withdraw", stories.reported)),
    Sheet("bring-back", at("bring_back", stories.closed)),
    Sheet("bring-back-cancelled", at("bring_back", withdrawn)),
    Sheet("bring-back-later-empty", at("bring_back", long_ago), act=send),
    Sheet("share", at("share", shared)),
    Sheet("share-with-nobody", at("share", talked), act=_share_with_nobody),
]
