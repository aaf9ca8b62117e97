"""Who is what: the only place that knows how roles are stored.

Every predicate takes an authenticated or anonymous user and answers without
raising; an inactive or anonymous user is never anything.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accounts.models import Team
    from accounts.standing import Standing


def _standing(user: Any) -> "Standing | None":
    return getattr(user, "standing", None)


def is_reporter(user: Any) -> bool:
    """Everyone who may log in may report trouble."""
    return bool(user.is_authenticated and user.is_active)


def is_agent(user: Any) -> bool:
    """A member of a service desk."""
    standing = _standing(user)
    return standing is not None and bool(standing.desks)


def is_resolver(user: Any) -> bool:
    """A member of a tier 2 or tier 3 team."""
    standing = _standing(user)
    return standing is not None and bool(standing.resolver_teams)


def is_service_desk_lead(user: Any) -> bool:
    """The lead of a service desk."""
    standing = _standing(user)
    return standing is not None and bool(standing.led_desks)


def is_member_of(user: Any, team: "Team") -> bool:
    """Works in this team, as a member or as its lead."""
    standing = _standing(user)
    return standing is not None and team.pk in standing.teams


def is_lead_of(user: Any, team: "Team") -> bool:
    """Leads this team."""
    standing = _standing(user)
    return standing is not None and team.pk in standing.led_teams


def manages_a_team(user: Any) -> bool:
    """Is named as the manager of an active team, with or without a role."""
    standing = _standing(user)
    return standing is not None and bool(standing.managed_teams)


def is_problem_manager(user: Any) -> bool:
    return _has_role(user, "problem_manager")


def is_knowledge_editor(user: Any) -> bool:
    return _has_role(user, "knowledge_editor")


def is_incident_commander(user: Any) -> bool:
    return _has_role(user, "incident_commander")


def is_manager(user: Any) -> bool:
    return _has_role(user, "manager")


def is_administrator(user: Any) -> bool:
    return _has_role(user, "administrator")


def may_enter_admin(user: Any) -> bool:
    """Managers read their reports there, administrators keep the settings."""
    return is_manager(user) or is_administrator(user)


def reads_figures_only(user: Any) -> bool:
    """Managers and administrators who do not work on tickets: never their words."""
    return may_enter_admin(user) and not (is_agent(user) or is_resolver(user))


def may_see_people(user: Any) -> bool:
    """Contact data of others: for those who work on tickets and who keep accounts."""
    return is_agent(user) or is_resolver(user) or is_administrator(user)


def _has_role(user: Any, role: str) -> bool:
    standing = _standing(user)
    return standing is not None and role in standing.roles
