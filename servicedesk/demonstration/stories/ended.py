"""What was cancelled, and what came back."""

from incidents.codes import CancelReason, Channel, Impact, Source, Urgency
from servicedesk.demonstration.acts import (
    cancel,
    close,
    confirm,
    follow_up,
    note,
    reopen,
    reply,
    resolve,
    start,
    take,
    triage,
)
from servicedesk.demonstration.hospital import CAREFUL_DESK
from servicedesk.demonstration.moments import ago, day
from servicedesk.demonstration.stage import Story

ENDED = [
    Story(
        name="building-b-second",
        at=day(15, "09:06"),
        by="Leila",
        title="No computer works in the laboratory of B",
        text="All computers of the laboratory in building B say no network.",
        service="Hospital network",
        category="Network / No connection",
        impact=Impact.TEAM,
        urgency=Urgency.CANNOT_WORK,
        then=[
            (
                day(15, "09:09"),
                cancel(
                    "Jonas",
                    CancelReason.DUPLICATE,
                    "We know of it and work on it: the switch of building B is down."
                    " You hear from us there.",
                    of="core-switch",
                ),
            ),
        ],
    ),
    Story(
        name="building-b-third",
        at=day(15, "09:11"),
        by="Anton",
        agent="Jonas",
        source=Source.PHONE,
        title="Telephones dead in building B",
        text="No dial tone on the second floor of B.",
        service="Telephones",
        category="Network / No connection",
        urgency=Urgency.CANNOT_WORK,
        then=[
            (
                day(15, "09:14"),
                cancel(
                    "Jonas",
                    CancelReason.DUPLICATE,
                    "The telephones hang on the same switch that is being repaired.",
                    of="core-switch",
                ),
            ),
        ],
    ),
    Story(
        name="clock-one-hour",
        at=day(14, "07:15"),
        by="Leila",
        title="Wall clock is an hour ahead",
        text="The clock in the corridor of ward 3 is an hour ahead.",
        service="Computers and accounts",
        category="Hardware / Screen",
        urgency=Urgency.CAN_WAIT,
        then=[
            (
                day(14, "08:10"),
                cancel(
                    "Priya",
                    CancelReason.NOT_A_FAULT,
                    "The wall clocks belong to the building service, extension 4410."
                    " We passed your report on to them.",
                ),
            ),
        ],
    ),
    Story(
        name="lost-badge-found",
        at=day(6, "08:33"),
        by="Nora",
        title="My badge is gone",
        text="I cannot find my badge since last night.",
        service="Computers and accounts",
        category="Access / Missing permission",
        urgency=Urgency.CANNOT_WORK,
        then=[
            (
                day(6, "08:52"),
                cancel(
                    "Nora", CancelReason.WITHDRAWN, "It was in the other coat. Sorry."
                ),
            ),
        ],
    ),
    Story(
        name="cheap-toner",
        at=day(5, "03:12"),
        by="Yusuf",
        title="Toner at half the price",
        text="Dear purchasing, our toner costs half and prints twice. Order today.",
        service="Printing",
        category="Hardware / Printer",
        urgency=Urgency.CAN_WAIT,
        then=[
            (
                day(5, "07:40"),
                cancel(
                    "Mateo",
                    CancelReason.SPAM,
                    "This is an advertisement that your mail rule sent on to us. We"
                    " helped you to remove the rule.",
                ),
            ),
        ],
    ),
    Story(
        name="beamer-reinstated",
        at=day(7, "09:45"),
        by="Peter",
        title="Sound in the lecture hall hums",
        text="The loudspeakers hum as soon as the lectern computer is on.",
        service="Computers and accounts",
        category="Hardware / Computer",
        then=[
            (
                day(7, "10:20"),
                cancel(
                    "Jonas",
                    CancelReason.NOT_A_FAULT,
                    "The hum comes from the dimmer of the lamps, which belong to the"
                    " building service.",
                ),
            ),
            (
                day(3, "16:15"),
                reopen("Peter", "The dimmer was replaced and it still hums."),
            ),
            (day(2, "08:30"), take("Jonas")),
            (
                day(2, "08:31"),
                reply("Jonas", "I bring another power supply on Thursday at 14:00."),
            ),
        ],
    ),
    Story(
        name="discharge-letter-reopened",
        at=day(9, "11:20"),
        by="Nora",
        title="Discharge letters print without the second page",
        text="Letters of two pages come out with one. The second is on screen.",
        service="Printing",
        category="Hardware / Printer",
        impact=Impact.TEAM,
        urgency=Urgency.HINDERED,
        people=9,
        then=[
            (day(9, "11:32"), triage("Priya")),
            (day(9, "11:33"), take("Priya")),
            (
                day(9, "14:50"),
                resolve(
                    "Priya",
                    "The printer was set to one page per job. That is off.",
                    "A letter of two pages came out whole.",
                ),
            ),
            (day(8, "07:20"), confirm(Channel.PORTAL)),
            (day(8, "08:10"), close("Priya")),
            (
                day(1, "16:40"),
                reopen("Nora", "Since the update last night it is one page again."),
            ),
            (ago(hours=3), start("Priya")),
            (
                ago(hours=2, minutes=45),
                note("Priya", "The update resets the setting. Asked Oskar to pin it."),
            ),
        ],
    ),
    Story(
        name="north-cash-drawer",
        at=day(21, "09:25"),
        by="Tomas",
        title="Cash drawer opens by itself",
        text="The drawer at the counter opens with every printed receipt, also when"
        " somebody pays by card.",
        service="Computers and accounts",
        category="Hardware / Computer",
        then=[
            (day(21, "09:40"), triage("Ingrid", desk=CAREFUL_DESK)),
            (day(21, "09:41"), take("Ingrid")),
            (
                day(20, "10:30"),
                resolve(
                    "Ingrid",
                    "The drawer opens for cash only; that is a setting of the counter.",
                    "Paid one euro by card: it stayed shut.",
                ),
            ),
            (day(20, "13:00"), confirm(Channel.LINK)),
            (day(20, "13:30"), close("Mateo")),
            (
                ago(hours=5),
                follow_up(
                    "Tomas",
                    "It is back since the new card terminal: the drawer opens with"
                    " every receipt.",
                ),
            ),
        ],
    ),
]
