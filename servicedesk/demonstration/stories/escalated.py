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
    resolve,
    take,
    triage,
    urge,
)
from servicedesk.demonstration.hospital import CAREFUL_DESK
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
    Story(
        name="results-twice",
        at=day(3, "09:10"),
        by="Leila",
        title="Blood results stand twice in the record",
        text="Since this morning the results of some patients stand there twice, with"
        " the same time.",
        service="Laboratory results",
        category="Software / Wrong data",
        urgency=Urgency.HINDERED,
        people=9,
        then=[
            (day(3, "09:22"), triage("Priya")),
            (day(3, "09:23"), take("Priya")),
            (day(3, "09:40"), check("Priya")),
            (
                day(3, "09:50"),
                escalate(
                    "Priya",
                    to="Clinical applications",
                    symptom="Of twelve results that came after 07:00, five stand twice."
                    " Values and times are equal.",
                    diagnosis="Those from before 07:00 stand once. The laboratory says"
                    " that it sent each of them once.",
                    tried="Opened the record on another computer: the same.",
                    wanted="Where does the second one come from, and is it safe to"
                    " read on?",
                ),
            ),
            (day(3, "10:25"), take("Elif")),
            (
                day(3, "11:10"),
                reply("Elif", "Reading on is safe: the values are right, only twice."),
            ),
            (
                day(2, "10:15"),
                escalate(
                    "Elif",
                    to="MedSoft (supplier)",
                    symptom="Results that arrive within one second of each other are"
                    " kept twice.",
                    diagnosis="Our interface gets each of them once, and passes it on"
                    " once; its log has the numbers of five.",
                    tried="Sent one again by hand, alone: it is kept once.",
                    wanted="A correction, or the setting that puts a pause between"
                    " two results.",
                ),
            ),
            (day(2, "13:30"), take("Diego")),
            (
                day(1, "15:05"),
                note("Diego", "Seen here as well with 4.7; 4.6 keeps them once."),
            ),
        ],
    ),
    Story(
        name="old-duty-list",
        at=day(1, "10:20"),
        by="Anton",
        title="The calendar of the ward shows an old duty list",
        text="Who works tonight is right in the plan and wrong in the calendar.",
        service="E-mail and calendar",
        category="Software / Wrong data",
        urgency=Urgency.HINDERED,
        people=14,
        then=[
            (day(1, "10:31"), triage("Jonas")),
            (day(1, "10:32"), take("Jonas")),
            (day(1, "10:50"), check("Jonas")),
            (
                day(1, "11:05"),
                escalate(
                    "Jonas",
                    to="Workplace",
                    symptom="Changes to the plan since yesterday at noon are not in the"
                    " calendar.",
                    diagnosis="The plan and the calendar both work by themselves.",
                    tried="Took the calendar out and put it in again: the same list.",
                    wanted="Is the job that copies the plan still running?",
                ),
            ),
        ],
    ),
    Story(
        name="calls-end",
        at=day(4, "08:15"),
        by="Yusuf",
        title="Calls end after a quarter of an hour",
        text="Every long call from the north clinic ends after 15 minutes, to the"
        " second.",
        service="Telephones",
        category="Hardware / Telephone",
        impact=Impact.TEAM,
        urgency=Urgency.HINDERED,
        people=8,
        then=[
            (day(4, "08:24"), triage("Ingrid", desk=CAREFUL_DESK)),
            (day(4, "08:25"), take("Ingrid")),
            (day(4, "08:40"), check("Ingrid")),
            (
                day(4, "08:55"),
                escalate(
                    "Ingrid",
                    to="Network",
                    symptom="Calls to outside end after 15 min 0 s. Inside they go on.",
                    diagnosis="All eight telephones; not the mobile ones.",
                    tried="Another line at the counter: the same.",
                    wanted="What ends a call after 15 minutes between us and outside?",
                ),
            ),
            (day(4, "09:30"), take("Lin")),
            (
                day(4, "14:10"),
                escalate(
                    "Lin",
                    to="Platform engineering",
                    symptom="The gateway of the clinic ends each call after 900 s.",
                    diagnosis="It waits for an answer that the new firewall drops.",
                    tried="A call around the firewall: still up after 40 minutes.",
                    wanted="Let the firewall pass the answers of the gateway.",
                ),
            ),
            (day(3, "08:45"), take("Ruth")),
            (
                day(3, "16:20"),
                resolve(
                    "Ruth",
                    "The firewall passes the gateway's answers now. Calls no longer"
                    " end after 15 minutes.",
                    "Two calls to outside, both up after 35 minutes.",
                ),
            ),
        ],
    ),
]
