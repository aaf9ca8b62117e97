"""Words of others appear nowhere: not on a page, not in a search, not in a mail.

Each word that somebody must not read is a canary; every address is fetched by who
must not read it, and no answer may hold one.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import Team, User
from accounts.permissions import reads_figures_only
from activity import clock
from activity.handlers import muted
from activity.models import Delivery
from incidents import services
from incidents.models import Attachment, Incident, ShiftNote
from tests.incidents import stories
from tests.incidents.relations import Places, keep_file
from tests.incidents.shifts.words import written
from tests.incidents.test_permission_matrix import person_of
from tests.people import Cast
from tests.test_permissions import ALL_ROUTES

INTERNAL = [
    "canaryformer",
    "canarynote",
    "canaryoverride",
    "canaryhold",
    "canaryverification",
    "canarycall",
    "canarytransfer",
    "canarysymptom",
    "canarydiagnosis",
    "canarytried",
    "canarywanted",
    "canaryhandback",
    "canaryattention",
    "canaryinternalfile",
    "canaryshift",
]
FOREIGN = [
    "canarytitle",
    "canarybody",
    "canaryreply",
    "canarysolution",
    "canarycomplaint",
    "canaryurgency",
    "canaryfile",
]
# Pages of the demonstration where a newcomer reads everybody's mail, and log-outs.
ELSEWHERE = ("inbox:", "account_", "admin:logout", "components", "healthz", "readyz")
ONES_OWN = ["reporter", "manager", "administrator"]


@dataclass
class Scene:
    """Own and shared incidents with secrets of colleagues; one that is foreign."""

    places: Places
    person: User
    own: list[Incident]
    shared: list[Incident]
    foreign: list[Incident]


@pytest.fixture(params=ONES_OWN)
def role(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def scene(role: str, cast: Cast) -> Scene:
    places = Places(cast)
    person = person_of(role, cast)
    assert person is not None
    shared = secretly(places, reporter=places.rae)
    written(cast, text="canaryshift")
    if not reads_figures_only(person):
        services.share_incident(shared.pk, by=places.rae, email=person.email)
    return Scene(
        places=places,
        person=person,
        own=[secretly(places, reporter=person), called(places, reporter=person)],
        shared=[shared],
        foreign=[stranger(places)],
    )


def secretly(places: Places, *, reporter: User) -> Incident:
    """Solved, with a canary in every word that is for colleagues only."""
    cast = places.cast
    with muted():  # The mail of the report holds the title of that moment.
        incident = stories.reported(cast, by=reporter, title="canaryformer")
    pk = incident.pk
    by: dict[str, Any] = {"by": cast.bo, "expected_version": None}
    services.retitle_incident(pk, title="A better subject", **by)
    services.add_note(pk, text="canarynote", **by)
    keep_file(incident, by=cast.bo, public=False, name="canaryinternalfile.txt")
    stories.triaged(cast, of=incident, team=places.second)
    services.transfer_incident(
        pk,
        by=places.dot,
        expected_version=None,
        team=cast.desk,
        reason="canarytransfer",
    )
    up_and_down(cast, pk)
    stories.in_progress(cast, of=stories.again(incident))
    services.override_severity(pk, severity=2, reason="canaryoverride", **by)
    services.hold_incident(
        pk, reason="scheduled", until=later(), explanation="canaryhold", **by
    )
    services.resume_incident(pk, **by)
    services.call_attention(pk, reason="canaryattention", **by)
    solution = stories.solution(verification="canaryverification")
    services.resolve_incident(pk, solution=solution, **by)
    return stories.again(incident)


def up_and_down(cast: Cast, pk: int) -> None:
    """Network had it for a while, with a package, and said why it did not keep it."""
    stories.checked(Incident.objects.get(pk=pk), by=cast.bo)
    services.escalate_incident(
        pk,
        by=cast.bo,
        expected_version=None,
        team=cast.network,
        package=stories.package(
            symptom="canarysymptom",
            diagnosis="canarydiagnosis",
            tried="canarytried",
            wanted="canarywanted",
        ),
    )
    services.hand_back_incident(
        pk, by=cast.ned, expected_version=None, reason="canaryhandback"
    )


def later() -> datetime:
    return clock.now() + timedelta(days=1)


def called(places: Places, *, reporter: User) -> Incident:
    """The same, confirmed in a call whose account is for colleagues."""
    incident = secretly(places, reporter=reporter)
    services.record_call(
        incident.pk, by=places.cast.bo, expected_version=None, account="canarycall"
    )
    return stories.again(incident)


def stranger(places: Places) -> Incident:
    """Nobody's here: also its public words are none of theirs."""
    cast = places.cast
    incident = stories.reported(
        cast, by=places.rae, title="canarytitle", description="canarybody"
    )
    keep_file(incident, by=places.rae, public=True, name="canaryfile.txt")
    stories.in_progress(cast, of=stories.triaged(cast, of=incident))
    services.reply_to_reporter(
        incident.pk, by=cast.bo, expected_version=None, message="canaryreply"
    )
    services.urge(incident.pk, by=places.rae, reason="canaryurgency")
    return with_complaint(places, incident)


def with_complaint(places: Places, incident: Incident) -> Incident:
    solution = stories.solution(text="canarysolution")
    services.resolve_incident(
        incident.pk, by=places.cast.bo, expected_version=None, solution=solution
    )
    services.reject_resolution(incident.pk, by=places.rae, complaint="canarycomplaint")
    return stories.again(incident)


def addresses(scene: Scene) -> Iterator[str]:
    """Everything that can be fetched, about everything that there is."""
    incidents = [*scene.own, *scene.shared, *scene.foreign]
    for route, parameters in ALL_ROUTES.items():
        if route.startswith((*ELSEWHERE, "admin:")) or "<" in route:
            continue
        if not parameters:
            yield reverse(route)
        elif set(parameters) == {"pk"}:
            for pk in pks_for(route, incidents):
                yield reverse(route, kwargs={"pk": pk})
    yield from (
        f"{reverse('incidents:my_reports')}?q=canary&show={tab}" for tab in TABS
    )
    yield from admin_addresses()


TABS = ("", "open", "all", "waiting", "closed", "shared")


def pks_for(route: str, incidents: list[Incident]) -> list[int]:
    if route == "incidents:download":
        return list(Attachment.objects.values_list("pk", flat=True))
    if route == "incidents:team":
        return list(Team.objects.values_list("pk", flat=True))
    if "shift_note" in route:
        return list(ShiftNote.objects.values_list("pk", flat=True))
    return [incident.pk for incident in incidents]


def admin_addresses() -> Iterator[str]:
    """Lists, searches, each record and its history."""
    yield reverse("admin:index")
    for model in admin.site._registry:
        place = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield from (f"{reverse(f'{place}_changelist')}{q}" for q in ("", "?q=canary"))
        for pk in model._default_manager.values_list("pk", flat=True)[:40]:
            for page in ("change", "history", "delete"):
                try:
                    yield reverse(f"{place}_{page}", args=[pk])
                except NoReverseMatch:
                    continue


@pytest.fixture
def stopped_clock(scene: Scene) -> Iterator[None]:
    """No “3 min left” turns into another between two answers that are compared."""
    at = clock.now()
    with clock.frozen_at(at), time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def client(scene: Scene) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(scene.person)
    return client


def test_no_page_holds_a_word_that_is_not_theirs(scene: Scene, client: Client) -> None:
    leaks = []
    for path in addresses(scene):
        response = client.get(path)
        content = b"".join(response) if response.streaming else response.content
        text = content.decode(errors="replace") + str(dict(response.headers))
        leaks += [(path, word) for word in INTERNAL + FOREIGN if word in text]
        assert response.status_code < 500, path
    assert not leaks


@pytest.mark.usefixtures("stopped_clock")
def test_no_search_tells_whether_a_word_is_there(scene: Scene, client: Client) -> None:
    """A list that shortens for a word, and not for nonsense, has told it."""
    paths = [
        reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist")
        for m in admin.site._registry
    ]
    for path in [*paths, reverse("incidents:my_reports")]:
        nonsense = {"z" * len(word) for word in INTERNAL + FOREIGN}
        unsaid = {len(q): answer_to(client, path, q) for q in nonsense}
        for word in INTERNAL + FOREIGN:
            said = answer_to(client, path, word)
            assert said == unsaid[len(word)], (path, word)


def test_the_desk_reads_them_all(scene: Scene) -> None:
    """The canaries are there: who works on the incidents meets every one."""
    desk = Client()
    desk.force_login(scene.places.cast.bo)
    addresses = [one.get_absolute_url() for one in Incident.objects.all()]
    found = [desk.get(one) for one in [*addresses, reverse("incidents:shift_notes")]]
    text = "".join(response.content.decode() for response in found)
    assert not [word for word in INTERNAL + FOREIGN if word not in text]


def answer_to(client: Client, path: str, asked: str) -> tuple[int, list[str]]:
    """The page without what was asked, and without what each request makes anew."""
    response = client.get(path, {"q": asked})
    lines = response.content.decode().replace(asked, "").splitlines()
    kept = [line for line in lines if "nonce" not in line and "csrf" not in line]
    return response.status_code, kept


def test_no_mail_holds_a_word_that_is_not_its_readers(scene: Scene) -> None:
    told = Delivery.objects.select_related("event", "recipient")
    assert told.filter(recipient=scene.person).exists()
    leaks = []
    for delivery in told:
        text = json.dumps(delivery.envelope)
        leaks += [
            (delivery.event and delivery.event.kind, delivery.address, word)
            for word in INTERNAL + FOREIGN
            if word in text and not may_read(delivery, word)
        ]
    assert not leaks


def may_read(delivery: Delivery, word: str) -> bool:
    assert delivery.event is not None
    one = Incident.objects.filter(pk=delivery.event.subject_id)
    reader = delivery.recipient
    if one.visible_to(reader).exists():
        return True
    return word in FOREIGN and one.public_for(reader).exists()
