"""How often tickets go up and come back: as the file of the log says it."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from incidents.models import Incident, TierStay
from incidents.tiers.figures import TierFigures, tier_figures
from tests.incidents import stories
from tests.incidents.replay import whole
from tests.incidents.tiers import by_hand
from tests.people import Cast

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def of_log() -> TierFigures:
    return tier_figures(Incident.objects.filter(imported__source="vinst"), NOW)


def agrees_with_the_file(path: Path) -> by_hand.Counted:
    whole.bring_in(path, "vinst")
    counted, figures = by_hand.count(path), of_log()
    still_open = TierStay.objects.filter(left_at=None)
    for stay in still_open:
        figures.time[stay.tier] -= NOW - stay.entered_at
    for name in (
        *("tickets", "escalated", "bounced", "bounces", "skips", "first_line"),
        "stays",
    ):
        assert getattr(figures, name) == getattr(counted, name), name
    ended = {tier: time for tier, time in figures.time.items() if time}
    assert ended == {tier: time for tier, time in counted.time.items() if time}
    return counted


def test_a_small_log_has_the_same_figures(cast: Cast) -> None:
    counted = agrees_with_the_file(whole.DATA / "vinst.csv")
    assert counted.escalated
    assert counted.bounces


@pytest.mark.long
@pytest.mark.django_db(transaction=True)  # as the command: batch by batch
def test_the_whole_log_has_the_same_figures(cast: Cast) -> None:
    if not whole.VINST.exists():
        pytest.skip("the public data lie beside the repository, and are not there")
    print(f"\n{agrees_with_the_file(whole.VINST)}")  # noqa: T201 - to report


def test_one_ticket_up_and_back_is_counted_once(cast: Cast) -> None:
    stories.handed_back(cast)
    stories.reported(cast)
    figures = tier_figures(Incident.objects.all(), NOW)
    assert (figures.tickets, figures.escalated, figures.bounced) == (2, 1, 1)
    assert figures.escalation_rate == figures.bounce_rate == 0.5
    assert figures.first_line_rate == 0.5


def test_nothing_has_no_share(cast: Cast) -> None:
    figures = tier_figures(Incident.objects.none(), NOW)
    assert (figures.tickets, figures.escalation_rate) == (0, None)


def test_the_command_prints_them(cast: Cast) -> None:
    stories.handed_back(cast)
    out = StringIO()
    call_command("tier_figures", stdout=out)
    assert "escalated: 1 (100.0%)" in out.getvalue()
    assert "bounces: 1" in out.getvalue()
