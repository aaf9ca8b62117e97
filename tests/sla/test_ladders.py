"""The ladder of a policy: what it may say, that it goes with its version, and who keeps
it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.models import Role, User
from activity import clock
from activity.refusals import broken_rule
from sla.models import Policy, PolicyVersion, Rung
from sla.services import draft_policy_version, publish_policy_version
from sla.services.ladders import faults_of, unheard_of
from sla.wording_ladders import ladder_changes, ladder_of
from tests.people import Cast
from tests.sla.settings_cast import (
    draft_policy,
    in_days,
    make_calendar,
    make_policy,
    without_defaults,
)
from tests.sla.test_admin import client_of, save, text


def rung(version: PolicyVersion, position: int, trigger: str, **fields: Any) -> Rung:
    fields = {"tells": "team_lead", "acknowledge_within": 30, **fields}
    return Rung(version=version, position=position, trigger=trigger, **fields)


@pytest.fixture
def draft(db: None) -> PolicyVersion:
    without_defaults()
    make_calendar()
    version = make_policy("Everything", response_target=30, resolution_target=90)
    return draft_policy(
        version.policy,
        effective_from=in_days(1),
        response_target=30,
        resolution_target=90,
    )


WRONG = [
    ({"trigger": "weather"}, "rung_trigger_known"),
    ({"tells": "the_boss"}, "rung_tells_known"),
    ({"channel": "pigeon"}, "rung_channel_known"),
    ({"position": 0}, "rung_position_in_range"),
    ({"position": 21}, "rung_position_in_range"),
    ({"trigger": "resolution_percent"}, "rung_percent_of_share"),
    ({"trigger": "resolution_percent", "percent": 0}, "rung_percent_of_share"),
    ({"trigger": "response_percent", "percent": 401}, "rung_percent_of_share"),
    ({"trigger": "breach", "percent": 100}, "rung_percent_of_share"),
    ({"trigger": "bounces"}, "rung_count_of_bounces"),
    ({"trigger": "bounces", "count": 0}, "rung_count_of_bounces"),
    ({"trigger": "by_hand", "count": 3}, "rung_count_of_bounces"),
    ({"tells": "person"}, "rung_person_by_name"),
    ({"acknowledge_within": 0}, "rung_acknowledge_within_in_range"),
]


@pytest.mark.parametrize(("fields", "rule"), WRONG)
def test_a_rung_that_makes_no_sense_is_refused(
    draft: PolicyVersion, fields: dict[str, Any], rule: str
) -> None:
    fields = {"position": 1, "trigger": "breach", **fields}
    wrong = rung(draft, fields.pop("position"), fields.pop("trigger"), **fields)
    with pytest.raises(ValidationError):
        wrong.full_clean()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        wrong.save()
    assert broken_rule(caught.value) == rule


def test_two_rungs_have_no_place_in_common_but_may_change_places(
    draft: PolicyVersion,
) -> None:
    one, two = rung(draft, 1, "breach"), rung(draft, 2, "unacknowledged")
    Rung.objects.bulk_create([one, two])
    one.position, two.position = 2, 1
    one.save()
    two.save()
    connection.check_constraints()
    two.position = 2
    two.save()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        connection.check_constraints()
    assert broken_rule(caught.value) == "rung_position_once"
    two.delete()


@pytest.mark.parametrize("spoken", ["by_hand", "complaint"])
def test_a_ladder_hears_a_word_on_one_rung(draft: PolicyVersion, spoken: str) -> None:
    rung(draft, 1, spoken).save()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        rung(draft, 2, spoken).save()
    assert broken_rule(caught.value) == f"rung_{spoken}_once"


SENSELESS = [
    [("unacknowledged", {})],
    [("resolution_percent", {"percent": 75}), ("resolution_percent", {"percent": 75})],
    [("resolution_percent", {"percent": 100}), ("breach", {})],
    [("breach", {}), ("response_percent", {"percent": 50})],
    [("bounces", {"count": 3}), ("bounces", {"count": 2})],
]


@pytest.mark.parametrize("ladder", SENSELESS)
def test_a_ladder_that_makes_no_sense_is_neither_saved_nor_published(
    cast: Cast, draft: PolicyVersion, ladder: list[Any]
) -> None:
    rungs = [
        rung(draft, place, *one[:1], **one[1]) for place, one in enumerate(ladder, 1)
    ]
    assert len(faults_of(draft, rungs)) == 1
    Rung.objects.bulk_create(rungs)
    with pytest.raises(ValidationError) as caught:
        publish_policy_version(draft.pk, by=cast.ida, at=clock.now())
    assert f"Place {len(ladder)} of the ladder" in caught.value.messages[0]


def test_what_waits_for_a_promise_that_is_not_made_is_a_fault(
    draft: PolicyVersion,
) -> None:
    draft.response_target = None
    share = rung(draft, 1, "response_percent", percent=50)
    late = rung(draft, 2, "breach")
    assert [one.rung for one in faults_of(draft, [share, late])] == [share]
    draft.resolution_target = None
    assert [one.rung for one in faults_of(draft, [share, late])][-1] is late


def test_every_default_ladder_makes_sense(db: None) -> None:
    versions = PolicyVersion.objects.filter(policy__name__startswith="SEV")
    assert versions.count() == 4
    for version in versions:
        assert version.rungs.count() >= 6
        assert faults_of(version, version.rungs.all()) == []


def test_a_new_draft_has_the_ladder_of_the_version_it_copies(cast: Cast) -> None:
    policy = Policy.objects.get(name="SEV1")
    draft = draft_policy_version(policy.pk, by=cast.max, at=clock.now())
    before = policy.versions.get(number=1)
    assert [one.says for one in draft.rungs.all()] == [
        one.says for one in before.rungs.all()
    ]
    assert list(ladder_changes(draft, before)) == []
    draft.rungs.filter(trigger="unacknowledged").delete()
    changes = list(ladder_changes(draft, before))
    assert [change.after for change in changes] == ["–", "–"]
    publish_policy_version(draft.pk, by=cast.ida, at=clock.now(), from_now=True)
    assert before.rungs.count() == 7


def sev1_and_its_draft(cast: Cast) -> tuple[PolicyVersion, PolicyVersion]:
    policy = Policy.objects.get(name="SEV1")
    draft = draft_policy_version(policy.pk, by=cast.max, at=clock.now())
    return policy.versions.get(number=1), draft


def test_one_more_rung_is_the_only_one_that_changed(cast: Cast) -> None:
    before, draft = sev1_and_its_draft(cast)
    for one in draft.rungs.filter(position__gte=2).order_by("-position"):
        Rung.objects.filter(pk=one.pk).update(position=one.position + 1)
    rung(draft, 2, "bounces", count=9).save()
    (change,) = ladder_changes(draft, before)
    assert (change.label, change.before) == ("Ladder, place 2", "–")
    assert change.after.startswith("it came back 9 times: ")
    (back,) = ladder_changes(before, draft)
    assert (back.label, back.after) == ("Ladder, place 2 until now", "–")


def test_a_rung_that_says_something_else_stands_beside_what_it_said(
    cast: Cast,
) -> None:
    before, draft = sev1_and_its_draft(cast)
    draft.rungs.filter(position=3).update(acknowledge_within=77)
    (change,) = ladder_changes(draft, before)
    assert change.label == "Ladder, place 3"
    assert change.after.endswith("answers within 1 h 17 min")
    assert change.before.split(", ")[0] == change.after.split(", ")[0]


def test_a_draft_with_its_ladder_can_be_dropped(cast: Cast) -> None:
    policy = Policy.objects.get(name="SEV1")
    draft_policy_version(policy.pk, by=cast.max, at=clock.now()).delete()
    assert policy.versions.count() == 1


def test_who_would_hear_nothing_is_said_and_not_refused(
    cast: Cast, draft: PolicyVersion
) -> None:
    rung(draft, 1, "breach", tells="commander").save()
    rung(draft, 2, "unacknowledged", tells="desk_lead").save()
    assert [fault.rung.position for fault in unheard_of(draft)] == [1]
    cast.bo.role_grants.create(role=Role.INCIDENT_COMMANDER, granted_by=cast.ida)
    assert unheard_of(draft) == []


def test_a_person_who_left_is_not_chosen(cast: Cast, draft: PolicyVersion) -> None:
    cast.zed.is_active = False
    with pytest.raises(ValidationError) as caught:
        rung(draft, 1, "breach", tells="person", person=cast.zed).full_clean()
    assert "person" in caught.value.message_dict


def test_a_manager_writes_a_ladder_in_the_words_of_people(
    cast: Cast, draft: PolicyVersion
) -> None:
    sent = save(
        client_of(cast.max),
        draft,
        **{
            "rungs-0-position": "1",
            "rungs-0-trigger": "resolution_percent",
            "rungs-0-percent": "75",
            "rungs-0-tells": "commander",
            "rungs-0-acknowledge_within": "1 h 30 min",
        },
    )
    assert "was changed successfully" in text(sent)
    (step,) = ladder_of(draft)
    assert step.waits_for == "75 % of the resolution target"
    assert step.acknowledge_within == "1 h 30 min"
    assert "Place 1: Nobody is incident commander." in text(sent)


def test_a_manager_chooses_a_person_by_name(cast: Cast, draft: PolicyVersion) -> None:
    """From all who are here, in the order of their names, without any other page."""
    User.objects.filter(pk=cast.zed.pk).update(is_active=False)
    client = client_of(cast.max)
    shown = client.get(f"/admin/sla/policyversion/{draft.pk}/change/")
    (ladder,) = shown.context["inline_admin_formsets"]
    person = ladder.formset.empty_form["person"]
    names = [label for value, label in person.field.choices if value]
    here = [one.name for one in cast.everyone if one != cast.zed]
    assert names == sorted(here)
    assert "admin-autocomplete" not in str(person)
    told = {
        "rungs-0-position": "1",
        "rungs-0-trigger": "breach",
        "rungs-0-tells": "person",
        "rungs-0-person": str(cast.ute.pk),
        "rungs-0-acknowledge_within": "30",
    }
    assert "was changed successfully" in text(save(client, draft, **told))
    assert draft.rungs.get().person == cast.ute
    User.objects.filter(pk=cast.ute.pk).update(is_active=False)
    assert "switched off: choose another" in text(save(client, draft))


def test_a_senseless_ladder_is_refused_on_the_page(
    cast: Cast, draft: PolicyVersion
) -> None:
    sent = save(
        client_of(cast.max),
        draft,
        **{
            "rungs-0-position": "1",
            "rungs-0-trigger": "unacknowledged",
            "rungs-0-tells": "owner",
            "rungs-0-acknowledge_within": "30",
        },
    )
    assert "nobody can fail to answer to it" in text(sent)
    assert not draft.rungs.exists()


def test_a_published_ladder_is_read_as_a_table(cast: Cast) -> None:
    version = PolicyVersion.objects.get(policy__name="SEV1")
    page = client_of(cast.max).get(f"/admin/sla/policyversion/{version.pk}/change/")
    assert "75 % of the resolution target" in text(page)
    assert "rungs-TOTAL_FORMS" not in text(page)
