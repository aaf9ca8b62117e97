"""What is solved, and waits for the confirmation or for being closed."""

from incidents.codes import Channel, Impact, Kind, ResolutionCode, Source, Urgency
from incidents.services.resolving import Solution
from servicedesk.demonstration.acts import (
    ask_colleague,
    assign,
    call,
    confirm,
    note,
    reject,
    reply,
    resolve,
    start,
    take,
    triage,
    waive,
)
from servicedesk.demonstration.files import screenshot
from servicedesk.demonstration.hospital import CAREFUL_DESK
from servicedesk.demonstration.moments import ago, day
from servicedesk.demonstration.stage import Story

ACCOUNTS = "Computers and accounts"

WAITING = [
    Story(
        name="ward-list-font",
        at=day(1, "14:12"),
        by="Nora",
        title="Handover list prints in tiny letters",
        text="Since yesterday the handover list is printed so small that nobody can"
        " read it in the corridor. The other lists are as before.",
        service="Printing",
        category="Hardware / Printer",
        impact=Impact.TEAM,
        people=14,
        files=(screenshot("handover list.png"),),
        then=[
            (day(1, "14:20"), triage("Priya")),
            (day(1, "14:21"), take("Priya")),
            (day(1, "15:30"), reply("Priya", "I can see it here too and look for it.")),
            (
                ago(hours=1, minutes=50),
                resolve(
                    "Priya",
                    "The printer of ward 3 scaled four pages onto one. We switched that"
                    " off for lists; the next handover prints in the usual size.",
                    "Printed the list of this morning: 11 point, one page per room.",
                ),
            ),
        ],
    ),
    Story(
        name="samuel-dock",
        at=day(2, "09:32"),
        by="Samuel",
        title="Laptop loses the network in the dock",
        text="In the dock the network drops every few minutes; without it, never.",
        service=ACCOUNTS,
        category="Hardware / Computer",
        then=[
            (day(2, "09:50"), triage("Jonas")),
            (day(2, "09:52"), take("Jonas")),
            (
                day(1, "11:20"),
                resolve(
                    "Jonas",
                    "The dock had old firmware. We updated it on Thursday evening.",
                    "Four hours in the dock without a drop.",
                ),
            ),
        ],
    ),
    Story(
        name="mail-rule-grace",
        at=day(3, "13:05"),
        by="Grace",
        title="Mail from the supplier lands in junk",
        text="Offers of the supplier go to junk, and I find them too late.",
        service="E-mail and calendar",
        category="Software / Error message",
        then=[
            (day(3, "13:40"), triage("Priya")),
            (day(3, "13:41"), take("Priya")),
            (
                day(3, "15:00"),
                resolve(
                    "Priya",
                    "The supplier's new address is on the list of known senders.",
                    "A test mail of the supplier came into the inbox.",
                ),
            ),
        ],
    ),
    Story(
        name="bed-scanner-leila",
        at=day(5, "10:05"),
        by="Leila",
        agent="Priya",
        source=Source.PHONE,
        title="Barcode scanner at bed 12 beeps and reads nothing",
        text="The scanner beeps twice and the field stays empty.",
        service=ACCOUNTS,
        category="Hardware / Computer",
        urgency=Urgency.HINDERED,
        solved=Solution(
            code=ResolutionCode.WORKAROUND,
            text="Hold the big button for five seconds: the scanner pairs again with"
            " its own computer. We order a new battery.",
            verification="Leila read two wrist bands.",
        ),
        then=[
            (
                day(2, "10:32"),
                note("Priya", "Called the ward twice; Leila has nights."),
            ),
        ],
    ),
    Story(
        name="archive-search-hanna",
        at=day(9, "13:00"),
        by="Hanna",
        title="Search in the archive finds nothing before 2020",
        text="Searching for reports from 2019 gives an empty list.",
        service="Patient records",
        category="Software / Wrong data",
        urgency=Urgency.CAN_WAIT,
        then=[
            (day(9, "13:30"), triage("Priya")),
            (day(9, "13:31"), take("Priya")),
            (
                day(8, "16:20"),
                resolve(
                    "Priya",
                    "The index of 2018 and 2019 was missing; we built it last night.",
                    "Found three reports of 2019.",
                ),
            ),
            (
                day(1, "09:00"),
                ask_colleague(
                    "Priya",
                    to="Marta",
                    move="waive",
                    message="Asked three times since last week. Can you decide?",
                ),
            ),
        ],
    ),
    Story(
        name="north-tablet-charger",
        at=day(4, "11:40"),
        by="Yusuf",
        agent="Mateo",
        source=Source.WALK_IN,
        title="Round tablet does not charge",
        text="The tablet of the round stays at four per cent.",
        service=ACCOUNTS,
        category="Hardware / Computer",
        solved=Solution(
            code=ResolutionCode.FIXED,
            text="The plug was bent. You have a new charger.",
            verification="At 30 per cent after a quarter of an hour.",
        ),
    ),
    Story(
        name="carmen-pager",
        at=day(1, "08:15"),
        by="Carmen",
        title="On-call phone does not ring at night",
        text="Between ten and six the on-call phone stays silent.",
        service="Telephones",
        category="Hardware / Telephone",
        urgency=Urgency.CANNOT_WORK,
        then=[
            (day(1, "08:22"), triage("Marta")),
            (day(1, "08:23"), take("Marta")),
            (
                day(1, "10:05"),
                resolve(
                    "Marta",
                    "The rest hours of the phone were on. They are off for this one.",
                    "Set its clock to 23:00 and called it.",
                ),
            ),
            (day(1, "16:10"), reject("It stayed silent again at 15:00, in a meeting.")),
            (day(1, "16:20"), start("Marta")),
            (
                ago(hours=4),
                resolve(
                    "Marta",
                    "The calendar also muted it during meetings. We took the phone out"
                    " of the calendar.",
                    "It rang during a test meeting.",
                ),
            ),
        ],
    ),
]

ANSWERED = [
    Story(
        name="leila-photo-upload",
        at=day(3, "09:20"),
        by="Leila",
        title="Photos of wounds cannot be added",
        text="The record refuses photos from the ward camera since Monday.",
        service="Patient records",
        category="Software / Error message",
        impact=Impact.TEAM,
        urgency=Urgency.HINDERED,
        people=20,
        then=[
            (day(3, "09:31"), triage("Priya")),
            (day(3, "09:32"), take("Priya")),
            (
                day(2, "14:10"),
                resolve(
                    "Priya",
                    "The camera saved in a new format that the record did not know. It"
                    " saves in the usual one again.",
                    "Added and removed a test photo on ward 3.",
                ),
            ),
            (
                day(1, "17:05"),
                confirm(Channel.LINK, "Works on all three cameras, thank you."),
            ),
        ],
    ),
    Story(
        name="anton-desk-phone",
        at=day(2, "10:50"),
        by="Anton",
        agent="Jonas",
        source=Source.PHONE,
        title="Name on the telephone is wrong",
        text="Callees see the name of my predecessor.",
        service="Telephones",
        category="Hardware / Telephone",
        urgency=Urgency.CAN_WAIT,
        solved=Solution(
            code=ResolutionCode.FIXED,
            text="Your extension carries your name.",
            verification="Jonas saw the right name on his display.",
        ),
        then=[(day(1, "10:15"), call("Jonas", "Anton: colleagues see my name now."))],
    ),
    Story(
        name="north-wall-screen",
        at=day(3, "08:55"),
        by="Tomas",
        title="Wall screen shows yesterday's list",
        text="The list of the day on the wall is from yesterday.",
        service=ACCOUNTS,
        category="Hardware / Screen",
        then=[
            (day(3, "09:05"), triage("Mateo", desk=CAREFUL_DESK)),
            (day(3, "09:06"), take("Mateo")),
            (
                day(3, "11:00"),
                resolve(
                    "Mateo",
                    "The screen did not restart at night. It does again, at five.",
                    "It showed today's list this morning.",
                ),
            ),
            (day(1, "09:40"), call("Mateo", "Tomas: right since yesterday.")),
        ],
    ),
    Story(
        name="peter-template-waived",
        at=day(11, "10:00"),
        by="Peter",
        title="Letter template lost its logo",
        text="New letters come without the logo of the hospital.",
        service=ACCOUNTS,
        category="Software / Wrong data",
        kind=Kind.SERVICE_REQUEST,
        urgency=Urgency.CAN_WAIT,
        then=[
            (day(11, "10:30"), triage("Jonas")),
            (day(11, "10:31"), assign("Marta", to="Jonas")),
            (day(11, "10:40"), start("Jonas")),
            (
                day(10, "09:00"),
                resolve(
                    "Jonas",
                    "The logo is back in the template.",
                    "A new letter has it.",
                ),
            ),
            (
                day(1, "11:00"),
                waive("Marta", "Peter's letters of this week carry the logo."),
            ),
        ],
    ),
]

ASKED = [*WAITING, *ANSWERED]
