"""What somebody works on, or should."""

from incidents.codes import Impact, Kind, LinkKind, Risk, Source, Urgency
from servicedesk.demonstration.acts import (
    announce,
    answer,
    ask,
    assign,
    declare_major,
    hand_over,
    link,
    me_too,
    note,
    override,
    reclassify,
    reject,
    reply,
    resolve,
    retitle,
    share,
    start,
    take,
    transfer,
    triage,
    watch,
)
from servicedesk.demonstration.files import screenshot, text
from servicedesk.demonstration.hospital import CAREFUL_DESK
from servicedesk.demonstration.moments import ago, ahead, day
from servicedesk.demonstration.stage import Story

ACCOUNTS = "Computers and accounts"

RESULTS_LATE = Story(
    name="results-late",
    at=ago(hours=2, minutes=10),
    by="Priya",
    source=Source.MONITORING,
    occurred=ago(hours=2, minutes=25),
    title="Laboratory results arrive an hour late",
    text="Monitoring: the queue from the laboratory to the record holds 412 results,"
    " the oldest from 58 minutes ago.",
    service="Laboratory results",
    category="Software / Slow",
    impact=Impact.EVERYONE,
    urgency=Urgency.CANNOT_WORK,
    people=180,
    risks=(Risk.COMPLIANCE,),
    then=[
        (ago(hours=2, minutes=8), triage("Priya")),
        (ago(hours=2, minutes=7), take("Priya")),
        (
            ago(hours=2, minutes=3),
            declare_major("Marta", "All wards wait for results; treatment depends."),
        ),
        (ago(hours=2, minutes=2), watch("Marta")),
        (
            ago(hours=1, minutes=55),
            reply(
                "Priya",
                "Results of the laboratory arrive up to an hour late. Urgent ones are"
                " telephoned by the laboratory. Next news in half an hour.",
            ),
        ),
        (
            ago(hours=1, minutes=52),
            announce(
                "Priya",
                "Laboratory results reach the record up to an hour late",
                "Urgent results are telephoned by the laboratory. Do not order again.",
            ),
        ),
        (ago(hours=1, minutes=44), me_too("Tomas")),
        (
            ago(hours=1, minutes=40),
            note(
                "Priya",
                "Elif sees one import that blocks the others. Log attached.",
                text("import.log", "LAB-1 waits for LAB-7\nLAB-7 since 61 min\n"),
            ),
        ),
        (
            ago(hours=1, minutes=25),
            reply(
                "Priya",
                "One import blocks the others and is being stopped. Next news in half"
                " an hour.",
            ),
        ),
        (
            ago(minutes=50),
            reply("Priya", "120 of 412 results have arrived, the oldest first."),
        ),
    ],
)

WORKED = [
    RESULTS_LATE,
    Story(
        name="results-late-ward",
        at=ago(hours=1, minutes=35),
        by="Leila",
        agent="Jonas",
        source=Source.PHONE,
        title="Where is the potassium of room 307?",
        text="Taken at six, and still not in the record. The laboratory says sent.",
        service="Laboratory results",
        category="Software / Slow",
        urgency=Urgency.CANNOT_WORK,
        then=[
            (
                ago(hours=1, minutes=33),
                link("Jonas", to="results-late", kind=LinkKind.PARENT),
            ),
            (
                ago(hours=1, minutes=31),
                reply("Jonas", "The laboratory telephones the value to you now."),
            ),
        ],
    ),
    Story(
        name="nora-medicine-cart",
        at=day(2, "07:55"),
        by="Nora",
        title="Computer on the medicine cart loses the record",
        text="Between rooms 310 and 314 the record closes and I have to log in again.",
        service="Wi-Fi",
        category="Network / Wi-Fi",
        impact=Impact.TEAM,
        urgency=Urgency.HINDERED,
        people=14,
        then=[
            (day(2, "08:05"), triage("Priya")),
            (day(2, "08:06"), take("Priya")),
            (day(2, "08:20"), share("Nora", with_="Leila")),
            (
                day(2, "08:30"),
                ask(
                    "Priya",
                    "Does it also happen with the second cart?",
                    until=day(1, "08:00"),
                ),
            ),
            (day(2, "09:10"), answer("Nora", "Yes, at the same doors.")),
            (
                day(1, "10:30"),
                note("Priya", "Weak signal at 312, measured with Lin's tool."),
            ),
            (
                ago(hours=1, minutes=15),
                reply("Priya", "The antenna at 312 is weak; we set up a second one."),
            ),
        ],
    ),
    Story(
        name="anton-admission-slow",
        at=day(1, "10:02"),
        by="Anton",
        agent="Priya",
        source=Source.PHONE,
        title="Admission screen needs ten seconds per field",
        text="Every field of the admission takes ten seconds. A queue is forming.",
        service="Patient records",
        category="Software / Slow",
        impact=Impact.TEAM,
        urgency=Urgency.CANNOT_WORK,
        people=6,
        risks=(Risk.FINANCIAL,),
        then=[
            (
                day(1, "10:20"),
                reply("Priya", "The insurance check is slow; skip it with F9 for now."),
            ),
            (day(1, "13:30"), note("Priya", "The insurer answers in 9 s since 8:00.")),
        ],
    ),
    Story(
        name="grace-report-export",
        at=day(2, "11:44"),
        by="Grace",
        title="Export of the monthly report stops at half",
        text="The export stops at 50 per cent, and the board meets on Tuesday.",
        service="Patient records",
        category="Software / Error message",
        urgency=Urgency.HINDERED,
        files=(text("message.txt", "Export 50 %: row 65536 cannot be written\n"),),
        then=[
            (day(2, "12:02"), triage("Marta", urgency=Urgency.CAN_WAIT)),
            (day(2, "12:05"), assign("Marta", to="Jonas")),
            (day(2, "12:30"), start("Jonas")),
            (
                day(2, "12:32"),
                reclassify(
                    "Jonas", "The board meets on Tuesday.", urgency=Urgency.CANNOT_WORK
                ),
            ),
            (
                day(1, "15:20"),
                resolve(
                    "Jonas",
                    "The export writes the new file format, which has no limit.",
                    "The report of last month has 81,204 rows.",
                ),
            ),
            (
                ago(hours=5),
                reject("The file opens, and the column of departments is empty."),
            ),
            (ago(hours=4, minutes=30), start("Jonas")),
            (
                ago(hours=4),
                reply("Jonas", "I see it. Departments come from another list."),
            ),
        ],
    ),
    Story(
        name="samuel-monitor-arm",
        at=day(3, "14:08"),
        by="Samuel",
        title="Screens for the network room",
        text="The network room gets two wall screens; we need a computer behind them.",
        service=ACCOUNTS,
        category="Hardware / Screen",
        kind=Kind.SERVICE_REQUEST,
        urgency=Urgency.CAN_WAIT,
        then=[
            (day(3, "14:30"), triage("Jonas")),
            (day(3, "14:31"), take("Jonas")),
            (day(3, "14:32"), share("Samuel", with_="Lin")),
            (day(1, "11:05"), reply("Jonas", "Both screens are here. Is Monday good?")),
            (day(1, "11:30"), answer("Samuel", "Monday after ten is good.")),
        ],
    ),
    Story(
        name="north-referrals",
        at=day(2, "08:15"),
        by="Tomas",
        title="Referrals",
        text="Referrals from three practices did not arrive since Tuesday.",
        service="E-mail and calendar",
        category="Software / Error message",
        impact=Impact.TEAM,
        urgency=Urgency.CANNOT_WORK,
        people=5,
        then=[
            (day(2, "08:25"), triage("Ingrid", desk=CAREFUL_DESK)),
            (
                day(2, "08:26"),
                retitle("Ingrid", "Referrals of three practices missing"),
            ),
            (day(2, "08:27"), take("Mateo")),
            (
                day(2, "09:00"),
                reply("Mateo", "The practices can send by fax to 4471 until then."),
            ),
            (
                day(1, "09:30"),
                transfer(
                    "Mateo",
                    to="Service desk",
                    reason="The mail filter of the main house holds them back.",
                ),
            ),
            (day(1, "09:50"), take("Jonas")),
            (day(1, "09:51"), hand_over("Marta", to="Jonas")),
            (
                day(1, "10:40"),
                reply("Jonas", "Found 17 referrals; they are on the way."),
            ),
        ],
    ),
    Story(
        name="north-fridge-alarm",
        at=day(1, "07:22"),
        by="Yusuf",
        title="Temperature of the vaccine fridge is not recorded",
        text="The fridge is cold, but the record has no value since midnight.",
        service=ACCOUNTS,
        category="Software / Wrong data",
        risks=(Risk.COMPLIANCE,),
        urgency=Urgency.CANNOT_WORK,
        then=[
            (day(1, "07:35"), triage("Mateo", desk=CAREFUL_DESK)),
            (day(1, "07:36"), take("Mateo")),
            (
                day(1, "07:50"),
                override("Ingrid", 2, "Vaccines are thrown away after 24 hours."),
            ),
            (
                day(1, "08:10"),
                reply("Mateo", "Please write the temperature down every two hours."),
            ),
        ],
    ),
    Story(
        name="elif-test-system",
        at=day(4, "10:25"),
        by="Elif",
        title="Test system has real names in it",
        text="The copy for tests shows real patients; it should show invented ones.",
        service="Patient records",
        category="Software / Wrong data",
        impact=Impact.TEAM,
        urgency=Urgency.HINDERED,
        risks=(Risk.SECURITY, Risk.COMPLIANCE),
        people=7,
        files=(screenshot("names blurred.png"),),
        then=[
            (day(4, "10:40"), triage("Marta")),
            (day(4, "10:41"), take("Marta")),
            (day(4, "11:10"), note("Marta", "Copy switched off at 11:05.")),
            (
                day(4, "11:12"),
                reply("Marta", "The copy is off until names are changed."),
            ),
            (day(2, "15:00"), note("Marta", "Ruth writes the new copy job.")),
        ],
    ),
    Story(
        name="oskar-driver-package",
        at=day(3, "15:33"),
        by="Oskar",
        title="Driver package does not install on new laptops",
        text="Twelve new laptops stop at the driver of the fingerprint reader.",
        service=ACCOUNTS,
        category="Hardware / Computer",
        impact=Impact.TEAM,
        urgency=Urgency.CAN_WAIT,
        people=12,
        then=[
            (day(3, "15:50"), triage("Jonas")),
            (day(2, "09:15"), assign("Marta", to="Priya")),
        ],
    ),
    Story(
        name="lin-survey-mail",
        at=day(1, "13:25"),
        by="Lin",
        title="Survey mail looks like an attack",
        text="The survey about the canteen comes from outside and asks for a log-in.",
        service="E-mail and calendar",
        category="Software / Error message",
        risks=(Risk.SECURITY,),
        urgency=Urgency.CAN_WAIT,
        then=[(day(1, "13:45"), triage("Priya"))],
    ),
    Story(
        name="peter-broken-links",
        at=day(1, "15:12"),
        by="Peter",
        title="Links in the intranet lead nowhere",
        text="Since the move of the intranet, links in guidelines are dead.",
        service=ACCOUNTS,
        category="Software / Error message",
        impact=Impact.TEAM,
        urgency=Urgency.CAN_WAIT,
        people=40,
        then=[(day(1, "15:40"), triage("Jonas"))],
    ),
    Story(
        name="anton-parking-gate",
        at=ago(hours=3, minutes=20),
        by="Anton",
        title="Barrier does not know my new car",
        text="The barrier of the staff car park stays down for my new number plate.",
        service=ACCOUNTS,
        category="Access / Missing permission",
        kind=Kind.SERVICE_REQUEST,
        urgency=Urgency.CAN_WAIT,
        then=[
            (ago(hours=2, minutes=50), triage("Marta")),
            (ago(hours=2, minutes=40), assign("Marta", to="Priya")),
        ],
    ),
    Story(
        name="north-camera-waiting",
        at=ago(hours=4, minutes=30),
        by="Yusuf",
        title="Video consultation without picture",
        text="Patients hear me and see a grey field.",
        service=ACCOUNTS,
        category="Hardware / Computer",
        urgency=Urgency.HINDERED,
        then=[
            (ago(hours=4), triage("Ingrid", desk=CAREFUL_DESK)),
            (ago(hours=3, minutes=55), take("Ingrid")),
            (
                ago(hours=3, minutes=30),
                ask(
                    "Ingrid",
                    "Is the little slider in front of the lens open? It is grey too.",
                    until=ahead(1, "16:00"),
                ),
            ),
        ],
    ),
]
