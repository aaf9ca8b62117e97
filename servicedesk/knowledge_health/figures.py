"""The figures of articles: a fixed number of statements, however many articles.

Whoever calls has asked which articles this person may see.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from activity import clock
from activity.models import Event
from incidents.codes import Outcome
from incidents.events import Kind
from incidents.models import Deflection, KnownErrorUse
from knowledgebase.codes import Hearing
from knowledgebase.models import Article, Feedback
from servicedesk.knowledge_health.shares import Share

# The solution did not hold.
CAME_BACK = (Kind.REJECT, Kind.REOPEN)


@dataclass(slots=True)
class Health:
    """How one article does. ``outcomes`` counts the uses whose outcome is known,
    ``solved`` where no ticket was needed, ``reasons`` why it did not help readers,
    ``waiting`` what its owner has not answered yet."""

    article: Article
    uses: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    came_back: int = 0
    solved: int = 0
    helped: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    waiting: int = 0

    @property
    def worked(self) -> int:
        return self.outcomes[Outcome.WORKED]

    @property
    def partly(self) -> int:
        return self.outcomes[Outcome.PARTLY]

    @property
    def failed(self) -> int:
        return self.outcomes[Outcome.FAILED]

    @property
    def unknown(self) -> int:
        return self.uses - self.outcomes.total()

    @property
    def success(self) -> Share:
        """Of the uses with an outcome, those that worked; in part is not worked."""
        return Share(self.worked, self.outcomes.total())

    @property
    def did_not_help(self) -> int:
        return self.reasons.total()

    @property
    def votes(self) -> Share:
        return Share(self.helped, self.helped + self.did_not_help)

    def days_left(self, today: date) -> int:
        """Until it has to be looked at again; less than 0 is overdue."""
        assert self.article.review_by is not None  # noqa: S101 - it is published
        return (self.article.review_by - today).days


def healths(articles: QuerySet[Article], *, only_current: bool) -> list[Health]:
    """Of each of these published articles; ``only_current`` leaves out what earlier
    versions did."""
    found = {
        article.pk: Health(article) for article in articles.select_related("owner")
    }
    _count_uses(found, uses_of(found, only_current=only_current))
    _count_solved(found, solved_by(found, only_current=only_current))
    _count_votes(found, votes_of(found, only_current=only_current))
    return list(found.values())


def uses_of(articles: Iterable[int], *, only_current: bool) -> Any:
    """With ``outcome``, the one that counts, and ``came_back``."""
    rows = KnownErrorUse.objects.filter(version__article__in=list(articles))
    if only_current:
        rows = rows.filter(version=F("version__article__current"))
    undone = Event.objects.filter(
        subject_type="incident",
        subject_id=OuterRef("incident"),
        kind__in=CAME_BACK,
        seq__gt=OuterRef("seq"),
    )
    return rows.with_outcomes().annotate(came_back=Exists(undone.order_by()))


def solved_by(articles: Iterable[int], *, only_current: bool) -> Any:
    """Where a reader was about to report something, and it was not needed: a day has
    passed, nothing was taken back, no report of theirs followed."""
    rows = Deflection.objects.proven(clock.now())
    rows = rows.filter(version__article__in=list(articles))
    return rows.filter(version=F("version__article__current")) if only_current else rows


def votes_of(articles: Iterable[int], *, only_current: bool) -> Any:
    """The answers that count."""
    rows = Feedback.objects.current().filter(about__article__in=list(articles))
    if only_current:
        rows = rows.filter(about=F("about__article__current"))
    return rows


def _count_uses(found: dict[int, Health], uses: Any) -> None:
    counted = (
        uses.order_by()
        .values("version__article", "outcome", "came_back")
        .annotate(n=Count("pk"))
    )
    for row in counted:
        health, n = found[row["version__article"]], row["n"]
        health.uses += n
        if row["outcome"]:
            health.outcomes[row["outcome"]] += n
        if row["came_back"]:
            health.came_back += n


def _count_solved(found: dict[int, Health], solved: Any) -> None:
    counted = solved.order_by().values("version__article").annotate(n=Count("pk"))
    for row in counted:
        found[row["version__article"]].solved = row["n"]


def _count_votes(found: dict[int, Health], votes: Any) -> None:
    counted = (
        votes.order_by()
        .values("about__article", "helped", "reason", "status")
        .annotate(n=Count("pk"))
    )
    for row in counted:
        health, n = found[row["about__article"]], row["n"]
        if row["helped"]:
            health.helped += n
            continue
        health.reasons[row["reason"]] += n
        if row["status"] == Hearing.GIVEN:
            health.waiting += n
