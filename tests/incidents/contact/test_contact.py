"""First contact: a call is logged and solved on one screen."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from activity.models import Event
from catalogue.models import Category
from incidents.models import Incident, TicketTemplate
from tests.incidents.stories import catalogue, reported
from tests.people import Cast, make_user

URL = "/tickets/new/"


@pytest.fixture
def call(cast: Cast) -> dict[str, Any]:
    service, category = catalogue()
    return {
        "submission": str(uuid4()),
        "caller": "ann@example.org",
        "source": "phone",
        "description": "She cannot log in since this morning.",
        "kind": "incident",
        "service": service.pk,
        "category": category.pk,
        "impact": 3,
        "urgency": 2,
        "code": "fixed",
        "text": "We set a new password.",
        "verification": "She logged in while we talked.",
        "then": "solve",
    }


@pytest.fixture
def desk(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.bo)
    return client


def test_a_call_is_solved_in_one_post(
    desk: Client, call: dict[str, Any], cast: Cast
) -> None:
    response = desk.post(URL, call)
    incident = Incident.objects.get()
    assert response["Location"] == incident.get_absolute_url()
    assert (incident.status, incident.reporter, incident.source) == (
        "resolved",
        cast.ann,
        "phone",
    )
    assert incident.confirmed_at is None
    kinds = Event.objects.about(incident).values_list("kind", flat=True)
    assert list(kinds) == [
        "incident.report",
        "incident.triage",
        "incident.take",
        "incident.resolve",
    ]


def test_without_a_solution_it_is_the_agents_own(
    desk: Client, call: dict[str, Any], cast: Cast
) -> None:
    desk.post(URL, call | {"then": "take", "code": "", "text": "", "verification": ""})
    incident = Incident.objects.get()
    assert (incident.status, incident.owner) == ("in_progress", cast.bo)


def test_solving_needs_the_solution_and_keeps_the_rest(
    desk: Client, call: dict[str, Any]
) -> None:
    page = desk.post(URL, call | {"text": " ", "verification": ""})
    assert page.status_code == 200
    assert "Tell the caller what you did." in page.text
    assert "Say how you made sure that it works." in page.text
    assert "She cannot log in since this morning." in page.text
    assert not Incident.objects.exists()


def test_pressing_enter_decides_nothing(desk: Client, call: dict[str, Any]) -> None:
    page = desk.post(URL, call | {"then": ""})
    assert "Press one of the buttons" in page.text
    assert not Incident.objects.exists()


def test_a_double_press_logs_one_call(desk: Client, call: dict[str, Any]) -> None:
    first, second = desk.post(URL, call), desk.post(URL, call)
    assert first["Location"] == second["Location"]
    assert Incident.objects.count() == 1


class TestCaller:
    def test_a_name_is_enough_where_it_is_one_persons(
        self, desk: Client, call: dict[str, Any], cast: Cast
    ) -> None:
        desk.post(URL, call | {"caller": "archer"})
        assert Incident.objects.get().reporter == cast.ann

    def test_a_suggestion_is_understood(
        self, desk: Client, call: dict[str, Any], cast: Cast
    ) -> None:
        desk.post(URL, call | {"caller": "Ann Archer <ann@example.org>"})
        assert Incident.objects.get().reporter == cast.ann

    def test_of_several_one_is_chosen(
        self, desk: Client, call: dict[str, Any], cast: Cast
    ) -> None:
        other = make_user("Anne Archer")
        page = desk.post(URL, call | {"caller": "archer"})
        assert "Several people are called like this." in page.text
        assert f'value="{other.pk}"' in page.text
        desk.post(URL, call | {"caller": "archer", "caller_pk": other.pk})
        assert Incident.objects.get().reporter == other

    def test_a_choice_has_to_fit_the_words(
        self, desk: Client, call: dict[str, Any], cast: Cast
    ) -> None:
        make_user("Anne Archer")
        desk.post(URL, call | {"caller": "archer", "caller_pk": cast.zed.pk})
        assert not Incident.objects.exists()

    @pytest.mark.parametrize("words", ["nobody", "system@servicedesk.invalid", "%_"])
    def test_nobody_is_said_so(
        self, words: str, desk: Client, call: dict[str, Any]
    ) -> None:
        page = desk.post(URL, call | {"caller": words})
        assert "Nobody here has this name or address." in page.text

    def test_who_left_is_nobody(
        self, desk: Client, call: dict[str, Any], cast: Cast
    ) -> None:
        cast.ann.is_active = False
        cast.ann.save()
        page = desk.post(URL, call)
        assert "Nobody here has this name or address." in page.text


class TestTemplates:
    @pytest.fixture
    def template(self, cast: Cast) -> TicketTemplate:
        service, category = catalogue()
        return TicketTemplate.objects.create(
            name="Password",
            title="Forgotten password",
            description="The password is forgotten.",
            service=service,
            category=category,
            resolution_code="fixed",
            solution="A new password was set.",
        )

    def test_a_template_fills_the_screen(
        self, desk: Client, template: TicketTemplate
    ) -> None:
        page = desk.get(f"{URL}?template={template.pk}&caller=ann@example.org")
        form = page.context["form"]
        assert form["title"].value() == "Forgotten password"
        assert form["text"].value() == "A new password was set."
        assert form["caller"].value() == "ann@example.org"

    def test_what_was_typed_stays(
        self, desk: Client, call: dict[str, Any], template: TicketTemplate
    ) -> None:
        typed = call | {"template": template.pk, "title": "", "text": ""}
        form = desk.post(URL, typed).context["form"]
        assert form["description"].value() == call["description"]
        assert form["title"].value() == "Forgotten password"
        assert str(form["submission"].value()) == call["submission"]
        assert not Incident.objects.exists()

    @pytest.mark.parametrize("pk", ["", "x", "²", "99999999999999999999", "0"])
    def test_an_unknown_template_changes_nothing(
        self, pk: str, desk: Client, call: dict[str, Any]
    ) -> None:
        assert desk.get(f"{URL}?template={pk}").status_code == 200
        page = desk.post(URL, call | {"template": pk})
        assert page.context["form"]["caller"].value() == "ann@example.org"


@pytest.mark.parametrize("name", ["ann", "ned", "max", "ida", "zed"])
def test_only_the_desk_logs_contacts(
    name: str, call: dict[str, Any], cast: Cast
) -> None:
    client = Client()
    client.force_login(getattr(cast, name))
    assert client.get(URL).status_code == 403
    assert client.post(URL, call).status_code == 403
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("caller", "x" * 5000),
        ("caller", "a\x00b"),
        ("description", "y" * 20_000),
        ("description", "a\x00b"),
        ("service", "abc"),
        ("service", 10**12),
        ("category", -1),
        ("impact", 7),
        ("urgency", "high"),
        ("kind", "alien"),
        ("source", "monitoring"),
        ("code", "by_reporter"),
        ("people_affected", "many"),
        ("people_affected", 10**30),
        ("submission", "no-uuid"),
        ("risks", ["fire"]),
    ],
)
def test_bad_input_is_named_and_nothing_is_lost(
    field: str, value: Any, desk: Client, call: dict[str, Any]
) -> None:
    page = desk.post(URL, call | {field: value})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert "She logged in while we talked." in page.text
    assert not Incident.objects.exists()


def test_the_number_of_queries_does_not_grow(
    desk: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    desk.get(URL)
    for number in range(30):
        make_user(f"Person{number} Extra")
    with django_assert_max_num_queries(12):
        desk.get(URL)


def test_another_call_on_a_screen_that_was_sent_is_not_lost(
    desk: Client, call: dict[str, Any], cast: Cast
) -> None:
    desk.post(URL, call)
    other = call | {"caller": "zed@example.org", "description": "No sound."}
    page = desk.post(URL, other)
    assert "Press once more to log this call as well." in page.text
    again = str(page.context["form"]["submission"].value())
    desk.post(URL, other | {"submission": again})
    assert {row.reporter for row in Incident.objects.all()} == {cast.ann, cast.zed}


def test_services_and_categories_stand_in_the_tree_that_triage_shows(
    desk: Client, cast: Cast
) -> None:
    hardware = Category.objects.create(name="Hardware")
    for name in ("Printer", "Screen"):
        Category.objects.create(name=name, parent=hardware)
    screen = desk.get(URL).context["form"]
    incident = reported(cast)
    triage = desk.get(f"/tickets/{incident.pk}/triage/").context["form"]
    for name in ("service", "category"):
        assert list(screen.fields[name].choices) == list(triage.fields[name].choices)
    groups = dict(screen.fields["category"].choices)
    assert [label for _pk, label in groups["Hardware"]] == [
        "Hardware",
        "Printer",
        "Screen",
    ]
