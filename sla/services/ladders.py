"""The ladder of a version of a policy: what is wrong with it, and who would hear."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, RoleGrant, Team
from catalogue.models import Service
from sla.codes import SHARE_OF, Tells, Trigger
from sla.models import PolicyVersion, Rung
from sla.models.ladders import PROMISED

UNPROMISED: Final[dict[str, Promise]] = {
    Trigger.RESPONSE_PERCENT: gettext_lazy(
        "Nothing is promised about the response, so nobody reaches this rung."
    ),
    Trigger.RESOLUTION_PERCENT: gettext_lazy(
        "Nothing is promised about the resolution, so nobody reaches this rung."
    ),
    Trigger.BREACH: gettext_lazy(
        "Neither response nor resolution is promised, so nothing is late."
    ),
}
# How much of it a rung waits for.
AMOUNT_OF: Final[dict[str, str]] = {
    **dict.fromkeys(SHARE_OF, "percent"),
    Trigger.BOUNCES: "count",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one rung, as a sentence that says what to do, and the field
    that it is about."""

    rung: Rung
    sentence: str
    field: str = "trigger"


def faults_of(version: PolicyVersion, rungs: Iterable[Rung]) -> list[Fault]:
    """What makes no sense of these rungs, as the ladder of this version; without a
    query. The database refuses to publish the same."""
    found: list[Fault] = []
    below: list[Rung] = []
    for rung in sorted(rungs, key=lambda rung: rung.position):
        found += _faults(version, rung, below)
        below.append(rung)
    return found


def _faults(
    version: PolicyVersion, rung: Rung, below: Sequence[Rung]
) -> Iterator[Fault]:
    if rung.trigger == Trigger.UNACKNOWLEDGED and not below:
        sentence = _(
            "No rung comes before this one, so nobody can fail to answer to it. Give"
            " it a higher place or another trigger."
        )
        yield Fault(rung, sentence)
    if rung.trigger in UNPROMISED and not _is_promised(version, rung):
        yield Fault(rung, str(UNPROMISED[rung.trigger]))
    for other in below:
        if _comes_no_later(rung, other):
            sentence = _(
                "The rung at place %(place)d waits for as much or more: let this one"
                " wait for more, or for nobody answering."
            )
            field = AMOUNT_OF.get(rung.trigger, "trigger")
            yield Fault(rung, sentence % {"place": other.position}, field)


def _is_promised(version: PolicyVersion, rung: Rung) -> bool:
    share_of = SHARE_OF.get(Trigger(rung.trigger))
    wanted = [share_of] if share_of else PROMISED
    return any(version.target_of(metric) for metric in wanted)


def _comes_no_later(rung: Rung, below: Rung) -> bool:
    if rung.trigger == Trigger.BOUNCES == below.trigger:
        return (rung.count or 0) <= (below.count or 0)
    for metric in PROMISED:
        mine, theirs = rung.share_of(metric), below.share_of(metric)
        if mine is not None and theirs is not None and mine <= theirs:
            return True
    return False


def require_sensible_ladder(version: PolicyVersion) -> None:
    """Refuse what cannot be published, in sentences."""
    faults = faults_of(version, version.rungs.all())
    if faults:
        raise ValidationError(
            [
                _("Place %(place)d of the ladder: %(sentence)s")
                % {"place": fault.rung.position, "sentence": fault.sentence}
                for fault in faults
            ]
        )


def unheard_of(version: PolicyVersion) -> list[Fault]:
    """Rungs that would reach nobody as teams and roles are today. That is no reason to
    refuse them: people come and go while a version is in force."""
    return [
        Fault(rung, str(NOBODY[rung.tells]), "tells")
        for rung in version.rungs.all()
        if rung.tells in NOBODY and not SOMEBODY[rung.tells](version)
    ]


def _teams(version: PolicyVersion) -> QuerySet[Team]:
    """Those that may hold what it fits."""
    teams = Team.objects.active()
    return teams if version.team_id is None else teams.filter(pk=version.team_id)


def _has_desk_lead(version: PolicyVersion) -> bool:
    desks = Team.objects.active().filter(is_service_desk=True)
    return desks.filter(lead__is_active=True).exists()


def _has_commander(version: PolicyVersion) -> bool:
    grants = RoleGrant.objects.filter(role=Role.INCIDENT_COMMANDER)
    return grants.filter(user__is_active=True).exists()


def _has_service_owner(version: PolicyVersion) -> bool:
    services = Service.objects.filter(owner__is_active=True)
    if version.service_id is None:
        return services.exists()
    return services.filter(pk=version.service_id).exists()


SOMEBODY: Final[dict[str, Callable[[PolicyVersion], bool]]] = {
    Tells.TEAM_LEAD: lambda one: _teams(one).filter(lead__is_active=True).exists(),
    Tells.TEAM_MANAGER: (
        lambda one: _teams(one).filter(manager__is_active=True).exists()
    ),
    Tells.DESK_LEAD: _has_desk_lead,
    Tells.COMMANDER: _has_commander,
    Tells.SERVICE_OWNER: _has_service_owner,
}
NOBODY: Final[dict[str, Promise]] = {
    Tells.TEAM_LEAD: gettext_lazy("No team that it could be has a lead."),
    Tells.TEAM_MANAGER: gettext_lazy("No team that it could be has a manager."),
    Tells.DESK_LEAD: gettext_lazy("No service desk has a lead."),
    Tells.COMMANDER: gettext_lazy("Nobody is incident commander."),
    Tells.SERVICE_OWNER: gettext_lazy("The service has no owner."),
}
