"""History in Django admin: to look at, without words, and never to write."""

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from activity import clock, handlers
from activity.handlers import tell
from activity.lifecycle import record
from activity.models import Delivery, Event, Note
from activity.outbox import Message
from activity.services.deliveries import send_due
from tests.people import Cast
from tests.probe.models import Probe
from tests.probe.services import open_probe

CANARY = "heron-canary"


@pytest.fixture
def event(cast: Cast) -> Event:
    """An event with a note and a message, all with the same telling word."""
    tell(
        "probe.said",
        lambda event, probe: [Message(to=cast.ann, subject=CANARY, text=CANARY)],
    )
    probe = open_probe(by=cast.bo)
    try:
        with transaction.atomic():
            locked = Probe.objects.lock(probe.pk)
            return record(locked, "probe.said", by=cast.bo, notes={"reason": CANARY})
    finally:
        handlers._listeners.pop("probe.said")


def pages(event: Event) -> list[str]:
    note = Note.objects.get()
    delivery = Delivery.objects.get()
    return [
        reverse("admin:activity_event_changelist"),
        reverse("admin:activity_event_change", args=[event.pk]),
        reverse("admin:activity_note_changelist"),
        reverse("admin:activity_note_change", args=[note.pk]),
        reverse("admin:activity_delivery_changelist"),
        reverse("admin:activity_delivery_change", args=[delivery.pk]),
        reverse("admin:activity_timer_changelist"),
        reverse("admin:activity_heartbeat_changelist"),
        reverse("admin:activity_guardlift_changelist"),
        reverse("admin:index"),
    ]


def test_an_administrator_sees_that_it_happened_and_none_of_the_words(
    cast: Cast, client: Client, event: Event
) -> None:
    client.force_login(cast.ida)
    for page in pages(event):
        response = client.get(page)
        assert response.status_code == 200, page
        assert CANARY.encode() not in response.content, page


def test_a_manager_finds_nothing_of_it(
    cast: Cast, client: Client, event: Event
) -> None:
    client.force_login(cast.max)
    for page in pages(event)[:-1]:
        assert client.get(page).status_code == 403, page


@pytest.mark.parametrize(
    "question",
    [
        "admin:activity_delivery_changelist?envelope__text__icontains=heron",
        "admin:activity_delivery_changelist?recipient__password__startswith=a",
        "admin:activity_note_changelist?text__startswith=heron",
        "admin:activity_note_changelist?event__data__notes__reason__startswith=a",
        "admin:activity_event_changelist?data__page=3",
        "admin:accounts_user_changelist?password__startswith=md5",
        "admin:accounts_team_changelist?lead__password__startswith=md5",
        "admin:accounts_user_changelist?memberships__team__lead__password__startswith=m",
    ],
)
def test_a_list_cannot_be_asked_what_it_does_not_show(
    cast: Cast, client: Client, event: Event, question: str
) -> None:
    """Or a link or a text could be spelled out letter by letter."""
    client.force_login(cast.ida)
    name, query = question.split("?")
    assert client.get(f"{reverse(name)}?{query}").status_code == 400


def test_what_a_list_offers_can_be_asked(
    cast: Cast, client: Client, event: Event
) -> None:
    client.force_login(cast.ida)
    listed = reverse("admin:activity_event_changelist")
    for query in ("q=probe.said", "at__year=2026", "public__exact=0"):
        assert client.get(f"{listed}?{query}").status_code == 200
    people = reverse("admin:accounts_user_changelist")
    for query in (
        "role_grants__role__exact=manager",
        f"memberships__team__id__exact={cast.desk.pk}",
    ):
        assert client.get(f"{people}?{query}").status_code == 200


@pytest.mark.parametrize("query", ["at__year=99999999999999999999", "q=" + "9" * 5000])
def test_an_absurd_question_is_no_fault_of_ours(
    cast: Cast, client: Client, query: str
) -> None:
    client.force_login(cast.ida)
    listed = reverse("admin:activity_event_changelist")
    assert client.get(f"{listed}?{query}").status_code in {200, 302, 400}


@pytest.mark.parametrize("query", ["public=%00", "q=%00", "at__year=a%00b"])
def test_a_null_byte_in_an_address_is_told_400(
    cast: Cast, client: Client, query: str
) -> None:
    client.force_login(cast.ida)
    listed = reverse("admin:activity_event_changelist")
    assert client.get(f"{listed}?{query}").status_code == 400


def test_nobody_writes_history_here(cast: Cast, client: Client, event: Event) -> None:
    client.force_login(cast.ida)
    url = reverse("admin:activity_event_change", args=[event.pk])
    assert client.post(url, {"kind": "probe.forged"}).status_code == 403
    event.refresh_from_db()
    assert event.kind == "probe.said"


def test_a_list_of_events_costs_the_same_at_any_length(
    cast: Cast,
    client: Client,
    event: Event,
    django_assert_max_num_queries: pytest.FixtureRequest,
) -> None:
    for _ in range(60):
        open_probe(by=cast.bo)
    client.force_login(cast.ida)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(reverse("admin:activity_event_changelist"))


def test_what_failed_for_good_can_be_sent_again(
    cast: Cast, client: Client, event: Event
) -> None:
    Delivery.objects.update(state=Delivery.State.FAILED, error="SMTPDataError: 554")
    client.force_login(cast.ida)
    chosen = {
        "action": "send_again",
        "_selected_action": [str(Delivery.objects.get().pk)],
    }
    client.post(reverse("admin:activity_delivery_changelist"), chosen)
    send_due()
    assert len(mail.outbox) == 1


def test_what_was_sent_is_not_sent_twice(
    cast: Cast, client: Client, event: Event
) -> None:
    send_due()
    client.force_login(cast.ida)
    chosen = {
        "action": "send_again",
        "_selected_action": [str(Delivery.objects.get().pk)],
    }
    client.post(reverse("admin:activity_delivery_changelist"), chosen)
    with clock.frozen_at(clock.now()):
        send_due()
    assert len(mail.outbox) == 1
