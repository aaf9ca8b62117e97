"""Who may do what to an incident: plain predicates, asked with a loaded record.

Each answers without raising and without a query (beyond the person's standing).
Whether the moment is right is a condition of the move, not a permission.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from accounts import permissions as people
from incidents.codes import CancelReason
from knowledgebase import permissions as knowledge

if TYPE_CHECKING:
    from accounts.models import Team, User
    from incidents.models import Incident, ShiftNote


def may_use_desk(user: Any) -> bool:
    """The pages of those who work on incidents."""
    return people.is_agent(user) or people.is_resolver(user)


def may_report(user: Any) -> bool:
    return people.is_reporter(user)


def may_report_for_others(user: Any) -> bool:
    return people.is_agent(user)


def may_lead(user: Any) -> bool:
    """The page of those who lead a service desk."""
    return people.is_service_desk_lead(user)


def is_owner(incident: "Incident", user: "User") -> bool:
    """The owner while they work in the team, or its lead in their place."""
    return is_in_team(incident, user) and (
        incident.owner_id == user.pk or people.is_lead_of(user, incident.team)
    )


def is_in_team(incident: "Incident", user: "User") -> bool:
    return people.is_member_of(user, incident.team)


def is_on_desk(incident: "Incident", user: "User") -> bool:
    """Any member of a service desk: the desk sees and serves all."""
    return people.is_agent(user)


def may_work(incident: "Incident", user: "User") -> bool:
    """Reply, write notes, add files, link: the desk, and the team that holds it."""
    return is_on_desk(incident, user) or is_in_team(incident, user)


def may_triage(incident: "Incident", user: "User") -> bool:
    return is_on_desk(incident, user)


def may_resume(incident: "Incident", user: "User") -> bool:
    """The owner, or the product itself when what it waited for has come."""
    return user.is_system or is_owner(incident, user)


def may_take(incident: "Incident", user: "User") -> bool:
    return is_in_team(incident, user)


def may_assign(incident: "Incident", user: "User") -> bool:
    """The lead gives it to a member; where the team wants that, the product does."""
    return user.is_system or people.is_lead_of(user, incident.team)


def may_transfer(incident: "Incident", user: "User") -> bool:
    return is_in_team(incident, user)


def may_escalate(incident: "Incident", user: "User") -> bool:
    return is_in_team(incident, user)


def may_hand_back(incident: "Incident", user: "User") -> bool:
    return is_in_team(incident, user)


def may_reclassify(incident: "Incident", user: "User") -> bool:
    return may_work(incident, user)


def may_override_severity(incident: "Incident", user: "User") -> bool:
    return is_on_desk(incident, user) or people.is_incident_commander(user)


def is_imported(incident: "Incident", user: "User") -> bool:
    """Only what was brought in is replayed, whoever acted in the other system."""
    return incident.origin == "import"


def is_confirmer(incident: "Incident", user: "User") -> bool:
    """Whose word counts. Nobody else's does, whatever their role."""
    return user.is_active and user.pk == incident.confirmer_id


def may_record_call(incident: "Incident", user: "User") -> bool:
    """A desk member writes down what the confirmer said, never their own word."""
    return is_on_desk(incident, user) and not is_confirmer(incident, user)


def may_confirm(incident: "Incident", user: "User") -> bool:
    """One's own word, or a call to be recorded."""
    return is_confirmer(incident, user) or may_record_call(incident, user)


def may_reject(incident: "Incident", user: "User") -> bool:
    return is_confirmer(incident, user) or is_on_desk(incident, user)


def may_remind(incident: "Incident", user: "User") -> bool:
    return is_on_desk(incident, user)


def may_waive(incident: "Incident", user: "User") -> bool:
    return people.is_service_desk_lead(user) and not is_confirmer(incident, user)


def may_close(incident: "Incident", user: "User") -> bool:
    """The second key: a service desk member who is not the confirmer."""
    return is_on_desk(incident, user) and not is_confirmer(incident, user)


def may_reopen(incident: "Incident", user: "User") -> bool:
    return user.is_active and (
        user.pk in {incident.reporter_id, incident.confirmer_id}
        or is_on_desk(incident, user)
    )


def may_withdraw(incident: "Incident", user: "User") -> bool:
    """Nobody withdraws another's report."""
    return user.is_active and user.pk == incident.reporter_id


def may_cancel(incident: "Incident", user: "User") -> bool:
    """For some reason or other; ``may_cancel_as`` knows which."""
    return any(may_cancel_as(incident, user, str(reason)) for reason in CancelReason)


def may_cancel_as(incident: "Incident", user: "User", reason: str) -> bool:
    """Withdrawn is the reporter's own act. Before work starts the desk may cancel
    for any other reason; afterwards duplicates only, and its lead the rest."""
    if reason == CancelReason.WITHDRAWN:
        return may_withdraw(incident, user)
    if not is_on_desk(incident, user):
        return False
    if not incident.is_started or reason == CancelReason.DUPLICATE:
        return True
    return people.is_service_desk_lead(user)


def may_declare_major(incident: "Incident", user: "User") -> bool:
    return people.is_service_desk_lead(user) or people.is_incident_commander(user)


def may_announce(incident: "Incident", user: "User") -> bool:
    """What everybody reads, the desk says."""
    return is_on_desk(incident, user)


def may_resolve_parts(incident: "Incident", user: "User") -> bool:
    """The desk serves all reporters; what others hold or own stays theirs."""
    return is_on_desk(incident, user)


def may_name_successor(incident: "Incident", user: "User") -> bool:
    return people.is_service_desk_lead(user)


def may_hand_over(incident: "Incident", user: "User") -> bool:
    """Who is accountable at the desk: the desk settles it."""
    return is_on_desk(incident, user)


def may_share(incident: "Incident", user: "User") -> bool:
    return (user.is_active and user.pk == incident.reporter_id) or is_on_desk(
        incident, user
    )


def may_see_internal(incident: "Incident", user: "User") -> bool:
    """Internal notes and reasons: the desk, teams that hold or held it (whoever
    reaches the desk's page), commanders of a major incident."""
    return may_use_desk(user) or (
        people.is_incident_commander(user) and incident.is_major
    )


def may_write_article(incident: "Incident", user: "User") -> bool:
    """Write down for all what it taught: who sees it in full and may draft articles."""
    return may_see_internal(incident, user) and knowledge.may_draft(user)


def may_watch(incident: "Incident", user: "User") -> bool:
    return may_see_internal(incident, user)


def may_answer(incident: "Incident", user: "User") -> bool:
    """Write to the desk as the one who reported it, or confirms it."""
    return user.is_active and user.pk in {incident.reporter_id, incident.confirmer_id}


def may_redact_shift_note(note: "ShiftNote", user: "User") -> bool:
    """Who wrote it, while they work in the team, and who leads the team."""
    return people.is_lead_of(user, note.team) or (
        note.by_id == user.pk and people.is_member_of(user, note.team)
    )


def may_read_team(team: "Team", user: "User") -> bool:
    """What the team has, in full: who works in it, and the desk."""
    return people.is_member_of(user, team) or people.is_agent(user)


def may_read_load(team: "Team", user: "User") -> bool:
    """How much each of the team has: the team itself."""
    return people.is_member_of(user, team)


def may_read_teams(user: Any) -> bool:
    """The list of teams: who works on incidents, who reads figures, and who manages an
    active team."""
    return (
        may_use_desk(user)
        or people.may_enter_admin(user)
        or people.manages_a_team(user)
    )


def may_call_attention(incident: "Incident", user: "User") -> bool:
    """Ask those above to look at it: the desk, and the team that holds it."""
    return may_work(incident, user)


def may_attend(
    incident: "Incident", user: "User", called: Collection[int] = ()
) -> bool:
    """Answer a call: whoever was called, by their ids, and who answers for the team or
    the desk."""
    return user.is_active and (
        user.pk in called
        or user.pk == incident.team.manager_id
        or people.is_lead_of(user, incident.team)
        or people.is_service_desk_lead(user)
    )


def may_end_attention(incident: "Incident", user: "User") -> bool:
    return people.is_lead_of(user, incident.team) or may_declare_major(incident, user)
