"""How a story of the demonstration is told: every act through the services.

The acts of all stories are played in the order of time, each at its own moment, so
that numbers, history and links come out as they would have in real life.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID, uuid5

from accounts.models import Team, User
from activity import clock
from activity.handlers import muted
from activity.models import Timer
from activity.services.timers import Swept, sweep_batch
from catalogue.models import Category, Service
from incidents.codes import Impact, Kind, Source, Urgency
from incidents.models import Incident
from incidents.services import (
    keep_upload,
    log_contact,
    report_incident,
    resolve_at_first_contact,
)
from incidents.services.classifying import Classification
from incidents.services.reporting import Report
from incidents.services.resolving import Solution
from servicedesk.demonstration.files import File
from servicedesk.demonstration.hospital import DOMAIN
from servicedesk.demonstration.moments import When

NAMESPACE = UUID("5d0a6a5e-6c3c-5b0e-9f0f-7d7b1f1b6a11")
# What is older is told to nobody: nobody wants a month of mail at once.
NEWS = timedelta(hours=6)

Act = Callable[["Scene"], object]
Step = tuple[When, Act]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One incident, from its first word on. ``name`` never changes: it is how the
    incident is found again.

    ``agent`` took it on the telephone (or what ``source`` says), and solved it at
    once if it is ``solved``. ``category`` is a name, or two such as
    ``Hardware / Printer``.
    """

    name: str
    at: When
    by: str
    text: str
    service: str
    category: str
    title: str = ""
    kind: str = Kind.INCIDENT
    impact: int = Impact.ONE
    urgency: int = Urgency.HINDERED
    risks: tuple[str, ...] = ()
    people: int | None = None
    source: str = Source.PORTAL
    occurred: When | None = None
    files: tuple[File, ...] = ()
    agent: str = ""
    solved: Solution | None = None
    then: Sequence[Step] = field(default_factory=tuple)

    @property
    def submission(self) -> UUID:
        return uuid5(NAMESPACE, self.name)


class Cast:
    """Everybody and everything that a story calls by name."""

    def __init__(self) -> None:
        people = User.objects.filter(email__iendswith=f"@{DOMAIN}")
        self._people = {user.email.partition("@")[0]: user for user in people}
        self._teams = {team.name: team for team in Team.objects.all()}
        self._services = {one.name: one for one in Service.objects.all()}
        self._categories = {
            _full_name(one): one for one in Category.objects.select_related("parent")
        }

    def person(self, first_name: str) -> User:
        return self._people[first_name.lower()]

    def team(self, name: str) -> Team:
        return self._teams[name]

    def service(self, name: str) -> Service:
        return self._services[name]

    def category(self, name: str) -> Category:
        return self._categories[name]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where an act takes place: its story, and the incidents there are by now."""

    story: Story
    now: datetime
    cast: Cast
    incidents: dict[str, int]

    @cached_property
    def incident(self) -> Incident:
        return self.other(self.story.name)

    @property
    def pk(self) -> int:
        return self.incidents[self.story.name]

    def other(self, name: str) -> Incident:
        """The incident of another story."""
        return Incident.objects.get(pk=self.incidents[name])

    def person(self, first_name: str) -> User:
        return self.cast.person(first_name)

    def kept(self, by: str, files: Iterable[File]) -> list[int]:
        """The numbers of files that somebody has chosen in a form."""
        owner = self.person(by)
        return [keep_upload(file.upload(), by=owner).pk for file in files]


def play(stories: Sequence[Story], now: datetime) -> None:
    """Tell those stories that were not told here yet. They end at ``now`` (aware)."""
    told = dict(
        Incident.objects.filter(
            submission__in=[story.submission for story in stories]
        ).values_list("submission", "pk")
    )
    incidents = {s.name: told[s.submission] for s in stories if s.submission in told}
    untold = [story for story in stories if story.submission not in told]
    if not untold:
        return
    cast = Cast()
    for at, story, act in _in_order(untold, now):
        scene = Scene(story=story, now=now, cast=cast, incidents=incidents)
        _let_time_pass(at, now)
        with clock.frozen_at(at), _heard(at, now):
            act(scene)
    _let_time_pass(now, now)


def classification(scene: Scene, **changes: object) -> Classification:
    """What triage says of this story; ``changes`` are what it says otherwise."""
    story = scene.story
    answers: dict[str, object] = {
        "service": scene.cast.service(str(changes.pop("service", story.service))),
        "category": scene.cast.category(str(changes.pop("category", story.category))),
        "impact": story.impact,
        "urgency": story.urgency,
        "kind": story.kind,
        "risks": story.risks,
        "people_affected": story.people,
    }
    return Classification(**(answers | changes))  # type: ignore[arg-type]


def _in_order(
    stories: Iterable[Story], now: datetime
) -> list[tuple[datetime, Story, Act]]:
    acts = [
        (when(now), story, act)
        for story in stories
        for when, act in [(story.at, _begin), *story.then]
    ]
    return sorted(acts, key=lambda one: one[0])  # What is simultaneous stays in order.


def _let_time_pass(until: datetime, now: datetime) -> None:
    """What falls due before ``until`` happens, each at its own moment."""
    done = Swept(fired=1)
    while done.total and (timer := Timer.objects.due(until).first()):
        with clock.frozen_at(timer.due_at), _heard(timer.due_at, now):
            done, _last = sweep_batch(at=timer.due_at)


def _heard(at: datetime, now: datetime) -> AbstractContextManager[None]:
    return nullcontext() if now - at < NEWS else muted()


def _begin(scene: Scene) -> None:
    story = scene.story
    if story.agent and story.solved:
        made = resolve_at_first_contact(
            _report(scene, story.agent),
            by=scene.person(story.agent),
            reporter=scene.person(story.by),
            classification=classification(scene),
            solution=story.solved,
        )
    elif story.agent:
        made = log_contact(
            _report(scene, story.agent),
            by=scene.person(story.agent),
            reporter=scene.person(story.by),
            classification=classification(scene),
        )
    else:
        made = report_incident(_report(scene, story.by), by=scene.person(story.by))
    scene.incidents[story.name] = made.pk


def _report(scene: Scene, by: str) -> Report:
    story = scene.story
    return Report(
        title=story.title,
        description=story.text,
        impact=story.impact,
        urgency=story.urgency,
        source=story.source,
        people_affected=story.people,
        occurred_at=story.occurred(scene.now) if story.occurred else None,
        submission=story.submission,
        files=scene.kept(by, story.files),
    )


def _full_name(category: Category) -> str:
    if category.parent is None:
        return category.name
    return f"{category.parent.name} / {category.name}"
