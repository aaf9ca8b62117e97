"""Up and down the tiers in a browser, by mouse and by keyboard alone.

Nobody types an address but that of a start page and of the link in a mail, nobody
touches a table. Ann reports what nobody at her site can work without. Bo finds no
known error that it is and sends it to Network with a package; Ned sends it back; Bo
escalates again, Ned escalates to the vendor. When three quarters of the time to solve
it are used, the vendor's manager is told, and attends to it; so nobody else is told.
Ute solves it; Ann confirms, and the desk closes what was its own all the time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import Locator, expect

from accounts.models import Team
from incidents.models import Incident, TierStay
from tests.browser.conftest import Open, Visit
from tests.browser.hands import Hands, Keyboard, Mouse
from tests.browser.soundness import check
from tests.browser.test_pages import UNDECIDED
from tests.browser.time_machine import TimeMachine
from tests.incidents import stories
from tests.incidents.ladders.climbs import ladder
from tests.incidents.using.known import known
from tests.people import Cast, make_cast

BLANK = "Labels come out blank in all wards, E102 on the display."
LINK = re.compile(r"https?://\S+/attend/\S*")
FIRST = {
    "symptom": "Every label is blank.",
    "diagnosis": "The driver is right.",
    "tried": "Another roll: no change.",
    "wanted": "Does the print server answer?",
}
AGAIN = FIRST | {"wanted": "The server answers with 0x4C3. Why?"}
UP = FIRST | {"wanted": "Please renew the licence of the print server."}
WAY = [(1, "report"), (2, "escalate"), (1, "hand_back"), (2, "escalate")]
WHOLE_WAY = [*WAY, (3, "escalate"), (1, "resolve")]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """Max is the manager of every team but the desk; Cy commands and would be next."""
    cache.clear()
    stories.catalogue()
    cast = make_cast()
    Team.objects.exclude(pk=cast.desk.pk).update(manager=cast.max)
    cast.cy.role_grants.create(role="incident_commander", granted_by=cast.ida)
    return cast


@pytest.fixture
def time(people: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[TimeMachine]:
    """From 10:00 on a Monday, four hours around the clock to solve a SEV1: three
    quarters of them are used at 13:00."""
    with monkeypatch.context() as patches:
        machine = TimeMachine(patches)
        machine.go_to(0, 8)
        ladder(
            {
                "trigger": "resolution_percent",
                "percent": 75,
                "tells": "team_manager",
                "acknowledge_within": 15,
            },
            {"trigger": "unacknowledged", "tells": "commander"},
        )
        known(people)
        yield machine


@dataclass(slots=True)
class Story:
    """Who works, in which window, with which hands."""

    time: TimeMachine
    visit: Open
    people: Cast
    hands_of: type[Mouse | Keyboard]
    windows: dict[str, tuple[Visit, Hands]] = field(default_factory=dict)

    def open(self, name: str, path: str = "/") -> tuple[Visit, Hands]:
        """The window of this person, at this page."""
        if name not in self.windows:
            width = 390 if name == "ann" else 1440
            visit = self.visit(getattr(self.people, name), width=width)
            self.windows[name] = visit, self.hands_of(visit.page)
        window, hands = self.windows[name]
        window.go(path)
        return window, hands

    def ticket(self, name: str) -> tuple[Visit, Hands]:
        """From the first page of their work to the ticket."""
        window, hands = self.open(name, "/queue/?v=teams")
        hands.follow(Incident.objects.get().title)
        return window, hands

    def sound(self, window: Visit, name: str) -> None:
        """Looked at by axe, once: both hands see the same pages."""
        if self.hands_of is Mouse:
            check(window, f"tiers-{name}", undecided=UNDECIDED)
            window.page.emulate_media(color_scheme="light")
            window.page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_up_and_down_the_tiers(
    hands: type[Mouse | Keyboard], visit: Open, people: Cast, time: TimeMachine
) -> None:
    story = Story(time, visit, people, hands)
    _it_is_reported_and_triaged(story)
    _it_goes_up_with_a_package(story)
    _it_comes_back(story)
    _it_goes_up_again_and_further(story)
    _the_manager_is_told_and_attends_to_it(story)
    _tier_three_solves_it(story)
    _it_is_the_desk_that_closes_it(story)
    for window, _hands in story.windows.values():
        assert window.errors == []
        assert window.policy_violations() == []


def _it_is_reported_and_triaged(story: Story) -> None:
    story.time.go_to(0, 10)
    window, hands = story.open("ann")
    hands.follow("Report a problem")
    hands.write("description", BLANK)
    hands.choose("urgency", "1")
    hands.choose("impact", "1")
    window.page.wait_for_load_state("networkidle")
    hands.follow("Send report")
    expect(window.page.locator("h1")).to_have_text("We have your report")
    story.time.happens(0, 10, 4)
    window, hands = story.open("bo", "/queue/")
    hands.follow("Take next")
    service, category = stories.catalogue()
    hands.choose("service", str(service.pk))
    hands.choose("category", str(category.pk))
    window.page.wait_for_load_state("networkidle")
    hands.follow("Triage and take")


def _it_goes_up_with_a_package(story: Story) -> None:
    """The known error that is suggested is another one, says Bo."""
    story.time.happens(0, 10, 30)
    window, hands = story.ticket("bo")
    hands.step("Escalate")
    expect(window.page.locator(".check-candidate")).to_have_count(1)
    story.sound(window, "escalate")
    _refuse_the_known_error(window, hands)
    _pack(hands, FIRST)
    hands.follow("Escalate")
    assert _way() == WAY[:2]


def _it_comes_back(story: Story) -> None:
    story.time.happens(0, 10, 50)
    window, hands = story.ticket("ned")
    package = window.page.locator(".package")
    expect(package.locator(".package-wanted")).to_contain_text(FIRST["wanted"])
    assert _is_above(package, window.page.locator(".whole-history"))
    story.sound(window, "package")
    hands.step("Hand back")
    expect(window.page.locator("main")).to_contain_text("It goes to Service desk.")
    hands.write("reason", "It answers. Look at the number in its log.")
    story.sound(window, "hand-back")
    hands.follow("Hand back")
    assert _way() == WAY[:3]


def _it_goes_up_again_and_further(story: Story) -> None:
    story.time.happens(0, 11, 20)
    window, hands = story.ticket("bo")
    expect(window.page.locator("main")).to_contain_text("Look at the number in its log")
    hands.step("Escalate")
    _refuse_the_known_error(window, hands)
    _pack(hands, AGAIN)
    hands.follow("Escalate")
    story.time.happens(0, 11, 40)
    window, hands = story.ticket("ned")
    hands.step("Take")
    hands.step("Escalate")
    expect(window.page.locator(".check-candidate")).to_have_count(0)
    _pack(hands, UP)
    hands.follow("Escalate")
    assert _way() == WHOLE_WAY[:5]


def _the_manager_is_told_and_attends_to_it(story: Story) -> None:
    """By the link in the mail, without a log-in; after it nobody else is told."""
    story.time.happens(0, 12, 59)
    assert _letters("max@example.org") == []
    story.time.happens(0, 13)
    (letter,) = _letters("max@example.org")
    assert "75 % of the resolution" in letter
    assert BLANK not in letter
    link = LINK.search(letter)
    assert link is not None
    window = story.visit(width=390)
    hands = story.hands_of(window.page)
    window.go(urlsplit(link[0]).path)
    story.sound(window, "attend")
    hands.follow("I attend to it")
    expect(window.page.locator("h1")).to_have_text("You attend to it")
    story.time.happens(0, 13, 30)
    assert _letters("cy@example.org") == []
    told = Incident.objects.get()
    assert (told.attention, told.severity, told.team) == (2, 1, story.people.vendor)


def _tier_three_solves_it(story: Story) -> None:
    window, hands = story.ticket("ute")
    expect(window.page.locator(".panel.attention")).to_contain_text(
        "Max Moor attends to it"
    )
    expect(window.page.locator(".package")).to_contain_text(UP["wanted"])
    hands.step("Take")
    story.sound(window, "tier-3")
    story.time.happens(0, 13, 40)
    hands.step("Resolve")
    hands.choose("code", "fixed")
    hands.write("text", "The licence is renewed.")
    hands.write("verification", "Ward 3 printed a label.")
    window.page.wait_for_load_state("networkidle")
    hands.follow("Resolve")
    assert _way() == WHOLE_WAY


def _it_is_the_desk_that_closes_it(story: Story) -> None:
    """Bo answers for it, as from the beginning; the desk has it again."""
    solved = Incident.objects.get()
    assert (solved.team, solved.desk_owner) == (story.people.desk, story.people.bo)
    assert solved.attention == 0
    window, hands = story.open("ann")
    hands.follow(solved.title)
    hands.follow("Yes, it works")
    story.time.happens(0, 14)
    window, hands = story.open("bo", "/queue/?v=close")
    hands.follow(solved.title)
    path = window.page.locator("details", has_text="Way through the tiers").first
    expect(path).to_contain_text("It came back")
    hands.step("Close")
    window.page.get_by_text("is closed").first.wait_for()
    story.sound(window, "closed")
    assert Incident.objects.get().status == "closed"


# --- what people do, and what is read -------------------------------------------------


def _refuse_the_known_error(window: Visit, hands: Hands) -> None:
    name = window.page.locator("[name^=decided_]").first.get_attribute("name") or ""
    hands.choose(name, "refused")
    hands.choose(name.replace("decided", "refusal"), "other_symptom")


def _pack(hands: Hands, words: dict[str, str]) -> None:
    for name, text in words.items():
        hands.write(name, text)


def _way() -> list[tuple[int, str]]:
    """Tier and kind of the event that began it, of each stay."""
    stays = TierStay.objects.order_by("entered_seq")
    return [(stay.tier, stay.why) for stay in stays]


def _letters(address: str) -> list[str]:
    return [str(one.body) for one in mail.outbox if address in one.to[0]]


def _is_above(one: Locator, other: Locator) -> bool:
    first, second = one.bounding_box(), other.bounding_box()
    assert first is not None
    assert second is not None
    return first["y"] + first["height"] <= second["y"]
