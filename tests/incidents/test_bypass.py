"""Ways around the services: none closes, moves or edits what it must not.

Whatever an attempt answers, the database is asked afterwards, and has to say what
it said before.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from django.contrib.admin import ModelAdmin, site
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.forms import modelform_factory
from django.test import Client, RequestFactory
from django.urls import URLPattern, reverse
from django_fsm import TransitionNotAllowed

from accounts.models import User
from activity import clock
from activity.lifecycle import fire
from activity.models import Event
from activity.refusals import broken_rule
from incidents import moves, services
from incidents.codes import Status
from incidents.models import Confirmation, Incident, Rejection, Resolution, Waiver
from incidents.services.reporting import Report
from incidents.urls import desk, portal, ticket
from incidents.urls import moves as move_urls
from tests.incidents import forgery, stories
from tests.incidents.replay import imported
from tests.incidents.using.known import known
from tests.people import Cast

STORIES = {
    "new": stories.reported,
    "in_progress": stories.in_progress,
    "on_hold": stories.on_hold,
    "resolved": stories.resolved,
    "confirmed": stories.confirmed,
    "closed": stories.closed,
    "cancelled": stories.cancelled,
    "brought_in": imported.in_progress,
    "solved_elsewhere": imported.resolved,
    "closed_elsewhere": imported.closed,
}
ASKED = ["new", "in_progress", "resolved", "confirmed", "closed", "closed_elsewhere"]
NOT_YET_CLOSED = [
    "in_progress",
    "resolved",
    "confirmed",
    "brought_in",
    "solved_elsewhere",
]
ACTS = (Resolution, Confirmation, Rejection, Waiver)


def told(cast: Cast, story: str) -> Incident:
    incident = STORIES[story](cast)
    connection.check_constraints()
    connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
    return incident


def picture(incident: Incident) -> dict[str, Any]:
    """All that the database says of it."""
    row = Incident.objects.filter(pk=incident.pk).values().get()
    counted = {act.__name__: act.objects.count() for act in ACTS}
    return row | counted | {"events": Event.objects.about(incident).count()}


def as_closed(by: User) -> dict[str, Any]:
    return {
        "status": Status.CLOSED,
        "closed_by": by,
        "closed_at": clock.now(),
        "closure_basis": "confirmed",
    }


def by_update(incident: Incident, cast: Cast) -> None:
    Incident.objects.filter(pk=incident.pk).update(**as_closed(cast.bo))


def by_update_with_version(incident: Incident, cast: Cast) -> None:
    values = as_closed(cast.bo) | {"version": incident.version + 1}
    Incident.objects.filter(pk=incident.pk).update(**values)


def by_bulk_update(incident: Incident, cast: Cast) -> None:
    copy = Incident(pk=incident.pk, **as_closed(cast.bo))
    Incident.objects.bulk_update([copy], list(as_closed(cast.bo)))


def by_save(incident: Incident, cast: Cast) -> None:
    for name, value in as_closed(cast.bo).items():
        incident.__dict__[f"{name}_id" if name == "closed_by" else name] = (
            value.pk if name == "closed_by" else value
        )
    incident.save()


def by_assignment(incident: Incident, cast: Cast) -> None:
    incident.status = Status.CLOSED
    incident.save()


def by_transition_alone(incident: Incident, cast: Cast) -> None:
    """The method of the life cycle, without the door that writes the event."""
    incident.close(by=cast.bo, at=clock.now(), basis="confirmed")
    incident.save()


def by_replay_alone(incident: Incident, cast: Cast) -> None:
    """The history of another system, without the door."""
    incident.replay(by=cast.bo, at=clock.now(), status=Status.CLOSED)
    incident.save()


def by_update_as_imported(incident: Incident, cast: Cast) -> None:
    values = as_closed(cast.bo) | {"closure_basis": "imported"}
    Incident.objects.filter(pk=incident.pk).update(**values)


def by_sql_as_imported(incident: Incident, cast: Cast) -> None:
    forgery.close(incident, by=cast.bo, basis="imported")


def by_sql_as_replayed(incident: Incident, cast: Cast) -> None:
    """Told as history of another system, by an import that is over."""
    values = as_closed(cast.bo) | {"closure_basis": "imported"}
    values["closed_by_id"] = values.pop("closed_by").pk
    to, data = values.pop("status"), {"import": imported.taken([]).pk}
    forgery.move(incident, "replay", by=cast.bo, to=to, data=data, **values)


def by_sql(incident: Incident, cast: Cast) -> None:
    values = as_closed(cast.bo)
    values["closed_by_id"] = values.pop("closed_by").pk
    forgery.edit(incident, **values)


def by_sql_with_event(incident: Incident, cast: Cast) -> None:
    """By the reporter herself, who has no key to close with."""
    forgery.close(incident, by=cast.ann)


def by_upsert(incident: Incident, cast: Cast) -> None:
    values = as_closed(cast.bo)
    Incident.objects.update_or_create(pk=incident.pk, defaults=values)


def by_event_alone(incident: Incident, cast: Cast) -> None:
    forgery.event(incident, "close", by=cast.bo, to="closed")


WAYS: list[Callable[[Incident, Cast], None]] = [
    by_update,
    by_update_with_version,
    by_bulk_update,
    by_save,
    by_assignment,
    by_transition_alone,
    by_replay_alone,
    by_update_as_imported,
    by_sql_as_imported,
    by_sql_as_replayed,
    by_sql,
    by_sql_with_event,
    by_upsert,
    by_event_alone,
]


@pytest.mark.parametrize("story", NOT_YET_CLOSED)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nothing_but_the_service_closes(
    cast: Cast, way: Callable[[Incident, Cast], None], story: str
) -> None:
    incident = told(cast, story)
    before = picture(incident)
    with pytest.raises((IntegrityError, AttributeError, TransitionNotAllowed)):
        attempt(lambda: way(incident, cast))
    assert picture(incident) == before


def attempt(act: Callable[[], object]) -> None:
    """Let the deferred guards speak, as a commit would."""
    with transaction.atomic():
        act()
        connection.check_constraints()


@pytest.mark.parametrize("story", ["in_progress", "resolved", "confirmed", "closed"])
def test_no_door_replays_what_this_desk_began(cast: Cast, story: str) -> None:
    incident = told(cast, story)
    before = picture(incident)
    locked = Incident.objects.lock(incident.pk)
    with pytest.raises(PermissionDenied), transaction.atomic():
        fire(locked.replay, by=cast.lea, status=Status.CLOSED)
    assert picture(incident) == before


@pytest.mark.parametrize(
    ("story", "rule"),
    [
        (imported.in_progress, "replay_only_imported"),
        (imported.resolved, "replay_only_imported"),
        (imported.closed, "incident_closed_fixed"),
        (imported.confirmed_here, "replay_only_imported"),
    ],
)
def test_nor_what_was_brought_in_when_no_import_runs(
    cast: Cast, story: Callable[[Cast], Incident], rule: str
) -> None:
    """The very door of imports, with all that they say; the import is over."""
    incident = story(cast)
    connection.check_constraints()
    before = picture(incident)
    locked = Incident.objects.lock(incident.pk)
    data = {"import": incident.imported.run_id}
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        fire(locked.replay, by=cast.lea, data=data, status=Status.CLOSED)
    assert broken_rule(caught.value) == rule
    assert picture(incident) == before


def test_none_is_born_closed(cast: Cast) -> None:
    incident = told(cast, "resolved")
    values: dict[str, Any] = {
        "resolution_id": incident.resolution_id,
        "resolved_at": forgery.NOW,
        "closed_at": forgery.NOW,
        "closed_by_id": cast.bo.pk,
        "closure_basis": "confirmed",
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        forgery.born(incident, moves=["closed"], **values)
    assert Incident.objects.count() == 1


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("status", Status.values)
def test_no_state_is_reached_by_update(cast: Cast, story: str, status: str) -> None:
    incident = told(cast, story)
    before = picture(incident)
    if status == incident.status:
        return
    row = Incident.objects.filter(pk=incident.pk)
    with pytest.raises(IntegrityError):
        attempt(lambda: row.update(status=status))
    assert picture(incident) == before


@pytest.mark.parametrize("story", STORIES)
def test_a_model_form_changes_no_state(cast: Cast, story: str) -> None:
    """Somebody wires up a form in a hurry: with all that a row has."""
    incident = told(cast, story)
    before = picture(incident)
    names = ["status", "closed_by", "closed_at", "closure_basis", "confirmed_at"]
    form = modelform_factory(Incident, fields=names)(
        {
            "status": "closed",
            "closed_by": cast.bo.pk,
            "closed_at": "2026-11-21 12:00",
            "confirmed_at": "2026-11-21 12:00",
            "closure_basis": "confirmed",
        },
        instance=incident,
    )
    refused = (IntegrityError, AttributeError, ValueError)
    with suppress(*refused):
        attempt(form.save)
    assert picture(incident) == before


# What a page of ours never asks for, sent along with everything it might ask for.
SMUGGLED = {
    "status": "closed",
    "closed_by": "1",
    "closed_at_0": "2026-11-21",
    "closed_at_1": "12:00",
    "closure_basis": "confirmed",
    "confirmed_at_0": "2026-11-21",
    "confirmed_at_1": "12:00",
    "confirmer": "1",
    "reporter": "1",
    "origin": "import",
    "_save": "Save",
}


@pytest.mark.parametrize("story", STORIES)
def test_the_admin_changes_nothing_of_an_incident(
    client: Client, cast: Cast, story: str
) -> None:
    incident = told(cast, story)
    before = picture(incident)
    for person in (cast.ida, cast.max, cast.lea):
        client.force_login(person)
        for page in ("change", "delete"):
            url = reverse(f"admin:incidents_incident_{page}", args=[incident.pk])
            answer = client.post(url, SMUGGLED | {"post": "yes"})
            assert answer.status_code in {302, 403, 404, 405}
        chosen = {"action": "delete_selected", "_selected_action": str(incident.pk)}
        client.post(
            reverse("admin:incidents_incident_changelist"), chosen | {"post": "yes"}
        )
    connection.check_constraints()
    assert picture(incident) == before


@pytest.mark.parametrize("story", NOT_YET_CLOSED)
def test_nor_would_an_admin_page_that_nobody_thought_about(
    rf: RequestFactory, cast: Cast, story: str
) -> None:
    """Django's own page for a model, as it is before anybody restricts it."""
    incident = told(cast, story)
    before = picture(incident)
    page = ModelAdmin(Incident, site)
    request = rf.post("/", as_text(before) | SMUGGLED)
    request.user = cast.ida
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    with suppress(IntegrityError, AttributeError), transaction.atomic():
        page.changeform_view(request, str(incident.pk))
        connection.check_constraints()
    after = picture(incident)
    for name in ("status", "version", "closed_by_id", "confirmed_at", "resolution_id"):
        assert after[name] == before[name]


def as_text(row: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in row.items() if value is not None}


# ---- by the addresses of moves that a page does not offer

WORDS = dict.fromkeys(
    [
        "account",
        "complaint",
        "description",
        "explanation",
        "message",
        "question",
        "reason",
        "solution",
        "text",
        "title",
        "verification",
    ],
    "Because it is so.",
)


def routes() -> list[str]:
    """Every address that belongs to one incident."""
    patterns: list[URLPattern] = [
        *move_urls.urlpatterns,
        *ticket.urlpatterns,
        *portal.urlpatterns,
    ]
    return [str(p.name) for p in patterns if "pk" in str(p.pattern)]


def pages_of_the_desk() -> list[str]:
    """Every address of no single record."""
    return [str(p.name) for p in desk.urlpatterns if "<" not in str(p.pattern)]


def everything_sent(incident: Incident, cast: Cast) -> dict[str, str]:
    return {
        **SMUGGLED,
        **WORDS,
        "version": str(incident.version),
        "resolution": str(incident.resolution_id or ""),
        "code": "fixed",
        "team": str(cast.desk.pk),
        "to": str(cast.cy.pk),
        "kind": "related",
        "email": "zed@example.org",
        "use": str(known(cast).pk),
        "outcome": "worked",
    }


@pytest.mark.parametrize("story", ASKED)
def test_a_stranger_changes_nothing_by_any_address(
    client: Client, cast: Cast, story: str
) -> None:
    incident = told(cast, story)
    before = picture(incident)
    sent = everything_sent(incident, cast)
    for person in (cast.zed, cast.ida):
        client.force_login(person)
        for name in routes():
            url = reverse(f"incidents:{name}", args=[incident.pk])
            assert client.post(url, sent).status_code in {403, 404, 405}, (name, person)
    connection.check_constraints()
    assert picture(incident) == before


@pytest.mark.parametrize("story", ASKED)
def test_looking_at_every_address_changes_nothing(
    client: Client, cast: Cast, story: str
) -> None:
    incident = told(cast, story)
    before = picture(incident)
    for person in (cast.ann, cast.lea):
        client.force_login(person)
        for name in routes():
            url = reverse(f"incidents:{name}", args=[incident.pk])
            assert client.get(url, WORDS).status_code < 500, (name, person)
        for name in pages_of_the_desk():
            client.get(reverse(f"incidents:{name}"))
    connection.check_constraints()
    assert picture(incident) == before


@pytest.mark.parametrize("story", ASKED)
def test_a_move_that_is_not_offered_is_not_made(
    client: Client, cast: Cast, story: str
) -> None:
    incident = told(cast, story)
    before = picture(incident)
    sent = everything_sent(incident, cast)
    for person in (cast.bo, cast.lea):
        client.force_login(person)
        possible = partial(moves.is_possible, incident, user=person, at=clock.now())
        for name in moves.BY_NAME:
            if possible(name):
                continue
            url = reverse(f"incidents:{name}", args=[incident.pk])
            status = client.post(url, sent).status_code
            assert status in {200, 302, 403, 404, 409}, (name, person, status)
            assert picture(incident) == before, (name, person)


def test_closing_twice_by_a_double_click_closes_once(
    client: Client, cast: Cast
) -> None:
    incident = told(cast, "confirmed")
    client.force_login(cast.cy)
    url = reverse("incidents:close", args=[incident.pk])
    sent = {"version": str(incident.version)}
    answers = [client.post(url, sent).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert Event.objects.filter(kind="incident.close").count() == 1


def test_a_report_sent_twice_is_one_incident(cast: Cast) -> None:
    form = "7b0c9c1e-58a5-4f0e-9d58-0d5a3d8b6c11"
    told_twice = [
        services.report_incident(
            Report(description="It is broken.", submission=form),  # type: ignore[arg-type]
            by=cast.ann,
        ).pk
        for _ in range(2)
    ]
    assert len(set(told_twice)) == Incident.objects.count() == 1
