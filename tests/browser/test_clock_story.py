"""What was promised, in a browser: one promise is kept, one is missed, both are proved.

Nobody types an address but that of a start page, nobody touches the database. Ann
reports two things from her phone, which has no JavaScript; Bo works on them; time
passes. Each page has to be sound: axe looks at every one in the state of the story.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from activity import clock
from activity.models import Heartbeat
from tests.browser.conftest import Open, Visit
from tests.browser.soundness import SIDEWAYS, Known, check
from tests.browser.test_admin_pages import UNDECIDED as UNDECIDED_IN_ADMIN
from tests.browser.test_ticket_pages import UNDECIDED
from tests.browser.time_machine import TimeMachine
from tests.incidents import stories
from tests.people import Cast, make_cast

PRINTER = "The printer prints blank pages"
TILL = "No till in the house takes a card"
AHEAD = "What this does to the promises"
AMOUNT = re.compile(r"(\d+) (h|min|s)\b")
SECONDS = {"h": 3600, "min": 60, "s": 1}
A4 = {"width": 718, "height": 1000}
"""What is left of a sheet between the margins, in CSS pixels."""


@pytest.fixture
def people(transactional_db: None) -> Cast:
    stories.catalogue()
    return make_cast()


@pytest.fixture
def time(people: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[TimeMachine]:
    with monkeypatch.context() as patches:
        yield TimeMachine(patches)


@dataclass(slots=True)
class Story:
    """Who logs in for the day, in which window; ``glass`` is a second one of Ann's, in
    which axe can run."""

    time: TimeMachine
    visit: Open
    people: Cast
    ann: Visit = field(init=False)
    bo: Visit = field(init=False)
    glass: Visit = field(init=False)

    def begin_the_day(self, day: int, hour: int, minute: int = 0) -> None:
        self.time.happens(day, hour, minute)
        self.ann = self.visit(self.people.ann, width=390, script=False)
        self.bo = self.visit(self.people.bo)
        self.glass = self.visit(self.people.ann)


@pytest.fixture
def story(visit: Open, people: Cast, time: TimeMachine) -> Story:
    return Story(time, visit, people)


def test_one_promise_is_kept_and_one_is_missed(story: Story) -> None:
    _it_is_reported_and_found_in_the_queue(story)
    _a_preview_says_what_triage_does(story)
    _it_stands_still_until_she_answers(story)
    _nobody_is_there_in_the_evening(story)
    _the_morning_finds_it_overdue(story)
    _it_is_solved_late_and_explained(story)
    _the_other_one_is_solved_in_time_and_explained(story)
    _a_manager_finds_the_same_deadline(story)
    _the_lead_sees_who_does_not_answer(story)
    _the_administrator_sees_that_all_is_well(story)


def _it_is_reported_and_found_in_the_queue(story: Story) -> None:
    """SEV4 by what Ann says: eight working hours to answer, on a Monday at four."""
    story.begin_the_day(0, 16)
    _report(story.ann, PRINTER, "I can work, but slowly", "Only me")
    tuesday = _day(story.time.at(1, 15))
    words = f"looks at your report by {tuesday}, 15:00"
    expect(story.ann.page.locator("main")).to_contain_text(words)
    _look_at(story, "received")
    story.begin_the_day(1, 8, 20)
    row = _row(story.bo, PRINTER)
    expect(row.locator(".clock")).to_have_text("6 h 40 min left")
    _sound(story.bo, "queue")


def _a_preview_says_what_triage_does(story: Story) -> None:
    page = story.bo.page
    _row(story.bo, PRINTER).get_by_role("link", name=PRINTER).click()
    _classify(page)
    page.get_by_label("A team or a site").check()
    ahead = page.get_by_role("region", name=AHEAD)
    expect(ahead).to_contain_text("SEV3, instead of SEV4")
    expect(ahead).to_contain_text("earlier)")
    _sound(story.bo, "triage")
    page.get_by_role("button", name="Triage and take").click()
    expect(_promise(page, "Response").locator(".clock")).to_have_text(
        "Met, 40 min early"
    )


def _it_stands_still_until_she_answers(story: Story) -> None:
    page = story.bo.page
    story.time.go_to(1, 10)
    _step(page, "Put on hold")
    page.get_by_label("Waiting for the reporter").check()
    page.get_by_label("Next Monday, in the morning").check()
    page.get_by_label("Question to the reporter").fill("Which printer is it?")
    ahead = page.get_by_role("region", name=AHEAD)
    expect(ahead).to_contain_text("Paused until the reporter answers; due again")
    _sound(story.bo, "hold")
    page.get_by_role("button", name="Put on hold").click()
    expect(_promise(page, "Resolution").locator(".clock")).to_have_text(
        "Paused · waiting for the reporter"
    )
    _sound(story.bo, "ticket-paused")
    story.time.happens(1, 10, 5)
    _open_report(story.ann, PRINTER)
    expect(story.ann.page.locator(".promises")).to_contain_text(
        "It is solved Stands still"
    )
    _look_at(story, "report-paused")


def _nobody_is_there_in_the_evening(story: Story) -> None:
    """SEV1: a quarter of an hour to answer, four hours to solve it, day and night."""
    time = story.time
    time.go_to(1, 18)
    _report(story.ann, TILL, "I cannot work at all", "Everyone at my site")
    time.happens(1, 18, 12)
    subjects = _subjects("ann@example.org")
    assert subjects[-1].startswith("It may take longer:"), subjects
    assert _subjects("lea@example.org")[-1].startswith("Answer it soon:")
    for hour, minute in ((18, 16), (20, 1), (21, 1)):
        time.happens(1, hour, minute)
    told = len(_subjects("ann@example.org"))
    time.happens(1, 21, 37)
    assert len(_subjects("ann@example.org")) == told + 1
    assert "by " + _day(time.at(1, 22)) in _last_mail_to("ann@example.org")
    time.happens(1, 22, 1)
    assert len(_subjects("ann@example.org")) == told + 1
    assert _subjects("lea@example.org")[-1].startswith("Not solved in time:")


def _the_morning_finds_it_overdue(story: Story) -> None:
    story.begin_the_day(2, 8)
    _open_report(story.ann, TILL)
    promises = story.ann.page.locator(".promises")
    expect(promises).to_contain_text("10 h late")
    expect(promises).to_contain_text("We have not kept this.")
    _look_at(story, "report-late")
    lead = story.visit(story.people.lea)
    lead.go("/queue/lead/")
    overdue = lead.page.get_by_role("link", name="1 – Overdue now")
    expect(overdue).to_be_visible()
    _sound(lead, "lead")
    overdue.click()
    expect(lead.page.locator(".queue tbody tr")).to_have_count(1)
    story.bo.go("/queue/")
    _view(story.bo.page, "Overdue")
    expect(story.bo.page.locator(".queue tbody tr")).to_have_count(1)
    _view(story.bo.page, "Open in my teams")
    first = story.bo.page.locator(".queue tbody tr").first
    expect(first).to_contain_text(TILL)
    expect(first.locator(".clock")).to_have_text(re.compile("overdue$"))
    _sound(story.bo, "queue-overdue")


def _it_is_solved_late_and_explained(story: Story) -> None:
    page = story.bo.page
    story.time.go_to(2, 8, 10)
    page.get_by_role("link", name=TILL).click()
    expect(page.locator("#history")).to_contain_text("It was not solved in time")
    _classify(page)
    page.get_by_role("button", name="Triage and take").click()
    story.time.go_to(2, 8, 30)
    _resolve(page, "We renewed the certificate.")
    _explain(page, "Missed by 10 h 30 min")
    _lines_add_up(page, to="14 h 30 min")
    _is_printed_whole(story.bo)
    _sound(story.bo, "explained-missed")
    _open_report(story.ann, TILL)
    promises = story.ann.page.locator(".promises")
    expect(promises).to_contain_text("Not kept")
    expect(promises).to_contain_text("it took 10 h 30 min longer")
    _look_at(story, "report-missed")


def _the_other_one_is_solved_in_time_and_explained(story: Story) -> None:
    story.time.happens(2, 9)
    _open_report(story.ann, PRINTER)
    story.ann.page.get_by_label("Your answer").fill("The one in room 204.")
    story.ann.page.get_by_role("button", name="Send answer").click()
    story.time.happens(2, 10, 30)
    _row(story.bo, PRINTER).get_by_role("link", name=PRINTER).click()
    _resolve(story.bo.page, "We changed the drum.")
    _open_report(story.ann, PRINTER)
    story.ann.page.get_by_role("button", name="Yes, it works").click()
    story.ann.page.get_by_text("Thank you. The service desk closes").wait_for()
    story.bo.page.reload()
    steps = story.bo.page.locator(".next-steps")
    steps.get_by_role("button", name="Close").click()
    story.bo.page.get_by_text("is closed").first.wait_for()
    _explain(story.bo.page, "Met, 19 h 30 min early")
    _lines_add_up(story.bo.page, to="4 h 30 min")
    for why in ("Working time", "Outside working hours", "On hold: waiting for"):
        expect(story.bo.page.locator(".clock-lines")).to_contain_text(why)
    _is_printed_whole(story.bo)
    _sound(story.bo, "explained-met")


def _a_manager_finds_the_same_deadline(story: Story) -> None:
    due = story.bo.page.locator(".clock-head time").get_attribute("datetime") or ""
    window = story.visit(story.people.max)
    window.go("/admin/")
    page = window.page
    page.get_by_role("link", name="Service levels").first.click()
    page.get_by_role("link", name="Test a deadline").click()
    page.get_by_label("Severity").select_option("3")
    page.get_by_label("Opened").fill(_local(story.time.at(0, 16)))
    page.get_by_label("On hold from").first.fill(_local(story.time.at(1, 10)))
    page.get_by_label("until").first.fill(_local(story.time.at(2, 9)))
    page.get_by_label("because of").first.select_option("awaiting_reporter")
    page.get_by_role("button", name="Test the deadline").click()
    row = page.get_by_role("table", name="What is promised").get_by_role(
        "row", name=re.compile("^Resolution")
    )
    when = datetime.fromisoformat(due)
    expect(row).to_contain_text(f"{_day(when)}, {when:%H:%M}")
    _sound(window, "deadline", undecided=UNDECIDED_IN_ADMIN)
    page.set_viewport_size({"width": 390, "height": 844})
    box = row.locator("td").first.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390, "The answer is out of sight on a phone."


def _the_lead_sees_who_does_not_answer(story: Story) -> None:
    """Solved on a Wednesday: asked again on Thursday, Monday and Wednesday."""
    for day in (3, 7, 9):
        story.time.happens(day, 8, 31)
    lead = story.visit(story.people.lea)
    lead.go("/queue/lead/")
    lead.page.get_by_role("link", name="Waivers, with what was tried").click()
    expect(lead.page.locator("h2").first).to_have_text("Can be waived now: 1")
    row = lead.page.get_by_role("row", name=re.compile(TILL))
    expect(row.get_by_text("e-mail sent")).to_have_count(4)
    _sound(lead, "waivers")


def _the_administrator_sees_that_all_is_well(story: Story) -> None:
    story.time.come_back()
    Heartbeat.objects.update_or_create(name="worker", defaults={"beat_at": clock.now()})
    call_command("watch", "--once")
    window = story.visit(story.people.ida)
    window.go("/admin/")
    window.page.get_by_role("link", name="Health").click()
    expect(window.page.locator(".health-overall")).to_contain_text("well")
    _sound(window, "health", undecided=UNDECIDED_IN_ADMIN)


# --- what people do -------------------------------------------------------------------


def _report(window: Visit, what: str, urgency: str, impact: str) -> None:
    window.go("/")
    page = window.page
    page.get_by_role("link", name="Report a problem").first.click()
    page.get_by_label("What is going wrong?").fill(f"{what}.")
    page.get_by_label(urgency).check()
    page.get_by_label(impact).check()
    page.get_by_role("button", name="Send report").click()
    page.get_by_role("heading", name="We have your report").wait_for()


def _open_report(window: Visit, what: str) -> None:
    window.go("/")
    window.page.get_by_role("link", name=what).first.click()


def _row(window: Visit, what: str) -> Locator:
    window.go("/queue/")
    _view(window.page, "Open in my teams")
    return window.page.get_by_role("row", name=re.compile(what))


def _view(page: Page, name: str) -> None:
    page.locator(".queue-views").get_by_role("link", name=re.compile(name)).click()
    page.get_by_role("heading", name=name).wait_for()


def _step(page: Page, label: str) -> None:
    steps = page.locator(".next-steps")
    step = steps.get_by_role("link", name=label, exact=True)
    if not step.is_visible():
        steps.locator("summary").click()
    step.click()


def _classify(page: Page) -> None:
    _step(page, "Triage")
    page.get_by_label("Service", exact=True).select_option(label="Printing")
    page.get_by_label("Category").select_option(label="Hardware")
    page.wait_for_load_state("networkidle")  # until it is said what this does


def _resolve(page: Page, what: str) -> None:
    _step(page, "Resolve")
    page.get_by_label("Fixed for good").check()
    page.get_by_label("What we did").fill(what)
    page.get_by_label("How you made sure that it works").fill("Bo tried it.")
    page.get_by_role("button", name="Resolve").click()
    page.wait_for_url(lambda address: "resolve" not in address)


def _promise(page: Page, label: str) -> Locator:
    return page.locator(".facts > div").filter(has=page.get_by_text(label, exact=True))


# --- what is read ---------------------------------------------------------------------


def _subjects(email: str) -> list[str]:
    return [str(one.subject) for one in mail.outbox if email in one.to[0]]


def _last_mail_to(email: str) -> str:
    return str([one for one in mail.outbox if email in one.to[0]][-1].body)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"


def _local(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def _amount(words: str) -> int:
    """In seconds; what says no amount is nought."""
    return sum(int(count) * SECONDS[unit] for count, unit in AMOUNT.findall(words))


def _explain(page: Page, words: str) -> None:
    page.get_by_role("link", name="Explain Resolution").click()
    expect(page.locator(".clock-head .clock")).to_have_text(words)


def _lines_add_up(page: Page, *, to: str) -> None:
    """As somebody with a pencil would do it."""
    counted = page.locator(".clock-lines td:nth-child(3)").all_inner_texts()
    total = sum(_amount(words) for words in counted)
    said = page.locator(".facts > div", has_text="Counted").inner_text()
    assert total == _amount(said) == _amount(to)
    so_far = page.locator(".clock-lines td:nth-child(4)").last.inner_text()
    assert _amount(so_far) == total
    times = page.locator(".clock-lines time").evaluate_all(
        "all => all.map(one => one.dateTime)"
    )
    assert times[2::2] == times[1:-1:2]  # Each line begins where the last one ends.


def _is_printed_whole(window: Visit) -> None:
    """Nothing to press, every line of the table, no line cut off."""
    page = window.page
    lines = page.locator(".clock-lines tbody tr").count()
    page.emulate_media(media="print")
    page.set_viewport_size(A4)  # type: ignore[arg-type]
    for gone in (".bar", ".foot", ".tabs", ".clock-if"):
        expect(page.locator(gone).first).to_be_hidden()
    assert page.evaluate(SIDEWAYS) == 0
    table = page.locator(".clock-lines")
    assert table.evaluate("el => el.scrollWidth <= el.clientWidth")
    assert table.locator("tbody tr:visible").count() == lines
    assert page.pdf(format="A4").startswith(b"%PDF-")
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1440, "height": 900})


def _look_at(story: Story, name: str) -> None:
    """Ann's page once more, where scripts run."""
    story.glass.page.goto(story.ann.page.url)
    _sound(story.glass, name)


def _sound(window: Visit, name: str, undecided: list[Known] = UNDECIDED) -> None:
    check(window, f"story-{name}", undecided=undecided)
    window.page.emulate_media(color_scheme="light")
    window.page.set_viewport_size({"width": 1440, "height": 900})
