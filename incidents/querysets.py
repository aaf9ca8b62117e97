"""Which incidents, and which of their parts."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import SearchRank
from django.db import connection, models
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts import permissions as people
from activity.models import Event
from activity.models.event import AppendOnlyQuerySet
from activity.models.subject import SubjectQuerySet
from incidents.codes import (
    ENDED,
    OPEN,
    AskedOf,
    HoldReason,
    HowUsed,
    LinkKind,
    Outcome,
    Status,
)
from incidents.events import Kind
from knowledgebase.planning import by_index_of_words
from knowledgebase.typed import query_of
from sla.codes import Metric, State

if TYPE_CHECKING:
    from accounts.models import User
    from incidents.models import Attachment, Incident, Words  # noqa: F401

# Severity, time left, risks, people, age. What is overdue was due first; what nothing
# is promised for comes last. An index has the same columns.
RANK = (
    "severity",
    F("due_at").asc(nulls_last=True),
    "-risk_count",
    F("people_affected").desc(nulls_last=True),
    "reported_at",
    "pk",
)
PROMISED_TIMES = {
    "look_by": Metric.RESPONSE,
    "solved_by": Metric.RESOLUTION,
    "news_by": Metric.UPDATE,
}
WAITING_FILES_LIVE = timedelta(hours=24)
# Of what a search finds, so many are ranked; who finds as many has to say more.
MOST_RANKED = 200
MOST_ALIKE = 200
MOST_OWN = 5_000
# Two letters that changed places leave that much of a word of six.
ALIKE = 0.4
ALIKE_FROM_HERE = "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)"


def since_solved(kind: str) -> models.QuerySet[Event]:
    """Events of this kind after the current resolution of the incident around it."""
    found: models.QuerySet[Event] = Event.objects.filter(
        subject_type="incident",
        subject_id=OuterRef("pk"),
        kind=kind,
        seq__gt=OuterRef("resolution__seq"),
    ).order_by()
    return found


def reminders() -> models.QuerySet[Event]:
    """How often the confirmer of the incident around it was asked again: only after
    the naming of the last successor, as ``silence.reminders_of`` counts."""
    named_later = Event.objects.filter(
        subject_type="incident",
        subject_id=OuterRef("subject_id"),
        kind=Kind.SUCCEED,
        seq__gt=OuterRef("seq"),
    )
    return since_solved(Kind.REMIND).filter(~Exists(named_later))


class IncidentQuerySet(SubjectQuerySet):
    """Every list starts with ``visible_to`` (the desk's pages) or
    ``reported_to`` (the reporter's pages)."""

    def visible_to(self, user: Any) -> Self:
        """What this person may see in full, internal part included.

        The service desk sees all; a resolver team what it holds or ever held; an
        incident commander major incidents. Managers and administrators see
        figures and metadata in their own places, never these pages.
        """
        if people.is_agent(user):
            return self
        seen = Q(pk__in=[])
        if people.is_resolver(user):
            seen |= self._held_by(user)
        if people.is_incident_commander(user):
            seen |= Q(is_major=True)
        return self.filter(seen)

    def public_for(self, user: Any) -> Self:
        """Whose public part this person may read: reported by them, to be
        confirmed by them, or shared with them."""
        if not people.is_reporter(user):
            return self.none()
        shared = self._shares().filter(user=user, incident=OuterRef("pk"))
        return self.filter(Q(reporter=user) | Q(confirmer=user) | Exists(shared))

    def words_for(self, user: Any) -> "WordsQuerySet":
        """By what this person finds incidents."""
        model: Any = self.model._meta.get_field("words").related_model
        words: WordsQuerySet = model.objects.among(self.findable_numbers(user))
        return words

    def findable_numbers(self, user: Any) -> list[int] | None:
        """Whose subject and report this person may read: what a search finds. Of those
        they work on or read as their own, the newest ``MOST_OWN``; ``None`` is all."""
        if not people.is_reporter(user):
            return []
        return None if people.is_agent(user) else self._numbers_for(user)

    def own_of(self, user: Any) -> Self:
        """Reported by this person, or to be confirmed by them."""
        return self.filter(Q(reporter=user) | Q(confirmer=user))

    def shared_with(self, user: Any) -> Self:
        """What others let this person read, and is not their own."""
        shared = self._shares().filter(user=user, incident=OuterRef("pk"))
        return self.filter(Exists(shared)).exclude(Q(reporter=user) | Q(confirmer=user))

    def waiting_for(self, user: Any) -> Self:
        """Nothing goes on until this person answers: a question of the desk, or
        whether it works."""
        asked = Q(status=Status.ON_HOLD, hold_reason=HoldReason.AWAITING_REPORTER)
        solved = Q(status=Status.RESOLVED, confirmed_at=None, confirmer=user)
        return self.own_of(user).filter(
            asked | solved & Q(resolution__waiver__isnull=True)
        )

    def for_reporter_list(self) -> Self:
        """What one row of a reporter's list shows, the last news first."""
        return (
            self.with_last_news()
            .with_promises()
            .select_related(
                "reporter",
                "confirmer",
                "owner",
                "master",
                "resolution__waiver",
            )
            .order_by("-last_news_at", "-pk")
        )

    def with_shared_names(self) -> Self:
        """``shared_names``: who else may read the public part, by name."""
        shares = self._shares().filter(incident=OuterRef("pk")).order_by("pk")
        return self.annotate(shared_names=ArraySubquery(shares.values("user__name")))

    def with_told(self) -> Self:
        """``was_told``: whether a known error was told in it, so that nobody asks for
        what is not there."""
        uses = self.model._meta.get_field("uses").related_model._base_manager
        told = uses.filter(incident=OuterRef("pk"), how=HowUsed.TOLD)
        return self.annotate(was_told=Exists(told))

    def with_promises(self) -> Self:
        """``look_by``, ``solved_by``, ``news_by``: the promised times that run;
        ``stands_still``: the promise to solve it waits."""
        clocks = self.model._meta.get_field("clocks").related_model._base_manager
        own = clocks.filter(incident=OuterRef("pk")).order_by("-cycle")
        running = own.filter(state=State.RUNNING)
        waiting = own.filter(state=State.PAUSED, metric=Metric.RESOLUTION)
        return self.annotate(
            stands_still=Exists(waiting),
            **{
                name: Subquery(running.filter(metric=metric).values("due_at")[:1])
                for name, metric in PROMISED_TIMES.items()
            },
        )

    def _shares(self) -> models.QuerySet[Any]:
        return self.model._meta.get_field("shares").related_model._base_manager.all()

    def _numbers_for(self, user: Any) -> list[int]:
        """Each way to an incident by its own index: one condition for all would make
        PostgreSQL look at every incident there is."""
        every = self.model._default_manager.order_by()
        shared = self._shares().order_by().filter(user=user)
        ways = [
            every.filter(reporter=user).values_list("pk"),
            every.filter(confirmer=user).values_list("pk"),
            shared.values_list("incident"),
        ]
        if people.is_resolver(user):
            teams = user.standing.resolver_teams
            held = self._holdings().order_by().filter(team__in=teams)
            ways.append(every.filter(team__in=teams).values_list("pk"))
            ways.append(held.values_list("incident"))
        if people.is_incident_commander(user):
            ways.append(every.filter(is_major=True).values_list("pk"))
        found = ways[0].union(*ways[1:]).order_by("-pk")
        return [number for (number,) in found[:MOST_OWN]]

    def _holdings(self) -> models.QuerySet[Any]:
        holdings = self.model._meta.get_field("holdings").related_model._base_manager
        return holdings.all()

    def _held_by(self, user: "User") -> Q:
        teams = user.standing.resolver_teams
        held = self._holdings().filter(team__in=teams, incident=OuterRef("pk"))
        return Q(team__in=teams) | Q(Exists(held))

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def ended(self) -> Self:
        return self.filter(status__in=ENDED)

    def parts_of(self, master: Any) -> Self:
        """Reports that somebody linked as part of that one, or said *me too* to."""
        return self.filter(
            links_out__kind=LinkKind.PARENT, links_out__to_incident=master
        )

    def loads_of(self, people: Iterable[int]) -> dict[int, int]:
        """How many open ones each of these people owns; who has none is not there."""
        owned = self.open().order_by().filter(owner__in=list(people))
        rows = owned.values_list("owner").annotate(count=Count("pk"))
        return {owner: count for owner, count in rows if owner is not None}

    def unowned(self) -> Self:
        return self.filter(owner=None)

    def of_teams_of(self, user: "User") -> Self:
        return self.filter(team__in=user.standing.teams)

    def by_rank(self) -> Self:
        """Most urgent first: severity, time left, risk flags, people affected, age."""
        return self.order_by(*RANK)

    def to_confirm_by(self, user: Any) -> Self:
        """Solved, and this person has not said yet whether it works."""
        return self.filter(
            status=Status.RESOLVED, confirmed_at=None, confirmer=user
        ).order_by("resolved_at")

    def with_reminders(self) -> Self:
        """``reminder_count`` and ``reminded_at``: how often we asked this confirmer
        again about the current resolution, and when for the last time; ``asked_at``
        is when we asked at all for the last time. A successor starts anew."""
        whole = reminders().values("subject_id")
        named = since_solved(Kind.SUCCEED).values("subject_id")
        reminded_at = Subquery(whole.annotate(last=Max("at")).values("last"))
        named_at = Subquery(named.annotate(last=Max("at")).values("last"))
        return self.annotate(
            reminder_count=Coalesce(
                Subquery(whole.annotate(n=Count("pk")).values("n")), 0
            ),
            reminded_at=reminded_at,
            asked_at=Coalesce(reminded_at, named_at, F("resolved_at")),
        )

    def with_last_event(self) -> Self:
        """``last_event_at``: when anything happened to it for the last time."""
        last = Event.objects.filter(
            subject_type="incident",
            subject_id=OuterRef("pk"),
            seq=OuterRef("version"),
        )
        return self.annotate(last_event_at=Subquery(last.values("at")[:1]))

    def with_last_news(self) -> Self:
        """``last_news_at``: when anything happened for the last time that its reporter
        may read; what the desk does among itself moves nothing."""
        news = Event.objects.filter(
            subject_type="incident", subject_id=OuterRef("pk"), public=True
        )
        latest = news.order_by("-seq").values("at")[:1]
        return self.annotate(last_news_at=Subquery(latest))

    def for_list(self) -> Self:
        """What one row of a list shows, and no more."""
        return self.with_last_event().select_related(
            "reporter", "owner", "team", "service"
        )

    def with_whole(self, user: Any) -> Self:
        """``whole_pk``: the incident that it is part of, if this person sees it."""
        links = self.model._meta.get_field("links_out").related_model._base_manager
        seen = self.model._default_manager.visible_to(user)
        whole = links.filter(
            from_incident=OuterRef("pk"), kind=LinkKind.PARENT, to_incident__in=seen
        )
        return self.annotate(
            whole_pk=Subquery(whole.order_by("pk").values("to_incident")[:1])
        )

    def for_chase(self) -> Self:
        """What is shown of one that is resolved: who is asked, how often, by whom."""
        return self.with_reminders().select_related(
            "confirmer",
            "desk",
            "desk_owner",
            "team",
            "resolution__confirmation__recorded_by",
            "resolution__waiver",
        )

    def for_page(self) -> Self:
        """What the page of one incident shows."""
        return self.with_last_event().select_related(
            "reporter",
            "logged_by",
            "confirmer",
            "owner",
            "desk_owner",
            "team__lead",
            "desk__lead",
            "service",
            "category__parent",
            "location",
            "resolution__by",
            "resolution__confirmation__recorded_by",
            "resolution__waiver__by",
            "master",
            "imported",
            "closed_by",
        )


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: Any) -> Self:
        """Files of what this person may see; their public part otherwise; one's own
        that wait for a form."""
        incidents = self._incidents()
        return self.filter(
            Q(incident__in=incidents.visible_to(user))
            | Q(incident__in=incidents.public_for(user), public=True)
            | Q(incident=None, uploaded_by=user)
        )

    def waiting_of(self, user: Any) -> Self:
        return self.filter(incident=None, uploaded_by=user)

    def forgotten(self, at: datetime) -> Self:
        """Chosen for a form that was never sent."""
        return self.filter(incident=None, uploaded_at__lt=at - WAITING_FILES_LIVE)

    def _incidents(self) -> Any:
        related: Any = self.model._meta.get_field("incident").related_model
        return related._default_manager


class ActQuerySet(AppendOnlyQuerySet):
    """Rows about incidents, for those who see the internal part of these."""

    def visible_to(self, user: Any) -> Self:
        related: Any = self.model._meta.get_field("incident").related_model
        return self.filter(
            incident__in=related._default_manager.visible_to(user).order_by()
        )


class UseQuerySet(ActQuerySet):
    """What of the knowledge base was used where."""

    def with_outcomes(self) -> Self:
        """``desk_outcome`` and ``confirmer_outcome``: the latest answer of each;
        ``outcome``: the one that counts. ``None`` where nobody answered."""
        answered = {
            f"{asked}_outcome": Subquery(self._latest(asked)) for asked in AskedOf
        }
        return self.annotate(**answered).annotate(
            outcome=Coalesce("confirmer_outcome", "desk_outcome")
        )

    def unanswered_by(self, asked: AskedOf) -> Self:
        """Those of which these have not said whether they helped."""
        return self.filter(~Exists(self._latest(asked)))

    def told(self) -> Self:
        return self.filter(how=HowUsed.TOLD)

    def for_page(self) -> Self:
        """What a page of the incident shows of them, oldest first."""
        return (
            self.with_outcomes()
            .select_related("version__article", "by")
            .order_by("seq")
        )

    def tally(self) -> dict[str, int]:
        """``uses`` and ``tickets``, and how many uses had which outcome; of
        ``unknown`` ones nobody said."""
        counted = self.with_outcomes().aggregate(
            uses=Count("pk"),
            tickets=Count("incident", distinct=True),
            unknown=Count("pk", filter=Q(outcome=None)),
            **{str(one): Count("pk", filter=Q(outcome=one)) for one in Outcome},
        )
        return {name: int(value) for name, value in counted.items()}

    def _latest(self, asked: str) -> models.QuerySet[Any]:
        outcomes: Any = self.model._meta.get_field("outcomes").related_model
        found: models.QuerySet[Any] = outcomes._base_manager.filter(
            use=OuterRef("pk"), asked=asked
        )
        return found.order_by("-seq").values("outcome")[:1]


class WordsQuerySet(models.QuerySet["Words"]):
    """What incidents are found by; ask first which ones."""

    def among(self, numbers: list[int] | None) -> Self:
        """Of the incidents of these numbers; of all where there are none."""
        return self if numbers is None else self.filter(pk__in=numbers)

    def saying(self, words: str) -> list[int]:
        """Their numbers, the best first: of the newest ``MOST_RANKED``."""
        query = query_of(words)
        with by_index_of_words():
            said = self.filter(search=query).order_by("-pk")
            newest = list(said.values_list("pk", flat=True)[:MOST_RANKED])
            ranked = self.model._default_manager.filter(pk__in=newest)
            best = ranked.annotate(rank=SearchRank(F("search"), query))
            return list(best.order_by("-rank", "-pk").values_list("pk", flat=True))

    def titles_like(self, word: str) -> list[str]:
        """Subjects with a word that looks like it, at most ``MOST_ALIKE``, in no
        order: to sort them PostgreSQL had to read them all."""
        with by_index_of_words(), connection.cursor() as cursor:
            cursor.execute(ALIKE_FROM_HERE, [str(ALIKE)])
            found = self.filter(TrigramWordSimilar(F("title"), word))
            return list(found.values_list("title", flat=True)[:MOST_ALIKE])
