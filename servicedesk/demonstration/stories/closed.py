"""What took longer, and is closed."""

from incidents.codes import Channel, Impact, Kind, ResolutionCode, Risk, Source, Urgency
from servicedesk.demonstration.acts import (
    announce,
    answer,
    ask,
    assign,
    call,
    close,
    confirm,
    declare_major,
    link,
    note,
    override,
    reclassify,
    reject,
    reply,
    resolve,
    retitle,
    share,
    stand_down,
    start,
    take,
    transfer,
    triage,
    waive,
    watch,
    works_again,
)
from servicedesk.demonstration.files import screenshot, text
from servicedesk.demonstration.hospital import CAREFUL_DESK
from servicedesk.demonstration.moments import day
from servicedesk.demonstration.stage import Story

CORE_SWITCH = Story(
    name="core-switch",
    at=day(15, "08:58"),
    by="Priya",
    source=Source.MONITORING,
    occurred=day(15, "08:52"),
    title="Core switch of building B does not answer",
    text="Monitoring: switch b-core-1 has not answered for five minutes. 214 devices"
    " behind it are silent.",
    service="Hospital network",
    category="Network / No connection",
    impact=Impact.EVERYONE,
    urgency=Urgency.CANNOT_WORK,
    people=214,
    risks=(Risk.COMPLIANCE,),
    then=[
        (day(15, "09:00"), triage("Priya")),
        (day(15, "09:01"), take("Priya")),
        (
            day(15, "09:03"),
            declare_major("Marta", "Two wards and the laboratory are offline."),
        ),
        (day(15, "09:04"), watch("Marta")),
        (day(15, "09:06"), announce("Marta", "Building B has no network")),
        (day(15, "09:12"), note("Priya", "Ruth is on the way to the cellar of B.")),
        (
            day(15, "09:30"),
            reply(
                "Priya",
                "Building B has no network. Platform engineering is at the switch."
                " Laboratory: please use the telephone for urgent results. We write"
                " again at 10:00.",
            ),
        ),
        (
            day(15, "10:00"),
            reply(
                "Priya",
                "A power supply has failed and is being changed. Next news at 10:30.",
            ),
        ),
        (
            day(15, "10:26"),
            resolve(
                "Priya",
                "A power supply of the switch in building B failed. It was replaced at"
                " 10:21, and everything behind the switch answers again.",
                "All 214 devices answer; the laboratory sent a result at 10:24.",
            ),
        ),
        (day(15, "10:40"), stand_down("Marta", "All wards are back since 10:21.")),
        (
            day(15, "13:15"),
            confirm(Channel.LINK, "Thank you. Building B is complete."),
        ),
        (day(15, "13:40"), close("Priya")),
    ],
)

ORDERS_LOST = Story(
    name="orders-not-sent",
    at=day(18, "07:42"),
    by="Nora",
    title="Laboratory orders of ward 3 do not arrive",
    text="We ordered blood counts for four patients at 6:30. The laboratory says it"
    " has none of them. On our screen all four say sent.",
    service="Laboratory results",
    category="Software / Wrong data",
    impact=Impact.TEAM,
    urgency=Urgency.CANNOT_WORK,
    people=12,
    risks=(Risk.COMPLIANCE,),
    files=(screenshot("four orders.png"),),
    then=[
        (day(18, "07:50"), triage("Jonas")),
        (day(18, "07:51"), take("Jonas")),
        (day(18, "07:55"), share("Nora", with_="Leila")),
        (
            day(18, "08:02"),
            reply("Jonas", "Please send urgent orders by telephone until we write."),
        ),
        (
            day(18, "08:40"),
            note(
                "Jonas",
                "The queue to the laboratory stood still since 6:12. Log attached.",
                text("queue.log", "06:12:04 interface LAB-2 paused: disk full\n"),
            ),
        ),
        (
            day(18, "09:05"),
            resolve(
                "Jonas",
                "A full disk had stopped the queue to the laboratory. All orders since"
                " 6:12 were sent at 9:01.",
                "The laboratory sees all four orders of ward 3.",
            ),
        ),
        (day(18, "09:20"), reject("Two of the four are still missing.", Channel.LINK)),
        (day(18, "09:24"), start("Jonas")),
        (
            day(18, "10:10"),
            resolve(
                "Jonas",
                "Two orders had been refused because of a missing birth date. We"
                " completed and sent them, and the screen now says refused.",
                "Called the laboratory: all four are in work.",
            ),
        ),
        (day(18, "10:30"), confirm(Channel.PORTAL, "All four results are here.")),
        (day(18, "11:00"), close("Jonas")),
    ],
)

PAYROLL_MAIL = Story(
    name="payroll-phishing",
    at=day(13, "09:14"),
    by="Anton",
    agent="Marta",
    source=Source.PHONE,
    title="Mail asks for payroll passwords",
    text="A mail in the name of payroll asks for the password on a page that is not"
    " ours. Three colleagues have it too; one of them answered.",
    service="E-mail and calendar",
    category="Software / Error message",
    impact=Impact.TEAM,
    urgency=Urgency.HINDERED,
    people=4,
    risks=(Risk.SECURITY, Risk.FINANCIAL),
    then=[
        (
            day(13, "09:20"),
            override("Marta", 2, "A password was given away. This cannot wait."),
        ),
        (
            day(13, "09:41"),
            note("Marta", "Password of the colleague reset, sessions ended at 9:38."),
        ),
        (
            day(13, "11:30"),
            resolve(
                "Marta",
                "The mail is gone from all mailboxes, the page is blocked, and the one"
                " password that was given away has been changed.",
                "Searched all mailboxes at 11:20: none left.",
            ),
        ),
        (day(13, "14:05"), call("Jonas", "Anton: nobody has seen the mail since.")),
        (day(13, "14:20"), close("Jonas")),
    ],
)

SILENT_WAIVED = Story(
    name="old-fax-waived",
    at=day(19, "14:02"),
    by="Tomas",
    title="Fax of the dispensary prints upside down",
    text="Every fax comes out upside down since the paper was changed.",
    service="Printing",
    category="Hardware / Printer",
    urgency=Urgency.CAN_WAIT,
    then=[
        (day(19, "15:10"), triage("Mateo", desk=CAREFUL_DESK)),
        (day(19, "15:12"), take("Mateo")),
        (
            day(18, "10:00"),
            resolve(
                "Mateo",
                "The paper tray was in the wrong way round. We turned it.",
                "Two test faxes came out upright.",
            ),
        ),
        (
            day(11, "09:00"),
            waive("Ingrid", "Tomas is abroad, and the faxes of this week are upright."),
        ),
        (day(11, "09:10"), close("Mateo")),
    ],
)

SELF_HEALED = Story(
    name="lift-display-self",
    at=day(9, "10:33"),
    by="Leila",
    title="Waiting room display is frozen",
    text="The display in the waiting room shows 8:15 since this morning.",
    service=("Computers and accounts"),
    category="Hardware / Screen",
    then=[
        (day(9, "10:50"), triage("Priya")),
        (day(9, "11:40"), works_again("It restarted at noon and shows the time.")),
        (day(9, "13:00"), close("Priya")),
    ],
)

WRONG_DESK = Story(
    name="north-door-list",
    at=day(8, "08:20"),
    by="Yusuf",
    title="Door list",
    text="The list of who may enter the medicine room is from last year. Two people"
    " who left are on it, and I am not.",
    service="Computers and accounts",
    category="Access / Missing permission",
    risks=(Risk.COMPLIANCE, Risk.SECURITY),
    kind=Kind.SERVICE_REQUEST,
    then=[
        (day(8, "08:45"), triage("Mateo", desk=CAREFUL_DESK)),
        (day(8, "08:46"), retitle("Mateo", "Door list of the medicine room is old")),
        (
            day(8, "09:00"),
            transfer(
                "Mateo",
                to="Service desk",
                reason="The door lists of both houses are kept at the main desk.",
            ),
        ),
        (day(8, "09:15"), assign("Marta", to="Priya")),
        (day(8, "09:30"), start("Priya")),
        (
            day(8, "09:32"),
            ask(
                "Priya",
                "Who is head of the medicine room now? They have to agree.",
                until=day(5, "09:00"),
            ),
        ),
        (day(7, "08:05"), answer("Yusuf", "Maria Santos, since the first of May.")),
        (
            day(7, "11:00"),
            resolve(
                "Priya",
                "Maria Santos agreed. You are on the list; the two who left are not.",
                "The door system shows the new list.",
                ResolutionCode.REQUEST_FULFILLED,
            ),
        ),
        (day(6, "07:30"), confirm(Channel.LOG_IN)),
        (day(6, "08:00"), close("Priya")),
    ],
)

DOSE_ROUNDING = Story(
    name="dose-rounding",
    at=day(11, "13:20"),
    by="Leila",
    title="Dose calculator rounds up",
    text="7.5 mg is shown as 8 mg in the medicine list. In the detail it is right.",
    service="Patient records",
    category="Software / Wrong data",
    impact=Impact.TEAM,
    urgency=Urgency.HINDERED,
    people=30,
    risks=(Risk.COMPLIANCE,),
    files=(screenshot("medicine list.png"),),
    then=[
        (day(11, "13:31"), triage("Marta", impact=Impact.ONE)),
        (day(11, "13:33"), take("Marta")),
        (
            day(11, "13:50"),
            reclassify(
                "Marta",
                "Not one ward: the list is the same everywhere.",
                impact=Impact.EVERYONE,
            ),
        ),
        (
            day(11, "14:05"),
            reply("Marta", "Until we write again, read doses in the detail only."),
        ),
        (
            day(10, "10:45"),
            resolve(
                "Marta",
                "The supplier corrected the list last night. It shows one decimal.",
                "Checked 7.5, 0.25 and 12 mg on three wards.",
            ),
        ),
        (day(10, "12:00"), confirm(Channel.PORTAL)),
        (day(10, "12:30"), close("Marta")),
    ],
)

SECOND_DOSE = Story(
    name="dose-rounding-north",
    at=day(10, "09:10"),
    by="Tomas",
    title="Tablet shows whole milligrams only",
    text="On the tablet of the round all doses are whole numbers.",
    service="Patient records",
    category="Software / Wrong data",
    then=[
        (day(10, "09:20"), triage("Ingrid", desk=CAREFUL_DESK)),
        (day(10, "09:21"), take("Ingrid")),
        (day(10, "09:25"), link("Ingrid", to="dose-rounding")),
        (
            day(10, "11:15"),
            resolve(
                "Ingrid",
                "It was the same fault as in the main house, corrected last night. The"
                " tablet needed a restart.",
                "The tablet shows 7.5 mg.",
            ),
        ),
        (day(9, "08:00"), call("Mateo", "Tomas says that decimals are shown.")),
        (day(9, "08:20"), close("Ingrid")),
    ],
)

CLOSED = [
    CORE_SWITCH,
    ORDERS_LOST,
    PAYROLL_MAIL,
    SILENT_WAIVED,
    SELF_HEALED,
    WRONG_DESK,
    DOSE_ROUNDING,
    SECOND_DOSE,
]
