"""Attacks on incidents by SQL, and the stories they begin with.

Each is what somebody with access to the database might try. The events around it
are good forgeries, so that only the guard in question can refuse it.
"""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Membership, Team, User
from activity.refusals import broken_rule, explain
from incidents import services
from incidents.models import Incident
from tests.database import sql, without
from tests.incidents import forgery, stories
from tests.incidents.services.facts import leave
from tests.people import Cast
from tests.sla.settings_cast import keep_service_levels

Attack = Callable[[Incident, Cast], None]
Story = Callable[[Cast], Incident]


class Case(NamedTuple):
    """An attack on what a story left; the rule that refuses it first, and all that
    stands in its way: triggers, and rules of the incident's row."""

    attack: Attack
    story: Story
    rule: str
    triggers: tuple[str, ...]
    row_rules: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.attack.__name__}-{self.story.__name__}"

    def attempt(self, incident: Incident, cast: Cast) -> None:
        """Attack and let the deferred guards speak, as a commit would."""
        with transaction.atomic():
            self.attack(incident, cast)
            connection.check_constraints()

    def is_refused_by_name(self, cast: Cast) -> None:
        """By the rule that is meant, which has words for whoever meets it."""
        incident = self.story(cast)
        connection.check_constraints()
        with pytest.raises(IntegrityError) as caught:
            self.attempt(incident, cast)
        found = broken_rule(caught.value)
        assert found == self.rule, f"{self.name}: {found} instead of {self.rule}"
        assert explain(caught.value), f"{self.rule} has no words"

    def passes_without_its_guards(self, cast: Cast) -> None:
        """Nothing else was in its way: so it is they who refuse it."""
        incident = self.story(cast)
        self.lift()
        self.attempt(incident, cast)

    def lift(self, *, but: str = "") -> None:
        """Take away all that stands in its way, or all ``but`` one."""
        without(*(trigger for trigger in self.triggers if trigger != but))
        for rule in self.row_rules:
            if rule != but:
                sql(f"ALTER TABLE incidents_incident DROP CONSTRAINT {rule}")


def table(name: str, *triggers: str) -> tuple[str, ...]:
    return tuple(f"{name}.{trigger}" for trigger in triggers)


# ---- stories beyond the common ones


def rejected(cast: Cast) -> Incident:
    incident = stories.resolved(cast)
    services.reject_resolution(incident.pk, by=cast.ann, complaint="Still blank.")
    return stories.again(incident)


def reopened(cast: Cast) -> Incident:
    incident = stories.closed(cast)
    services.reopen_incident(incident.pk, by=cast.ann, complaint="Blank again.")
    return stories.again(incident)


def resolved_again(cast: Cast) -> Incident:
    return stories.resolved(cast, of=stories.in_progress(cast, of=rejected(cast)))


def resolved_after_confirmation(cast: Cast) -> Incident:
    """The first solution was confirmed, closed and reopened; now there is another."""
    return stories.resolved(cast, of=stories.in_progress(cast, of=reopened(cast)))


def called_with_two_people_wanted(cast: Cast) -> Incident:
    Team.objects.filter(pk=cast.desk.pk).update(second_person_closes=True)
    return stories.called(cast)


def confirmed_by_who_came_back(cast: Cast) -> Incident:
    """Ann confirmed and left, Zed was named, and now Ann works at the desk."""
    incident = stories.confirmed(cast)
    leave(cast.ann)
    services.name_successor(
        incident.pk,
        by=cast.lea,
        expected_version=None,
        successor=cast.zed,
        reason="Ann left.",
    )
    User.objects.filter(pk=cast.ann.pk).update(is_active=True)
    Membership.objects.create(user=cast.ann, team=cast.desk)
    return stories.again(incident)


def watched(cast: Cast) -> Incident:
    return stories.triaged(cast, source="monitoring")


def watched_and_resolved(cast: Cast) -> Incident:
    return stories.resolved(cast, source="monitoring")


def with_file(cast: Cast) -> Incident:
    incident = stories.reported(cast)
    forgery.attachment(incident, by=cast.ann)
    return incident


# ---- the second key


def close_it(incident: Incident, cast: Cast) -> None:
    forgery.close(incident, by=cast.cy)


def close_by_a_stranger(incident: Incident, cast: Cast) -> None:
    forgery.close(incident, by=cast.zed)


def close_by_who_left(incident: Incident, cast: Cast) -> None:
    forgery.close(incident, by=leave(cast.cy))


def close_by_who_confirmed(incident: Incident, cast: Cast) -> None:
    forgery.close(incident, by=cast.ann)


def close_on_false_ground(incident: Incident, cast: Cast) -> None:
    forgery.close(incident, by=cast.cy, basis="call")


def close_by_who_was_called(incident: Incident, cast: Cast) -> None:
    forgery.close(incident, by=cast.bo, basis="call")


def born_closed(incident: Incident, cast: Cast) -> None:
    forgery.born(
        incident,
        moves=["closed"],
        resolution_id=incident.resolutions.get().pk,
        resolved_at=forgery.NOW,
        closed_at=forgery.NOW,
        closed_by_id=cast.cy.pk,
        closure_basis="confirmed",
        due_at=None,
        **forgery.NO_RUNG,
    )


def edit_what_is_closed(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, title="Something else")


def move_the_closing(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, closed_by_id=cast.bo.pk)


# ---- the first key


def claim_a_confirmation(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, confirmed_at=forgery.NOW)


def drop_the_confirmation(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, confirmed_at=None)


def confirm_by_another(incident: Incident, cast: Cast) -> None:
    forgery.confirm(incident, by=cast.zed)


def confirm_by_who_left(incident: Incident, cast: Cast) -> None:
    forgery.confirm(incident, by=leave(cast.ann))


def confirm_the_old_one(incident: Incident, cast: Cast) -> None:
    old = incident.resolutions.order_by("number")[0].pk
    forgery.confirm(incident, by=cast.ann, resolution=old, confirmed_at=None)


def record_by_a_stranger(incident: Incident, cast: Cast) -> None:
    forgery.confirm(incident, by=cast.ann, recorded_by=cast.ned, channel="call")


def waive_by_an_agent(incident: Incident, cast: Cast) -> None:
    forgery.waive(incident, by=cast.bo)


def waive_the_old_one(incident: Incident, cast: Cast) -> None:
    old = incident.resolutions.order_by("number")[0].pk
    forgery.waive(incident, by=cast.lea, resolution=old)


def reject_by_a_stranger(incident: Incident, cast: Cast) -> None:
    forgery.reject(incident, by=cast.zed)


def reject_anothers(incident: Incident, cast: Cast) -> None:
    other = stories.current(stories.resolved(cast))
    forgery.reject(incident, by=cast.ann, resolution=other)


def bring_the_old_one_back(incident: Incident, cast: Cast) -> None:
    old = incident.resolutions.get()
    confirmed_at = getattr(getattr(old, "confirmation", None), "at", None)
    forgery.move(
        incident,
        "resolve",
        by=cast.bo,
        to="resolved",
        resolution_id=old.pk,
        resolved_at=old.at,
        confirmed_at=confirmed_at,
    )


def use_anothers(incident: Incident, cast: Cast) -> None:
    """A solution of another incident that it does not use any more."""
    other = rejected(cast).resolutions.get()
    forgery.move(
        incident,
        "resolve",
        by=cast.bo,
        to="resolved",
        resolution_id=other.pk,
        resolved_at=other.at,
    )


# ---- acts and their events


def resolution_without_event(incident: Incident, cast: Cast) -> None:
    row = {"number": 9, "seq": 900, "code": "fixed", "team_id": cast.desk.pk}
    forgery.act("resolution", incident, by=cast.bo, **row)


def confirmation_without_event(incident: Incident, cast: Cast) -> None:
    forgery.act("confirmation", incident, by=cast.ann, channel="portal", seq=900)


def confirmation_by_an_old_event(incident: Incident, cast: Cast) -> None:
    old = incident.confirmations.get().seq
    forgery.act("confirmation", incident, by=cast.ann, channel="portal", seq=old)


def confirmation_in_anothers_event(incident: Incident, cast: Cast) -> None:
    data = {"resolution": incident.resolution_id}
    seq = forgery.event(incident, "confirm", by=cast.bo, to="resolved", data=data)
    forgery.edit(incident, version=seq, confirmed_at=forgery.NOW)
    forgery.act("confirmation", incident, by=cast.ann, channel="portal", seq=seq)


def rejection_without_event(incident: Incident, cast: Cast) -> None:
    forgery.act("rejection", incident, by=cast.ann, channel="portal", seq=900)


def waiver_without_event(incident: Incident, cast: Cast) -> None:
    forgery.act("waiver", incident, by=cast.lea, seq=900)


def edit_resolution(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_resolution SET code = 'advice'")


def edit_confirmation(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_confirmation SET channel = 'link'")


def edit_rejection(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_rejection SET by_id = %s", cast.bo.pk)


def edit_waiver(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_waiver SET at = now()")


def delete_confirmation(incident: Incident, cast: Cast) -> None:
    sql("DELETE FROM incidents_confirmation")


def delete_rejection(incident: Incident, cast: Cast) -> None:
    sql("DELETE FROM incidents_rejection")


def delete_waiver(incident: Incident, cast: Cast) -> None:
    sql("DELETE FROM incidents_waiver")


def delete_old_resolution(incident: Incident, cast: Cast) -> None:
    sql("DELETE FROM incidents_rejection")
    sql("DELETE FROM incidents_resolution")


# ---- what never changes


def change_reporter(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, reporter_id=cast.zed.pk)


def change_logger(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, logged_by_id=cast.zed.pk)


def change_source(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, source="monitoring")


def change_origin(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, origin="import")


def change_report_time(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, reported_at=forgery.NOW)


def change_confirmer(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, confirmer_id=cast.zed.pk)


def name_who_left(incident: Incident, cast: Cast) -> None:
    leave(cast.ann)
    forgery.edit(incident, confirmer_id=leave(cast.max).pk)


def own_it_from_outside(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, owner_id=cast.ned.pk)


def born_with_a_strange_owner(incident: Incident, cast: Cast) -> None:
    forgery.born(incident, owner_id=cast.ned.pk)


def answer_for_it_at_no_desk(incident: Incident, cast: Cast) -> None:
    forgery.edit(incident, desk_id=cast.network.pk)


def dissolve_the_team(incident: Incident, cast: Cast) -> None:
    sql(
        "UPDATE accounts_team SET is_default_desk = false, is_active = false"
        " WHERE id = %s",
        cast.desk.pk,
    )


def make_the_desk_none(incident: Incident, cast: Cast) -> None:
    sql(
        "UPDATE accounts_team SET is_default_desk = false, is_service_desk = false"
        " WHERE id = %s",
        cast.desk.pk,
    )


def rename_file(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_attachment SET name = 'other.png'")


def hide_file(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_attachment SET incident_id = NULL, seq = NULL")


def delete_file(incident: Incident, cast: Cast) -> None:
    sql("DELETE FROM incidents_attachment")


def edit_holding(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_holding SET team_id = %s", cast.network.pk)


def delete_holding(incident: Incident, cast: Cast) -> None:
    sql("DELETE FROM incidents_holding")


def delete_rule(incident: Incident, cast: Cast) -> None:
    sql("DELETE FROM incidents_severityrule WHERE impact = 1")


def delete_level(incident: Incident, cast: Cast) -> None:
    sql("DELETE FROM incidents_severitylevel WHERE severity = 4")


# ---- promises


def promised(cast: Cast) -> Incident:
    keep_service_levels()
    return stories.reported(cast)


def rewrite_a_match(incident: Incident, cast: Cast) -> None:
    sql("UPDATE incidents_policymatch SET version_id = NULL")


def forget_a_match(incident: Incident, cast: Cast) -> None:
    sql("DELETE FROM incidents_policymatch")


def match_before_anything_happened(incident: Incident, cast: Cast) -> None:
    incident.policy_matches.create(seq=99, at=incident.reported_at, why=[])


def match_at_another_time(incident: Incident, cast: Cast) -> None:
    """Its clocks would have run longer, or less long."""
    services.add_note(incident.pk, by=cast.bo, expected_version=None, text="The drum.")
    incident.policy_matches.create(seq=2, at=incident.reported_at, why=[])
