"""What the shift that comes has to know, the most urgent first."""

from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents import figures
from incidents.codes import Status
from incidents.events import Kind
from incidents.models import Incident
from incidents.querysets import IncidentQuerySet
from incidents.shifts import conditions as when
from incidents.shifts.sections import Lens, Section

SECTIONS: Final = (
    Section(
        code="major",
        label=_("Major incidents"),
        about=_("Open major incidents of these teams, whenever they were declared."),
        ask=lambda lens: figures.IS_OPEN & Q(is_major=True) & lens.ours,
        kinds=(Kind.DECLARE_MAJOR,),
    ),
    Section(
        code="attention",
        label=_("Attention from above"),
        about=_("Open tickets of these teams that somebody above has to look at."),
        ask=lambda lens: figures.IS_OPEN & Q(attention__gt=0) & lens.ours,
        kinds=(Kind.RAISE_ATTENTION, Kind.RUNG),
    ),
    Section(
        code="missed",
        label=_("Missed"),
        about=_("Open, with a promise that is past due or was missed since then."),
        ask=lambda lens: figures.IS_OPEN & lens.held & when.missed(lens.since, lens.at),
        kinds=(Kind.BREACH,),
        otherwise=_("A promise is past due"),
    ),
    Section(
        code="risk",
        label=_("About to be missed"),
        about=_("The next promise is due within 2 hours of the clock on the wall."),
        ask=lambda lens: figures.IS_OPEN & lens.held & when.at_risk(lens.at),
        kinds=(Kind.WARN,),
        otherwise=_("A promise comes due"),
    ),
    Section(
        code="back",
        label=_("Came back"),
        about=_(
            "Open, and since then handed back, refused as a solution or reopened, or"
            " given again to a team that had it before."
        ),
        ask=lambda lens: lens.held & when.came_back(lens.since),
        kinds=(*when.CAME_BACK, *when.GIVEN),
    ),
    Section(
        code="came",
        label=_("Given to us"),
        about=_("Open, and since then escalated or transferred to these teams."),
        ask=lambda lens: lens.held & when.given_by_others(lens.since),
        kinds=when.GIVEN,
    ),
    Section(
        code="answered",
        label=_("Reporters who wait for us"),
        about=_("Open; the reporter wrote since then, and nobody has written back."),
        ask=lambda lens: figures.IS_OPEN & lens.held & when.answered(lens.since),
        kinds=(Kind.ANSWER,),
    ),
    Section(
        code="unowned",
        label=_("Came in, without an owner"),
        about=_(
            "Reported since then, open, and nobody owns it now, also where somebody did"
            " before it went to another team."
        ),
        ask=lambda lens: (
            figures.IS_OPEN
            & lens.held
            & Q(owner=None, reported_at__gte=lens.since, origin="desk")
        ),
        kinds=(Kind.REPORT,),
    ),
    Section(
        code="own-target",
        label=_("Past our own target"),
        about=_(
            "Open; these teams have had it for longer now than they agreed to among"
            " teams, by their own calendars."
        ),
        ask=lambda lens: figures.IS_OPEN & lens.held & lens.past,
        kinds=when.GOT,
        otherwise=_("The target of the team is used up"),
    ),
    Section(
        code="holds",
        label=_("Waits that end"),
        about=_("On hold until a moment within the next 8 hours."),
        ask=lambda lens: lens.held & when.hold_ends(lens.at),
        kinds=(Kind.HOLD,),
    ),
    Section(
        code="close",
        label=_("Waits for the second key"),
        about=_("Solved, and confirmed or waived: a member of the desk closes it."),
        ask=lambda lens: figures.READY_TO_CLOSE & Q(desk__in=lens.desks),
        kinds=(Kind.CONFIRM, Kind.WORKS_AGAIN, Kind.WAIVE),
        is_desk=True,
    ),
    Section(
        code="solved",
        label=_("Solved, not yet confirmed"),
        about=_("Solved since then; its confirmer has not said whether it works."),
        ask=lambda lens: (
            figures.UNANSWERED & Q(desk__in=lens.desks, resolved_at__gte=lens.since)
        ),
        kinds=(Kind.RESOLVE,),
        is_desk=True,
    ),
    Section(
        code="mine",
        label=_("Others of mine, changed"),
        about=_(
            "Owned by you, or yours at the desk, ended or not; a person other than you"
            " did something to it since then."
        ),
        ask=lambda lens: lens.mine & when.changed_by_others(lens.user, lens.since),
    ),
)


def sections_for(lens: Lens) -> list[Section]:
    """Those of the desk only for who works at one."""
    return [each for each in SECTIONS if lens.desks or not each.is_desk]


def candidates(user: User, lens: Lens) -> IncidentQuerySet:
    """What may stand in any section: of these teams and not ended before, and one's
    own; where only some of one's teams are asked about, one's own in these."""
    visible: IncidentQuerySet = Incident.objects.visible_to(user)
    is_whole = user.standing.teams <= lens.teams
    alive = figures.IS_OPEN | Q(status=Status.RESOLVED)
    lately = alive | figures.ended_since(lens.since)
    return visible.filter(lately, lens.ours | lens.mine if is_whole else lens.ours)
