"""Whom a rung tells: who that is, is asked when it is told."""

from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from accounts.models import Role, Team, User
from catalogue.models import Service
from sla.codes import Tells
from sla.models import Rung


class Held(Protocol):
    """An incident, or how it stood at an earlier moment."""

    @property
    def owner(self) -> User | None: ...

    @property
    def desk_owner(self) -> User | None: ...

    @property
    def team(self) -> Team: ...

    @property
    def desk(self) -> Team: ...

    @property
    def service(self) -> Service | None: ...


def whom(
    rung: Rung, held: Held, commanding: Sequence[User] | None = None
) -> list[User]:
    """People with an active account, in order of their id; nobody at times.
    ``commanding`` are the commanders, where they are known already."""
    if rung.tells == Tells.COMMANDER:
        return commanders() if commanding is None else list(commanding)
    person = rung.person if rung.tells == Tells.PERSON else ONE[rung.tells](held)
    return [person] if person is not None and person.is_active else []


def commanders() -> list[User]:
    granted = User.objects.people().active()
    found = granted.filter(role_grants__role=Role.INCIDENT_COMMANDER)
    return list(found.order_by("pk").distinct())


ONE: Final[dict[str, Callable[[Any], User | None]]] = {
    Tells.OWNER: lambda held: held.owner,
    Tells.TEAM_LEAD: lambda held: held.team.lead,
    Tells.TEAM_MANAGER: lambda held: held.team.manager,
    Tells.DESK_OWNER: lambda held: held.desk_owner,
    Tells.DESK_LEAD: lambda held: held.desk.lead,
    Tells.SERVICE_OWNER: lambda held: held.service.owner if held.service else None,
}
