"""What is asked for and not written down: found, dismissed for good, shown to nobody
who may not read it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, User
from activity import clock
from incidents.codes import Status
from incidents.models import Incident
from knowledgebase import services
from knowledgebase.models import GapDecision
from servicedesk.knowledge_health import gaps
from servicedesk.knowledge_health.gaps import gaps_for, is_alike, marks_of
from tests.incidents import stories
from tests.incidents.using import known
from tests.knowledgebase import stories as articles
from tests.people import Cast

LIST = "/knowledge/gaps/"
ALIKE = (
    "Scanner loses its pairing after lunch",
    "Pairing of the scanner is lost again",
    "Lost pairing: scanner on ward 3",
)
OTHERS = (
    "Monitor flickers green",
    "Badge reader refuses staff",
    "Projector bulb expired",
    "Invoice archive empty",
    "Keyboard letters worn",
)


@pytest.fixture
def editor(cast: Cast) -> User:
    """Of the desk as well, so she may see its tickets."""
    editor = articles.make_editor()
    Membership.objects.create(user=editor, team=cast.desk)
    return editor


def solved(cast: Cast, *titles: str) -> list[Incident]:
    """Each told by Ann and solved."""
    return [
        stories.resolved(cast, title=title, description=f"{title}.") for title in titles
    ]


def page(user: User, path: str = LIST, **query: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(path, query, follow=True).content.decode()


def post(user: User, path: str, **given: Any) -> Any:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client.post(path, given, follow=True)


def found_by(user: User) -> list[set[str]]:
    return [set(gap.cluster.words) for gap in gaps_for(user, clock.now()).found]


def test_three_alike_without_an_article_are_a_gap(cast: Cast, editor: User) -> None:
    tickets = solved(cast, *ALIKE, *OTHERS)
    (gap,) = gaps_for(editor, clock.now()).found
    assert set(gap.cluster.codes) == {ticket.pk for ticket in tickets[:3]}
    shown = page(editor)
    assert "pairing" in shown
    assert "3 tickets" in shown
    assert "Looked at 8 tickets" in shown
    rows = page(editor, f"{LIST}{gap.key}/")
    for ticket in tickets[:3]:
        assert ticket.reference in rows
        assert ticket.title in rows
    assert tickets[3].reference not in rows


def test_what_is_open_old_or_has_an_article_is_no_gap(cast: Cast, editor: User) -> None:
    first, second, third = solved(cast, *ALIKE)
    solved(cast, *OTHERS)
    assert found_by(editor)
    later = clock.now() + timedelta(days=91)
    assert gaps_for(editor, later).found == []
    known.applied(
        first, known.known(cast, title="Another thing", symptom="x y z"), by=cast.bo
    )
    assert found_by(editor) == []
    for ticket in (second, third):
        assert ticket.status == Status.RESOLVED


def test_what_a_published_article_would_be_suggested_for_is_no_gap(
    cast: Cast, editor: User
) -> None:
    solved(cast, *ALIKE, *OTHERS)
    assert found_by(editor)
    known.known(
        cast,
        title="Scanner loses its pairing",
        symptom="The scanner lost its pairing. Lost pairing of the scanner.",
        signatures=[],
    )
    assert found_by(editor) == []


def test_what_was_written_down_is_no_gap(
    cast: Cast, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here the move of another kind stands for the one that writes an article."""
    solved(cast, *ALIKE, *OTHERS)
    monkeypatch.setattr(gaps, "WRITTEN_DOWN", "incident.resolve")
    assert found_by(editor) == []


def test_nobody_learns_a_word_of_tickets_they_may_not_see(
    cast: Cast, editor: User
) -> None:
    """An editor who works on no ticket learns nothing, not even how many there are."""
    solved(cast, *ALIKE, *OTHERS)
    (gap,) = gaps_for(editor, clock.now()).found
    outside = articles.make_editor("Ola Oak")
    shown = page(outside)
    assert "No ticket to look at" in shown
    assert "pairing" not in shown.lower()
    assert "Looked at 0 tickets" in shown
    rows = page(outside, f"{LIST}{gap.key}/")
    assert "INC-" not in rows
    assert "pairing" not in rows.lower()
    assert "pairing" not in page(cast.ned).lower()
    assert "Looked at 0 tickets" in page(cast.ned)
    for other in (cast.max, cast.ida, cast.ann, cast.zed):
        client = Client()
        client.force_login(other)
        assert client.get(LIST).status_code == 403
        assert client.get(f"{LIST}{gap.key}/").status_code == 403


def test_no_group_is_named_after_who_reported_it(cast: Cast, editor: User) -> None:
    said = ("Ann Archer waits", "Call Ann Archer", "Ann Archer is on leave")
    solved(cast, *said, *OTHERS)
    assert found_by(editor) == []


def test_dismissed_stays_dismissed_when_it_grows(cast: Cast, editor: User) -> None:
    solved(cast, *ALIKE, *OTHERS)
    (gap,) = gaps_for(editor, clock.now()).found
    shown = post(
        editor, f"{LIST}decide/", marks=" ".join(gap.marks), dismiss="yes"
    ).content.decode()
    assert "Dismissed." in shown
    assert "Nothing is missing" in shown
    solved(cast, "Scanner lost its pairing at night", "Scanner pairing lost, ward 9")
    assert "Nothing is missing" in page(editor)
    assert "pairing" in page(editor, dismissed="yes")
    (again,) = gaps_for(editor, clock.now()).found
    assert again.is_dismissed
    assert len(again.cluster.codes) == 5
    post(editor, f"{LIST}decide/", marks=" ".join(again.marks))
    assert "pairing" in page(editor)
    assert GapDecision.objects.count() == 2


def test_no_word_of_a_ticket_is_kept_with_a_decision(cast: Cast, editor: User) -> None:
    marks = marks_of(["scanner", "pair"])
    services.decide_gap(marks, by=editor, is_dismissed=True)
    kept = str(GapDecision.objects.values().get())
    assert "scanner" not in kept
    assert "pair" not in kept


def test_editors_and_leads_decide_and_nobody_else(cast: Cast, editor: User) -> None:
    for person in (editor, cast.lea):
        services.decide_gap(["a" * 12], by=person, is_dismissed=True)
    for person in (cast.bo, cast.ned, cast.max, cast.zed):
        with pytest.raises(PermissionDenied):
            services.decide_gap(["a" * 12], by=person, is_dismissed=True)
    solved(cast, *ALIKE, *OTHERS)
    assert "Dismiss" in page(cast.lea)
    assert "pairing" in page(cast.bo).lower()
    assert ">Dismiss<" not in page(cast.bo)


@pytest.mark.parametrize(
    "marks", ["", "x", "<b>", "a" * 11, "A" * 12, " ".join(["a" * 12] * 13)]
)
def test_a_decision_about_nothing_is_refused(
    cast: Cast, editor: User, marks: str
) -> None:
    assert post(editor, f"{LIST}decide/", marks=marks).status_code == 400
    assert not GapDecision.objects.exists()


def test_an_article_is_begun_with_the_words_and_nothing_is_saved_yet(
    cast: Cast, editor: User
) -> None:
    solved(cast, *ALIKE, *OTHERS)
    (gap,) = gaps_for(editor, clock.now()).found
    assert f'value="{gap.title}"' in page(editor)
    given = {"begin": "yes", "kind": "known_error", "title": gap.title}
    shown = post(editor, "/knowledge/new/", **given)
    assert shown.status_code == 200
    assert f'value="{gap.title}"' in shown.content.decode()
    assert "alert" not in shown.content.decode()
    assert not editor.owned_articles.exists()


def test_a_group_that_is_gone_leads_to_those_that_are(cast: Cast, editor: User) -> None:
    assert "This group has changed" in page(editor, f"{LIST}no-such-group/")


def test_it_costs_the_same_however_many_tickets_there_are(
    cast: Cast, editor: User
) -> None:
    client = Client()
    client.force_login(editor)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        return len(queries)

    solved(cast, *ALIKE)
    cost()
    few = cost()
    solved(cast, *OTHERS, *ALIKE)
    assert cost() == few


def test_no_more_tickets_are_read_than_it_says(
    cast: Cast, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    solved(cast, *OTHERS)
    monkeypatch.setattr(gaps, "MOST_READ", 4)
    found = gaps_for(editor, clock.now())
    assert (found.read, found.is_cut) == (4, True)
    assert "There are more" in page(editor)


def test_alike_is_half_of_all_that_either_is_known_by() -> None:
    assert is_alike(["a", "b"], ["a", "b", "c", "d"])
    assert not is_alike(["a"], ["a", "b", "c"])
    assert not is_alike(["a"], ["b"])
