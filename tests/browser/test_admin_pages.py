"""The administration, wide and narrow, light and dark: as sound as the rest."""

import pytest

from accounts.models import User
from activity import clock
from activity.models import Event, Heartbeat
from catalogue.models import Location, Service, Workplace
from servicedesk.watchdog.looking import look
from tests.browser.conftest import Open
from tests.browser.soundness import SIDEWAYS, Known, check
from tests.people import Cast, make_cast
from tests.probe.services import open_probe
from tests.servicedesk.faults import every_fault

UNDECIDED: list[Known] = [
    (
        "color-contrast",
        "",
        "due to a background image",
        "The sign is in the padding beside the words; they stand on --surface, --paper"
        " or --sunken, and test_tokens.py computes those pairs.",
    ),
    (
        "th-has-data-cells",
        "",
        "Table data cells are missing or empty",
        "A row heading is the link; its other cells are for actions and are empty where"
        " there are none.",
    ),
    (
        "color-contrast",
        "",
        "<select",
        "The arrow is a picture inside the padding; the text stands on --paper, and"
        " test_tokens.py computes that pair.",
    ),
    (
        "color-contrast",
        "admin-health",
        "partially overlaps other elements",
        "A paragraph that the edge of the window cuts; it stands on --paper, and"
        " test_tokens.py computes that pair.",
    ),
    (
        "color-contrast",
        "admin-manager-team",
        "partially overlaps other elements",
        "As above: the help text of the assignment, on --surface.",
    ),
]

ADMINISTRATOR = {
    "index": "/admin/",
    "people": "/admin/accounts/user/",
    "teams": "/admin/accounts/team/",
    "services": "/admin/catalogue/service/",
    "events": "/admin/activity/event/",
    "health": "/admin/health/",
    "person-new": "/admin/accounts/user/add/",
    "service-new": "/admin/catalogue/service/add/",
    "person": "/admin/accounts/user/{person}/change/",
    "team": "/admin/accounts/team/{team}/change/",
    "event": "/admin/activity/event/{event}/change/",
}
MANAGER = {
    "index": "/admin/",
    "teams": "/admin/accounts/team/",
    "team": "/admin/accounts/team/{team}/change/",
    "service": "/admin/catalogue/service/{service}/change/",
}


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """The cast, somewhere to work, something to run and one event."""
    cast = make_cast()
    site = Location.objects.create(name="Site", desk=cast.desk)
    Workplace.objects.create(user=cast.bo, location=site)
    Service.objects.create(name="Wi-Fi", team=cast.network, owner=cast.zed)
    open_probe(by=cast.bo)
    return cast


def address(path: str, cast: Cast) -> str:
    return path.format(
        person=cast.bo.pk,
        team=cast.network.pk,
        event=Event.objects.latest("pk").pk,
        service=Service.objects.get().pk,
    )


@pytest.mark.parametrize("name", ADMINISTRATOR)
def test_page_of_the_administrator_is_sound(
    name: str, visit: Open, people: Cast
) -> None:
    window = visit(people.ida)
    window.go(address(ADMINISTRATOR[name], people))
    check(window, f"admin-{name}", undecided=UNDECIDED)


def test_the_page_about_health_is_sound_with_every_fault(
    visit: Open, people: Cast
) -> None:
    Heartbeat.objects.create(name="worker", beat_at=clock.now())
    every_fault(people, clock.now())
    look()
    window = visit(people.ida)
    window.go("/admin/health/")
    window.page.get_by_role("button", name="The clock is right: go on").wait_for()
    check(window, "admin-health-faults", undecided=UNDECIDED)


@pytest.mark.parametrize("name", MANAGER)
def test_page_of_the_manager_is_sound(name: str, visit: Open, people: Cast) -> None:
    window = visit(people.max)
    window.go(address(MANAGER[name], people))
    check(window, f"admin-manager-{name}", undecided=UNDECIDED)


def test_a_table_says_that_there_is_more_of_it(visit: Open, people: Cast) -> None:
    window = visit(people.ida, width=390)
    window.go("/admin/accounts/team/")
    hint = window.page.locator(".scroll-hint")
    assert hint.is_visible()
    table = window.page.locator(".results")
    assert table.evaluate("el => el.scrollWidth > el.clientWidth")
    assert window.page.evaluate(SIDEWAYS) == 0
    window.page.set_viewport_size({"width": 1440, "height": 900})
    assert hint.is_hidden()


def test_a_table_that_fits_says_nothing(visit: Open, people: Cast) -> None:
    window = visit(people.ida, width=760)
    window.go("/admin/accounts/team/")
    assert window.page.locator(".scroll-hint").is_hidden()


def test_no_is_not_shown_as_an_alarm(visit: Open, people: Cast) -> None:
    window = visit(people.ida)
    window.go("/admin/accounts/team/")
    box = window.page.locator('img[alt="False"]').first.bounding_box()
    assert box is not None
    assert box["height"] <= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_own_theme_wins_in_the_administration(
    theme: str, visit: Open, people: Cast
) -> None:
    User.objects.filter(pk=people.ida.pk).update(theme=theme)
    window = visit(people.ida, scheme="dark" if theme == "light" else "light")
    window.go("/admin/")
    ground = window.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(246, 245, 241)", "dark": "rgb(18, 21, 24)"}[theme]
