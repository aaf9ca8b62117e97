"""What nobody has looked at yet: from hours ago to just now."""

from incidents.codes import Impact, Kind, Risk, Source, Urgency
from servicedesk.demonstration.acts import share
from servicedesk.demonstration.files import screenshot, text
from servicedesk.demonstration.moments import ago
from servicedesk.demonstration.stage import Story

ACCOUNTS = "Computers and accounts"

FRESH = [
    Story(
        name="ward-lamp-tablet",
        at=ago(hours=5, minutes=40),
        by="Leila",
        title="Tablet stays dark in the isolation room",
        text="The tablet in the isolation room stays dark. It is not the battery: it"
        " was charging all night.",
        service=ACCOUNTS,
        category="Hardware / Computer",
    ),
    Story(
        name="hanna-statistics",
        at=ago(hours=4, minutes=5),
        by="Hanna",
        text="The monthly statistics count every transfer between wards as a new"
        " admission. In March it was right.",
        service="Patient records",
        category="Software / Wrong data",
        urgency=Urgency.CAN_WAIT,
        files=(
            text("march and april.csv", "month,admissions\nMarch,812\nApril,1904\n"),
        ),
    ),
    Story(
        name="victor-figures",
        at=ago(hours=2, minutes=30),
        by="Victor",
        title="Access to the cost reports",
        text="I need the cost reports of the clinics for the budget meeting.",
        service="Patient records",
        category="Access / Missing permission",
        kind=Kind.SERVICE_REQUEST,
        urgency=Urgency.CAN_WAIT,
    ),
    Story(
        name="ada-login-codes",
        at=ago(hours=1, minutes=20),
        by="Ada",
        title="Codes for the log-in come twice",
        text="Everybody in administration gets two codes for one log-in since noon.",
        service=ACCOUNTS,
        category="Software / Error message",
        impact=Impact.TEAM,
        urgency=Urgency.HINDERED,
        people=11,
        risks=(Risk.SECURITY,),
    ),
    Story(
        name="north-no-dial-tone",
        at=ago(minutes=42),
        by="Tomas",
        title="No dial tone at the counter",
        text="Both telephones at the counter of the north clinic are dead. We use a"
        " mobile.",
        service="Telephones",
        category="Hardware / Telephone",
        impact=Impact.TEAM,
        urgency=Urgency.CANNOT_WORK,
        people=6,
        then=[(ago(minutes=40), share("Tomas", with_="Yusuf"))],
    ),
    Story(
        name="nora-scale",
        at=ago(minutes=25),
        by="Nora",
        title="Scale does not send the weight",
        text="The scale of ward 3 shows the weight and the record stays empty. We type"
        " it in by hand.",
        service="Patient records",
        category="Software / Wrong data",
        files=(screenshot("empty weight.png"),),
    ),
    Story(
        name="carmen-siren-test",
        at=ago(minutes=11),
        by="Carmen",
        title="Alarm plan shows last year's numbers",
        text="The alarm plan on the intranet has the telephone numbers of last year.",
        service=ACCOUNTS,
        category="Software / Wrong data",
        impact=Impact.EVERYONE,
        urgency=Urgency.HINDERED,
        source=Source.PORTAL,
    ),
    Story(
        name="anton-receipt-printer",
        at=ago(minutes=4),
        by="Anton",
        text="The receipt printer at admission prints only blank paper since a minute"
        " ago, and four people are waiting.",
        service="Printing",
        category="Hardware / Printer",
        urgency=Urgency.CANNOT_WORK,
    ),
]
