"""Incidents in Django admin: figures without words, and nothing to press."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from incidents import services
from incidents.models import (
    Attachment,
    Confirmation,
    Holding,
    Incident,
    KnownErrorUse,
    Link,
    Rejection,
    Resolution,
    SeverityLevel,
    SeverityRule,
    Share,
    TicketTemplate,
    TierStay,
    UseOutcome,
    Waiver,
    Watch,
)
from tests.incidents import stories
from tests.incidents.using.known import judged, known, use
from tests.people import Cast

CANARY = "heron-canary"
FIGURES = ["incident"]
ROWS = [
    "attachment",
    "confirmation",
    "holding",
    "knownerroruse",
    "link",
    "rejection",
    "resolution",
    "share",
    "tierstay",
    "useoutcome",
    "waiver",
    "watch",
]
SETTINGS = ["severitylevel", "severityrule", "tickettemplate"]
KEPT = ["severitylevel", "severityrule"]
MODELS: list[Any] = [
    *[Incident, Resolution, Confirmation, Rejection, Waiver, Attachment, Link, Watch],
    *[Share, Holding, SeverityRule, SeverityLevel, TicketTemplate],
    *[KnownErrorUse, UseOutcome, TierStay],
]
OUTSIDERS = ["ann", "bo", "lea", "ned", "zed"]
ODD = [
    "",
    "abc",
    "-1",
    "9" * 30,
    "%00",
    "2026-13-45",
    "{}",
    "'",
    "%FF",
    "1,2",
    "\u2028",
]


@dataclass(frozen=True)
class Ticket:
    """One of each row, every text of it with the same telling word."""

    incident: Incident
    rows: dict[str, Any]

    def page(self, model: str, kind: str) -> str:
        key = self.rows[model].pk
        return reverse(f"admin:incidents_{model}_{kind}", args=[key])


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    file = SimpleUploadedFile(f"{CANARY}.txt", CANARY.encode(), "text/plain")
    kept = services.keep_upload(file, by=cast.ann)
    incident = stories.in_progress(
        cast, title=CANARY, description=CANARY, files=[kept.pk]
    )
    services.add_note(incident.pk, by=cast.bo, expected_version=None, text=CANARY)
    services.share_incident(incident.pk, by=cast.ann, email=cast.zed.email)
    services.watch_incident(incident.pk, by=cast.cy)
    version = known(cast, title=CANARY, workaround_reporters=CANARY)
    used = use(incident, version, by=cast.bo, message=CANARY)
    judged(used, by=cast.bo, outcome="worked")
    _solve(cast, incident)
    services.reject_resolution(incident.pk, by=cast.ann, complaint=CANARY)
    _solve(cast, incident)
    services.confirm_resolution(
        incident.pk,
        by=cast.ann,
        resolution=stories.current(stories.again(incident)),
        message=CANARY,
    )
    other = stories.waived(cast, title=CANARY)
    services.link_incidents(incident.pk, by=cast.bo, to=other.pk, kind="related")
    template = TicketTemplate.objects.create(name="Jam", title="Paper jam")
    models = [Attachment, Confirmation, Holding, Link, Rejection, Resolution]
    rows: dict[str, Any] = {
        str(model._meta.model_name): model._default_manager.first()
        for model in [
            *[*models, Share, Waiver, Watch, SeverityLevel, SeverityRule],
            *[KnownErrorUse, UseOutcome, TierStay],
        ]
    }
    return Ticket(incident, rows | {"incident": incident, "tickettemplate": template})


def _solve(cast: Cast, incident: Incident) -> None:
    current = stories.again(incident)
    if current.owner_id is None or current.status == "assigned":
        services.take_incident(incident.pk, by=cast.cy, expected_version=None)
        current = stories.again(incident)
    services.resolve_incident(
        incident.pk,
        by=current.owner or cast.bo,
        expected_version=None,
        solution=stories.solution(text=CANARY, verification=CANARY),
    )


def changelist(model: str) -> str:
    return reverse(f"admin:incidents_{model}_changelist")


def everything() -> list[Any]:
    """All that a hostile post could have changed."""
    return [list(model._base_manager.order_by("pk").values()) for model in MODELS]


class TestWords:
    """Not in a list, not on a page, not in the head of one, not as a link."""

    @pytest.mark.parametrize("model", [*FIGURES, *ROWS])
    def test_an_administrator_sees_none(
        self, cast: Cast, client: Client, ticket: Ticket, model: str
    ) -> None:
        client.force_login(cast.ida)
        pages = [changelist(model)]
        if model != "attachment":
            pages += [ticket.page(model, kind) for kind in ("change", "history")]
        for page in pages:
            response = client.get(page)
            assert response.status_code == 200, page
            assert CANARY.encode() not in response.content, page

    def test_a_manager_sees_none(
        self, cast: Cast, client: Client, ticket: Ticket
    ) -> None:
        client.force_login(cast.max)
        for kind in ("change", "history"):
            response = client.get(ticket.page("incident", kind))
            assert response.status_code == 200
            assert CANARY.encode() not in response.content
        assert CANARY.encode() not in client.get(changelist("incident")).content

    def test_who_reported_it_is_not_shown_and_who_works_on_it_is(
        self, cast: Cast, client: Client, ticket: Ticket
    ) -> None:
        client.force_login(cast.ida)
        for page in (changelist("incident"), ticket.page("incident", "change")):
            content = client.get(page).content.decode()
            assert cast.ann.name not in content
            assert cast.ann.email not in content
            assert cast.bo.name in content

    def test_a_page_of_one_file_is_nobodys(
        self, cast: Cast, client: Client, ticket: Ticket
    ) -> None:
        """Its head would be the file's name."""
        client.force_login(cast.ida)
        for kind in ("change", "history"):
            assert client.get(ticket.page("attachment", kind)).status_code == 403


@pytest.mark.parametrize(
    "question",
    [
        "incident?title__startswith=heron",
        "incident?title=heron-canary",
        "incident?description__icontains=heron",
        "incident?reporter__email__startswith=ann",
        "incident?reporter=1",
        "incident?owner__password__startswith=md5",
        "incident?team__lead__password__startswith=md5",
        "incident?team__id__exact__gt=1",
        "incident?service__owner__email__startswith=z",
        "incident?desk__incidents__title__startswith=heron",
        "incident?status__regex=.*",
        "incident?resolution__code=fixed",
        "incident?attachments__name__startswith=heron",
        "incident?reported_at__gte=2026-01-01",
        "resolution?incident__title__startswith=heron",
        "resolution?team__lead__email__startswith=l",
        "confirmation?channel__startswith=p",
        "attachment?name__startswith=heron",
        "attachment?file__startswith=a",
        "attachment?public__incident__title=x",
        "link?from_incident__title__startswith=heron",
        "watch?user__password__startswith=md5",
        "holding?incident__title__startswith=heron",
        "holding?team__manager__email=max",
        "tierstay?incident__title__startswith=heron",
    ],
)
def test_no_list_can_be_asked_letter_by_letter(
    cast: Cast, client: Client, ticket: Ticket, question: str
) -> None:
    client.force_login(cast.ida)
    model, query = question.split("?")
    assert client.get(f"{changelist(model)}?{query}").status_code == 400


def test_every_filter_that_is_offered_answers(
    cast: Cast, client: Client, ticket: Ticket
) -> None:
    client.force_login(cast.max)
    page = client.get(changelist("incident"))
    asked = [
        choice["query_string"]
        for spec in page.context["cl"].filter_specs
        for choice in spec.choices(page.context["cl"])
    ]
    year = ticket.incident.reported_at.year
    asked += [
        f"?reported_at__year={year}",
        f"?reported_at__year={year}&reported_at__month=1",
    ]
    assert len(asked) > 30
    for query in asked:
        assert client.get(changelist("incident") + query).status_code == 200, query


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("{pk}", True),
        ("INC-{pk:05d}", True),
        ("inc-{pk}", True),
        (CANARY, False),
        ("ann@example.org", False),
        ("9" * 18, False),
        ("9" * 5000, False),
        ("{pk} {pk}", False),
    ],
)
def test_an_incident_is_found_by_its_number_only(
    cast: Cast, client: Client, ticket: Ticket, words: str, *, found: bool
) -> None:
    client.force_login(cast.max)
    query = {"q": words.format(pk=ticket.incident.pk)}
    page = client.get(changelist("incident"), query)
    assert [row.pk for row in page.context["cl"].result_list] == (
        [ticket.incident.pk] if found else []
    )


def test_the_confirmations_of_one_incident_are_found_by_its_number(
    cast: Cast, client: Client, ticket: Ticket
) -> None:
    client.force_login(cast.ida)
    for number, count in ((ticket.incident.pk, 2), (10**9, 0)):
        page = client.get(changelist("resolution"), {"q": number})
        assert len(page.context["cl"].result_list) == count


def test_stays_say_who_had_it_from_when_to_when_and_why(
    cast: Cast, client: Client
) -> None:
    incident = stories.escalated(cast)
    client.force_login(cast.ida)
    page = client.get(changelist("tierstay"), {"q": incident.reference})
    shown = page.content.decode()
    assert "Select stay to view" in shown
    for column in ("Team", "Tier", "Entered", "Left", "Because"):
        assert f">{column}<" in shown
    assert [(one.team, one.why) for one in page.context["cl"].result_list] == [
        (cast.desk, "report"),
        (cast.network, "escalate"),
    ]
    held = client.get(changelist("holding")).content.decode()
    assert "Teams that hold or held an incident, and so may read it" in held


def test_taking_is_no_reply_and_no_column_says_so(cast: Cast, client: Client) -> None:
    """It keeps the promise to respond: the list of clocks says that."""
    incident = stories.in_progress(cast)
    client.force_login(cast.ida)
    shown = client.get(changelist("incident")).content.decode()
    assert "Responded" not in shown
    assert ">First reply</a>" in shown
    assert '<td class="field-first_reply">-</td>' in shown
    clocks = client.get(changelist("clock"), {"q": incident.reference})
    (answered,) = [
        one for one in clocks.context["cl"].result_list if one.metric == "response"
    ]
    assert answered.state == "met"


ODD_NAMES = ["q", "o", "p", "all", "_facets", "_popup", "_to_field", "status__exact"]
ODD_NAMES += ["team__id__exact", "reported_at__year", "reported_at__month"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_an_odd_question_is_no_fault_of_ours(
    cast: Cast, client: Client, name: str
) -> None:
    client.force_login(cast.max)
    client.raise_request_exception = False
    for value in ODD:
        response = client.get(f"{changelist('incident')}?{name}={value}")
        assert response.status_code in {200, 302, 400}, value


@pytest.mark.parametrize("model", [*FIGURES, *ROWS, *SETTINGS])
def test_an_odd_address_is_no_fault_of_ours(
    cast: Cast, client: Client, model: str
) -> None:
    client.force_login(cast.ida)
    client.raise_request_exception = False
    for query in ("q=%00", "at__month=13", "code__exact=x", "kind__exact=%FF", "p=-1"):
        response = client.get(f"{changelist(model)}?{query}")
        assert response.status_code in {200, 302, 400}, query
    for key in ["abc", "-1", "9" * 30, "_5F", "1/2"]:
        page = f"/admin/incidents/{model}/{key}/change/"
        assert client.get(page).status_code in {302, 403, 404}, key


class TestWhoMayOpenWhat:
    @pytest.mark.parametrize("person", ["", *OUTSIDERS])
    def test_nobody_else_enters(
        self, cast: Cast, client: Client, ticket: Ticket, person: str
    ) -> None:
        if person:
            client.force_login(getattr(cast, person))
        for page, _kind, _model in pages(ticket):
            for method in (client.get, client.post):
                response = method(page)
                assert response.status_code == 302, page
                assert "/login/" in response["Location"], page

    def test_a_manager_reads_figures_and_settings(
        self, cast: Cast, client: Client, ticket: Ticket
    ) -> None:
        client.force_login(cast.max)
        for page, kind, model in pages(ticket):
            readable = model in [*FIGURES, *SETTINGS] and kind not in {"add", "delete"}
            expected = 200 if readable else 403
            assert client.get(page).status_code == expected, page

    def test_an_administrator_reads_all_and_adds_templates_only(
        self, cast: Cast, client: Client, ticket: Ticket
    ) -> None:
        client.force_login(cast.ida)
        for page, kind, model in pages(ticket):
            refused = (
                kind == "delete"
                or (kind == "add" and model != "tickettemplate")
                or (model == "attachment" and kind != "changelist")
            )
            assert client.get(page).status_code == (403 if refused else 200), page

    @pytest.mark.parametrize("person", ["max", "ida", *OUTSIDERS])
    def test_no_post_changes_anything(
        self, cast: Cast, client: Client, ticket: Ticket, person: str
    ) -> None:
        """The bypass of the life cycle: a hand-made form with a status in it."""
        client.force_login(getattr(cast, person))
        client.raise_request_exception = False
        before = everything()
        for page, kind, model in pages(ticket):
            if model in SETTINGS and person == "ida" and kind != "delete":
                continue
            response = client.post(page, FORGED)
            assert response.status_code < 500, page
            assert everything() == before, page

    @pytest.mark.parametrize("person", ["max", "ida"])
    def test_no_action_is_offered_or_taken(
        self, cast: Cast, client: Client, ticket: Ticket, person: str
    ) -> None:
        client.force_login(getattr(cast, person))
        before = everything()
        chosen = {"action": "delete_selected", "post": "yes", "index": "0"}
        for model in [*FIGURES, *ROWS, *KEPT]:
            chosen["_selected_action"] = str(ticket.rows[model].pk)
            client.post(changelist(model), chosen)
            page = client.get(changelist(model))
            if page.status_code == 200:
                assert b'name="action"' not in page.content, model
        assert everything() == before


FORGED = {
    "status": "closed",
    "closure_basis": "confirmed",
    "closed_at_0": "2026-01-01",
    "closed_at_1": "12:00",
    "severity": "1",
    "team": "1",
    "title": "Forged",
    "code": "fixed",
    "channel": "portal",
    "public": "on",
    "name": "Forged",
    "definition": "Forged",
    "_save": "Save",
    "form-TOTAL_FORMS": "1",
    "form-INITIAL_FORMS": "1",
    "form-0-id": "1",
    "form-0-status": "closed",
    "form-0-severity": "1",
}


def pages(ticket: Ticket) -> Iterator[tuple[str, str, str]]:
    """Every address of every model: address, kind, model."""
    for model in [*FIGURES, *ROWS, *SETTINGS]:
        for kind in ("changelist", "add"):
            yield reverse(f"admin:incidents_{model}_{kind}"), kind, model
        for kind in ("change", "delete", "history"):
            yield ticket.page(model, kind), kind, model


def test_the_list_costs_the_same_at_any_length(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.max)
    counts = []
    for more in (3, 20):
        for _number in range(more):
            stories.in_progress(cast)
        with django_assert_max_num_queries(16) as queries:
            client.get(changelist("incident"))
        counts.append(len(queries.captured_queries))
    few, many = counts
    assert few == many


def test_a_search_keeps_the_filter(cast: Cast, client: Client) -> None:
    client.force_login(cast.max)
    page = client.get(changelist("incident"), {"status__exact": "new"})
    assert '<input type="hidden" name="status__exact" value="new">' in (
        page.content.decode()
    )
