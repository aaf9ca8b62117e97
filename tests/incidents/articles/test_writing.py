"""What an incident taught becomes a draft, without its people."""

import pytest
from django.test import Client

from accounts.models import Membership, User
from activity.models import Event
from activity.refusals import NotAllowed
from catalogue.models import Service
from incidents import services
from incidents.events import Kind
from incidents.models import Incident
from incidents.written_down import prefilled
from knowledgebase.codes import Audience, Status
from knowledgebase.codes import Kind as Nature
from knowledgebase.models import Article
from knowledgebase.services import Content
from tests.incidents import stories
from tests.incidents.services.facts import outcome
from tests.people import Cast, make_user

WORDS = """Hello Bo, this is Ann Archer (ann@example.org, ext. 4711).
My label printer PC-ANN01 shows E102 since 9:30, as in INC-00042.
Zed Zorn has it too. Regards, Ann"""


@pytest.fixture
def solved(cast: Cast) -> Incident:
    return stories.resolved(cast, title="Ann's printer: E102", description=WORDS)


def page(incident: Incident) -> str:
    return f"{incident.get_absolute_url()}article/"


def content(**changes: str) -> dict[str, str]:
    given = {
        "kind": Nature.KNOWN_ERROR,
        "title": "Label printer shows E102",
        "symptom": "It shows E102.",
        "workaround_agents": "Replace the drum.",
        "audience": Audience.AGENTS,
        "fix_status": "unknown",
        "signatures": "E102",
    }
    return {name: str(value) for name, value in (given | changes).items()}


class TestPrefilling:
    def test_a_known_error_gets_symptom_solution_and_codes(
        self, solved: Incident
    ) -> None:
        given = prefilled(solved, Nature.KNOWN_ERROR).initial
        assert given["title"] == "The reporter's printer: E102"
        assert "label printer" in given["symptom"]
        assert given["workaround_agents"].startswith("We replaced the drum.")
        assert "the reporter printed a page" in given["workaround_agents"].lower()
        assert given["signatures"] == "E102"
        service = Service.objects.get(name="Printing")
        assert given["services"] == [service.pk]
        assert len(given["categories"]) == 1

    def test_no_name_address_or_number_is_left(self, solved: Incident) -> None:
        filled = prefilled(solved, Nature.KNOWN_ERROR)
        said = " ".join(map(str, filled.initial.values()))
        for person in ("Ann", "Archer", "Bo", "Zed", "4711", "INC-", "@", "ANN01"):
            assert person not in said, said
        assert filled.count >= 8

    def test_a_how_to_gets_one_text(self, solved: Incident) -> None:
        given = prefilled(solved, Nature.HOW_TO).initial
        assert "E102" in given["body"]
        assert "We replaced the drum." in given["body"]
        assert "symptom" not in given
        assert "signatures" not in given

    def test_an_open_incident_has_no_solution_yet(self, cast: Cast) -> None:
        given = prefilled(stories.reported(cast), Nature.KNOWN_ERROR).initial
        assert given["workaround_agents"] == ""

    def test_a_colleague_of_the_team_is_known_by_part_of_the_name(
        self, cast: Cast
    ) -> None:
        told = stories.triaged(cast, description="Cy knows. Zed knows.")
        given = prefilled(told, Nature.KNOWN_ERROR).initial
        assert given["symptom"] == "A colleague knows. Zed knows."

    def test_words_that_may_be_names_are_told_of(self, cast: Cast) -> None:
        Membership.objects.create(user=make_user("Will Page"), team=cast.desk)
        told = stories.triaged(cast, description="It fails in Page Setup.")
        assert list(prefilled(told, Nature.KNOWN_ERROR).doubtful) == ["Page"]

    def test_it_costs_the_same_for_a_crowd(
        self, cast: Cast, solved: Incident, django_assert_num_queries: object
    ) -> None:
        for number in range(20):
            make_user(f"Person{number} Some")
        with django_assert_num_queries(6):  # type: ignore[operator]
            prefilled(Incident.objects.for_page().get(pk=solved.pk), "known_error")


class TestWriting:
    def test_the_draft_is_kept_and_the_incident_remembers_it(
        self, cast: Cast, solved: Incident
    ) -> None:
        made = services.write_article(
            solved.pk,
            by=cast.bo,
            kind=Nature.KNOWN_ERROR,
            content=Content(title="Label printer shows E102"),
        )
        assert Article.objects.get(pk=made.pk).status == Status.DRAFT
        last = Event.objects.about(solved).last()
        assert last is not None
        assert (last.kind, last.data["article"]) == (Kind.WRITE_ARTICLE, made.pk)
        assert not last.public

    def test_what_was_typed_on_the_ticket_meanwhile_still_goes(
        self, cast: Cast
    ) -> None:
        told = stories.in_progress(cast)
        services.write_article(
            told.pk, by=cast.cy, kind=Nature.FAQ, content=Content(title="Printers")
        )
        services.add_note(
            told.pk, by=cast.bo, expected_version=told.version, text="Typed before."
        )

    def test_without_a_draft_nothing_is_remembered(
        self, cast: Cast, solved: Incident
    ) -> None:
        with pytest.raises(Exception, match="title"):
            services.write_article(
                solved.pk, by=cast.bo, kind="known_error", content=Content(title="")
            )
        kinds = Event.objects.about(solved).values_list("kind", flat=True)
        assert Kind.WRITE_ARTICLE not in kinds

    def test_only_who_sees_the_ticket_and_may_write_articles_does(
        self, cast: Cast, solved: Incident
    ) -> None:
        def write(by: User) -> object:
            return services.write_article(
                solved.pk, by=by, kind="faq", content=Content(title="Printers")
            )

        assert outcome(lambda: write(cast.lea)) == "ok"
        for stranger in (cast.ann, cast.ned, cast.max, cast.ida, cast.zed):
            with pytest.raises(NotAllowed):
                write(stranger)


class TestPage:
    def test_it_shows_the_editor_filled_in_and_asks_to_read_it(
        self, client: Client, cast: Cast, solved: Incident
    ) -> None:
        client.force_login(cast.bo)
        shown = client.get(page(solved)).content.decode()
        assert "Read every line before you save" in shown
        assert "Label printer" not in shown
        assert "label printer a computer shows E102" in shown
        assert "ann@example.org" not in shown

    def test_saving_leads_to_the_draft(
        self, client: Client, cast: Cast, solved: Incident
    ) -> None:
        client.force_login(cast.bo)
        answer = client.post(page(solved), content())
        article = Article.objects.get()
        assert answer.headers["Location"] == article.get_absolute_url()
        assert article.open is not None
        assert [one.text for one in article.open.signatures.all()] == ["E102"]

    def test_wrong_input_keeps_what_was_typed(
        self, client: Client, cast: Cast, solved: Incident
    ) -> None:
        client.force_login(cast.bo)
        shown = client.post(page(solved), content(title="", symptom="My words"))
        assert shown.status_code == 200
        assert b"Give it a title." in shown.content
        assert b"My words" in shown.content
        assert not Article.objects.exists()

    def test_the_preview_saves_nothing(
        self, client: Client, cast: Cast, solved: Incident
    ) -> None:
        client.force_login(cast.bo)
        given = content(symptom="It is **blank**.") | {"preview": "1"}
        shown = client.post(page(solved), given).content.decode()
        assert "<strong>blank</strong>" in shown
        assert not Article.objects.exists()

    def test_who_comes_later_sees_that_it_was_written_down(
        self, client: Client, cast: Cast, solved: Incident
    ) -> None:
        made = services.write_article(
            solved.pk, by=cast.bo, kind="faq", content=Content(title="Secret title")
        )
        client.force_login(cast.bo)
        assert made.reference in client.get(page(solved)).content.decode()
        client.force_login(cast.cy)
        shown = client.get(page(solved)).content.decode()
        assert "It was written down already" in shown
        assert "Secret title" not in shown

    @pytest.mark.parametrize("who", ["ann", "zed", "max", "ida", "ned"])
    def test_to_who_does_not_see_the_ticket_it_is_missing(
        self, client: Client, cast: Cast, solved: Incident, who: str
    ) -> None:
        client.force_login(getattr(cast, who))
        assert client.get(page(solved)).status_code == 404
        assert client.post(page(solved), content()).status_code == 404
        assert not Article.objects.exists()
