"""What was checked, and who was told anew, is not forged.

Every attack runs twice: refused with the rule's name, and through once the guard in
its way is taken away.
"""

from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from incidents import services
from incidents.models import Incident, KnownErrorCheck, KnownErrorUse
from tests.database import sql
from tests.incidents import forgery, stories
from tests.incidents.attacks import Case, table
from tests.incidents.checking.asked import BLANK, check, refused
from tests.incidents.using.known import applied, current, editor, known, rewrite, use
from tests.knowledgebase import stories as articles
from tests.people import Cast

CHECKS, CANDIDATES = "incidents_knownerrorcheck", "incidents_checkedcandidate"
RETOLD = "incidents_retold"
WHOLE = (
    *table(CHECKS, "known_error_check_is_whole"),
    *table(CANDIDATES, "checked_candidate_is_whole"),
)
SHOWN = table(CANDIDATES, "checked_candidate_of_published")
CHECK_KEPT = table(CHECKS, "known_error_check_append_only")
CANDIDATE_KEPT = table(CANDIDATES, "checked_candidate_append_only")
OLDER = table(RETOLD, "retold_after_older")
HAS_EVENT = table(RETOLD, "retold_has_event")
RETOLD_KEPT = table(RETOLD, "retold_append_only")
NEW = "Hold the button."


# ---- how the incident came there


def checked(cast: Cast) -> Incident:
    version = known(cast)
    incident = stories.in_progress(cast, **BLANK)
    check(incident, by=cast.bo, decisions={version.pk: refused()})
    return stories.again(incident)


def told_older(cast: Cast) -> Incident:
    """Ann was told the first version, and there is a second."""
    old = known(cast)
    incident = stories.in_progress(cast)
    use(incident, old, by=cast.bo)
    rewrite(cast, old, workaround_reporters=NEW)
    return stories.again(incident)


def retold(cast: Cast) -> Incident:
    incident = told_older(cast)
    services.tell_new_version(incident.pk, by=cast.bo, version=newest(incident))
    return stories.again(incident)


# ---- a check


def forge(
    incident: Incident,
    *,
    by: User,
    shown: int,
    said: dict[str, Any] | None = None,
    actor: User | None = None,
) -> int:
    """The row and its event; its id."""
    data = {"shown": shown, "used": 0} | (said or {})
    seq = forgery.event(incident, "check_known_errors", by=actor or by, data=data)
    forgery.edit(incident, version=seq)
    insert(CHECKS, incident, by=by, seq=seq, shown=shown)
    return KnownErrorCheck.objects.latest("pk").pk


def insert(name: str, incident: Incident, *, by: User, **columns: Any) -> None:
    given = {"incident_id": incident.pk, "by_id": by.pk, "at": forgery.NOW}
    forgery.insert(name, **(given | columns))


def candidate(within: int, version: int, **columns: Any) -> None:
    given = {
        "within_id": within,
        "version_id": version,
        "position": 1,
        "score": "0.5",
        "decided": "refused",
        "refusal": "not_safe",
    }
    forgery.insert(CANDIDATES, **(given | columns))


def check_without_deciding(incident: Incident, cast: Cast) -> None:
    forge(incident, by=cast.bo, shown=1)


def check_less_than_was_shown(incident: Incident, cast: Cast) -> None:
    candidate(forge(incident, by=cast.bo, shown=2), known(cast).pk)


def check_without_event(incident: Incident, cast: Cast) -> None:
    insert(CHECKS, incident, by=cast.bo, seq=900, shown=0)


def check_in_anothers_event(incident: Incident, cast: Cast) -> None:
    forge(incident, by=cast.bo, shown=0, actor=cast.cy)


def check_otherwise_than_said(incident: Incident, cast: Cast) -> None:
    forge(incident, by=cast.bo, shown=0, said={"shown": 1})


def add_a_candidate_later(incident: Incident, cast: Cast) -> None:
    candidate(incident.checks.get().pk, known(cast).pk, position=2)


def check_a_draft(incident: Incident, cast: Cast) -> None:
    draft = articles.drafted(cast).open
    assert draft is not None
    candidate(forge(incident, by=cast.bo, shown=1), draft.pk)


def check_what_was_replaced(incident: Incident, cast: Cast) -> None:
    old = known(cast)
    rewrite(cast, old)
    candidate(forge(incident, by=cast.bo, shown=1), old.pk)


def borrow_anothers_use(incident: Incident, cast: Cast) -> None:
    version = known(cast)
    used = applied(stories.in_progress(cast), version, by=cast.bo)
    decided = {"decided": "used", "refusal": "", "use_id": used.pk}
    candidate(forge(incident, by=cast.bo, shown=1), version.pk, **decided)


def borrow_the_use_of_another_version(incident: Incident, cast: Cast) -> None:
    used = applied(incident, known(cast), by=cast.bo)
    decided = {"decided": "used", "refusal": "", "use_id": used.pk}
    candidate(forge(incident, by=cast.bo, shown=1), known(cast).pk, **decided)


def edit_check(incident: Incident, cast: Cast) -> None:
    sql(f"UPDATE {CHECKS} SET by_id = %s", cast.cy.pk)


def delete_candidate(incident: Incident, cast: Cast) -> None:
    sql(f"DELETE FROM {CANDIDATES}")


def change_the_reason(incident: Incident, cast: Cast) -> None:
    sql(f"UPDATE {CANDIDATES} SET refusal = 'already_tried'")


# ---- told anew


def newest(incident: Incident) -> int:
    return current(first(incident).version.article_id).pk


def first(incident: Incident) -> KnownErrorUse:
    return incident.uses.order_by("seq")[0]


def forge_retold(
    incident: Incident,
    *,
    by: User,
    version: int,
    former: int | None = None,
    said: dict[str, Any] | None = None,
    actor: User | None = None,
) -> None:
    data = {"version": version, "how": "told"} | (said or {})
    seq = forgery.event(incident, "use_workaround", by=actor or by, data=data)
    forgery.edit(incident, version=seq)
    row = {"version_id": version, "former_id": former or first(incident).pk}
    insert(RETOLD, incident, by=by, seq=seq, **row)


def retell_the_old_one(incident: Incident, cast: Cast) -> None:
    forge_retold(incident, by=cast.bo, version=first(incident).version_id)


def retell_another_article(incident: Incident, cast: Cast) -> None:
    forge_retold(incident, by=cast.bo, version=known(cast).pk)


def retell_after_anothers_use(incident: Incident, cast: Cast) -> None:
    other = told_older(cast)
    former = other.uses.get().pk
    forge_retold(incident, by=cast.bo, version=newest(other), former=former)


def retell_what_is_for_agents(incident: Incident, cast: Cast) -> None:
    version = rewrite(
        cast, incident.uses.get().version, audience="agents", workaround_reporters=NEW
    )
    forge_retold(incident, by=cast.bo, version=version.pk)


def retell_what_is_for_staff(incident: Incident, cast: Cast) -> None:
    version = rewrite(
        cast, incident.uses.get().version, audience="staff", workaround_reporters=NEW
    )
    forge_retold(incident, by=cast.bo, version=version.pk)


def retell_without_event(incident: Incident, cast: Cast) -> None:
    row = {"version_id": newest(incident), "former_id": incident.uses.get().pk}
    insert(RETOLD, incident, by=cast.bo, seq=900, **row)


def retell_in_anothers_event(incident: Incident, cast: Cast) -> None:
    forge_retold(incident, by=cast.bo, version=newest(incident), actor=cast.cy)


def retell_what_was_only_applied(incident: Incident, cast: Cast) -> None:
    said = {"how": "applied"}
    forge_retold(incident, by=cast.bo, version=newest(incident), said=said)


def delete_retold(incident: Incident, cast: Cast) -> None:
    sql(f"DELETE FROM {RETOLD}")


def edit_retold(incident: Incident, cast: Cast) -> None:
    sql(f"UPDATE {RETOLD} SET at = now()")


work = stories.in_progress
CASES = [
    Case(check_without_deciding, work, "known_error_check_is_whole", WHOLE),
    Case(check_less_than_was_shown, work, "known_error_check_is_whole", WHOLE),
    Case(check_without_event, work, "known_error_check_is_whole", WHOLE),
    Case(check_in_anothers_event, work, "known_error_check_is_whole", WHOLE),
    Case(check_otherwise_than_said, work, "known_error_check_is_whole", WHOLE),
    Case(add_a_candidate_later, checked, "known_error_check_is_whole", WHOLE),
    Case(check_a_draft, work, "checked_candidate_of_published", SHOWN),
    Case(check_what_was_replaced, work, "checked_candidate_of_published", SHOWN),
    Case(borrow_anothers_use, work, "checked_candidate_use_agrees", SHOWN),
    Case(
        borrow_the_use_of_another_version, work, "checked_candidate_use_agrees", SHOWN
    ),
    Case(edit_check, checked, "known_error_check_kept", CHECK_KEPT),
    Case(delete_candidate, checked, "known_error_check_kept", CANDIDATE_KEPT),
    Case(change_the_reason, checked, "known_error_check_kept", CANDIDATE_KEPT),
    Case(retell_the_old_one, told_older, "use_of_published", OLDER),
    Case(retell_another_article, told_older, "retold_after_older", OLDER),
    Case(retell_after_anothers_use, told_older, "retold_after_older", OLDER),
    Case(retell_what_is_for_agents, told_older, "use_told_to_its_audience", OLDER),
    Case(retell_what_is_for_staff, told_older, "use_told_to_its_audience", OLDER),
    Case(retell_without_event, told_older, "use_has_event", HAS_EVENT),
    Case(retell_in_anothers_event, told_older, "use_has_event", HAS_EVENT),
    Case(retell_what_was_only_applied, told_older, "use_has_event", HAS_EVENT),
    Case(delete_retold, retold, "use_append_only", RETOLD_KEPT),
    Case(edit_retold, retold, "use_append_only", RETOLD_KEPT),
]
TRUNCATED = {
    f"{CHECKS}.known_error_check_no_truncate": "known_error_check_kept",
    f"{CANDIDATES}.checked_candidate_no_truncate": "known_error_check_kept",
    f"{RETOLD}.retold_no_truncate": "use_append_only",
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
    incident = stories.in_progress(cast)
    candidate(forge(incident, by=cast.bo, shown=1), known(cast).pk)
    connection.check_constraints()
    told = told_older(cast)
    forge_retold(told, by=cast.bo, version=newest(told))
    connection.check_constraints()
