"""Announcements and deflections against raw SQL: each guard, and what it holds off."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from activity.refusals import GUARDED_RULES, broken_rule
from incidents import services
from incidents.models import Deflection, Incident
from knowledgebase import services as publishing
from knowledgebase.models import ArticleVersion
from tests.incidents import stories
from tests.incidents.told import announced
from tests.knowledgebase import stories as articles
from tests.people import Cast

TOLD = "incidents_announcement"
HELPED = "incidents_deflection"
NUMBER = UUID("8f7f5b0c-55c3-5a4e-9d2b-0b1a6f0c9d55")


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that is announced, and somebody whom an article helped."""

    cast: Cast
    incident: Incident
    version: ArticleVersion
    deflection: Deflection

    def run(self, sql: str, *values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)


@pytest.fixture
def scene(cast: Cast) -> Scene:
    editor = articles.make_editor()
    article = articles.published(cast, editor)
    assert article.current is not None
    helped = services.record_deflection(
        article.current.pk,
        by=cast.ann,
        submission=NUMBER,
        letters=20,
    )
    return Scene(cast, announced(cast), article.current, helped)


def insert(scene: Scene, incident: Incident, by: int, seq: int) -> None:
    scene.run(
        f"INSERT INTO {TOLD} (incident_id, seq, by_id, at, title, text)"
        " VALUES (%s, %s, %s, now(), 'All of it', '')",
        incident.pk,
        seq,
        by,
    )


# --- attacks ------------------------------------------------------------------------


def reword(scene: Scene) -> None:
    scene.run(f"UPDATE {TOLD} SET title = 'Something else'")


def end_and_reword(scene: Scene) -> None:
    scene.run(
        f"UPDATE {TOLD} SET ended_at = now(), ended_by_id = by_id, end_seq = seq + 1,"
        " title = 'Something else'"
    )


def bring_back(scene: Scene) -> None:
    services.end_announcement(scene.incident.pk, by=scene.cast.bo)
    scene.run(f"UPDATE {TOLD} SET ended_at = NULL, ended_by_id = NULL, end_seq = NULL")


def delete(scene: Scene) -> None:
    scene.run(f"DELETE FROM {TOLD}")


def begin_ended(scene: Scene) -> None:
    scene.run(
        f"INSERT INTO {TOLD} (incident_id, seq, by_id, at, title, text, ended_at,"
        f" ended_by_id, end_seq) SELECT incident_id, seq, by_id, at, title, text,"
        f" now(), by_id, seq + 1 FROM {TOLD}"
    )


def announce_as_reporter(scene: Scene) -> None:
    other = stories.in_progress(scene.cast)
    insert(scene, other, scene.cast.ann.pk, other.version)


def announce_in_silence(scene: Scene) -> None:
    other = stories.in_progress(scene.cast)
    insert(scene, other, scene.cast.bo.pk, other.version)


def end_in_silence(scene: Scene) -> None:
    scene.run(
        f"UPDATE {TOLD} SET ended_at = at, ended_by_id = by_id, end_seq = seq + 1"
    )


def announce_twice(scene: Scene) -> None:
    insert(scene, scene.incident, scene.cast.bo.pk, scene.incident.version)


def announce_what_is_solved(scene: Scene) -> None:
    services.end_announcement(scene.incident.pk, by=scene.cast.bo)
    solved = stories.resolved(scene.cast, of=stories.again(scene.incident))
    insert(scene, solved, scene.cast.bo.pk, solved.version)


def leave_it_on_the_portal(scene: Scene) -> None:
    """What a service would do that forgot the follower."""
    scene.run(
        "UPDATE incidents_incident SET status = 'cancelled', cancelled_at = now(),"
        " cancel_reason = 'spam', due_at = NULL, rung_at = NULL, rung_position = NULL"
        " WHERE id = %s",
        scene.incident.pk,
    )


def count_higher(scene: Scene) -> None:
    scene.run(f"UPDATE {HELPED} SET letters = 9")


def take_back_and_change(scene: Scene) -> None:
    scene.run(f"UPDATE {HELPED} SET taken_back_at = now(), letters = 9")


def count_again(scene: Scene) -> None:
    services.take_back_deflection(scene.deflection.pk, by=scene.cast.ann)
    scene.run(f"UPDATE {HELPED} SET taken_back_at = NULL")


def forget(scene: Scene) -> None:
    scene.run(f"DELETE FROM {HELPED}")


def helped_by(scene: Scene, version: ArticleVersion, taken_back: str = "NULL") -> None:
    scene.run(
        f"INSERT INTO {HELPED} (by_id, version_id, at, letters, submission,"
        f" taken_back_at) VALUES (%s, %s, now(), 1, %s, {taken_back})",
        scene.cast.zed.pk,
        version.pk,
        NUMBER,
    )


def helped_by_a_draft(scene: Scene) -> None:
    draft = articles.drafted(scene.cast)
    assert draft.open is not None
    helped_by(scene, draft.open)


def helped_by_what_is_retired(scene: Scene) -> None:
    editor = articles.make_editor("Kay Kerr")
    article = articles.retired(scene.cast, editor)
    helped_by(scene, article.versions.get())


def born_taken_back(scene: Scene) -> None:
    helped_by(scene, scene.version, "now()")


def helped_twice(scene: Scene) -> None:
    scene.run(
        f"INSERT INTO {HELPED} (by_id, version_id, at, letters, submission)"
        f" SELECT by_id, version_id, now(), letters, submission FROM {HELPED}"
    )


# Attack, the rule that refuses it, the triggers that keep the rule.
CASES: list[tuple[Callable[[Scene], None], str, dict[str, list[str]]]] = [
    (reword, "announcement_fixed", {TOLD: ["announcement_fixed"]}),
    (end_and_reword, "announcement_fixed", {TOLD: ["announcement_fixed"]}),
    (bring_back, "announcement_fixed", {TOLD: ["announcement_fixed"]}),
    (delete, "announcement_fixed", {TOLD: ["announcement_never_deleted"]}),
    (begin_ended, "announcement_fixed", {TOLD: ["announcement_begins"]}),
    (announce_as_reporter, "announcement_by_desk", {TOLD: ["announcement_begins"]}),
    (announce_in_silence, "announcement_has_event", {TOLD: ["announcement_has_event"]}),
    (end_in_silence, "announcement_has_event", {TOLD: ["announcement_has_event"]}),
    (announce_twice, "announcement_one_active", {}),
    (
        announce_what_is_solved,
        "announcement_of_open",
        {TOLD: ["announcement_of_open"], "incidents_incident": ["announced_is_open"]},
    ),
    (
        leave_it_on_the_portal,
        "announcement_of_open",
        {"incidents_incident": ["announced_is_open"]},
    ),
    (count_higher, "deflection_fixed", {HELPED: ["deflection_fixed"]}),
    (take_back_and_change, "deflection_fixed", {HELPED: ["deflection_fixed"]}),
    (count_again, "deflection_fixed", {HELPED: ["deflection_fixed"]}),
    (forget, "deflection_fixed", {HELPED: ["deflection_never_deleted"]}),
    (
        helped_by_a_draft,
        "deflection_by_published",
        {HELPED: ["deflection_by_published"]},
    ),
    (
        helped_by_what_is_retired,
        "deflection_by_published",
        {HELPED: ["deflection_by_published"]},
    ),
    (born_taken_back, "deflection_by_published", {HELPED: ["deflection_by_published"]}),
    (helped_twice, "deflection_once", {}),
]


ATTACKED = [
    f"{table}.{name}"
    for _attack, _rule, found in CASES
    for table in found
    for name in found[table]
]
DEFERRED = ("announcement_of_open", "announced_is_open", "announcement_has_event")


def named(case: object) -> str:
    return getattr(case, "__name__", "")


def lift(triggers: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for table, names in triggers.items():
            for name in names:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")


def refusal(attack: Callable[[Scene], None], scene: Scene) -> str:
    """The rule that refuses it, ``""`` for none. Deferred rules are asked at once;
    those about other tables than ours are not."""
    try:
        with transaction.atomic():
            attack(scene)
            for name in DEFERRED:
                scene.run(f"SET CONSTRAINTS {name} IMMEDIATE")
            transaction.set_rollback(True)
    except IntegrityError as error:
        return broken_rule(error)
    return ""


@pytest.mark.parametrize(("attack", "rule", "triggers"), CASES, ids=named)
def test_the_database_refuses_it(
    attack: Callable[[Scene], None],
    rule: str,
    triggers: dict[str, list[str]],
    scene: Scene,
) -> None:
    assert refusal(attack, scene) == rule
    assert rule in GUARDED_RULES


@pytest.mark.parametrize(
    ("attack", "rule", "triggers"), [case for case in CASES if case[2]], ids=named
)
def test_without_its_guard_it_would_go_through(
    attack: Callable[[Scene], None],
    rule: str,
    triggers: dict[str, list[str]],
    scene: Scene,
) -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    lift(triggers)
    assert refusal(attack, scene) != rule


def test_every_guard_is_listed() -> None:
    listed = set(apps.get_app_config("incidents").guards)  # type: ignore[attr-defined]
    assert set(ATTACKED) <= {f"{table}.{name}" for table, name in listed}


def test_what_helped_may_have_been_replaced_meanwhile(scene: Scene) -> None:
    """Somebody read it, and a better one was published before they said so."""
    article, cast = scene.version.article, scene.cast
    editor = articles.make_editor("Kit Kohl")
    publishing.new_version(article.pk, by=cast.bo, expected_version=None)
    publishing.submit_for_review(article.pk, by=cast.bo, expected_version=None)
    publishing.publish_article(article.pk, by=editor, expected_version=None)
    found = services.record_deflection(
        scene.version.pk,
        by=cast.zed,
        submission=NUMBER,
        letters=3,
        at=timezone.now(),
    )
    assert found.version == scene.version
