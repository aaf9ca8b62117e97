"""What stands in the way of a move just now; ``""`` if nothing does."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from incidents.codes import TIER_1, Status
from incidents.models import Incident
from incidents.models.life_cycle import is_answered
from incidents.services.climbing import why_not_called
from incidents.services.ending import second_person_needed
from incidents.silence import BETWEEN_REMINDERS, waiver_is_early
from incidents.tiers.ways import HIGHEST_TIER


def free(incident: Incident, user: User, at: datetime) -> str:
    """Nothing stands in the way."""
    return ""


def not_triaged(incident: Incident, user: User, at: datetime) -> str:
    return _("Triage it first.") if incident.status == Status.NEW else ""


def not_to_be_escalated(incident: Incident, user: User, at: datetime) -> str:
    if incident.team.tier == HIGHEST_TIER:
        return _("There is no higher tier. Transfer it, or hand it back.")
    return not_triaged(incident, user, at)


def nobody_sent_it(incident: Incident, user: User, at: datetime) -> str:
    if incident.team.tier == TIER_1:
        return _("Nobody sent it here: transfer it, or escalate it.")
    return not_triaged(incident, user, at)


def not_worked_on(incident: Incident, user: User, at: datetime) -> str:
    if incident.status == Status.ON_HOLD:
        return _("It is on hold. Resume it first.")
    return not_triaged(incident, user, at)


def already_yours(incident: Incident, user: User, at: datetime) -> str:
    return _("It is yours already.") if incident.owner_id == user.pk else ""


def not_started(incident: Incident, user: User, at: datetime) -> str:
    return _("Nobody owns it yet. Take it first.") if not incident.owner_id else ""


def cannot_be_called(incident: Incident, user: User, at: datetime) -> str:
    """Confirmed already, or nobody to call. After a waiver the confirmer may still
    say that it works."""
    if incident.is_confirmed:
        return _("It is confirmed already.")
    return confirmer_has_left(incident)


def too_soon_to_remind(incident: Incident, user: User, at: datetime) -> str:
    """Once a day is enough; looks at ``with_reminders()`` of the queryset."""
    why = already_answered(incident) or confirmer_has_left(incident)
    asked_at = getattr(incident, "asked_at", incident.resolved_at)
    if why or asked_at is None or at - asked_at >= BETWEEN_REMINDERS:
        return why
    return _("We asked less than a day ago. Ask again tomorrow, or call.")


def confirmer_has_left(incident: Incident) -> str:
    if incident.confirmer.is_active:
        return ""
    name = incident.confirmer.name
    return _("%(name)s has left. A lead names who confirms instead.") % {"name": name}


def already_answered(incident: Incident) -> str:
    if is_answered(incident):
        return _("It is confirmed or waived already.")
    return ""


def not_confirmed(incident: Incident, user: User, at: datetime) -> str:
    if not is_answered(incident):
        name = incident.confirmer.name
        return _("%(name)s has not confirmed yet that it works.") % {"name": name}
    return second_person_needed(incident, user)


def too_early_to_waive(incident: Incident, user: User, at: datetime) -> str:
    return already_answered(incident) or waiver_is_early(incident, at)


def window_over(incident: Incident, user: User, at: datetime) -> str:
    if incident.may_still_reopen(at):
        return ""
    return _("It ended more than 14 days ago. Start a follow-up instead.")


def not_major(incident: Incident, user: User, at: datetime) -> str:
    return "" if incident.is_major else _("It is no major incident.")


def confirmer_is_here(incident: Incident, user: User, at: datetime) -> str:
    if not incident.confirmer.is_active:
        return ""
    name = incident.confirmer.name
    return _("%(name)s, who confirms, is still here.") % {"name": name}


def major_already(incident: Incident, user: User, at: datetime) -> str:
    return _("It is a major incident already.") if incident.is_major else ""


def wrong_state(incident: Incident) -> str:
    """Why a move does not fit the state that the incident is in."""
    facts = {
        "reference": incident.reference,
        "status": incident.get_status_display(),
    }
    return _("%(reference)s is “%(status)s” now, and that rules this out.") % facts


def asked_in_vain(incident: Incident, user: User, at: datetime) -> str:
    """Attention was asked for, and nobody has answered; who asked raised it, so that
    nothing is read where nobody looks."""
    return why_not_called(incident) if incident.attention else ""


def nobody_looks(incident: Incident, user: User, at: datetime) -> str:
    return "" if incident.attention else _("Nobody above looks at it just now.")
