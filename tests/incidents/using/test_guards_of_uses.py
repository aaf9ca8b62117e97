"""What was told to whom is not forged: only what is published, to who may read it.

Every attack runs twice: refused with the rule's name, and through once the guard in
its way is taken away.
"""

from typing import Any

import pytest
from django.db import connection

from accounts.models import Membership, User
from incidents import services
from incidents.models import Incident, KnownErrorUse
from knowledgebase.models import ArticleVersion
from tests.database import sql
from tests.incidents import forgery, stories
from tests.incidents.attacks import Case, table
from tests.incidents.using.known import applied, editor, known, retire, rewrite, use
from tests.knowledgebase import stories as articles
from tests.people import Cast

USES, OUTCOMES = "incidents_knownerroruse", "incidents_useoutcome"
PUBLISHED = table(USES, "use_of_published")
HAS_EVENT = table(USES, "use_has_event")
KEPT = table(USES, "use_append_only")
ASKED = table(OUTCOMES, "use_outcome_by_asked")
OUTCOME_HAS_EVENT = table(OUTCOMES, "use_outcome_has_event")
OUTCOME_KEPT = table(OUTCOMES, "use_outcome_append_only")


# ---- how the incident came there


def answered(cast: Cast) -> Incident:
    """Its last event is a reply of Bo."""
    incident = stories.triaged(cast)
    services.reply_to_reporter(
        incident.pk, by=cast.bo, expected_version=None, message="Try this."
    )
    return stories.again(incident)


def told(cast: Cast) -> Incident:
    incident = stories.triaged(cast)
    use(incident, known(cast), by=cast.bo)
    return stories.again(incident)


def done(cast: Cast) -> Incident:
    incident = stories.triaged(cast)
    applied(incident, known(cast), by=cast.bo)
    return stories.again(incident)


def judged(cast: Cast) -> Incident:
    incident = told(cast)
    services.judge_workaround(
        incident.pk, by=cast.bo, use=incident.uses.get().pk, outcome="failed"
    )
    return stories.again(incident)


# ---- a use


def forge(
    incident: Incident,
    version: ArticleVersion,
    *,
    by: User,
    how: str = "applied",
    actor: User | None = None,
    said: dict[str, Any] | None = None,
) -> None:
    """The row and its event, which names the event before it as the reply."""
    data = {"version": version.pk, "how": how, "reply": incident.version}
    seq = forgery.event(
        incident, "use_workaround", by=actor or by, data=data | (said or {})
    )
    forgery.edit(incident, version=seq)
    row = {"seq": seq, "version_id": version.pk, "how": how}
    insert(USES, incident, by=by, **row)


def insert(name: str, incident: Incident, *, by: User, **columns: Any) -> None:
    given = {"incident_id": incident.pk, "by_id": by.pk, "at": forgery.NOW}
    forgery.insert(name, **(given | columns))


def use_a_draft(incident: Incident, cast: Cast) -> None:
    draft = articles.drafted(cast).open
    assert draft is not None
    forge(incident, draft, by=cast.bo)


def use_what_was_replaced(incident: Incident, cast: Cast) -> None:
    old = known(cast)
    rewrite(cast, old)
    forge(incident, old, by=cast.bo)


def use_what_is_retired(incident: Incident, cast: Cast) -> None:
    version = known(cast)
    retire(version)
    forge(incident, version, by=cast.bo)


def tell_what_is_for_agents(incident: Incident, cast: Cast) -> None:
    forge(incident, known(cast, audience="agents"), by=cast.bo, how="told")


def tell_what_is_for_staff(incident: Incident, cast: Cast) -> None:
    forge(incident, known(cast, audience="staff"), by=cast.bo, how="told")


def tell_what_has_no_words(incident: Incident, cast: Cast) -> None:
    forge(incident, known(cast, workaround_reporters=""), by=cast.bo, how="told")


def use_without_event(incident: Incident, cast: Cast) -> None:
    version = known(cast)
    insert(USES, incident, by=cast.bo, seq=900, version_id=version.pk, how="applied")


def use_in_anothers_event(incident: Incident, cast: Cast) -> None:
    forge(incident, known(cast), by=cast.bo, actor=cast.cy)


def use_another_version_than_said(incident: Incident, cast: Cast) -> None:
    forge(incident, known(cast), by=cast.bo, said={"version": 900})


def use_otherwise_than_said(incident: Incident, cast: Cast) -> None:
    forge(incident, known(cast), by=cast.bo, how="told", said={"reply": 1})


def tell_in_anothers_reply(incident: Incident, cast: Cast) -> None:
    forge(incident, known(cast), by=cast.cy, how="told")


def edit_use(incident: Incident, cast: Cast) -> None:
    sql(f"UPDATE {USES} SET by_id = %s", cast.cy.pk)


def turn_to_the_new_version(incident: Incident, cast: Cast) -> None:
    new = rewrite(cast, incident.uses.get().version)
    sql(f"UPDATE {USES} SET version_id = %s", new.pk)


def delete_use(incident: Incident, cast: Cast) -> None:
    sql(f"DELETE FROM {USES}")


# ---- an outcome


def judge(
    incident: Incident,
    used: KnownErrorUse,
    *,
    by: User,
    asked: str = "desk",
    actor: User | None = None,
    **said: Any,
) -> None:
    data = {"use": used.pk, "asked": asked, "outcome": "worked"} | said
    seq = forgery.event(incident, "judge_workaround", by=actor or by, data=data)
    forgery.edit(incident, version=seq)
    row = {"seq": seq, "use_id": used.pk, "asked": asked, "outcome": "worked"}
    insert(OUTCOMES, incident, by=by, **row)


def judge_as_a_stranger(incident: Incident, cast: Cast) -> None:
    judge(incident, incident.uses.get(), by=cast.zed)


def judge_as_a_resolver_of_others(incident: Incident, cast: Cast) -> None:
    judge(incident, incident.uses.get(), by=cast.ned)


def judge_for_the_desk_as_the_confirmer(incident: Incident, cast: Cast) -> None:
    judge(incident, incident.uses.get(), by=cast.ann)


def judge_for_the_confirmer_as_another(incident: Incident, cast: Cast) -> None:
    judge(incident, incident.uses.get(), by=cast.zed, asked="confirmer")


def judge_what_was_not_told(incident: Incident, cast: Cast) -> None:
    judge(incident, incident.uses.get(), by=cast.ann, asked="confirmer")


def record_what_was_not_told(incident: Incident, cast: Cast) -> None:
    judge(incident, incident.uses.get(), by=cast.bo, asked="confirmer")


def judge_anothers(incident: Incident, cast: Cast) -> None:
    judge(incident, told(cast).uses.get(), by=cast.bo)


def judge_without_event(incident: Incident, cast: Cast) -> None:
    row = {"seq": 900, "use_id": incident.uses.get().pk, "asked": "desk"}
    insert(OUTCOMES, incident, by=cast.bo, outcome="worked", **row)


def judge_in_anothers_event(incident: Incident, cast: Cast) -> None:
    judge(incident, incident.uses.get(), by=cast.bo, actor=cast.cy)


def judge_better_than_said(incident: Incident, cast: Cast) -> None:
    judge(incident, incident.uses.get(), by=cast.bo, outcome="failed")


def edit_outcome(incident: Incident, cast: Cast) -> None:
    sql(f"UPDATE {OUTCOMES} SET outcome = 'worked'")


def delete_outcome(incident: Incident, cast: Cast) -> None:
    sql(f"DELETE FROM {OUTCOMES}")


CASES = [
    Case(use_a_draft, stories.triaged, "use_of_published", PUBLISHED),
    Case(use_what_was_replaced, stories.triaged, "use_of_published", PUBLISHED),
    Case(use_what_is_retired, stories.triaged, "use_of_published", PUBLISHED),
    Case(tell_what_is_for_agents, answered, "use_told_to_its_audience", PUBLISHED),
    Case(tell_what_is_for_staff, answered, "use_told_to_its_audience", PUBLISHED),
    Case(tell_what_has_no_words, answered, "use_told_to_its_audience", PUBLISHED),
    Case(use_without_event, stories.triaged, "use_has_event", HAS_EVENT),
    Case(use_in_anothers_event, stories.triaged, "use_has_event", HAS_EVENT),
    Case(use_another_version_than_said, stories.triaged, "use_has_event", HAS_EVENT),
    Case(use_otherwise_than_said, answered, "use_has_event", HAS_EVENT),
    Case(tell_in_anothers_reply, answered, "use_has_event", HAS_EVENT),
    Case(edit_use, told, "use_append_only", KEPT),
    Case(turn_to_the_new_version, told, "use_append_only", KEPT),
    Case(delete_use, told, "use_append_only", KEPT),
    Case(judge_as_a_stranger, told, "use_outcome_by_asked", ASKED),
    Case(judge_as_a_resolver_of_others, told, "use_outcome_by_asked", ASKED),
    Case(judge_for_the_desk_as_the_confirmer, told, "use_outcome_by_asked", ASKED),
    Case(judge_for_the_confirmer_as_another, told, "use_outcome_by_asked", ASKED),
    Case(judge_what_was_not_told, done, "use_outcome_by_asked", ASKED),
    Case(record_what_was_not_told, done, "use_outcome_by_asked", ASKED),
    Case(judge_anothers, told, "use_outcome_of_own", ASKED),
    Case(judge_without_event, told, "use_has_event", OUTCOME_HAS_EVENT),
    Case(judge_in_anothers_event, told, "use_has_event", OUTCOME_HAS_EVENT),
    Case(judge_better_than_said, told, "use_has_event", OUTCOME_HAS_EVENT),
    Case(edit_outcome, judged, "use_append_only", OUTCOME_KEPT),
    Case(delete_outcome, judged, "use_append_only", OUTCOME_KEPT),
]
TRUNCATED = {
    f"{USES}.use_no_truncate": "use_append_only",
    f"{OUTCOMES}.use_outcome_no_truncate": "use_append_only",
}
ids = [case.name for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_is_refused_by_name(cast: Cast, case: Case) -> None:
    editor()
    case.is_refused_by_name(cast)


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_would_pass_without_that_guard(cast: Cast, case: Case) -> None:
    case.passes_without_its_guards(cast)


def test_the_same_rows_pass_where_they_are_true(cast: Cast) -> None:
    """What is forged above differs from this in one thing each."""
    Membership.objects.create(user=cast.ann, team=cast.network)
    for audience in ("everyone", "staff"):
        forge(answered(cast), known(cast, audience=audience), by=cast.bo, how="told")
        connection.check_constraints()
    incident = told(cast)
    judge(incident, incident.uses.get(), by=cast.ann, asked="confirmer")
    connection.check_constraints()
