"""Targets of teams in the administration, and what they can never say."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from activity.refusals import broken_rule
from sla.models import Calendar, OperationalTarget
from tests.people import Cast

ADD = "admin:sla_operationaltarget_add"


def client_of(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, name))
    return client


def answers(cast: Cast, **given: object) -> dict[str, object]:
    calendar = Calendar.objects.get(name="Working hours")
    return {"team": cast.network.pk, "calendar": calendar.pk, "minutes": 240, **given}


def test_an_administrator_says_how_long_a_team_takes(cast: Cast) -> None:
    response = client_of(cast, "ida").post(reverse(ADD), answers(cast))
    assert response.status_code == 302
    target = OperationalTarget.objects.get()
    assert (target.team, target.minutes) == (cast.network, 240)


def test_one_for_each_team(cast: Cast) -> None:
    client = client_of(cast, "ida")
    client.post(reverse(ADD), answers(cast))
    response = client.post(reverse(ADD), answers(cast))
    assert "This team has a target already" in response.content.decode()


def test_a_manager_reads_and_changes_nothing(cast: Cast) -> None:
    client_of(cast, "ida").post(reverse(ADD), answers(cast))
    pk = OperationalTarget.objects.get().pk
    client = client_of(cast, "max")
    page = client.get(reverse("admin:sla_operationaltarget_change", args=[pk]))
    assert "Network" in page.content.decode()
    for name in ("change", "delete"):
        address = reverse(f"admin:sla_operationaltarget_{name}", args=[pk])
        assert client.post(address, answers(cast, minutes=1)).status_code == 403
    assert OperationalTarget.objects.get().minutes == 240


@pytest.mark.parametrize("minutes", [0, 525_601])
def test_it_has_a_length(cast: Cast, minutes: int) -> None:
    response = client_of(cast, "ida").post(reverse(ADD), answers(cast, minutes=minutes))
    assert "Enter 1 to 525,600 minutes." in response.content.decode()
    target = OperationalTarget(
        team=cast.network, calendar=Calendar.objects.earliest("pk"), minutes=minutes
    )
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        target.save()
    assert broken_rule(caught.value) == "operational_target_is_bounded"
