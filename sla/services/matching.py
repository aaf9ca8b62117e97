"""Which policy counts for a ticket, and why: the most specific one that fits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Team
from catalogue.models import Service
from sla.models import PolicyVersion
from sla.models.policies import MATCHING
from sla.wording import label_of, value_of

Reason = tuple[str, int | str]


@dataclass(frozen=True, slots=True)
class Match:
    """The version that counts, and the fields that made it fit, in their order.

    ``why`` holds codes and keys, to be written down; ``words`` is for people.
    """

    version: PolicyVersion
    why: tuple[Reason, ...]

    @property
    def words(self) -> str:
        """Such as "Service: Wi-Fi, Severity: SEV2"."""
        if not self.why:
            return _("It is for every ticket.")
        return ", ".join(
            _("%(field)s: %(value)s")
            % {"field": label_of(name), "value": value_of(self.version, name)}
            for name, _value in self.why
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What policies ask of a ticket, in ids and codes. ``services`` are its own and
    those above it, nearest first."""

    services: Sequence[int]
    team: int | None
    kind: str
    severity: int | None

    def fits(self, version: PolicyVersion) -> bool:
        return (
            version.service_id in {None, *self.services}
            and version.team_id in {None, self.team}
            and version.kind in {"", self.kind}
            and version.severity in {None, self.severity}
        )

    def distance(self, version: PolicyVersion) -> tuple[int, bool, bool, bool]:
        """Smaller is more specific."""
        services = [*self.services, None]
        return (
            services.index(version.service_id),
            version.team_id is None,
            not version.kind,
            version.severity is None,
        )


def match_policy(
    *,
    service: Service | None,
    team: Team | None,
    kind: str,
    severity: int | None,
    at: datetime,
) -> Match | None:
    """The policy version in force at ``at`` that fits a ticket best, if any does.

    One that names the service beats one that names only the team, that one beats the
    kind, and that the severity; a nearer service beats one above it.
    """
    asked = Asked(list(_lineage(service)), team.pk if team else None, kind, severity)
    return match_among(in_force(at), asked)


def match_among(versions: Iterable[PolicyVersion], asked: Asked) -> Match | None:
    """The one of these versions that fits best, by the rule of ``match_policy``."""
    fitting = [version for version in versions if asked.fits(version)]
    if not fitting:
        return None
    best = min(fitting, key=asked.distance)
    return Match(best, tuple(reasons(best)))


def in_force(at: datetime) -> list[PolicyVersion]:
    """What a ticket is matched with at that moment."""
    return list(
        PolicyVersion.objects.in_force(at).select_related(
            "policy", "calendar", "service", "team"
        )
    )


def in_force_with(
    draft: PolicyVersion, versions: Iterable[PolicyVersion]
) -> list[PolicyVersion]:
    """These versions as if ``draft`` had taken the place of the one of its policy. An
    inactive policy fits no ticket, whatever is drafted."""
    others = [one for one in versions if one.policy_id != draft.policy_id]
    return [*others, draft] if draft.policy.is_active else others


def lineages() -> dict[int, list[int]]:
    """Each service with those above it, nearest first, all in one statement."""
    above: dict[int, int | None] = dict(Service.objects.values_list("pk", "parent_id"))
    return {pk: list(_upwards(pk, above)) for pk in above}


def _upwards(pk: int | None, above: Mapping[int, int | None]) -> Iterator[int]:
    while pk is not None:
        yield pk
        pk = above[pk]


def reasons(version: PolicyVersion) -> Iterator[Reason]:
    """What the version asks of a ticket; nothing for one that fits every ticket."""
    asked = {
        "service": version.service_id,
        "team": version.team_id,
        "kind": version.kind,
        "severity": version.severity,
    }
    for name in MATCHING:
        value = asked[name]
        if value:
            yield name, value


def _lineage(service: Service | None) -> Iterator[int]:
    """This service and those above it; ``service_no_circle`` lets it end."""
    above: Any = service
    while above is not None:
        yield above.pk
        above = above.parent
