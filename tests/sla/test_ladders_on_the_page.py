"""A ladder is written on the page of its draft: what is refused is said at the field
that it is about, and rungs exchange what they wait for in one save."""

from typing import Any

import pytest

from sla.models import PolicyVersion
from tests.people import Cast
from tests.sla.settings_cast import (
    draft_policy,
    in_days,
    make_calendar,
    make_policy,
    without_defaults,
)
from tests.sla.test_admin import client_of, save, text

SAME_WORD = "Another rung waits for the same word. A ladder hears it once."
NEW = {"tells": "owner", "channel": "email", "acknowledge_within": "30"}


@pytest.fixture
def draft(db: None) -> PolicyVersion:
    without_defaults()
    make_calendar()
    version = make_policy("Everything", resolution_target=90)
    return draft_policy(version.policy, effective_from=in_days(1), resolution_target=90)


def with_rungs(draft: PolicyVersion, *triggers: str) -> PolicyVersion:
    for place, trigger in enumerate(triggers, 1):
        draft.rungs.create(
            position=place, trigger=trigger, tells="owner", acknowledge_within=30
        )
    return draft


def of_rung(number: int, **fields: str) -> dict[str, str]:
    return {f"rungs-{number}-{name}": value for name, value in fields.items()}


def refusals(response: Any) -> list[Any]:
    """The errors of every rung of the page, by field."""
    (ladder,) = response.context["inline_admin_formsets"]
    assert not ladder.formset.non_form_errors()
    return [dict(form.errors) for form in ladder.formset.forms]


def triggers(draft: PolicyVersion) -> list[str]:
    return [rung.trigger for rung in draft.rungs.order_by("position")]


@pytest.mark.parametrize("spoken", ["by_hand", "complaint"])
def test_a_word_that_two_rungs_wait_for_is_refused_at_the_second(
    cast: Cast, draft: PolicyVersion, spoken: str
) -> None:
    with_rungs(draft, spoken, "breach")
    typed = of_rung(1, trigger=spoken, acknowledge_within="45 min")
    sent = save(client_of(cast.max), draft, **typed)
    assert refusals(sent)[:2] == [{}, {"trigger": [SAME_WORD]}]
    assert 'value="45 min"' in text(sent)
    assert triggers(draft) == [spoken, "breach"]


def test_a_place_that_two_rungs_have_is_refused_at_the_second(
    cast: Cast, draft: PolicyVersion
) -> None:
    with_rungs(draft, "by_hand", "breach")
    sent = save(client_of(cast.max), draft, **of_rung(1, position="1"))
    assert refusals(sent)[:2] == [{}, {"position": ["Another rung has this place."]}]


@pytest.mark.parametrize(
    "before_and_after",
    [
        (["by_hand", "complaint"], ["complaint", "by_hand"]),
        (["by_hand", "complaint", "breach"], ["breach", "by_hand", "complaint"]),
        (["by_hand", "complaint", "breach"], ["complaint", "breach", "by_hand"]),
    ],
)
def test_rungs_exchange_what_they_wait_for(
    cast: Cast, draft: PolicyVersion, before_and_after: tuple[list[str], list[str]]
) -> None:
    before, after = before_and_after
    with_rungs(draft, *before)
    kept = list(draft.rungs.values_list("pk", flat=True))
    typed: dict[str, str] = {}
    for number, trigger in enumerate(after):
        typed |= of_rung(number, trigger=trigger)
    sent = save(client_of(cast.max), draft, **typed)
    assert "was changed successfully" in text(sent)
    assert triggers(draft) == after
    assert list(draft.rungs.values_list("pk", flat=True)) == kept


def test_a_word_goes_over_to_a_share_of_the_target(
    cast: Cast, draft: PolicyVersion
) -> None:
    with_rungs(draft, "by_hand", "breach")
    draft.rungs.filter(position=2).update(trigger="resolution_percent", percent=75)
    typed = of_rung(0, trigger="resolution_percent", percent="80")
    typed |= of_rung(1, trigger="by_hand", percent="")
    sent = save(client_of(cast.max), draft, **typed)
    assert "was changed successfully" in text(sent)
    assert list(draft.rungs.order_by("position").values_list("trigger", "percent")) == [
        ("resolution_percent", 80),
        ("by_hand", None),
    ]


@pytest.mark.parametrize("heir", [0, 2])
def test_a_rung_is_deleted_and_another_takes_its_word_and_place(
    cast: Cast, draft: PolicyVersion, heir: int
) -> None:
    """Whether the heir was there before or is new."""
    with_rungs(draft, "breach", "by_hand")
    typed = of_rung(1, DELETE="on")
    typed |= of_rung(heir, position="2", trigger="by_hand", **NEW)
    sent = save(client_of(cast.max), draft, **typed)
    assert "was changed successfully" in text(sent)
    expected = {0: ["by_hand"], 2: ["breach", "by_hand"]}
    assert triggers(draft) == expected[heir]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"trigger": "resolution_percent"}, "percent"),
        ({"trigger": "breach", "percent": "50"}, "percent"),
        ({"trigger": "bounces"}, "count"),
        ({"trigger": "by_hand", "count": "3"}, "count"),
        ({"trigger": "breach", "tells": "person"}, "person"),
        ({"trigger": "unacknowledged"}, "trigger"),
        ({"trigger": "response_percent", "percent": "50"}, "trigger"),
    ],
)
def test_what_a_rung_lacks_is_said_at_its_field(
    cast: Cast, draft: PolicyVersion, fields: dict[str, str], field: str
) -> None:
    typed = of_rung(0, **{**NEW, "position": "1", **fields})
    (wrong,) = refusals(save(client_of(cast.max), draft, **typed))
    assert list(wrong) == [field]
    assert len(wrong[field]) == 1


def test_a_share_that_comes_too_late_is_said_at_the_share(
    cast: Cast, draft: PolicyVersion
) -> None:
    with_rungs(draft, "breach")
    typed = of_rung(1, **NEW, position="2", trigger="resolution_percent", percent="90")
    _first, wrong = refusals(save(client_of(cast.max), draft, **typed))
    assert "waits for as much or more" in wrong["percent"][0]
    assert len(wrong) == 1
