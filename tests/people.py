"""The cast: the same people in every test.

Ann reports. Bo and Cy work at the service desk, Lea leads it. Ned resolves in a
tier 2 team, Ute in tier 3. Max is a manager, Ida an administrator. Zed has an
account and nothing to do with any of it.
"""

from dataclasses import dataclass
from typing import Any

from accounts.models import EscalationPath, Membership, Role, Team, User
from incidents.codes import DEFAULT_MATRIX, Severity
from incidents.models import SeverityLevel, SeverityRule

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True, slots=True)
class Cast:
    ann: User
    bo: User
    cy: User
    lea: User
    ned: User
    ute: User
    max: User
    ida: User
    zed: User
    desk: Team
    network: Team
    vendor: Team

    @property
    def everyone(self) -> list[User]:
        names = ["ann", "bo", "cy", "lea", "ned", "ute", "max", "ida", "zed"]
        return [getattr(self, name) for name in names]


def make_user(name: str, **fields: Any) -> User:
    """One person whose address is their first name at example.org."""
    first = name.split(" ", maxsplit=1)[0].lower()
    return User.objects.create_user(
        f"{first}@example.org", PASSWORD, name=name, **fields
    )


def keep_severities() -> None:
    """What the migrations fill in, again: a transactional test empties every table."""
    SeverityRule.objects.bulk_create(
        (
            SeverityRule(impact=impact, urgency=urgency, severity=severity)
            for (impact, urgency), severity in DEFAULT_MATRIX.items()
        ),
        ignore_conflicts=True,
    )
    SeverityLevel.objects.bulk_create(
        (
            SeverityLevel(severity=severity, definition="Agreed.", examples="One.")
            for severity in Severity.values
        ),
        ignore_conflicts=True,
    )


def make_cast() -> Cast:
    ann, bo, cy, lea, ned, ute, max_, ida, zed = (
        make_user(name)
        for name in (
            "Ann Archer",
            "Bo Berg",
            "Cy Cole",
            "Lea Lund",
            "Ned North",
            "Ute Ull",
            "Max Moor",
            "Ida Ince",
            "Zed Zorn",
        )
    )
    desk = Team.objects.create(
        name="Service desk",
        tier=1,
        is_service_desk=True,
        is_default_desk=True,
        lead=lea,
    )
    network = Team.objects.create(name="Network", tier=2)
    vendor = Team.objects.create(name="Vendor", tier=3)
    for user, team in (
        (bo, desk),
        (cy, desk),
        (lea, desk),
        (ned, network),
        (ute, vendor),
    ):
        Membership.objects.create(user=user, team=team)
    EscalationPath.objects.create(from_team=desk, to_team=network)
    EscalationPath.objects.create(from_team=network, to_team=vendor)
    system = User.objects.system()
    max_.role_grants.create(role=Role.MANAGER, granted_by=system)
    ida.role_grants.create(role=Role.ADMINISTRATOR, granted_by=system)
    return Cast(ann, bo, cy, lea, ned, ute, max_, ida, zed, desk, network, vendor)
