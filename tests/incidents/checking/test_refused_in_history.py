"""The history of a ticket says which known errors were not used, and why not."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.codes import Decided, Refusal
from incidents.models import Incident
from incidents.refused import naming_refused
from incidents.services.checking import Decision
from incidents.timeline import Words, full_timeline
from knowledgebase.models import ArticleVersion
from tests.incidents import stories
from tests.incidents.checking.asked import BLANK, USED, check, refused
from tests.incidents.ticket.conftest import address, words
from tests.incidents.using.known import editor, known, retire
from tests.people import Cast
from tests.sla.test_admin import client_of


@pytest.fixture
def version(cast: Cast) -> ArticleVersion:
    return known(cast, title="Label printer prints blank labels")


@pytest.fixture
def incident(cast: Cast, version: ArticleVersion) -> Incident:
    return stories.in_progress(cast, **BLANK)


def told(incident: Incident, by: Any) -> list[Words]:
    entries = naming_refused(full_timeline(incident), incident, by=by)
    return list(entries[-1].words)


def test_article_reason_and_word_are_read_together(
    cast: Cast, incident: Incident, version: ArticleVersion
) -> None:
    check(incident, by=cast.bo, decisions={version.pk: refused()})
    named = f"{version.article.reference} “Label printer prints blank labels”"
    (line,) = told(incident, cast.bo)
    assert line.label == f"Not used: {named}. It is another symptom"
    assert (line.text, line.is_public) == ("Labels are fine.", False)
    shown = words(client_of(cast.bo).get(address("ticket", incident)))
    assert f"<h3>{line.label}</h3>" in shown
    assert "<p>Labels are fine.</p>" in shown


def test_a_reason_without_a_word_is_read_as_well(
    cast: Cast, incident: Incident, version: ArticleVersion
) -> None:
    decision = Decision(decided=Decided.REFUSED, refusal=Refusal.ALREADY_TRIED)
    check(incident, by=cast.bo, decisions={version.pk: decision})
    (line,) = told(incident, cast.bo)
    assert str(line.label).endswith("blank labels”. It was tried already")
    assert line.text == ""


def test_what_the_reader_may_not_read_has_no_name(
    cast: Cast, incident: Incident, version: ArticleVersion
) -> None:
    check(incident, by=cast.bo, decisions={version.pk: refused()})
    retire(version)
    (line,) = told(incident, cast.bo)
    assert line.label == (
        "Not used: an article that you cannot read. It is another symptom"
    )
    (line,) = told(incident, editor())
    assert version.article.reference in str(line.label)


def test_what_was_used_is_not_told_again(
    cast: Cast, incident: Incident, version: ArticleVersion
) -> None:
    check(incident, by=cast.bo, decisions={version.pk: USED})
    with CaptureQueriesContext(connection) as caught:
        entries = full_timeline(incident)
    with CaptureQueriesContext(connection) as again:
        assert naming_refused(entries, incident, by=cast.bo) == entries
    assert caught.captured_queries
    assert not again.captured_queries


def test_any_number_of_checks_costs_one_query(
    cast: Cast, incident: Incident, version: ArticleVersion
) -> None:
    for _round in range(3):
        check(incident, by=cast.bo, decisions={version.pk: refused()})
    entries = full_timeline(incident)
    with CaptureQueriesContext(connection) as caught:
        named = naming_refused(entries, incident, by=cast.bo)
    assert len(caught.captured_queries) == 1
    assert [len(one.words) for one in named[-3:]] == [1, 1, 1]


def test_a_page_that_is_behind_names_it_too(
    cast: Cast, incident: Incident, version: ArticleVersion
) -> None:
    check(incident, by=cast.bo, decisions={version.pk: refused()})
    sent = {"version": incident.version, "message": "We look into it."}
    answer = client_of(cast.bo).post(address("reply", incident), sent)
    assert "Not used: KB-" in words(answer)
