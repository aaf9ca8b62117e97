"""What is somebody's to do, and what their teams have before them."""

from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents import figures
from incidents.codes import Status
from incidents.shifts import conditions as when
from incidents.shifts.sections import Section
from sla.services import Agreement

# A start page: each ticket once, under the first that fits.
MY_WORK: Final = (
    Section(
        code="mine",
        label=_("Mine"),
        about=_("Open, and you own it; the most urgent first."),
        ask=lambda lens: figures.IS_OPEN & Q(owner=lens.user),
    ),
    Section(
        code="attention",
        label=_("Needs attention"),
        about=_("Open in your teams, and somebody above has to look at it."),
        ask=lambda lens: figures.IS_OPEN & lens.held & Q(attention__gt=0),
    ),
    Section(
        code="back",
        label=_("Came back"),
        about=_(
            "Open in your teams, and there because it was handed back, refused as a"
            " solution or reopened, or given again to a team that had it before."
        ),
        ask=lambda lens: lens.held & when.came_back(),
    ),
    Section(
        code="unowned",
        label=_("Waiting for my team"),
        about=_("Open in your teams, not on hold, and nobody owns it."),
        ask=lambda lens: (
            figures.IS_OPEN & lens.held & Q(owner=None) & ~Q(status=Status.ON_HOLD)
        ),
    ),
    Section(
        code="due",
        label=_("Due next"),
        about=_("Past due, or due within the next 4 hours."),
        ask=lambda lens: (
            figures.IS_OPEN
            & lens.held
            & (figures.overdue(lens.at) | figures.due_soon(lens.at))
        ),
    ),
    Section(
        code="holds",
        label=_("Waits that end"),
        about=_("On hold until a moment within the next 8 hours."),
        ask=lambda lens: lens.held & when.hold_ends(lens.at),
    ),
)
# Only a team that agreed to something has a number of it.
OWN_TARGET: Final = "own-target"
# Figures of one team, over what it holds: one ticket may be in several.
OF_TEAM: Final = (
    Section(
        code="with-us",
        label=_("With us"),
        about=_("Open tickets that the team has."),
        ask=lambda lens: figures.IS_OPEN & lens.held,
    ),
    Section(
        code="unowned",
        label=_("Without an owner"),
        about=_("Of these, the ones that nobody owns."),
        ask=lambda lens: figures.IS_OPEN & lens.held & Q(owner=None),
    ),
    Section(
        code="back",
        label=_("Came back"),
        about=_(
            "Of these, the ones that were handed back, refused as a solution or"
            " reopened, or given again to a team that had them before."
        ),
        ask=lambda lens: lens.held & when.came_back(),
    ),
    Section(
        code="attention",
        label=_("Attention from above"),
        about=_("Of these, the ones that somebody above has to look at."),
        ask=lambda lens: figures.IS_OPEN & lens.held & Q(attention__gt=0),
    ),
    Section(
        code="risk",
        label=_("At risk"),
        about=_("Of these, past due or due within 2 hours of the clock on the wall."),
        ask=lambda lens: (
            figures.IS_OPEN
            & lens.held
            & (figures.overdue(lens.at) | when.at_risk(lens.at))
        ),
    ),
    Section(
        code=OWN_TARGET,
        label=_("Past its own target"),
        about=_(
            "Of these, the ones that the team has had for longer now than it agreed to"
            " among teams, by its own calendar."
        ),
        ask=lambda lens: figures.IS_OPEN & lens.held & lens.past,
    ),
    Section(
        code="told",
        label=_("Told, not answered"),
        about=_(
            "Of these, the ones of which a rung of the ladder told somebody, and"
            " nobody has answered since."
        ),
        ask=lambda lens: lens.held & figures.told_in_vain(),
    ),
    Section(
        code="next-rung",
        label=_("Next rung within 2 hours"),
        about=_(
            "Of these, the ones of which somebody is told within 2 hours of the clock"
            " on the wall, unless something happens before."
        ),
        ask=lambda lens: lens.held & when.rung_comes(lens.at),
    ),
    Section(
        code="held",
        label=_("On hold"),
        about=_("Of these, the ones that wait for somebody or for a day."),
        ask=lambda lens: lens.held & Q(status=Status.ON_HOLD),
    ),
)


def figures_of(agreement: Agreement | None) -> list[Section]:
    """Of a team that agreed to this."""
    return [each for each in OF_TEAM if agreement or each.code != OWN_TARGET]
