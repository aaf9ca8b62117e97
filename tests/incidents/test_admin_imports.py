"""Imports in Django admin: what came in and what did not, for administrators."""

import csv
import shlex
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import get_commands
from django.test import Client
from django.urls import reverse

from incidents.admin.imports import ROWS_SHOWN
from incidents.codes import ImportSource
from incidents.models import ImportedIncident, ImportRun, RefusedRow
from incidents.replay.names import Names
from incidents.replay.step import Reason
from incidents.services.replaying import Refusal, replay_steps
from tests.incidents.replay import imported
from tests.people import Cast

CANARY = "heron-canary"
MODELS = ["importrun", "refusedrow", "importedincident"]
OPTIONS = {"time_zone": "Europe/Berlin", "first_line": ["Group 70", "Group 24"]}
BEGUN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def make_run(*, rows: int = 1000, refused: int = 0, **more: Any) -> ImportRun:
    """An import of ``rows`` that has ended, unless ``position`` says otherwise."""
    position = more.pop("position", rows)
    number = ImportRun.objects.count()
    fields = {
        "source": ImportSource.SERVICENOW,
        "file_name": f"log {number}.csv.xz",
        "digest": f"{number:064x}",
        "options": OPTIONS,
        "incidents": 12,
        "moves": 34,
        "started_at": BEGUN,
        "finished_at": BEGUN + timedelta(minutes=3) if position == rows else None,
    }
    counts = {"position": position, "taken": position - refused, "refused": refused}
    return ImportRun.objects.create(rows=rows, **counts, **(fields | more))


def left_out(run: ImportRun, *reasons: Reason, first_line: int = 2) -> None:
    """One row that was not taken for each reason."""
    RefusedRow.objects.bulk_create(
        RefusedRow(
            run=run,
            line=line,
            number=f"INC{line:07d}",
            reason=reason,
            detail=f"found {line}",
        )
        for line, reason in enumerate(reasons, first_line)
    )


def replayed(
    cast: Cast, *reasons: Reason, number: str, title: str = "Category 40", **more: Any
) -> ImportRun:
    """A whole import: one incident came in, and one row was refused for each reason."""
    rows = 1 + len(reasons)
    counts = {"position": 0, "incidents": 0, "moves": 0}
    run = make_run(rows=rows, **counts, **more)
    step = imported.step(
        cast,
        imported.WAITING,
        line=2,
        number=number,
        first=BEGUN,
        title=title,
        description=title,
        counters={"reassignment_count": 2, "reopen_count": 0},
    )
    refusals = [
        Refusal(line, f"INC{line:07d}", reason, f"found {line}")
        for line, reason in enumerate(reasons, 3)
    ]
    run = replay_steps(run, [step, *refusals], names=Names(ImportSource.SERVICENOW))
    run.finished_at = BEGUN + timedelta(minutes=3)
    run.save()
    return run


def changelist(model: str) -> str:
    return reverse(f"admin:incidents_{model}_changelist")


def page_of(row: Any, kind: str = "change") -> str:
    return reverse(f"admin:incidents_{row._meta.model_name}_{kind}", args=[row.pk])


def report_of(pk: int) -> str:
    return reverse("admin:incidents_importrun_report", args=[pk])


def everything() -> list[Any]:
    models: list[Any] = [ImportRun, RefusedRow, ImportedIncident]
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.fixture
def run(cast: Cast) -> ImportRun:
    return replayed(
        cast,
        *[Reason.STATE, Reason.LATE, Reason.STATE],
        number="INC0000045",
        title=CANARY,
    )


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ida)
    return client


class TestTheList:
    def test_every_count_stands_in_it(self, admin: Client) -> None:
        run = make_run(refused=3)
        content = admin.get(changelist("importrun")).content.decode()
        for shown in (run.file_name, "ServiceNow", 1000, 997, 3, 12, 34):
            assert f">{shown}<" in content

    @pytest.mark.parametrize(
        ("rows", "position", "percent"),
        [(1000, 420, 42), (1000, 999, 99), (3, 1, 33), (1000, 0, 0)],
    )
    def test_it_says_how_far_an_import_is_and_never_too_far(
        self, admin: Client, rows: int, position: int, percent: int
    ) -> None:
        make_run(rows=rows, position=position)
        content = admin.get(changelist("importrun")).content.decode()
        assert f"not yet: {percent} %" in content

    def test_a_file_without_rows_is_no_fault(self, admin: Client) -> None:
        empty = make_run(rows=0, finished_at=None)
        assert admin.get(changelist("importrun")).status_code == 200
        assert admin.get(page_of(empty)).status_code == 200

    def test_an_empty_one_says_which_commands_fill_it(self, admin: Client) -> None:
        content = admin.get(changelist("importrun")).content.decode()
        for source in ImportSource:
            assert f"manage.py import_{source} FILE" in content
            assert f"import_{source}" in get_commands()


class TestThePageOfOne:
    def test_the_reasons_come_with_counts_most_first(
        self, admin: Client, run: ImportRun
    ) -> None:
        response = admin.get(page_of(run))
        reasons = response.context["overview"].reasons()
        assert [(one.words, one.count) for one in reasons] == [
            (Reason.STATE.label, 2),
            (Reason.LATE.label, 1),
        ]

    def test_a_reason_leads_to_its_rows_of_this_import(
        self, admin: Client, run: ImportRun
    ) -> None:
        left_out(make_run(refused=1), Reason.STATE)
        overview = admin.get(page_of(run)).context["overview"]
        for one in overview.reasons():
            found = admin.get(one.address).context["cl"].result_list
            assert len(found) == one.count
            assert {row.run for row in found} == {run}
        found = admin.get(overview.all_rows()).context["cl"].result_list
        assert [row.line for row in found] == [3, 4, 5]

    def test_the_incidents_of_this_import_are_a_link_away(
        self, cast: Cast, admin: Client, run: ImportRun
    ) -> None:
        replayed(cast, number="INC0000046")
        address = admin.get(page_of(run)).context["overview"].brought_in()
        found = admin.get(address).context["cl"].result_list
        assert [row.number for row in found] == ["INC0000045"]

    def test_rows_not_taken_show_line_number_reason_and_what_was_found(
        self, admin: Client, run: ImportRun
    ) -> None:
        content = admin.get(page_of(run)).content.decode()
        row = ["3", "INC0000003", str(Reason.STATE.label), "found 3"]
        assert "".join(f"<td>{cell}</td>" for cell in row) in content

    def test_only_the_first_fifty_are_on_it_and_the_rest_in_the_list(
        self, admin: Client
    ) -> None:
        run = make_run(refused=60)
        left_out(run, *[Reason.VALUE] * 60)
        response = admin.get(page_of(run))
        assert len(response.context["overview"].first_rows()) == ROWS_SHOWN
        assert "The list of all 60 rows not taken" in response.content.decode()
        more = admin.get(response.context["overview"].all_rows() + "&p=2")
        assert len(more.context["cl"].result_list) == 10

    def test_options_are_told_in_words(self, admin: Client, run: ImportRun) -> None:
        content = admin.get(page_of(run)).content.decode()
        assert "Read as those of Europe/Berlin." in content
        assert "Group 70, Group 24" in content

    @pytest.mark.parametrize("source", ImportSource)
    def test_no_group_of_tier_1_is_told_too(
        self, admin: Client, source: ImportSource
    ) -> None:
        run = make_run(source=source, options={"time_zone": "UTC", "first_line": []})
        assert "None was named" in admin.get(page_of(run)).content.decode()

    def test_an_unfinished_one_says_the_very_command_that_goes_on(
        self, admin: Client
    ) -> None:
        run = make_run(position=420, file_name="it's a log.csv")
        response = admin.get(page_of(run))
        assert "This import has not finished" in response.content.decode()
        assert shlex.split(response.context["overview"].command()) == [
            "manage.py",
            "import_servicenow",
            "it's a log.csv",
            "--time-zone=Europe/Berlin",
            "--first-line=Group 70",
            "--first-line=Group 24",
        ]

    def test_a_finished_one_says_nothing_of_going_on(self, admin: Client) -> None:
        content = admin.get(page_of(make_run())).content.decode()
        assert "not finished" not in content
        assert "Every row was taken." in content


class TestTheReport:
    def test_it_is_the_whole_of_it_as_a_file(self, admin: Client) -> None:
        run = make_run(refused=60)
        left_out(run, *[Reason.VALUE] * 60)
        response = admin.get(report_of(run.pk))
        assert response.streaming
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"] == (
            f'attachment; filename="import-{run.pk}.csv"'
        )
        lines = list(csv.reader(response.getvalue().decode().splitlines()))
        assert len(lines) == 61
        assert lines[1] == ["2", "INC0000002", "value", Reason.VALUE.label, "found 2"]

    def test_rows_of_another_import_are_not_in_it(
        self, admin: Client, run: ImportRun
    ) -> None:
        other = make_run(refused=1)
        left_out(other, Reason.TIME, first_line=77)
        report = admin.get(report_of(other.pk)).getvalue().decode()
        assert len(report.splitlines()) == 2

    def test_what_is_no_import_has_none(self, admin: Client, run: ImportRun) -> None:
        for pk in (run.pk + 1, 0, 10**30):
            assert admin.get(report_of(pk)).status_code == 404

    def test_it_is_only_ever_fetched(self, admin: Client, run: ImportRun) -> None:
        for method in (admin.post, admin.put, admin.delete):
            assert method(report_of(run.pk)).status_code == 405

    def test_a_manager_does_not_get_it(
        self, cast: Cast, client: Client, run: ImportRun
    ) -> None:
        client.force_login(cast.max)
        assert client.get(report_of(run.pk)).status_code == 403

    @pytest.mark.parametrize("person", ["ann", "bo", "lea", "ned", "zed"])
    def test_nobody_else_enters(
        self, cast: Cast, client: Client, run: ImportRun, person: str
    ) -> None:
        client.force_login(getattr(cast, person))
        for page in (report_of(run.pk), page_of(run), changelist("importrun")):
            response = client.get(page)
            assert response.status_code == 302
            assert "/login/" in response["Location"]


@pytest.mark.parametrize(
    ("model", "words", "found"),
    [
        ("refusedrow", "INC0000003", 1),
        ("refusedrow", " inc0000003 ", 1),
        ("refusedrow", "INC000", 0),
        ("refusedrow", "found 3", 0),
        ("importedincident", "INC0000045", 1),
        ("importedincident", "{here}", 1),
        ("importedincident", "INC000004", 0),
        ("importedincident", "9" * 5000, 0),
        ("importedincident", CANARY, 0),
        ("importedincident", "Awaiting", 0),
    ],
)
def test_a_row_is_found_by_its_number_only(
    admin: Client, run: ImportRun, model: str, words: str, found: int
) -> None:
    here = ImportedIncident.objects.get().incident.reference
    page = admin.get(changelist(model), {"q": words.format(here=here)})
    assert len(page.context["cl"].result_list) == found


@pytest.mark.parametrize(
    "question",
    [
        "importedincident?incident__title__startswith=heron",
        "importedincident?run__file_name__startswith=l",
        "importedincident?team__lead__password__startswith=md5",
        "importrun?brought_in__incident__title__startswith=heron",
        "importrun?file_name__startswith=l",
        "refusedrow?detail__startswith=f",
        "refusedrow?run__brought_in__incident__title__startswith=heron",
    ],
)
def test_no_list_can_be_asked_letter_by_letter(
    admin: Client, run: ImportRun, question: str
) -> None:
    model, query = question.split("?")
    assert admin.get(f"{changelist(model)}?{query}").status_code == 400


def test_every_filter_that_is_offered_answers(admin: Client, run: ImportRun) -> None:
    make_run(source=ImportSource.VINST)
    for model in MODELS:
        page = admin.get(changelist(model))
        for spec in page.context["cl"].filter_specs:
            for choice in spec.choices(page.context["cl"]):
                address = changelist(model) + choice["query_string"]
                assert admin.get(address).status_code == 200, address


def test_an_odd_question_is_no_fault_of_ours(admin: Client, run: ImportRun) -> None:
    admin.raise_request_exception = False
    asked = ["q=%00", "q=%FF", "p=-1", "o=x", "run__id__exact=x", "_facets=1"]
    asked += ["reason__exact=%00", "run__id__exact=" + "9" * 30, "source__exact=x"]
    for model in MODELS:
        for query in asked:
            response = admin.get(f"{changelist(model)}?{query}")
            assert response.status_code in {200, 302, 400}, (model, query)
        for key in ["abc", "-1", "9" * 30, "_5F", "1/2"]:
            response = admin.get(f"/admin/incidents/{model}/{key}/change/")
            assert response.status_code in {302, 404}, (model, key)


def every_page() -> list[str]:
    rows: list[Any] = [ImportRun.objects.get(), *RefusedRow.objects.all()]
    rows += [ImportedIncident.objects.get()]
    pages = [page_of(row, kind) for row in rows for kind in ("change", "history")]
    return [*map(changelist, MODELS), *pages]


def test_no_word_of_an_incident_is_on_any_page(admin: Client, run: ImportRun) -> None:
    for page in every_page():
        response = admin.get(page)
        assert response.status_code == 200, page
        assert CANARY.encode() not in response.content, page


def test_a_manager_sees_none_of_it(cast: Cast, client: Client, run: ImportRun) -> None:
    client.force_login(cast.max)
    for page in every_page():
        assert client.get(page).status_code == 403, page
    content = client.get(reverse("admin:index")).content.decode()
    assert "importrun" not in content


@pytest.mark.parametrize("person", ["ida", "max", "lea"])
def test_nothing_is_added_changed_or_deleted(
    cast: Cast, client: Client, run: ImportRun, person: str
) -> None:
    client.force_login(getattr(cast, person))
    before = everything()
    forged = {"source": "vinst", "file_name": "Forged", "number": "1", "_save": "Save"}
    forged |= {"reason": "late", "line": "9", "post": "yes"}
    forged |= {"action": "delete_selected", "index": "0", "_selected_action": "1"}
    rows: list[Any] = [run, RefusedRow.objects.first(), ImportedIncident.objects.get()]
    for row in rows:
        for kind in ("change", "delete"):
            assert client.post(page_of(row, kind), forged).status_code in {302, 403}
        client.post(changelist(row._meta.model_name), forged)
    for model in MODELS:
        add = reverse(f"admin:incidents_{model}_add")
        for method in (client.get, client.post):
            assert method(add, forged).status_code in {302, 403}
    assert everything() == before


def test_no_action_is_offered(admin: Client, run: ImportRun) -> None:
    for model in MODELS:
        assert b'name="action"' not in admin.get(changelist(model)).content


def test_an_incident_that_came_in_leads_to_its_figures(
    admin: Client, run: ImportRun
) -> None:
    incident = ImportedIncident.objects.get().incident
    content = admin.get(changelist("importedincident")).content.decode()
    assert f'<a href="{page_of(incident)}">{incident.reference}</a>' in content
    assert "reassignment_count 2, reopen_count 0" in content


def test_the_pages_cost_the_same_at_any_length(
    cast: Cast, admin: Client, run: ImportRun, django_assert_max_num_queries: Any
) -> None:
    pages = [*map(changelist, MODELS), page_of(run)]
    ContentType.objects.get_for_model(ImportRun)  # It is asked for once a process.
    counts: list[list[int]] = []
    for start, more in ((100, 3), (200, 20)):
        left_out(run, *list(Reason)[:8], *[Reason.VALUE] * more, first_line=start)
        for number in range(start, start + more):
            replayed(cast, Reason.GUARD, number=f"INC0001{number}")
        counts.append([])
        for page in pages:
            with django_assert_max_num_queries(16) as queries:
                assert admin.get(page).status_code == 200
            counts[-1].append(len(queries.captured_queries))
    few, many = counts
    assert few == many
