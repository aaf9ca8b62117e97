"""Who was told an older workaround is told the new one, once."""

import threading
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from activity.models import Delivery, Event
from activity.refusals import broken_rule
from incidents import services
from incidents.events import Kind
from incidents.models import Incident, KnownErrorUse, Retold
from incidents.querysets_known import told_older
from incidents.services.retelling import Result
from incidents.timeline import public_timeline
from knowledgebase.models import Article, ArticleVersion
from tests.incidents import stories
from tests.incidents.using.known import applied, current, known, retire, rewrite, use
from tests.people import Cast, make_user

NEW = "Hold the button for *ten* seconds."
Told = dict[str, Incident]


def taken(cast: Cast, reporter: User) -> Incident:
    told = stories.reported(cast, by=reporter)
    return stories.in_progress(cast, of=stories.triaged(cast, of=told))


@pytest.fixture
def old(cast: Cast) -> ArticleVersion:
    return known(cast)


@pytest.fixture
def told(cast: Cast, old: ArticleVersion) -> Told:
    """Three reporters who were told the old workaround, each in another state."""
    found = {
        "open": stories.in_progress(cast),
        "resolved": taken(cast, make_user("Nora Nes")),
        "closed": taken(cast, make_user("Omar Oz")),
    }
    for incident in found.values():
        use(incident, old, by=cast.bo)
    stories.resolved(cast, of=stories.again(found["resolved"]))
    solved = stories.resolved(cast, of=stories.again(found["closed"]))
    stories.closed(cast, of=stories.confirmed(cast, of=solved))
    return {name: stories.again(incident) for name, incident in found.items()}


@pytest.fixture
def new(cast: Cast, old: ArticleVersion, told: Told) -> ArticleVersion:
    return rewrite(cast, old, workaround_reporters=NEW)


def tell(incident: Incident, new: ArticleVersion, cast: Cast, **more: Any) -> Result:
    given = {"by": cast.bo} | more
    result, _why = services.tell_new_version(incident.pk, version=new.pk, **given)
    return result


def waiting(cast: Cast, new: ArticleVersion) -> set[int]:
    uses = told_older(KnownErrorUse.objects.visible_to(cast.bo), new.article)
    return set(uses.values_list("incident", flat=True))


class TestWhoWaits:
    def test_everybody_who_was_told_an_older_one(
        self, cast: Cast, told: Told, new: ArticleVersion
    ) -> None:
        assert waiting(cast, new) == {incident.pk for incident in told.values()}

    def test_nobody_while_the_old_one_is_current(
        self, cast: Cast, old: ArticleVersion, told: Told
    ) -> None:
        assert waiting(cast, current(old.article_id)) == set()

    def test_not_who_was_told_the_new_one_by_hand(
        self, cast: Cast, told: Told, new: ArticleVersion
    ) -> None:
        use(told["open"], new, by=cast.cy)
        assert told["open"].pk not in waiting(cast, new)

    def test_not_where_it_was_only_applied(
        self, cast: Cast, old: ArticleVersion, told: Told
    ) -> None:
        other = stories.in_progress(cast)
        applied(other, old, by=cast.bo)
        new = rewrite(cast, old, workaround_reporters=NEW)
        assert other.pk not in waiting(cast, new)

    def test_once_for_a_ticket_that_was_told_twice(
        self, cast: Cast, old: ArticleVersion, told: Told
    ) -> None:
        use(told["open"], old, by=cast.cy)
        new = rewrite(cast, old, workaround_reporters=NEW)
        uses = told_older(KnownErrorUse.objects.all(), new.article)
        assert uses.filter(incident=told["open"]).count() == 1

    def test_again_after_the_next_version(
        self, cast: Cast, told: Told, new: ArticleVersion
    ) -> None:
        tell(told["open"], new, cast)
        third = rewrite(cast, new, workaround_reporters="Buy another one.")
        assert told["open"].pk in waiting(cast, third)
        assert tell(told["open"], third, cast) == Result.TOLD


class TestTelling:
    def test_what_is_open_gets_a_reply_and_a_use(
        self, cast: Cast, told: Told, new: ArticleVersion
    ) -> None:
        assert tell(told["open"], new, cast) == Result.TOLD
        last = public_timeline(told["open"])[-1]
        assert last.kind == Kind.REPLY
        assert "Hold the button for ten seconds." in last.words[0].text
        used = told["open"].uses.latest("seq")
        assert (used.version, used.how) == (new, "told")
        row = Retold.objects.get()
        assert (row.seq, row.former.version.number) == (used.seq, 1)

    def test_what_is_resolved_stays_resolved(
        self, cast: Cast, told: Told, new: ArticleVersion
    ) -> None:
        assert tell(told["resolved"], new, cast) == Result.TOLD
        assert stories.again(told["resolved"]).status == "resolved"

    def test_what_has_ended_gets_a_letter_and_stays_so(
        self, cast: Cast, told: Told, new: ArticleVersion
    ) -> None:
        before = Delivery.objects.count()
        assert tell(told["closed"], new, cast) == Result.WRITTEN
        incident = stories.again(told["closed"])
        assert incident.status == "closed"
        letter = Delivery.objects.latest("pk")
        assert Delivery.objects.count() == before + 1
        assert letter.event is not None
        assert letter.event.kind == Kind.RETELL
        assert letter.recipient == incident.reporter
        assert "Hold the button for ten seconds." in str(letter.envelope)
        assert public_timeline(incident)[-1].kind == Kind.RETELL

    @pytest.mark.parametrize("state", ["open", "resolved", "closed"])
    def test_nobody_is_told_twice(
        self, cast: Cast, told: Told, new: ArticleVersion, state: str
    ) -> None:
        tell(told[state], new, cast)
        events = Event.objects.about(told[state]).count()
        assert tell(told[state], new, cast, by=cast.cy) == Result.ALREADY
        assert Event.objects.about(told[state]).count() == events
        assert told[state].pk not in waiting(cast, new)

    def test_each_reads_it_in_their_language(
        self, cast: Cast, told: Told, new: ArticleVersion
    ) -> None:
        tell(told["open"], new, cast)
        said = public_timeline(told["open"])[-1].words[0].text
        assert said.startswith("We told you a workaround once: “Label printer")

    def test_an_older_version_is_not_told(
        self, cast: Cast, told: Told, new: ArticleVersion
    ) -> None:
        third = rewrite(cast, new, workaround_reporters="Buy another one.")
        assert tell(told["open"], new, cast) == Result.REFUSED
        assert tell(told["open"], third, cast) == Result.TOLD

    def test_what_is_retired_is_not_told(
        self, cast: Cast, told: Told, new: ArticleVersion
    ) -> None:
        retire(new)
        assert tell(told["open"], new, cast, by=cast.bo) == Result.REFUSED

    @pytest.mark.parametrize("changes", [{"audience": "agents"}, {"audience": "staff"}])
    def test_who_may_not_read_it_any_more_is_not_told(
        self, cast: Cast, old: ArticleVersion, told: Told, changes: dict[str, str]
    ) -> None:
        new = rewrite(cast, old, workaround_reporters=NEW, **changes)
        for incident in told.values():
            before = Event.objects.about(incident).count()
            assert tell(incident, new, cast) == Result.REFUSED
            assert Event.objects.about(incident).count() == before

    def test_who_has_left_is_not_told(
        self, cast: Cast, told: Told, new: ArticleVersion
    ) -> None:
        cast.ann.is_active = False
        cast.ann.save()
        assert tell(told["open"], new, cast) == Result.REFUSED

    @pytest.mark.parametrize("who", ["ann", "zed", "ned", "max", "ida"])
    def test_a_stranger_tells_nobody(
        self, cast: Cast, told: Told, new: ArticleVersion, who: str
    ) -> None:
        with pytest.raises((Incident.DoesNotExist, ArticleVersion.DoesNotExist)):
            tell(told["open"], new, cast, by=getattr(cast, who))


class TestPage:
    def address(self, new: ArticleVersion) -> str:
        return reverse("incidents:told_older", args=[new.article.slug])

    def test_it_shows_who_would_read_what(
        self, client: Client, cast: Cast, told: Told, new: ArticleVersion
    ) -> None:
        client.force_login(cast.bo)
        shown = client.get(self.address(new)).content.decode()
        for name in ("Ann Archer", "Nora Nes", "Omar Oz"):
            assert name in shown
        assert "Hold the button for ten seconds." in shown
        assert "By a letter: the ticket has ended and stays so" in shown
        assert not Retold.objects.exists()

    def test_one_press_tells_all_that_are_ticked(
        self, client: Client, cast: Cast, told: Told, new: ArticleVersion
    ) -> None:
        client.force_login(cast.bo)
        chosen = [told["open"].pk, told["closed"].pk]
        given = {"shown": new.pk, "ticket": chosen}
        shown = client.post(self.address(new), given).content.decode()
        assert "2 people were told" in shown
        assert "Told, by a letter" in shown
        assert waiting(cast, new) == {told["resolved"].pk}
        again = client.post(self.address(new), given).content.decode()
        assert "They have been told already." in again
        assert Retold.objects.count() == 2

    def test_one_that_cannot_be_told_keeps_no_other_from_it(
        self, client: Client, cast: Cast, told: Told, new: ArticleVersion
    ) -> None:
        cast.ann.is_active = False
        cast.ann.save()
        client.force_login(cast.bo)
        everybody = [incident.pk for incident in told.values()]
        given = {"shown": new.pk, "ticket": everybody}
        shown = client.post(self.address(new), given).content.decode()
        assert "Ann Archer has left." in shown
        assert "2 people were told" in shown

    def test_a_page_of_an_older_version_sends_nothing(
        self, client: Client, cast: Cast, told: Told, new: ArticleVersion
    ) -> None:
        rewrite(cast, new, workaround_reporters="Buy another one.")
        client.force_login(cast.bo)
        given = {"shown": new.pk, "ticket": [told["open"].pk]}
        answer = client.post(self.address(new), given)
        assert answer.status_code == 409
        assert not Retold.objects.exists()

    @pytest.mark.parametrize("ticket", ["x", "-1", "9" * 30, "", "٣"])
    def test_odd_numbers_are_nobody(
        self, client: Client, cast: Cast, told: Told, new: ArticleVersion, ticket: str
    ) -> None:
        client.force_login(cast.bo)
        given = {"shown": new.pk, "ticket": [ticket]}
        assert client.post(self.address(new), given).status_code == 200
        assert not Retold.objects.exists()

    def test_a_resolver_sees_the_tickets_of_the_own_team_alone(
        self, client: Client, cast: Cast, told: Told, new: ArticleVersion
    ) -> None:
        told["open"].holdings.create(team=cast.network)
        client.force_login(cast.ned)
        shown = client.get(self.address(new)).content.decode()
        assert told["open"].reference in shown
        assert told["resolved"].reference not in shown
        assert "Only the service desk and the team that holds it write" in shown
        given = {"shown": new.pk, "ticket": [told["open"].pk]}
        client.post(self.address(new), given)
        assert not Retold.objects.exists()

    @pytest.mark.parametrize("who", ["ann", "zed", "max", "ida"])
    def test_who_does_not_work_on_tickets_may_not(
        self, client: Client, cast: Cast, told: Told, new: ArticleVersion, who: str
    ) -> None:
        client.force_login(getattr(cast, who))
        assert client.get(self.address(new)).status_code == 403
        given = {"shown": new.pk, "ticket": [told["open"].pk]}
        assert client.post(self.address(new), given).status_code == 403
        assert not Retold.objects.exists()

    def test_the_article_says_so_to_who_works_on_tickets(
        self, client: Client, cast: Cast, told: Told, new: ArticleVersion
    ) -> None:
        page = new.article.get_absolute_url()
        client.force_login(cast.bo)
        assert b"3 people were told an older version" in client.get(page).content
        for who in (cast.ann, cast.zed, cast.max):
            client.force_login(who)
            assert b"told an older version" not in client.get(page).content

    def test_the_page_costs_the_same_for_many(
        self,
        client: Client,
        cast: Cast,
        old: ArticleVersion,
        django_assert_max_num_queries: Any,
    ) -> None:
        for _number in range(6):
            use(stories.in_progress(cast), old, by=cast.bo)
        new = rewrite(cast, old, workaround_reporters=NEW)
        client.force_login(cast.bo)
        with django_assert_max_num_queries(10):
            client.get(self.address(new))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_eight_press_and_each_reporter_is_told_once(self, cast: Cast) -> None:
        old = known(cast)
        incidents = [stories.in_progress(cast) for _ in range(3)]
        for incident in incidents:
            use(incident, old, by=cast.bo)
        new = rewrite(cast, old, workaround_reporters=NEW)
        results = at_once(8, lambda: [tell(one, new, cast) for one in incidents])
        assert sorted(results).count(Result.TOLD) == len(incidents)
        assert set(results) <= {Result.TOLD, Result.ALREADY, Result.BUSY}
        for incident in incidents:
            kinds = Event.objects.about(incident).values_list("kind", flat=True)
            assert list(kinds).count(Kind.REPLY) == 2

    def test_a_ticket_that_somebody_holds_is_left_and_said_so(self, cast: Cast) -> None:
        old = known(cast)
        held, free = stories.in_progress(cast), stories.in_progress(cast)
        for incident in (held, free):
            use(incident, old, by=cast.bo)
        new = rewrite(cast, old, workaround_reporters=NEW)
        with transaction.atomic():
            Incident.objects.lock(held.pk)
            results = at_once(1, lambda: [tell(one, new, cast) for one in (held, free)])
        assert results == [Result.BUSY, Result.TOLD]


def at_once(threads: int, act: Any) -> list[Any]:
    barrier, found = threading.Barrier(threads), []

    def run() -> None:
        try:
            barrier.wait(timeout=60)
            found.extend(act())
        finally:
            connection.close()

    running = [threading.Thread(target=run) for _ in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    return found


def test_the_database_refuses_a_second_time(cast: Cast) -> None:
    old = known(cast)
    incident = stories.in_progress(cast)
    former = use(incident, old, by=cast.bo)
    new = rewrite(cast, old, workaround_reporters=NEW)
    tell(incident, new, cast)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Retold.objects.create(
            incident=incident,
            version=new,
            former=former,
            seq=900,
            by=cast.bo,
            at=former.at,
        )
    assert broken_rule(refusal.value) == "retold_once"
    assert Article.objects.count() == 1
    assert not mail.outbox
