"""Up to the next tier with a package, and back down with a reason."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from activity.lifecycle import check_version, fire
from activity.refusals import Conflict
from incidents import permissions as may
from incidents.codes import OPEN_TRIAGED, TIER_1, Status
from incidents.models import HandOver, Incident, KnownErrorCheck
from incidents.models.hand_over import PACKAGE
from incidents.services.arriving import arrive
from incidents.services.asking import (
    receiving_desk,
    require,
    stays_active,
    text_given,
)
from incidents.services.classifying import Classification, triage_and_go_on
from incidents.services.contacting import own_desk
from incidents.tiers.ways import sees_what_it_gets, sender_of, teams_above


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What the next tier is told, all four in words: the symptom as it was observed,
    the diagnosis so far, what was tried with which results, and what is asked."""

    symptom: str
    diagnosis: str
    tried: str
    wanted: str


@transaction.atomic
def escalate_incident(
    pk: int,
    *,
    by: User,
    expected_version: int | None,
    team: Team,
    package: Package,
    at: datetime | None = None,
) -> Incident:
    """Send it one tier up, to a team that the one which has it escalates to; a major
    incident may skip a tier. What is on hold waits no longer.

    From tier 1 only after the check for known errors of this stay. Raises ``Conflict``
    without it.
    """
    incident: Incident = Incident.objects.lock(pk)
    check_version(incident, expected_version)
    if incident.status not in OPEN_TRIAGED:
        raise Conflict(incident, move="escalate", why=not_triaged(incident))
    require(may.may_escalate, incident, by, "escalate")
    check = check_of_this_stay(incident)
    if needs_check(incident) and check is None:
        raise Conflict(incident, move="escalate", why=check_first())
    _check_team_above(incident, team)
    event = fire(
        incident.escalate,
        by=by,
        at=at,
        data={
            "from": incident.team_id,
            "team": team.pk,
            "tier": team.tier,
            "check": check.seq if check else None,
        },
        notes=_words(package),
        team=team,
    )
    incident.holdings.get_or_create(team=team)
    HandOver.objects.create(
        incident=incident,
        seq=event.seq,
        by=by,
        at=event.at,
        stay=incident.stays.get(entered_seq=event.seq),
        check_made=check,
    )
    arrive(incident)
    return incident


@transaction.atomic
def hand_back_incident(
    pk: int,
    *,
    by: User,
    expected_version: int | None,
    reason: str,
    at: datetime | None = None,
) -> Incident:
    """Give it back to the team below that sent it, with a reason."""
    incident: Incident = Incident.objects.lock(pk)
    check_version(incident, expected_version)
    if incident.status not in OPEN_TRIAGED:
        raise Conflict(incident, move="hand_back", why=not_triaged(incident))
    require(may.may_hand_back, incident, by, "hand_back")
    if incident.team.tier == TIER_1:
        raise Conflict(incident, move="hand_back", why=nobody_below())
    reason = text_given(
        "reason", reason, or_say=_("Tell the other team why they get it back.")
    )
    team = team_to_hand_back_to(incident)
    fire(
        incident.hand_back,
        by=by,
        at=at,
        data={"from": incident.team_id, "team": team.pk, "tier": team.tier},
        notes={"reason": reason},
        team=team,
    )
    incident.holdings.get_or_create(team=team)
    arrive(incident)
    return incident


@transaction.atomic
def triage_and_escalate(
    pk: int,
    *,
    by: User,
    expected_version: int | None,
    classification: Classification,
    team: Team,
    package: Package,
) -> Incident:
    """Triage it for one's own desk and send it up at once, or neither."""
    incident: Incident = Incident.objects.lock(pk)
    check_version(incident, expected_version)
    if incident.status != Status.NEW:
        raise Conflict(incident, move="triage")
    require(may.may_triage, incident, by, "triage")
    triage_and_go_on(
        pk,
        by=by,
        expected_version=expected_version,
        classification=classification,
        team=own_desk(incident, by),
    )
    return escalate_incident(
        pk, by=by, expected_version=None, team=team, package=package
    )


def check_of_this_stay(incident: Incident) -> KnownErrorCheck | None:
    """The last check for known errors since the team got it other than by triage, and
    since the last solution of it failed."""
    checks = KnownErrorCheck.objects.filter(incident=incident).of_this_stay()
    found: KnownErrorCheck | None = checks.order_by("seq").last()
    return found


def needs_check(incident: Incident) -> bool:
    return incident.team.tier == TIER_1


def team_to_hand_back_to(incident: Incident) -> Team:
    """Who sent it. Where that team is no more, or would not see it: its desk, or the
    desk that receives the reporter's reports now."""
    for team in (sender_of(incident), incident.desk):
        if team is not None and sees_what_it_gets(team) and stays_active(team):
            return team
    return receiving_desk(incident.reporter)


def not_triaged(incident: Incident) -> str:
    if not incident.is_open:
        return _("Only what is open goes to another team.")
    return _("Triage it first.")


def check_first() -> str:
    return _("Check for known errors first: the next tier gets what is really new.")


def nobody_below() -> str:
    return _("Nobody sent it here: transfer it, or escalate it.")


def _check_team_above(incident: Incident, team: Team) -> None:
    if not teams_above(incident).filter(pk=team.pk).exists() or not stays_active(team):
        name = incident.team.name
        sentence = _("Choose a team of the next tier that %(team)s escalates to.")
        raise ValidationError({"team": sentence % {"team": name}})


def _words(package: Package) -> dict[str, str]:
    hints = {
        "symptom": _("Write what was observed, as it was observed."),
        "diagnosis": _("Write what you know and what you suspect so far."),
        "tried": _("Write what was tried, and what came of it."),
        "wanted": _("Write what the next team is asked to do."),
    }
    errors, words = {}, {}
    for name in PACKAGE:
        try:
            words[name] = text_given(name, getattr(package, name), or_say=hints[name])
        except ValidationError as error:
            errors.update(error.message_dict)
    if errors:
        raise ValidationError(errors)
    return words
