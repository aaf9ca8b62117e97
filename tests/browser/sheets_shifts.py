"""The hand-over between shifts in its states."""

from datetime import timedelta

from playwright.sync_api import Page

from accounts.models import Membership
from activity import clock
from activity.services.timers import sweep
from incidents import services
from incidents.models import Incident, ShiftNote
from tests.browser.sheets import LONG, Sheet
from tests.incidents.crowd import make_incidents, promise
from tests.incidents.ladders.climbs import staff
from tests.incidents.shifts.night import night
from tests.incidents.shifts.words import written
from tests.incidents.tiers.test_path import agree
from tests.people import Cast


def busy_night(cast: Cast) -> None:
    """Every section has something, one has more than fits; several words wait. Teams
    agreed to something, and ladders told people."""
    staff(cast)
    agree(cast.desk, 90)
    agree(cast.network, 45)
    night(cast)
    sweep(at=clock.now())
    promise(
        make_incidents(
            24,
            cast,
            titles=[
                "Payments time out at the till in the north clinic since the evening",
                f"Error 0x80070005 in {LONG}{LONG}",
            ],
            at=clock.now() - timedelta(hours=1),
        )
    )
    written(cast, by=cast.cy, text=f"Two lines.\nThe second one with {LONG}{LONG}.")
    written(cast, by=cast.lea, text="Room 4 stays closed until noon.")
    Membership.objects.filter(user=cast.cy).update(
        away_until=clock.now() + timedelta(days=4)
    )
    networks = make_incidents(
        13, cast, team=cast.network, stories=[("incident.report",)], titles=[LONG]
    )
    promise(networks)
    Incident.objects.filter(pk__in=[one.pk for one in networks[:3]]).update(
        owner=cast.ned
    )
    own = written(cast, text="I leave the label printer to you.")
    services.see_shift_note(own.pk, by=cast.cy)
    gone = written(cast, by=cast.cy, text="A name that should not be here.")
    services.redact_shift_note(gone.pk, by=cast.lea)


def address(sheet: Sheet, cast: Cast) -> str:
    return sheet.path.format(desk=cast.desk.pk, vendor=cast.vendor.pk)


def note_of_bo(cast: Cast) -> ShiftNote:
    return ShiftNote.objects.get(by=cast.bo)


def _send_nothing(page: Page) -> None:
    page.get_by_role("button", name="Leave this word").click()


BUSY = [
    Sheet("handover", "/queue/handover/", "bo"),
    Sheet("handover-alone", "/queue/handover/?since=8h&show=unowned", "bo"),
    Sheet("handover-wrong-time", "/queue/handover/?since=time&moment=noon", "bo"),
    Sheet("handover-word-empty", "/queue/handover/", "bo", _send_nothing),
    Sheet("my-work", "/queue/mine/", "ned"),
    Sheet("my-work-alone", "/queue/mine/?show=unowned", "ned"),
    Sheet("team-lead", "/teams/{desk}/", "lea"),
    Sheet("team-person", "/teams/{desk}/?show=back", "bo"),
    Sheet("team-manager", "/teams/{desk}/?show=unowned", "max"),
    Sheet("team-own-target", "/teams/{desk}/?show=own-target", "lea"),
    Sheet("team-told-manager", "/teams/{desk}/?show=told", "max"),
    Sheet("teams", "/teams/", "max"),
    Sheet("handover-words", "/queue/handover/notes/", "lea"),
]
QUIET = [
    Sheet("handover-nothing", "/queue/handover/", "ned"),
    Sheet("my-work-nothing", "/queue/mine/", "ned"),
    Sheet("team-nothing", "/teams/{vendor}/", "ute"),
    Sheet("handover-no-words", "/queue/handover/notes/", "ned"),
]
