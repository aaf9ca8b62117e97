"""The cast: the same people in every test.

Ann reports. Bo and Cy work at the service desk, Lea leads it. Ned resolves in a
tier 2 team, Ute in tier 3. Max is a manager, Ida an administrator. Zed has an
account and nothing to do with any of it.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import EscalationPath, Membership, Role, RoleGrant, Team, User
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


NAMES = (
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


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


def _person(name: str) -> User:
    return User(email=address_of(name), name=name, password=_hashed())


def address_of(name: str) -> str:
    first = name.split(" ", maxsplit=1)[0].lower()
    return f"{first}@example.org"


def make_user(name: str, **fields: Any) -> User:
    """One person whose address is their first name at example.org."""
    return User.objects.create_user(address_of(name), PASSWORD, name=name, **fields)


def keep_severities() -> None:
    """What the migrations fill in, again: a transactional test empties every table."""
    if SeverityRule.objects.exists() and SeverityLevel.objects.exists():
        return
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
    """A few statements in all: nearly every test begins with it."""
    ann, bo, cy, lea, ned, ute, max_, ida, zed = User.objects.bulk_create(
        _person(name) for name in NAMES
    )
    desk, network, vendor = Team.objects.bulk_create(
        [
            Team(
                name="Service desk",
                tier=1,
                is_service_desk=True,
                is_default_desk=True,
                lead=lea,
            ),
            Team(name="Network", tier=2),
            Team(name="Vendor", tier=3),
        ]
    )
    Membership.objects.bulk_create(
        Membership(user=user, team=team)
        for user, team in (
            (bo, desk),
            (cy, desk),
            (lea, desk),
            (ned, network),
            (ute, vendor),
        )
    )
    EscalationPath.objects.bulk_create(
        [
            EscalationPath(from_team=desk, to_team=network),
            EscalationPath(from_team=network, to_team=vendor),
        ]
    )
    system = User.objects.system()
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(user=max_, role=Role.MANAGER, granted_by=system),
            RoleGrant(user=ida, role=Role.ADMINISTRATOR, granted_by=system),
        ]
    )
    return Cast(ann, bo, cy, lea, ned, ute, max_, ida, zed, desk, network, vendor)
