"""What waits: for somebody, for something, for a day."""

from incidents.codes import HoldReason, Impact, Kind, Outcome, Risk, Source, Urgency
from servicedesk.demonstration.acts import (
    ask,
    check,
    hold,
    judge,
    note,
    reply,
    take,
    tell,
    triage,
    watch,
    write_article,
)
from servicedesk.demonstration.files import screenshot
from servicedesk.demonstration.hospital import CAREFUL_DESK
from servicedesk.demonstration.moments import ago, ahead, day
from servicedesk.demonstration.stage import Story

ACCOUNTS = "Computers and accounts"

HELD = [
    Story(
        name="infusion-pump-names",
        at=day(1, "09:14"),
        by="Nora",
        title="Two pumps show the same name",
        text="On the overview of ward 3 two infusion pumps have the same name, and we"
        " cannot tell which alarm is which.",
        service="Patient records",
        category="Software / Wrong data",
        urgency=Urgency.CANNOT_WORK,
        risks=(Risk.COMPLIANCE,),
        files=(screenshot("overview ward 3.png"),),
        then=[
            (day(1, "09:20"), triage("Priya")),
            (day(1, "09:22"), take("Priya")),
            (
                ago(hours=2, minutes=20),
                ask(
                    "Priya",
                    "Which numbers stand on the yellow stickers of the two pumps? They"
                    " are on the left side, seven digits each.",
                    until=ahead(2, "10:00"),
                ),
            ),
        ],
    ),
    Story(
        name="samuel-badge-cellar",
        at=day(2, "13:20"),
        by="Samuel",
        title="Badge does not open the cellar of building B",
        text="For the switch change I need the cellar on Saturday.",
        service=ACCOUNTS,
        category="Access / Missing permission",
        kind=Kind.SERVICE_REQUEST,
        then=[
            (day(2, "13:40"), triage("Jonas")),
            (day(2, "13:41"), take("Jonas")),
            (
                day(1, "14:00"),
                ask(
                    "Jonas",
                    "Which door is it: the one at the ramp, or the one at the lift?",
                    until=ahead(1, "12:00"),
                ),
            ),
        ],
    ),
    Story(
        name="label-printer-part",
        at=day(6, "10:42"),
        by="Leila",
        title="Label printer of the laboratory cuts too early",
        text="Every second label is cut through the barcode.",
        service="Printing",
        category="Hardware / Printer",
        impact=Impact.TEAM,
        urgency=Urgency.HINDERED,
        people=8,
        then=[
            (day(6, "11:00"), triage("Jonas")),
            (day(6, "11:01"), take("Jonas")),
            (day(6, "11:03"), tell("Jonas", "Label printer prints blank labels")),
            (day(6, "11:28"), judge("Jonas", Outcome.FAILED)),
            (day(6, "11:29"), check("Jonas")),
            (
                day(6, "11:30"),
                reply("Jonas", "The cutter is worn. Please use the second printer."),
            ),
            (
                day(5, "09:00"),
                hold(
                    "Jonas",
                    HoldReason.AWAITING_SUPPLIER,
                    until=ahead(3, "09:00"),
                    explanation="Cutter ordered, order 2207; delivery next week.",
                ),
            ),
            (day(5, "09:20"), write_article("Jonas")),
        ],
    ),
    Story(
        name="wifi-roof-change",
        at=day(4, "15:26"),
        by="Grace",
        title="No Wi-Fi on the roof terrace",
        text="Since the terrace is open again there is no Wi-Fi for breaks.",
        service="Wi-Fi",
        category="Network / Wi-Fi",
        urgency=Urgency.CAN_WAIT,
        then=[
            (day(4, "15:40"), triage("Marta")),
            (day(4, "15:41"), take("Marta")),
            (
                day(3, "10:00"),
                hold(
                    "Marta",
                    HoldReason.AWAITING_CHANGE,
                    until=ahead(5, "08:00"),
                    explanation="A new antenna is part of the change on the roof.",
                ),
            ),
        ],
    ),
    Story(
        name="record-freeze-problem",
        at=day(5, "09:50"),
        by="Anton",
        agent="Priya",
        source=Source.PHONE,
        title="Record freezes when two tabs are open",
        text="With two patients open, the second freezes for a minute.",
        service="Patient records",
        category="Software / Slow",
        impact=Impact.TEAM,
        urgency=Urgency.HINDERED,
        people=25,
        then=[
            (day(5, "10:10"), watch("Marta")),
            (
                day(5, "10:15"),
                reply("Priya", "One patient at a time does not freeze, until then."),
            ),
            (
                day(4, "11:00"),
                hold(
                    "Priya",
                    HoldReason.AWAITING_PROBLEM,
                    until=ahead(4, "09:00"),
                    explanation="Hanna collects these; there are five by now.",
                ),
            ),
        ],
    ),
    Story(
        name="move-office-scheduled",
        at=day(3, "11:15"),
        by="Victor",
        title="Move my workplace to room 118",
        text="I move to room 118 at the start of next month: computer, two screens,"
        " telephone.",
        service=ACCOUNTS,
        category="Hardware / Computer",
        kind=Kind.SERVICE_REQUEST,
        urgency=Urgency.CAN_WAIT,
        then=[
            (day(3, "11:30"), triage("Jonas")),
            (day(3, "11:31"), take("Jonas")),
            (day(3, "11:40"), note("Jonas", "Sockets 118/1 to 118/3 are patched.")),
            (
                day(3, "11:45"),
                hold(
                    "Jonas",
                    HoldReason.SCHEDULED,
                    until=ahead(6, "08:00"),
                    explanation="Agreed with Victor: before his first meeting.",
                ),
            ),
        ],
    ),
    Story(
        name="north-dictation-supplier",
        at=day(7, "08:35"),
        by="Yusuf",
        title="Dictation writes the wrong doctor",
        text="Letters that I dictate are signed with a colleague's name.",
        service="Patient records",
        category="Software / Wrong data",
        risks=(Risk.COMPLIANCE,),
        urgency=Urgency.CANNOT_WORK,
        then=[
            (day(7, "08:50"), triage("Ingrid", desk=CAREFUL_DESK)),
            (day(7, "08:51"), take("Ingrid")),
            (
                day(7, "09:15"),
                reply("Ingrid", "Please check the name before you sign, until then."),
            ),
            (
                day(6, "14:00"),
                hold(
                    "Ingrid",
                    HoldReason.AWAITING_SUPPLIER,
                    until=ahead(1, "10:00"),
                    explanation="MedSoft has it, case 88-413.",
                ),
            ),
        ],
    ),
]
