"""What every service asks first."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import Team, User
from activity.lifecycle import check_version
from activity.refusals import Conflict, NotAllowed
from catalogue.services import desk_for
from incidents.models import Incident

LONGEST_TEXT = 10_000
EARLIEST_YEAR, LATEST_YEAR = 1990, 2190
LARGEST_COUNT = 2_000_000_000


def lock(
    pk: int,
    *,
    by: User,
    move: str,
    may: Callable[[Incident, User], bool],
    expected_version: int | None = None,
) -> Incident:
    """The locked incident, for a fact that moves no state.

    Raises ``Conflict`` first, then ``NotAllowed``, as ``fire`` does.
    """
    incident: Incident = Incident.objects.lock(pk)
    check_version(incident, expected_version)
    require(may, incident, by, move)
    return incident


def require(
    may: Callable[[Incident, User], bool], incident: Incident, by: User, move: str
) -> None:
    if not may(incident, by):
        raise NotAllowed(incident, move=move)


def require_sight(incident: Incident, by: User, move: str) -> None:
    """Raise ``NotAllowed`` where ``by`` does not see the internal part of this one."""
    if not Incident.objects.visible_to(by).filter(pk=incident.pk).exists():
        raise NotAllowed(incident, move=move)


def refuse_ended(incident: Incident, move: str) -> None:
    """Raise ``Conflict`` for an incident that is closed or cancelled."""
    if incident.is_ended:
        why = _(
            "%(reference)s has ended, so nothing is added to it. Reopen it, or start a"
            " follow-up."
        )
        raise Conflict(incident, move=move, why=why % {"reference": incident.reference})


def text_given(field: str, text: str, *, or_say: str) -> str:
    """The text without outer blanks. Raises ``ValidationError`` for none, or for
    more than 10,000 signs."""
    text = text.strip()
    if not text:
        raise ValidationError({field: or_say})
    _refuse_longer(field, text)
    return text


def some(notes: Mapping[str, str]) -> dict[str, str]:
    """The notes that say anything. Raises ``ValidationError`` for one that is too
    long."""
    said = {name: text.strip() for name, text in notes.items() if text.strip()}
    for name, text in said.items():
        _refuse_longer(name, text)
    return said


def require_code(field: str, code: object, codes: Collection[object]) -> None:
    """Raise ``ValidationError`` for a code that is none of these, before the
    database refuses it."""
    if code not in codes:
        raise ValidationError({field: _("Choose one of the answers.")})


def require_moment(field: str, at: datetime | None) -> None:
    """Raise ``ValidationError`` for a moment that no calendar of ours reaches."""
    if at is not None and not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        raise ValidationError({field: _("Enter a day of this century.")})


def require_count(field: str, count: int | None) -> None:
    """Raise ``ValidationError`` for a number that no crowd can have."""
    if count is not None and not 0 <= count <= LARGEST_COUNT:
        raise ValidationError({field: _("Enter how many people there are.")})


def lock_in_order(*pks: int | None) -> dict[int, Incident]:
    """Lock several incidents, always by ascending id, so that two people who name
    them crosswise never wait in a circle. Raises ``Incident.DoesNotExist``."""
    wanted = sorted({pk for pk in pks if pk is not None})
    return {pk: Incident.objects.lock(pk) for pk in wanted}


def stays_active(team: Team) -> bool:
    """Whether the team is active, and remains so until this transaction ends.

    Whoever gives an open incident to a team asks this first. A rival who deactivates
    the team waits, and then finds what it was given; the check of the database alone
    sees nothing that is not committed yet. Those who ask do not wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT is_active FROM accounts_team WHERE id = %s FOR SHARE", [team.pk]
        )
        found = cursor.fetchone()
    return bool(found and found[0])


def receiving_desk(user: User) -> Team:
    """The desk that gets what this person reports, active until this transaction
    ends. Raises ``LookupError`` where no desk is at work."""
    desk = desk_for(user)
    while not stays_active(desk):
        desk = desk_for(user)
    return desk


def _refuse_longer(field: str, text: str) -> None:
    if len(text) > LONGEST_TEXT:
        sentence = _("Shorten this to %(count)d characters, or add it as a file.")
        raise ValidationError({field: sentence % {"count": LONGEST_TEXT}})


def changes(incident: Incident, new: Mapping[str, Any]) -> dict[str, Any]:
    """``{field: [old, new]}`` of the values that differ, as an event holds them."""
    found = {}
    for name, value in new.items():
        old = getattr(incident, name)
        if old != value:
            found[name] = [_code(old), _code(value)]
    return found


def _code(value: Any) -> Any:
    if hasattr(value, "pk"):
        return value.pk
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value
