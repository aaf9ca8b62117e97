"""What the history says, and how a refusal is named."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from accounts.models import Membership, Team, User
from activity.models import Event
from activity.refusals import Conflict
from incidents.models import Incident
from tests.people import make_user

TOO_LONG = "x" * 10_001


def last_event(incident: Incident) -> Event:
    """The event of the incident's version, as the database has both."""
    return events(incident)[-1]


def events(incident: Incident) -> list[Event]:
    return list(Event.objects.about(incident).prefetch_related("notes"))


def kinds(incident: Incident) -> list[str]:
    """Every event's kind, without ``incident.``."""
    return [event.kind.removeprefix("incident.") for event in events(incident)]


def notes(event: Event) -> dict[str, str]:
    return {note.name: note.text for note in event.notes.all()}


def outcome(act: Callable[..., object]) -> str:
    """``ok``, ``403``, ``409`` or the field that was refused; what happened is
    undone, and the deferred guards have spoken before."""
    try:
        with transaction.atomic():
            act()
            connection.check_constraints()
            transaction.set_rollback(True)
    except PermissionDenied:
        return "403"
    except Conflict:
        return "409"
    except ValidationError as error:
        fields = sorted(getattr(error, "error_dict", {"input": None}))
        return " ".join(fields)
    return "ok"


def second_desk(name: str = "Evening desk") -> Team:
    """Another service desk, and Eve who works there."""
    desk = Team.objects.create(name=name, tier=1, is_service_desk=True)
    Membership.objects.create(user=make_user("Eve Ernst"), team=desk)
    return desk


def member_of(team: Team) -> User:
    return Membership.objects.filter(team=team).order_by("pk")[0].user


def afresh(user: User) -> User:
    """The same person as the next request finds them."""
    return User.objects.get(pk=user.pk)


def leave(user: User) -> User:
    """They have left: no one logs in as them any more."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    return afresh(user)


def leave_team(user: User, team: Team) -> User:
    Membership.objects.filter(user=user, team=team).delete()
    return afresh(user)
