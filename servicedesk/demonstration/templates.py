"""Tickets that come every day at Harbour Hospital, filled in beforehand."""

from dataclasses import dataclass

from catalogue.models import Category, Service
from incidents.codes import Kind, ResolutionCode, Urgency
from incidents.models import TicketTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """``category`` stands below ``above``."""

    name: str
    title: str
    description: str
    service: str
    above: str
    category: str
    solution: str
    code: str = ResolutionCode.FIXED
    kind: str = Kind.INCIDENT
    urgency: int = Urgency.HINDERED


SHEETS = [
    Sheet(
        name="Password reset",
        title="Cannot log in, password forgotten or expired",
        description="The log-in refuses the password. Badge number checked: ",
        service="Computers and accounts",
        above="Access",
        category="Password",
        urgency=Urgency.CANNOT_WORK,
        code=ResolutionCode.REQUEST_FULFILLED,
        solution="We set a new first password and told you on the telephone. At the"
        " next log-in you choose your own, twelve characters or more.",
    ),
    Sheet(
        name="Printer jam",
        title="Printer shows a paper jam",
        description="Printer (number on the white label): \nTray or cover shown: ",
        service="Printing",
        above="Hardware",
        category="Printer",
        code=ResolutionCode.ADVICE,
        solution="We went through it together: cover open, sheet out in the direction"
        " of the arrow, tray pushed in until it clicks. A test page came out.",
    ),
    Sheet(
        name="New telephone",
        title="Telephone for a new workplace",
        description="Room and socket: \nExtension wanted: \nNeeded from: ",
        service="Telephones",
        above="Hardware",
        category="Telephone",
        kind=Kind.SERVICE_REQUEST,
        urgency=Urgency.CAN_WAIT,
        code=ResolutionCode.REQUEST_FULFILLED,
        solution="The telephone stands on the desk and the extension is switched on.",
    ),
    Sheet(
        name="Shared mailbox access",
        title="Access to a shared mailbox",
        description="Mailbox: \nWho owns it, and has agreed: ",
        service="E-mail and calendar",
        above="Access",
        category="Missing permission",
        kind=Kind.SERVICE_REQUEST,
        urgency=Urgency.CAN_WAIT,
        code=ResolutionCode.REQUEST_FULFILLED,
        solution="The owner agreed and we added you. The mailbox shows up within the"
        " hour; close and open the mail program if it does not.",
    ),
    Sheet(
        name="Wi-Fi on a phone",
        title="Phone does not join the staff Wi-Fi",
        description="Make of the phone: \nWhat it says when it joins: ",
        service="Wi-Fi",
        above="Network",
        category="Wi-Fi",
        code=ResolutionCode.ADVICE,
        solution="We removed the old profile and joined again with your staff log-in."
        " The phone stays connected from the entrance to the ward.",
    ),
]


def lay_out() -> None:
    """Create the templates that are not there yet."""
    for sheet in SHEETS:
        values = {
            "title": sheet.title,
            "description": sheet.description,
            "kind": sheet.kind,
            "service": Service.objects.get(name=sheet.service),
            "category": Category.objects.get(
                name=sheet.category, parent__name=sheet.above
            ),
            "urgency": sheet.urgency,
            "resolution_code": sheet.code,
            "solution": sheet.solution,
        }
        TicketTemplate.objects.get_or_create(name=sheet.name, defaults=values)
