"""What a move would do to the clocks, read before it is made. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from accounts.models import Team
from activity.models import Event
from catalogue.models import Service
from incidents.clocks.history import REMATCHED, History, history_of
from incidents.codes import HoldReason, Status
from incidents.events import Kind
from incidents.models import Incident
from sla.clock import Reading
from sla.codes import Metric
from sla.models import PolicyVersion
from sla.services import Match, match_policy

# After these an incident that was on hold still is.
LEFT_ON_HOLD: Final = (Kind.RECLASSIFY, Kind.OVERRIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is about to happen. What is ``None`` stays as the incident has it.

    ``nature`` is a code of ``codes.Kind``; ``hold`` one of ``HoldReason``, which lasts
    until ``until`` (aware) at the latest. ``first`` happens before it, in the same
    breath.
    """

    kind: str
    service: Service | None = None
    team: Team | None = None
    nature: str | None = None
    severity: int | None = None
    hold: str = ""
    until: datetime | None = None
    first: "Plan | None" = None

    @property
    def steps(self) -> "list[Plan]":
        return [*(self.first.steps if self.first else []), self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The last cycle of one clock: as it stands, as it would stand, and as it would
    after what may follow: taken as well, or gone on with at the end of the hold."""

    metric: Metric
    before: Reading | None
    after: Reading | None
    then: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What ``plan`` would do at ``at``; without a plan, how it stands.

    ``version`` is the policy that counts now; ``match`` the one that would, and why:
    ``None`` where none fits, or where the move asks for none (``is_matched``).
    ``versions`` holds every policy of the effects, by its id.
    """

    plan: Plan | None
    at: datetime
    effects: Sequence[Effect]
    version: PolicyVersion | None
    is_matched: bool = False
    match: Match | None = None
    versions: Mapping[int, PolicyVersion] = field(default_factory=dict)


def preview(incident: Incident, plan: Plan | None, at: datetime) -> Preview:
    """How the clocks of an incident, locked or not, would stand if ``plan`` happened at
    ``at`` (aware). Writes nothing and leaves the instance as it is."""
    history = history_of(incident)
    version = _version(history)
    match: Match | None = None
    after, then = history, history
    if plan is not None:
        for step in plan.steps:
            match = _match_of(incident, step, at)
            holds = _of(match) if step.kind in REMATCHED else _version(after)
            after = after.followed_by(_event(step, at), holds)
        then = _what_follows(incident, plan, after, at)
    effects = _effects(history.readings(at), _latest(after, at), _latest(then, at))
    return Preview(
        plan=plan,
        at=at,
        effects=effects,
        version=version,
        is_matched=plan is not None and plan.kind in REMATCHED,
        match=match,
        versions=_versions(effects, version),
    )


def _match_of(incident: Incident, plan: Plan, at: datetime) -> Match | None:
    return match_for(incident, plan, at) if plan.kind in REMATCHED else None


def match_for(incident: Incident, plan: Plan, at: datetime) -> Match | None:
    """The policy that would fit it."""
    return match_policy(
        service=plan.service or incident.service,
        team=plan.team or incident.team,
        kind=plan.nature or incident.kind,
        severity=plan.severity or incident.severity,
        at=at,
    )


def _of(match: Match | None) -> PolicyVersion | None:
    return match.version if match else None


def _version(history: History) -> PolicyVersion | None:
    """The policy that counts, whatever happened last."""
    if not history.is_promised:
        return None
    return history.matches[max(history.matches)].version


def _event(plan: Plan, at: datetime) -> Event:
    """As the service would write it, as far as clocks read it."""
    data: dict[str, object] = {"reason": plan.hold} if plan.hold else {}
    if plan.hold == HoldReason.AWAITING_REPORTER:
        data["notes"] = {"question": ""}
    return Event(kind=plan.kind, at=at, data=data)


def _what_follows(
    incident: Incident, plan: Plan, after: History, at: datetime
) -> History:
    """Whoever triages may take it in the same breath; a hold ends at its *until*."""
    if plan.kind == Kind.TRIAGE:
        return after.followed_by(Event(kind=Kind.TAKE, at=at), _version(after))
    until = plan.until
    if plan.kind in LEFT_ON_HOLD and incident.status == Status.ON_HOLD:
        until = incident.hold_until
    if until is None or until <= at:
        return after
    return after.followed_by(Event(kind=Kind.RESUME, at=until), _version(after))


def _latest(history: History, at: datetime) -> list[Reading]:
    """At the moment that is written down beside them: when something happened last."""
    return history.readings(max(at, history.latest_at))


def _effects(
    before: Sequence[Reading], after: Sequence[Reading], then: Sequence[Reading]
) -> list[Effect]:
    """One for each clock that promises something, now or afterwards."""
    last = [{one.metric: one for one in found} for found in (before, after, then)]
    effects = [
        Effect(metric=metric, before=now, after=soon, then=later)
        for metric in Metric
        for now, soon, later in [[found.get(metric) for found in last]]
    ]
    return [one for one in effects if is_promised(one.before) or is_promised(one.after)]


def is_promised(reading: Reading | None) -> bool:
    return reading is not None and reading.target is not None


def _versions(
    effects: Sequence[Effect], version: PolicyVersion | None
) -> dict[int, PolicyVersion]:
    """With the names of policies and calendars, in one question."""
    readings = [one for effect in effects for one in (effect.before, effect.after)]
    pks = {one.policy for one in readings if one is not None}
    if version is not None:
        pks.add(version.pk)
    named = PolicyVersion.objects.select_related("policy", "calendar")
    return named.in_bulk(pks)
