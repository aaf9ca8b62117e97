"""The pages of escalating, and what a ticket page says of tiers."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import EscalationPath, Membership, Team
from incidents import services
from incidents.models import Incident, KnownErrorCheck
from sla.models import Calendar, OperationalTarget
from tests.incidents import stories
from tests.incidents.checking.asked import BLANK
from tests.incidents.ticket.conftest import As, window, words
from tests.incidents.using.known import known
from tests.people import Cast

__all__ = ["window"]

TYPED = {
    "symptom": "Every page is blank.",
    "diagnosis": "The port drops frames.",
    "tried": "Another cable: no change.",
    "wanted": "Look at the switch.",
}


def address(name: str, incident: Incident) -> str:
    return reverse(f"incidents:{name}", args=[incident.pk])


def sent(response: Any, incident: Incident, **more: Any) -> dict[str, Any]:
    """What the browser sends: the hidden fields of the page, and what was typed."""
    form = response.context["form"]
    hidden = {field.name: field.value() for field in form.hidden_fields()}
    return {**hidden, "version": incident.version, **TYPED, **more}


class TestEscalate:
    def test_each_team_says_what_it_has_and_how_long_it_takes(
        self, cast: Cast, window: As
    ) -> None:
        calendar = Calendar.objects.get(name="Working hours")
        OperationalTarget.objects.create(
            team=cast.network, calendar=calendar, minutes=240
        )
        stories.in_progress(cast, owner=cast.ned, of=stories.escalated(cast))
        stories.escalated(cast)
        page = window("bo").get(address("escalate", stories.triaged(cast)))
        assert (
            "Network · 2 open, 1 without an owner · takes up to 4 h by the calendar"
            " “Working hours”" in words(page)
        )

    def test_only_teams_that_it_can_go_to(self, cast: Cast, window: As) -> None:
        Team.objects.create(name="Storage", tier=2)
        page = words(window("bo").get(address("escalate", stories.triaged(cast))))
        assert "Storage" not in page
        assert "Vendor" not in page

    def test_where_no_path_leads_up_it_says_who_sets_one(
        self, cast: Cast, window: As
    ) -> None:
        EscalationPath.objects.all().delete()
        page = window("bo").get(address("escalate", stories.triaged(cast)))
        assert "No team is set as the next tier" in words(page)

    def test_the_check_is_on_the_same_page_and_made_with_it(
        self, cast: Cast, window: As
    ) -> None:
        version = known(cast)
        incident = stories.triaged(cast, **BLANK)
        client = window("bo")
        page = client.get(address("escalate", incident))
        assert "Is it a known error?" in words(page)
        more = {
            "team": cast.network.pk,
            f"decided_{version.pk}": "refused",
            f"refusal_{version.pk}": "other_symptom",
        }
        response = client.post(
            address("escalate", incident), sent(page, incident, **more)
        )
        assert response.status_code == 302
        found = stories.again(incident)
        assert found.team == cast.network
        assert found.handovers.get().check_made == KnownErrorCheck.objects.get()

    def test_afterwards_it_names_the_team_that_has_it(
        self, cast: Cast, window: As
    ) -> None:
        incident = stories.triaged(cast)
        stories.checked(incident, by=cast.bo)
        incident = stories.again(incident)
        client = window("bo")
        page = client.get(address("escalate", incident))
        response = client.post(
            address("escalate", incident),
            sent(page, incident, team=cast.network.pk),
            follow=True,
        )
        assert f"{incident.reference} is with Network now." in words(response)

    def test_a_reason_that_may_be_asked_is_not_called_optional_after_a_mistake(
        self, cast: Cast, window: As
    ) -> None:
        """Used, none is needed; not decided yet, nobody knows."""
        version = known(cast)
        incident = stories.triaged(cast, **BLANK)
        client = window("bo")
        page = client.get(address("escalate", incident))
        for decided, is_asked in (("", True), ("refused", True), ("used", False)):
            more = {f"decided_{version.pk}": decided}
            response = client.post(
                address("escalate", incident), sent(page, incident, **more)
            )
            form = response.context["form"]
            assert form.fields[f"refusal_{version.pk}"].required is is_asked
            says_why = f"refusal_{version.pk}" in form.errors
            assert says_why is (decided == "refused")

    def test_undecided_nothing_is_done_and_nothing_typed_is_lost(
        self, cast: Cast, window: As
    ) -> None:
        known(cast)
        incident = stories.triaged(cast, **BLANK)
        client = window("bo")
        page = client.get(address("escalate", incident))
        response = client.post(
            address("escalate", incident), sent(page, incident, team=cast.network.pk)
        )
        shown = words(response)
        assert "Say whether you use it." in shown
        assert all(text in shown for text in TYPED.values())
        assert stories.again(incident).version == incident.version
        assert not KnownErrorCheck.objects.exists()

    def test_what_is_suggested_since_is_asked_about(
        self, cast: Cast, window: As
    ) -> None:
        incident = stories.triaged(cast, **BLANK)
        client = window("bo")
        page = client.get(address("escalate", incident))
        known(cast)
        response = client.post(
            address("escalate", incident), sent(page, incident, team=cast.network.pk)
        )
        shown = words(response)
        assert "Other known errors are suggested by now" in shown
        assert all(text in shown for text in TYPED.values())
        assert stories.again(incident).team == cast.desk

    def test_checked_before_nobody_asks_again(self, cast: Cast, window: As) -> None:
        incident = stories.triaged(cast)
        stories.checked(incident, by=cast.bo)
        page = window("bo").get(address("escalate", incident))
        assert "Is it a known error?" not in words(page)

    def test_the_triage_page_leads_there_with_what_was_typed(
        self, cast: Cast, window: As
    ) -> None:
        incident = stories.reported(cast)
        service, category = stories.catalogue()
        client = window("bo")
        assert address("triage_and_escalate", incident) in words(
            client.get(address("triage", incident))
        )
        page = client.post(
            address("triage_and_escalate", incident),
            {
                "version": incident.version,
                "edit": "1",
                "service": service.pk,
                "category": category.pk,
                "impact": "1",
                "urgency": "1",
                "people_affected": "31",
            },
        )
        assert page.status_code == 200
        assert 'value="31"' in words(page)
        assert "There is a problem" not in words(page)

    def test_who_writes_the_next_package_reads_the_one_that_came(
        self, cast: Cast, window: As
    ) -> None:
        incident = stories.in_progress(cast, owner=cast.ned, of=stories.escalated(cast))
        page = words(window("ned").get(address("escalate", incident)))
        assert "Handed over to your team" in page
        assert stories.package().tried in page

    def test_and_why_it_came_back_from_above(self, cast: Cast, window: As) -> None:
        incident = stories.in_progress(cast, owner=cast.ned, of=stories.escalated(cast))
        high = stories.escalated(cast, by=cast.ned, of=incident, team=cast.vendor)
        stories.handed_back(cast, by=cast.ute, of=high)
        page = words(window("ned").get(address("escalate", high)))
        assert "It came back from Vendor" in page
        assert "Handed over to your team" not in page

    def test_at_the_desk_nothing_came(self, cast: Cast, window: As) -> None:
        page = window("bo").get(address("escalate", stories.triaged(cast)))
        assert "Handed over to your team" not in words(page)


class TestTicket:
    def test_the_team_that_gets_it_reads_the_package_first(
        self, cast: Cast, window: As
    ) -> None:
        incident = stories.escalated(cast)
        shown = words(window("ned").get(address("ticket", incident)))
        assert "Handed over to your team" in shown
        first = shown.index(stories.package().wanted)
        assert first < shown.index("whole-history") < shown.index('id="history"')

    def test_it_still_stands_first_where_a_peer_got_it(
        self, cast: Cast, window: As
    ) -> None:
        """Passed on within the tier, twice; handed back it is nobody's to act on."""
        storage = Team.objects.create(name="Storage", tier=2)
        Membership.objects.create(user=cast.zed, team=storage)
        incident = stories.escalated(cast)
        for team, by in [
            (storage, cast.ned),
            (cast.network, cast.zed),
            (storage, cast.ned),
        ]:
            services.transfer_incident(
                incident.pk, by=by, expected_version=None, team=team, reason="Yours."
            )
        shown = words(window("zed").get(address("ticket", incident)))
        assert "Handed over to your team" in shown
        assert shown.index(stories.package().wanted) < shown.index("whole-history")
        stories.handed_back(cast, by=cast.zed, of=incident)
        shown = words(window("bo").get(address("ticket", incident)))
        assert "Handed over to your team" not in shown

    def test_why_it_came_back_stands_there_while_that_lasts(
        self, cast: Cast, window: As
    ) -> None:
        incident = stories.handed_back(cast)
        shown = words(window("bo").get(address("ticket", incident)))
        assert "It came back from Network" in shown
        box = shown[shown.index("came-back-title") : shown.index('id="history"')]
        assert "Ned North handed it back" in box
        assert "The port is fine: look at the driver." in box
        for name in ("ned", "ute"):
            other = window(name).get(address("ticket", incident))
            assert "It came back from" not in words(other)
        up = stories.escalated(cast, of=incident)
        for name in ("bo", "ned"):
            page = words(window(name).get(address("ticket", up)))
            assert "It came back from" not in page

    def test_the_reporter_does_not_read_that_it_came_back(
        self, cast: Cast, window: As
    ) -> None:
        incident = stories.handed_back(cast)
        for path in ("/", "/my/", f"/my/{incident.pk}/"):
            shown = words(window("ann").get(path))
            assert "came back" not in shown
            assert "The port is fine" not in shown

    def test_who_asks_for_the_history_gets_it(self, cast: Cast, window: As) -> None:
        incident = stories.escalated(cast)
        page = window("ned").get(address("ticket", incident) + "?show=changes")
        assert "whole-history" not in words(page)

    @pytest.mark.parametrize("name", ["bo", "lea"])
    def test_others_read_it_where_it_happened(
        self, cast: Cast, window: As, name: str
    ) -> None:
        incident = stories.escalated(cast)
        shown = words(window(name).get(address("ticket", incident)))
        assert "Handed over to your team" not in shown
        assert "escalated it to Network" in shown
        assert stories.package().tried.split(":")[0] in shown

    def test_the_way_through_the_tiers_with_its_times(
        self, cast: Cast, window: As
    ) -> None:
        incident = stories.handed_back(cast)
        shown = words(window("bo").get(address("ticket", incident)))
        assert "Way through the tiers" in shown
        assert "L1 · Service desk" in shown
        assert "L2 · Network" in shown
        assert "It came back once." in shown

    def test_attention_is_on_the_ticket(self, cast: Cast, window: As) -> None:
        incident = stories.triaged(cast)
        for _each in range(2):
            incident = stories.handed_back(
                cast, of=stories.escalated(cast, of=incident)
            )
        assert "Attention level 1" in words(
            window("bo").get(address("ticket", incident))
        )

    def test_the_reporter_reads_no_word_of_it(self, cast: Cast, window: As) -> None:
        incident = stories.handed_back(cast)
        shown = words(
            window("ann").get(reverse("incidents:my_report", args=[incident.pk]))
        )
        assert not [text for text in vars_of(stories.package()) if text in shown]
        assert "Look at" not in shown

    def test_hand_back_names_who_gets_it(self, cast: Cast, window: As) -> None:
        incident = stories.escalated(cast)
        shown = words(window("ned").get(address("hand_back", incident)))
        assert "Service desk" in shown
        services.hand_back_incident(
            incident.pk, by=cast.ned, expected_version=None, reason="Yours."
        )


def vars_of(package: Any) -> list[str]:
    names = ("symptom", "diagnosis", "tried", "wanted")
    return [getattr(package, name) for name in names]
