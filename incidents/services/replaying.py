"""What happened in another system, brought in as it happened there."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from django.db import transaction

from accounts.models import Team
from activity.handlers import muted
from activity.lifecycle import Batch, Fact, begin_all
from activity.models import Event
from catalogue.models import Category
from incidents.codes import ENDED, Origin, ResolutionCode, Source, Status
from incidents.events import Kind
from incidents.models import (
    Holding,
    ImportedIncident,
    ImportRun,
    Incident,
    RefusedRow,
    Resolution,
    SeverityRule,
)
from incidents.replay.names import Names
from incidents.replay.step import Reason, Refused, State, Step

OURS: Final = (Kind.REPORT, Kind.REPLAY)
DIGEST_DIGITS: Final = 16
Matrix = Mapping[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was refused before anything of it was looked at here."""

    line: int
    number: str
    reason: Reason
    detail: str = ""


@dataclass
class Known:
    """One incident of a batch: its rows here, and what its events say so far."""

    incident: Incident
    imported: ImportedIncident
    rows: set[str] = field(default_factory=set)
    teams: set[int] = field(default_factory=set)
    solved: int = 0
    is_worked: bool = False

    def refuse(self, step: Step) -> None:
        if step.digest[:DIGEST_DIGITS] in self.rows:
            raise Refused(Reason.REPEATED, step.number)
        if self.is_worked:
            raise Refused(Reason.WORKED, self.incident.reference)
        if self.imported.last_at is not None and step.at < self.imported.last_at:
            raise Refused(Reason.LATE, self.imported.last_at.isoformat())


@transaction.atomic
def replay_steps(
    run: ImportRun, rows: Sequence[Step | Refusal], *, names: Names
) -> ImportRun:
    """Take these rows, in order of time: all of them or none; refused ones with why.

    One event for each row, at its own time, by whom the log names; the first row of
    an incident reports it. A row whose state differs from the one before moves the
    incident. Nobody is told, no timer is armed. The import counts every row.
    """
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    steps = [row for row in rows if isinstance(row, Step)]
    refusals = [row for row in rows if isinstance(row, Refusal)]
    with muted():
        names.prepare(steps)
        matrix = _matrix()
        known, new = _incidents(run, steps, names, matrix)
        replay = Replay(run=run, names=names, matrix=matrix)
        for step in steps:
            try:
                replay.take(known[step.number], step)
            except Refused as refused:
                refusals.append(
                    Refusal(step.line, step.number, refused.reason, refused.detail)
                )
        replay.write(known.values())
    _keep(run, refusals)
    run.position += len(rows)
    run.taken += len(rows) - len(refusals)
    run.refused += len(refusals)
    run.incidents += new
    run.moves += replay.moves
    run.save()
    return run


@dataclass
class Replay:
    """Rows of one batch on their way to events."""

    run: ImportRun
    names: Names
    matrix: Matrix
    batch: Batch = field(default_factory=Batch)
    moves: int = 0
    holdings: list[Holding] = field(default_factory=list)

    def take(self, known: Known, step: Step) -> None:
        """Raise ``Refused``, or put what the row says into the batch."""
        known.refuse(step)
        changed = _classify(known.incident, step, self.names, self.matrix)
        changed |= self._hand_on(known, step)
        data = {
            "import": self.run.pk,
            "line": step.line,
            "row": step.digest[:DIGEST_DIGITS],
            "state": step.state.code,
            "counters": dict(step.counters),
            "changed": changed,
        }
        for name in ("team", "owner"):
            if name in changed:
                data[name] = changed[name][1]
        self._tell(known, step, data)
        known.rows.add(step.digest[:DIGEST_DIGITS])
        known.imported.last_at = step.at
        known.imported.counters = dict(step.counters)

    def write(self, known: Any) -> None:
        """Save everything with few statements."""
        Holding.objects.bulk_create(self.holdings, ignore_conflicts=True)
        self.batch.write()
        # They are all there: one statement that only ever updates, and a quick one.
        ImportedIncident.objects.bulk_create(
            [one.imported for one in known],
            update_conflicts=True,
            unique_fields=["incident"],
            update_fields=["team", "state", "last_at", "counters", "extras_digest"],
        )

    def _tell(self, known: Known, step: Step, data: dict[str, Any]) -> None:
        incident = known.incident
        is_move = (
            step.state.status is not None and step.state.code != known.imported.state
        )
        fact = Fact(
            subject=incident,
            kind=Kind.REPLAY,
            by=self.names.person(step.actor) or self.names.system,
            at=step.at,
            data=data,
            notes=_notes(known.imported, step),
            public=is_move,
        )
        if not is_move:
            self.batch.record(fact)
            return
        self.moves += 1
        if incident.is_ended and step.state.status not in ENDED:
            # Whoever it was passed on to since has it now.
            data["team"] = incident.team_id
        resolution = self._resolution(known, step, fact)
        if resolution is not None:
            data["resolution"] = resolution.pk
        self.batch.fire(
            incident.replay,
            fact,
            status=step.state.status,
            hold_reason=step.state.hold_reason,
            resolution=resolution,
        )
        known.imported.state = step.state.code

    def _resolution(self, known: Known, step: Step, fact: Fact) -> Resolution | None:
        """A new one where the state solves what was open till now."""
        if not _solves(step.state) or known.incident.resolution_id is not None:
            return None
        known.solved += 1
        return Resolution.objects.create(
            incident=known.incident,
            number=known.solved,
            seq=self.batch.next_seq(known.incident),
            code=ResolutionCode.IMPORTED,
            team_id=known.incident.team_id,
            by=fact.by,
            at=step.at,
        )

    def _hand_on(self, known: Known, step: Step) -> dict[str, Any]:
        """Who has it now; ``reassigned`` where another team had it by the log."""
        team = self.names.team(step.team)
        owner = self.names.person(step.owner) if step.state.is_owned else None
        changed = _set(
            known.incident,
            team_id=team.pk if team else known.incident.team_id,
            owner_id=owner.pk if owner else None,
        )
        if team is not None:
            if known.imported.team_id not in {None, team.pk}:
                changed["reassigned"] = [known.imported.team_id, team.pk]
            known.imported.team = team
            self._hold(known, team)
        return changed

    def _hold(self, known: Known, team: Team) -> None:
        if team.pk not in known.teams:
            known.teams.add(team.pk)
            self.holdings.append(Holding(incident=known.incident, team=team))


def _classify(
    incident: Incident, step: Step, names: Names, matrix: Matrix
) -> dict[str, Any]:
    """What sort of trouble it is, as far as the row says; what that changed."""
    severity = incident.severity
    impact = step.impact or incident.impact
    urgency = step.urgency or incident.urgency
    by_matrix = matrix[impact, urgency]
    if step.severity or step.impact or step.urgency:
        severity = step.severity or by_matrix
    category = _category(incident, step, names)
    service = names.service(step.service)
    return _set(
        incident,
        impact=impact,
        urgency=urgency,
        severity=severity,
        severity_override=severity if severity != by_matrix else None,
        category_id=category.pk if category else incident.category_id,
        service_id=service.pk if service else incident.service_id,
    )


def _category(incident: Incident, step: Step, names: Names) -> Category | None:
    """What the row names; a missing subcategory stays as it was."""
    category = names.category(step.category)
    known = incident.category
    if category and known and known.parent_id == category.pk:
        return known
    return category


def _solves(state: State) -> bool:
    return state.solves or state.status == Status.RESOLVED


def _set(incident: Incident, **values: Any) -> dict[str, list[Any]]:
    """Set these; the former and the new value of each that changed, by name."""
    changed = {}
    for name, value in values.items():
        before = getattr(incident, name)
        if before != value:
            changed[name.removesuffix("_id")] = [before, value]
            setattr(incident, name, value)
    changed.pop("severity_override", None)
    return changed


def _notes(imported: ImportedIncident, step: Step) -> dict[str, str]:
    """The columns that have no place here, when they are not as they were."""
    text = "\n".join(f"{name}: {value}" for name, value in step.extras.items())
    digest = hashlib.sha256(text.encode()).hexdigest()
    notes = {}
    if step.solution and _solves(step.state):
        system = imported.get_source_display()
        notes["solution"] = f"Solved in {system}, with “{step.solution}”."
    if text and digest != imported.extras_digest:
        notes["unmapped"] = text
    imported.extras_digest = digest
    return notes


def _matrix() -> Matrix:
    return {
        (rule.impact, rule.urgency): rule.severity
        for rule in SeverityRule.objects.all()
    }


def _incidents(
    run: ImportRun, steps: Sequence[Step], names: Names, matrix: Matrix
) -> tuple[dict[str, Known], int]:
    """Every incident of these steps, locked, and how many of them are new."""
    first = {step.number: step for step in reversed(steps)}
    rows = ImportedIncident.objects.filter(source=run.source, number__in=first)
    imported = {row.incident_id: row for row in rows}
    known = {
        imported[incident.pk].number: Known(incident, imported[incident.pk])
        for incident in Incident.objects.select_related("category").lock_all(imported)
    }
    _read_history({one.incident.pk: one for one in known.values()})
    new = [step for number, step in first.items() if number not in known]
    return known | _report(run, new, names, matrix), len(new)


def _read_history(known: Mapping[int, Known]) -> None:
    """What the events of these incidents say: their rows, teams and moves."""
    events = Event.objects.filter(
        subject_type="incident", subject_id__in=known
    ).order_by("subject_id", "seq")
    for pk, kind, target, data in events.values_list(
        "subject_id", "kind", "to_status", "data"
    ):
        one = known[pk]
        if kind == Kind.REPLAY:
            one.rows.add(data["row"])
            one.solved += "resolution" in data
        elif target is not None and kind not in OURS:
            one.is_worked = True
    for pk, team in Holding.objects.filter(incident__in=known).values_list(
        "incident", "team"
    ):
        known[pk].teams.add(team)


def _report(
    run: ImportRun, steps: Sequence[Step], names: Names, matrix: Matrix
) -> dict[str, Known]:
    """The first events of incidents that nobody here knows yet."""
    if not steps:
        return {}
    facts = [_reported(run, step, names, matrix) for step in steps]
    begin_all(facts)
    rows = [
        ImportedIncident(
            incident=cast("Incident", fact.subject),
            run=run,
            source=run.source,
            number=step.number,
        )
        for fact, step in zip(facts, steps, strict=True)
    ]
    ImportedIncident.objects.bulk_create(rows)
    return {row.number: Known(row.incident, row) for row in rows}


def _reported(run: ImportRun, step: Step, names: Names, matrix: Matrix) -> Fact:
    """By the desk and as its first row says it is, though nobody has triaged it."""
    desk = names.desk
    reporter = names.reporter(step.reporter)
    by = names.person(step.logged_by) or names.system
    # A report comes before what follows from it, whatever the clock there said.
    at = min(step.reported_at, step.at)
    incident = Incident(
        title=step.title,
        description=step.description,
        reporter=reporter,
        confirmer=reporter,
        logged_by=by,
        location=names.location(step.location),
        team=desk,
        desk=desk,
        source=step.source or Source.IMPORT,
        origin=Origin.IMPORT,
        reported_at=at,
    )
    _classify(incident, step, names, matrix)
    data = {
        "source": incident.source,
        "impact": incident.impact,
        "urgency": incident.urgency,
        "severity": incident.severity,
        "reporter": reporter.pk,
        "team": desk.pk,
        "import": run.pk,
    }
    return Fact(
        subject=incident,
        kind=Kind.REPORT,
        by=by,
        at=at,
        data=data,
        public=True,
    )


def _keep(run: ImportRun, refusals: Sequence[Refusal]) -> None:
    RefusedRow.objects.bulk_create(
        RefusedRow(
            run=run,
            line=refusal.line,
            number=refusal.number[:40],
            reason=refusal.reason,
            detail=refusal.detail,
        )
        for refusal in refusals
    )
