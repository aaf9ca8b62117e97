"""What Harbour Hospital knows: articles in every state, written and published by those
who would."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from activity import clock
from activity.handlers import muted
from knowledgebase import services
from knowledgebase.codes import Audience, FixStatus, Kind
from knowledgebase.models import Address, Article
from knowledgebase.services import Content
from knowledgebase.services.drafting import first_address
from servicedesk.demonstration.moments import When, ago, day
from servicedesk.demonstration.stage import Cast

EDITOR = "peter"

Step = tuple[When, Callable[["Writing"], object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article, who began it and when, and what was done with it then."""

    title: str
    kind: str
    by: str
    at: When
    said: dict[str, Any]
    services: Sequence[str] = ()
    categories: Sequence[str] = ()
    then: Sequence[Step] = ()

    def content(self, cast: Cast, **changes: Any) -> Content:
        return Content(
            title=self.title,
            services=[cast.service(name) for name in self.services],
            categories=[cast.category(name) for name in self.categories],
            **(self.said | changes),
        )


@dataclass(frozen=True, slots=True)
class Writing:
    """One act: which article, and who is there."""

    draft: Draft
    article: Article
    cast: Cast

    def do(self, name: str, by: str, **given: Any) -> None:
        service = getattr(services, name)
        person = self.cast.person(by)
        service(self.article.pk, by=person, expected_version=None, **given)


def submit(by: str) -> Callable[[Writing], object]:
    return lambda one: one.do("submit_for_review", by)


def publish(one: Writing) -> None:
    one.do("publish_article", EDITOR)


def begin_next(by: str, **changes: Any) -> Callable[[Writing], object]:
    def act(one: Writing) -> None:
        one.do("new_version", by)
        content = one.draft.content(one.cast, **changes)
        one.do("save_draft", by, content=content)

    return act


def send_back(reason: str) -> Callable[[Writing], object]:
    return lambda one: one.do("send_back", EDITOR, reason=reason)


def retire(reason: str) -> Callable[[Writing], object]:
    return lambda one: one.do("retire_article", EDITOR, reason=reason)


def write_down(now: datetime) -> None:
    """Write those articles that are not there yet. They end at ``now`` (aware)."""
    cast = Cast()
    there = set(Address.objects.values_list("slug", flat=True))
    for draft in DRAFTS:
        if first_address(draft.title) not in there:
            _write(draft, cast, now)


def _write(draft: Draft, cast: Cast, now: datetime) -> None:
    with muted():
        with clock.frozen_at(draft.at(now)):
            by = cast.person(draft.by)
            content = draft.content(cast)
            article = services.draft_article(by=by, kind=draft.kind, content=content)
        for when, act in draft.then:
            with clock.frozen_at(when(now)):
                act(Writing(draft, article, cast))


DRAFTS = [
    Draft(
        title="Label printer prints blank labels",
        kind=Kind.KNOWN_ERROR,
        by="priya",
        at=day(40, "10:15"),
        said={
            "audience": Audience.EVERYONE,
            "symptom": "The label printer on the ward feeds labels, but they come out"
            " **blank**. Often after a power cut or a new roll.",
            "workaround_reporters": "1. Switch the printer off, wait ten seconds,"
            " switch it on.\n2. Hold *Feed* until two labels came out.\n3. Print again."
            "\n\nStill blank? Turn the roll: the shiny side faces up.",
            "workaround_agents": "Set the darkness to 12 in the driver:\n\n"
            "    lpadmin -p WARD-LABEL -o darkness=12\n\nThen send a test label.",
            "cause": "After a power cut the printer starts with factory settings:"
            " darkness 0.",
            "fix_status": FixStatus.PLANNED,
            "signatures": ["ZBR-102", "label * head temperature"],
            "applicability": "Wards with label printers, driver 5.1",
        },
        services=["Printing"],
        categories=["Hardware / Printer"],
        then=[
            (day(40, "11:00"), submit("priya")),
            (day(39, "09:20"), publish),
            (
                day(12, "14:10"),
                begin_next(
                    "jonas",
                    workaround_agents="Set the darkness in the driver, and keep it:\n\n"
                    "    lpadmin -p WARD-LABEL -o darkness=12\n"
                    "    lpadmin -p WARD-LABEL -o save-settings=yes\n\nThen send a test"
                    " label.",
                    cause="After a power cut the printer starts with factory settings:"
                    " darkness 0. Driver 5.2 saves them, see the release notes.",
                ),
            ),
            (day(12, "14:30"), submit("jonas")),
            (day(11, "08:50"), publish),
        ],
    ),
    Draft(
        title="Patient records say “session expired” while you type",
        kind=Kind.KNOWN_ERROR,
        by="elif",
        at=day(25, "13:00"),
        said={
            "audience": Audience.AGENTS,
            "symptom": "Error **PR-4401** after ten to fifteen minutes, also while"
            " somebody is typing. What was typed is lost.",
            "workaround_agents": "Move the caller to the second pool: in the console"
            " under *Sessions*, choose the person and press *Move*. It lasts until they"
            " log off.\n\nTell them to press *Save* every few minutes until then.",
            "cause": "The load balancer counts time since log-in instead of time since"
            " the last key.",
            "fix_status": FixStatus.PLANNED,
            "signatures": ["PR-4401", "session * expired"],
        },
        services=["Patient records"],
        categories=["Software / Error message"],
        then=[(day(25, "13:40"), submit("elif")), (day(24, "10:05"), publish)],
    ),
    Draft(
        title="How do I forward my telephone?",
        kind=Kind.HOW_TO,
        by="jonas",
        at=day(35, "09:00"),
        said={
            "audience": Audience.EVERYONE,
            "body": "1. Lift the receiver and press `*21`.\n2. Dial the number that"
            " should ring instead.\n3. Press `#` and wait for the tone.\n\nTo end it,"
            " press `#21#`.\n\n> Pagers of the wards cannot be forwarded.",
        },
        services=["Telephones"],
        categories=["Hardware / Telephone"],
        then=[(day(35, "09:30"), submit("jonas")), (day(34, "15:00"), publish)],
    ),
    Draft(
        title="Which passwords are good enough?",
        kind=Kind.FAQ,
        by="priya",
        at=day(30, "11:00"),
        said={
            "audience": Audience.EVERYONE,
            "body": "At least **twelve characters**; a sentence is best. It must not"
            " contain your name.\n\nYou are asked for a new one only when somebody may"
            " know the old one. The service desk never asks for it, not even by"
            " telephone.",
        },
        services=["Computers and accounts"],
        categories=["Access / Password"],
        then=[(day(30, "11:10"), submit("priya")), (day(29, "09:00"), publish)],
    ),
    Draft(
        title="Who says what in a major incident?",
        kind=Kind.HOW_TO,
        by="marta",
        at=day(28, "16:00"),
        said={
            "audience": Audience.STAFF,
            "body": "| Who | says | to whom |\n|---|---|---|\n"
            "| Incident commander | what is done next | the teams that work on it |\n"
            "| Service desk lead | what is broken, and until when | all it affects |\n"
            "| Manager | what it means for the house | the board |\n\n"
            "Nobody speaks to the press but the press office:"
            " [press@harbour.example](mailto:press@harbour.example).",
        },
        then=[(day(28, "16:30"), submit("marta")), (day(27, "09:00"), publish)],
    ),
    Draft(
        title="How do guests get into the Wi-Fi?",
        kind=Kind.HOW_TO,
        by="samuel",
        at=day(160, "10:00"),
        said={
            "audience": Audience.EVERYONE,
            "body": "Print a voucher at the reception. It holds for one day and two"
            " devices. The network is called **Harbour-Guest**.",
        },
        services=["Wi-Fi"],
        categories=["Network / Wi-Fi"],
        then=[(day(160, "10:30"), submit("samuel")), (day(159, "11:00"), publish)],
    ),
    Draft(
        title="Wi-Fi drops on the new trolleys",
        kind=Kind.KNOWN_ERROR,
        by="samuel",
        at=day(3, "14:00"),
        said={
            "audience": Audience.EVERYONE,
            "symptom": "The computer on the trolley loses the Wi-Fi in the corridor"
            " between two wards, for about half a minute.",
            "workaround_reporters": "Stand still for half a minute before you log in"
            " again. What you typed is kept.",
            "workaround_agents": "Switch roaming to *aggressive* in the adapter's"
            " settings.",
            "cause": "The adapter holds on to the first access point for too long.",
            "signatures": ["ROAM-TIMEOUT"],
        },
        services=["Wi-Fi", "Hospital network"],
        categories=["Network / Wi-Fi"],
        then=[
            (day(3, "14:20"), submit("samuel")),
            (day(2, "09:10"), send_back("Which trolleys? The old ones do not do it.")),
            (
                day(2, "10:00"),
                lambda one: one.do(
                    "save_draft",
                    "samuel",
                    content=one.draft.content(
                        one.cast, applicability="Trolleys bought since September"
                    ),
                ),
            ),
            (ago(hours=3), submit("samuel")),
        ],
    ),
    Draft(
        title="Calendar shows meetings an hour late",
        kind=Kind.KNOWN_ERROR,
        by="priya",
        at=day(1, "15:30"),
        said={
            "audience": Audience.AGENTS,
            "symptom": "Meetings of other people stand an hour late in the calendar,"
            " one's own are right.",
        },
        services=["E-mail and calendar"],
    ),
    Draft(
        title="How do I send a fax?",
        kind=Kind.HOW_TO,
        by="jonas",
        at=day(90, "09:00"),
        said={
            "audience": Audience.EVERYONE,
            "body": "Dial `9`, the number, and lay the page face down.",
        },
        then=[
            (day(90, "09:30"), submit("jonas")),
            (day(89, "10:00"), publish),
            (day(8, "13:00"), retire("The fax server was switched off in spring.")),
        ],
    ),
]
