"""What goes up to the specialists, and what comes back from them."""

from incidents.codes import Impact, Risk, Urgency
from servicedesk.demonstration.acts import (
    attend,
    call_attention,
    check,
    escalate,
    hand_back,
    note,
    reply,
    take,
    triage,
    urge,
)
from servicedesk.demonstration.moments import ago, day
from servicedesk.demonstration.stage import Story

WIFI = "Wi-Fi"

ESCALATED = [
    Story(
        name="theatre-monitors",
        at=day(1, "13:05"),
        by="Nora",
        title="Monitors on ward 3 lose the Wi-Fi",
        text="Four monitors lose the connection every few minutes since noon.",
        service=WIFI,
        category="Network / Wi-Fi",
        impact=Impact.TEAM,
        urgency=Urgency.HINDERED,
        risks=(Risk.SECURITY,),
        then=[
            (day(1, "13:12"), triage("Priya")),
            (day(1, "13:13"), take("Priya")),
            (
                day(1, "13:30"),
                reply("Priya", "Please note when it happens; a cable stands ready."),
            ),
            (day(1, "13:50"), check("Priya")),
            (
                day(1, "13:55"),
                escalate(
                    "Priya",
                    to="Network",
                    symptom="Monitors 3-11 to 3-14 drop out for about 20 s, every three"
                    " to five minutes, since 12:10. Others on the ward stay.",
                    diagnosis="All four hang on the access point above room 311. Its"
                    " neighbours are quiet. No change is planned for today.",
                    tried="Restarted monitor 3-12: no change. Moved it to room 320:"
                    " it stays connected there.",
                    wanted="Look at the access point above room 311, and say by when"
                    " the ward can do without the cable.",
                ),
            ),
            (
                ago(hours=4, minutes=50),
                urge("Nora", "Two of them are beside patients after an operation."),
            ),
        ],
    ),
    Story(
        name="north-scanner",
        at=day(5, "08:40"),
        by="Elif",
        title="Scans do not arrive in the folder",
        text="What I scan at the big printer does not arrive in the team's folder.",
        service="Hospital network",
        category="Network / No connection",
        urgency=Urgency.HINDERED,
        then=[
            (day(5, "08:52"), triage("Jonas")),
            (day(5, "08:53"), take("Jonas")),
            (day(5, "09:20"), check("Jonas")),
            (
                day(5, "09:30"),
                escalate(
                    "Jonas",
                    to="Network",
                    symptom="The printer says “sent”; nothing is in the folder.",
                    diagnosis="The folder is there and others can write to it.",
                    tried="Another folder: the same. Another printer: it works.",
                    wanted="Is the printer's port open to the file server?",
                ),
            ),
            (day(5, "11:10"), take("Lin")),
            (
                day(5, "11:45"),
                hand_back("Lin", "The port is open. Look at the printer's account."),
            ),
            (day(5, "13:00"), take("Jonas")),
            (day(4, "09:00"), note("Jonas", "The account is fine: it can log in.")),
            (day(4, "09:10"), check("Jonas")),
            (
                day(4, "09:15"),
                escalate(
                    "Jonas",
                    to="Network",
                    symptom="As before; now with a number: error 0x4C3 in its log.",
                    diagnosis="The account works, so it is not the password.",
                    tried="A new account: the same error.",
                    wanted="Which of our rules answers with 0x4C3?",
                ),
            ),
            (
                day(4, "15:20"),
                hand_back("Samuel", "None. The printer asks for an old protocol."),
            ),
            (
                ago(hours=3, minutes=30),
                call_attention("Jonas", "Who decides on a new printer, and when?"),
            ),
            (ago(hours=3, minutes=5), attend("Marta")),
        ],
    ),
]
