"""The figures of an article, counted again row by row, as a person would."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.utils import timezone

from activity.models import Event
from incidents.models import Deflection, Incident, KnownErrorUse, UseOutcome
from knowledgebase.models import Article, Feedback


def recount(article: Article, version: int | None = None) -> dict[str, Any]:
    """``version``: the number of the only one that counts."""
    found: Counter[str] = Counter()
    for use in KnownErrorUse.objects.all():
        if use.version.article_id != article.pk or not _counts(use.version, version):
            continue
        found["uses"] += 1
        outcome = _outcome(use)
        if outcome:
            found[outcome] += 1
        if _came_back(use):
            found["came_back"] += 1
    for solved in Deflection.objects.all():
        mine = solved.version.article_id == article.pk
        if mine and _counts(solved.version, version) and _held(solved):
            found["solved"] += 1
    _count_readers(found, article, version)
    return {name: found[name] for name in NAMES}


def _count_readers(found: Counter[str], article: Article, version: int | None) -> None:
    latest: dict[tuple[int, int], Feedback] = {}
    for said in Feedback.objects.order_by("pk"):
        if said.about.article_id == article.pk and _counts(said.about, version):
            latest[said.about_id, said.by_id] = said
    for said in latest.values():
        found["helped" if said.helped else "did_not_help"] += 1
        if not said.helped and not _is_handled(said):
            found["waiting"] += 1


NAMES = (
    "uses",
    "worked",
    "partly",
    "failed",
    "came_back",
    "solved",
    "helped",
    "did_not_help",
    "waiting",
)


def _counts(said: Any, version: int | None) -> bool:
    return version is None or said.number == version


def _outcome(use: KnownErrorUse) -> str:
    """The last word of the confirmer, else of the desk."""
    said = {"desk": "", "confirmer": ""}
    for answer in sorted(UseOutcome.objects.all(), key=lambda answer: answer.seq):
        if answer.use_id == use.pk:
            said[answer.asked] = answer.outcome
    return said["confirmer"] or said["desk"]


def _came_back(use: KnownErrorUse) -> bool:
    return any(
        event.seq > use.seq and event.kind in {"incident.reject", "incident.reopen"}
        for event in Event.objects.about(use.incident)
    )


def _held(solved: Deflection) -> bool:
    """A day ago or more, not taken back, and nothing reported since by who it was."""
    day = timedelta(hours=24)
    if solved.taken_back_at is not None or solved.at > timezone.now() - day:
        return False
    reports = Incident.objects.filter(reporter=solved.by)
    return not any(solved.at <= one.reported_at < solved.at + day for one in reports)


def _is_handled(said: Feedback) -> bool:
    return any(event.kind == "feedback.handle" for event in Event.objects.about(said))
