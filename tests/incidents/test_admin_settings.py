"""Settings of incidents in Django admin: kept by administrators, read by managers."""

import pytest
from django.test import Client
from django.urls import reverse

from incidents.models import SeverityLevel, SeverityRule, TicketTemplate
from tests.incidents import stories
from tests.incidents.test_admin import changelist, everything
from tests.people import Cast


def cells(**changed: int) -> dict[str, str]:
    """The form of the matrix; ``i3u3=3`` is impact 3, urgency 3, SEV3."""
    rules = list(SeverityRule.objects.all())
    sent = {"form-TOTAL_FORMS": "9", "form-INITIAL_FORMS": "9", "_save": "Save"}
    for number, rule in enumerate(rules):
        severity = changed.get(f"i{rule.impact}u{rule.urgency}", rule.severity)
        sent[f"form-{number}-id"] = str(rule.pk)
        sent[f"form-{number}-severity"] = str(severity)
        sent[f"form-{number}-impact"] = "1"
    return sent


class TestSeverityMatrix:
    @pytest.fixture
    def admin(self, cast: Cast, client: Client) -> Client:
        client.force_login(cast.ida)
        return client

    def test_it_is_a_table_of_three_by_three(self, admin: Client) -> None:
        page = admin.get(changelist("severityrule"))
        content = page.content.decode()
        assert content.count('<th scope="row">') == 3
        assert content.count("-severity") >= 9
        assert "Severity for impact “A team or a site”, urgency “Can wait”" in content
        assert [len(row.cells) for row in page.context["cl"].rows()] == [3, 3, 3]

    def test_an_administrator_changes_it_and_the_next_report_follows(
        self, cast: Cast, admin: Client
    ) -> None:
        response = admin.post(changelist("severityrule"), cells(i3u3=3))
        assert response.status_code == 302
        assert stories.reported(cast, impact=3, urgency=3).severity == 3
        assert SeverityRule.objects.count() == 9
        places = SeverityRule.objects.order_by("pk").values_list("impact", "urgency")
        assert len(set(places)) == 9

    def test_a_severity_that_is_none_is_told(self, admin: Client) -> None:
        before = everything()
        response = admin.post(changelist("severityrule"), cells(i1u1=7))
        assert response.status_code == 200
        assert b"Select a valid choice" in response.content
        assert everything() == before

    @pytest.mark.parametrize(
        "sent", [{}, {"form-TOTAL_FORMS": "x"}, {"form-0-id": "x"}]
    )
    def test_a_broken_form_changes_nothing(
        self, admin: Client, sent: dict[str, str]
    ) -> None:
        admin.raise_request_exception = False
        before = everything()
        forged = {"_save": "Save"} | (cells(i1u1=4) | sent if sent else {})
        assert admin.post(changelist("severityrule"), forged).status_code < 500
        assert everything() == before

    def test_a_manager_reads_it(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.max)
        page = client.get(changelist("severityrule"))
        assert b"<select" not in page.content.split(b'id="result_list"')[1]
        before = everything()
        assert client.post(changelist("severityrule"), cells(i3u3=1)).status_code in {
            200,
            403,
        }
        assert everything() == before

    def test_only_the_severity_of_one_rule_can_be_changed(self, admin: Client) -> None:
        rule = SeverityRule.objects.get(impact=1, urgency=1)
        url = reverse("admin:incidents_severityrule_change", args=[rule.pk])
        admin.post(url, {"severity": "2", "impact": "3", "urgency": "3"})
        rule.refresh_from_db()
        assert (rule.impact, rule.urgency, rule.severity) == (1, 1, 2)


def test_the_meaning_of_a_severity_is_a_setting(cast: Cast, client: Client) -> None:
    client.force_login(cast.ida)
    url = reverse("admin:incidents_severitylevel_change", args=[1])
    sent = {
        "severity": "4",
        "definition": "All stands still.",
        "examples": "Fire\nFlood",
    }
    assert client.post(url, sent).status_code == 302
    level = SeverityLevel.objects.get(pk=1)
    assert level.definition == "All stands still."
    assert level.example_list == ["Fire", "Flood"]
    assert SeverityLevel.objects.count() == 4


def test_templates_are_kept_by_administrators(cast: Cast, client: Client) -> None:
    client.force_login(cast.ida)
    service, category = stories.catalogue()
    sent = {
        "name": "Paper jam",
        "title": "Printer shows a paper jam",
        "kind": "incident",
        "service": str(service.pk),
        "category": str(category.pk),
        "impact": "3",
        "urgency": "2",
        "is_active": "on",
    }
    url = reverse("admin:incidents_tickettemplate_add")
    assert client.post(url, sent).status_code == 302
    made = TicketTemplate.objects.get()
    again = client.post(url, sent | {"name": "PAPER JAM"})
    assert b"Another template has this name." in again.content
    change = reverse("admin:incidents_tickettemplate_change", args=[made.pk])
    assert client.post(change, sent | {"is_active": ""}).status_code == 302
    made.refresh_from_db()
    assert not made.is_active
    client.force_login(cast.max)
    assert client.post(change, sent | {"name": "Mine"}).status_code == 403
    assert TicketTemplate.objects.get().name == "Paper jam"


class TestWhoIsNamed:
    """A manager sees teams, numbers and times; people are for administrators."""

    def pages(self, client: Client, cast: Cast) -> str:
        incident = stories.closed(cast)
        change = reverse("admin:incidents_incident_change", args=[incident.pk])
        found = [client.get(url) for url in (changelist("incident"), change)]
        assert [page.status_code for page in found] == [200, 200]
        return "".join(page.content.decode() for page in found)

    def test_a_manager_reads_no_names(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.max)
        shown = self.pages(client, cast)
        for person in (cast.ann, cast.bo, cast.cy, cast.lea):
            assert person.name not in shown
        for label in ("owner", "closed by", "column-owner_name"):
            assert label not in shown.lower()
        assert cast.desk.name in shown

    def test_an_administrator_does(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.ida)
        shown = self.pages(client, cast)
        assert cast.bo.name in shown
        assert cast.cy.name in shown
        assert cast.ann.name not in shown
