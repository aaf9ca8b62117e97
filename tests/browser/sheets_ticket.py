"""The page of one incident and the forms of its moves, in every state of theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import Page

from accounts.models import Team
from activity import clock
from activity.models import Note
from activity.services.notes import redact_note
from catalogue.models import Category, Service
from incidents import services
from incidents.codes import HoldReason
from incidents.models import Attachment, Incident
from tests.browser.sheets import LONG
from tests.incidents import stories
from tests.incidents.replay import imported
from tests.people import Cast, make_user
from tests.sla.settings_cast import make_policy

HOSTILE = "<script>alert(1)</script> & <b>bold</b>"
Story = Callable[[Cast], Incident]
Act = Callable[[Page, Incident, Cast], None]


@dataclass(frozen=True, slots=True)
class TicketSheet:
    """``page`` is what follows the address of the incident."""

    name: str
    story: Story
    page: str = ""
    by: str = "bo"
    act: Act | None = None


def _file(cast: Cast, name: str) -> int:
    row = Attachment.objects.create(
        file="none",
        name=name,
        content_type="image/png",
        size=482_113,
        sha256="0" * 64,
        uploaded_by=cast.bo,
        uploaded_at=clock.now(),
    )
    return int(row.pk)


def eventful(cast: Cast) -> Incident:
    """Much happened: talk, notes, changes, a hold, links, files, watchers."""
    incident = stories.in_progress(
        cast,
        title=f"Payments time out at the till, code {LONG}{LONG}",
        description=f"The till says “time out”.\n\nSince noon. {HOSTILE}\n{LONG * 4}",
    )
    pk = incident.pk
    services.reply_to_reporter(
        pk,
        by=cast.bo,
        expected_version=None,
        message="Which till is it?\n\nIs it the one at the door?",
        files=[_file(cast, f"till-{LONG}-{LONG}.png")],
    )
    services.answer_desk(pk, by=cast.ann, message=f"The one at the door. {HOSTILE}")
    services.add_note(
        pk,
        by=cast.cy,
        expected_version=None,
        text="Same symptom as the certificate last spring.",
    )
    _changes(cast, pk)
    other = stories.triaged(cast, title="Card reader is dark")
    services.link_incidents(pk, by=cast.bo, to=other.pk, kind="related")
    services.share_incident(pk, by=cast.ann, email=cast.zed.email)
    return stories.again(incident)


def _changes(cast: Cast, pk: int) -> None:
    """A run of changes without a word, then one with a reason."""
    for _round in range(2):
        services.watch_incident(pk, by=cast.cy)
        services.unwatch_incident(pk, by=cast.cy)
    services.watch_incident(pk, by=cast.lea)
    Service.objects.create(name="Payments")
    services.reclassify_incident(
        pk,
        by=cast.bo,
        expected_version=None,
        classification=stories.classification(impact=1, risks=["financial"]),
        reason="All tills of the clinic are affected.",
    )
    services.declare_major(
        pk, by=cast.lea, expected_version=None, reason="Nobody can pay."
    )


def redacted(cast: Cast) -> Incident:
    incident = stories.in_progress(cast)
    services.add_note(
        incident.pk, by=cast.bo, expected_version=None, text="A name and a diagnosis."
    )
    note = Note.objects.filter(name="internal").latest("pk")
    redact_note(note.pk, by=cast.ida, reason_code="personal_data")
    return stories.again(incident)


def handed_on(cast: Cast) -> Incident:
    """Network held it once; it is with another team now."""
    incident = eventful(cast)
    incident.holdings.create(team=cast.network)
    return incident


def of_who_left(cast: Cast) -> Incident:
    incident = stories.resolved(cast)
    cast.ann.is_active = False
    cast.ann.save()
    return incident


def rejected(cast: Cast) -> Incident:
    incident = stories.resolved(cast)
    services.reject_resolution(
        incident.pk,
        by=cast.ann,
        complaint="It still prints blank pages.",
        resolution=stories.current(incident),
    )
    return stories.again(incident)


def with_catalogue(cast: Cast) -> Incident:
    """A tree to choose from."""
    hardware, _ = Category.objects.get_or_create(name="Hardware")
    for name in ("Printer", "Screen", f"Adapter {LONG} {LONG}"):
        Category.objects.create(name=name, parent=hardware)
    Category.objects.create(name="Network")
    Service.objects.create(name=f"Patient records {LONG}")
    make_user(f"Wanda {LONG}")
    incident = stories.reported(cast, description=f"It is dark.\n\n{LONG}{LONG}")
    files = Attachment.objects.filter(pk=_file(cast, f"dark-{LONG}.png"))
    files.update(incident=incident, seq=1)
    return incident


def of_ones_own(cast: Cast) -> Incident:
    return stories.reported(cast, by=cast.bo)


def supplier(cast: Cast) -> Incident:
    return stories.on_hold(
        cast,
        reason=HoldReason.AWAITING_SUPPLIER,
        until=clock.now() + timedelta(days=9),
    )


def send(page: Page, incident: Incident, cast: Cast) -> None:
    page.locator("main form.panel .btn-primary").first.click()


def write_reply(page: Page, incident: Incident, cast: Cast) -> None:
    page.locator("#reply > summary").click()
    page.get_by_label("Your reply").fill("We look into it.")


def open_reply(page: Page, incident: Incident, cast: Cast) -> None:
    page.locator("#reply > summary").click()


def write_note(page: Page, incident: Incident, cast: Cast) -> None:
    page.locator("#note > summary").click()


def empty_reply(page: Page, incident: Incident, cast: Cast) -> None:
    page.locator("#reply > summary").click()
    page.locator("#reply .btn-primary").click()


def open_more(page: Page, incident: Incident, cast: Cast) -> None:
    page.locator(".more-steps > summary").click()


def overtaken(page: Page, incident: Incident, cast: Cast) -> None:
    """While Bo types, Cy writes a note and Ann answers."""
    write_reply(page, incident, cast)
    services.add_note(
        incident.pk, by=cast.cy, expected_version=None, text="I called them already."
    )
    services.answer_desk(incident.pk, by=cast.ann, message="It is the other till.")
    page.locator("#reply .btn-primary").click()


def overtaken_for_good(page: Page, incident: Incident, cast: Cast) -> None:
    """While Bo types how he solved it, the reporter says that it works again."""
    page.get_by_label("What we did").fill("We renewed the certificate.")
    page.get_by_label("How you made sure that it works").fill("Bo paid with a card.")
    services.report_works_again(incident.pk, by=cast.ann, message="It works again.")
    send(page, incident, cast)


def hold_for_reporter(page: Page, incident: Incident, cast: Cast) -> None:
    page.get_by_label("Waiting for the reporter").check()
    page.get_by_text("Paused until the reporter answers").first.wait_for()


def everyone_is_affected(page: Page, incident: Incident, cast: Cast) -> None:
    page.get_by_label("Everyone, several sites or customers").check()
    page.get_by_label("Cannot work").check()
    page.get_by_text("SEV1, instead of SEV4").wait_for()


def urgent_for_long(cast: Cast) -> Incident:
    """Ten hours old, so that SEV1 would be missed at once."""
    with clock.frozen_at(clock.now() - timedelta(hours=10)):
        return stories.triaged(cast, title=f"Dark {LONG} {LONG}")


def with_another_desk(cast: Cast) -> Incident:
    """Its policy has a name without a place to break."""
    desk = Team.objects.create(name="North desk", tier=1, is_service_desk=True)
    make_policy(LONG * 2, team=desk, resolution_target=90)
    return stories.in_progress(cast)


def to_the_other_desk(page: Page, incident: Incident, cast: Cast) -> None:
    page.get_by_label("Team").select_option("North desk")
    page.get_by_text(", instead of SEV4").wait_for()


SUPPOSED = "?sev4=60&hours=24x7&stops_at=closed&pauses_on=awaiting_reporter"

SHEETS = [
    TicketSheet("ticket-new", stories.reported),
    TicketSheet("ticket-eventful", eventful),
    TicketSheet("ticket-eventful-internal", eventful, "?show=internal"),
    TicketSheet("ticket-eventful-changes", eventful, "?show=changes"),
    TicketSheet("ticket-reply", eventful, act=write_reply),
    TicketSheet("ticket-own", of_ones_own, act=open_reply),
    TicketSheet("ticket-waived", stories.waived),
    TicketSheet("ticket-note", stories.in_progress, act=write_note),
    TicketSheet("ticket-reply-empty", stories.in_progress, act=empty_reply),
    TicketSheet("ticket-more", eventful, act=open_more),
    TicketSheet("ticket-on-hold", supplier),
    TicketSheet("ticket-resolved", stories.reminded, by="lea"),
    TicketSheet("ticket-confirmed", stories.confirmed),
    TicketSheet("ticket-rejected", rejected),
    TicketSheet("ticket-closed", stories.closed),
    TicketSheet("ticket-cancelled", stories.cancelled),
    TicketSheet("ticket-redacted", redacted),
    TicketSheet("ticket-reading", handed_on, by="ned"),
    TicketSheet("ticket-left", of_who_left, by="lea"),
    TicketSheet("ticket-imported", imported.on_hold),
    TicketSheet("ticket-imported-closed", imported.closed, "?show=changes"),
    TicketSheet("clocks", eventful, "clocks/"),
    TicketSheet("clocks-of-a-question", stories.on_hold, "clocks/?clock=update-2"),
    TicketSheet("clocks-none", imported.closed, "clocks/"),
    TicketSheet("what-if", imported.closed, f"clocks/what-if/{SUPPOSED}"),
    TicketSheet("what-if-empty", imported.closed, "clocks/what-if/"),
    TicketSheet("what-if-wrong", imported.closed, "clocks/what-if/?sev4=soon"),
    TicketSheet("ticket-overtaken", eventful, act=overtaken),
    TicketSheet(
        "move-overtaken", stories.in_progress, "resolve/", act=overtaken_for_good
    ),
    TicketSheet("move-refused", eventful, "resolve/", "cy"),
    TicketSheet("move-too-late", stories.resolved, "resolve/"),
    TicketSheet("triage", with_catalogue, "triage/"),
    TicketSheet("triage-wrong", with_catalogue, "triage/", act=send),
    TicketSheet("resolve", stories.in_progress, "resolve/"),
    TicketSheet("resolve-wrong", stories.in_progress, "resolve/", act=send),
    TicketSheet("hold", stories.in_progress, "hold/"),
    TicketSheet("hold-reporter", stories.in_progress, "hold/", act=hold_for_reporter),
    TicketSheet("assign", stories.triaged, "assign/", "lea"),
    TicketSheet("transfer", stories.triaged, "transfer/"),
    TicketSheet(
        "transfer-promised", with_another_desk, "transfer/", act=to_the_other_desk
    ),
    TicketSheet("reclassify", stories.triaged, "reclassify/"),
    TicketSheet(
        "reclassify-missed", urgent_for_long, "reclassify/", act=everyone_is_affected
    ),
    TicketSheet("override-severity", stories.triaged, "override-severity/"),
    TicketSheet("retitle", stories.triaged, "retitle/"),
    TicketSheet("hand-over", stories.triaged, "hand-over/"),
    TicketSheet("declare-major", stories.triaged, "declare-major/", "lea"),
    TicketSheet("record-call", stories.resolved, "record-call/"),
    TicketSheet("reject", stories.resolved, "reject/"),
    TicketSheet("waive", stories.reminded, "waive/", "lea"),
    TicketSheet("name-successor", of_who_left, "name-successor/", "lea"),
    TicketSheet("cancel", stories.reported, "cancel/"),
    TicketSheet("cancel-wrong", stories.reported, "cancel/", act=send),
    TicketSheet("reopen", stories.closed, "reopen/"),
    TicketSheet("follow-up", stories.closed, "follow-up/"),
    TicketSheet("ask", stories.triaged, "ask/?move=assign"),
    TicketSheet("link", stories.triaged, "link/"),
    TicketSheet("share", stories.triaged, "share/"),
]
