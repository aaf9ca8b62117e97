"""What is found, kind by kind; each kind as its own app lets this person see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from accounts import permissions as people
from accounts.models import User
from incidents import permissions as may
from incidents.querysets import MOST_RANKED as MOST_TICKETS
from incidents.searching import incidents_saying
from knowledgebase.models import Article
from knowledgebase.querysets import MOST_RANKED as MOST_ARTICLES
from knowledgebase.searching import articles_saying, excerpts_of, shown_pk
from servicedesk.search_page.tickets import ticket_rows

SHOWN: Final = 6
PER_PAGE: Final = 25
MOST_PEOPLE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """``numbers`` name what is found, ``instead`` the words that they say if nothing
    says what was typed; ``shown`` makes what the page shows of some of them."""

    code: str
    label: str | Promise
    numbers: list[int]
    most: int
    more_url: str
    shown: Callable[[list[int]], list[dict[str, Any]]]
    instead: str = ""

    @property
    def count(self) -> str:
        """As it is written: more than ``most`` are not looked at."""
        total = len(self.numbers)
        return f"{self.most}+" if total >= self.most else str(total)

    @property
    def has_more(self) -> bool:
        return len(self.numbers) > SHOWN

    @property
    def first(self) -> list[dict[str, Any]]:
        return self.shown(self.numbers[:SHOWN])

    def page(self, number: str | None) -> tuple[Page[int], list[dict[str, Any]]]:
        page: Page[int] = Paginator(self.numbers, PER_PAGE).get_page(number)
        return page, self.shown(list(page.object_list))


def found(words: str, user: User) -> list[Group]:
    """The groups in which something is found, in the order of this person's work."""
    if may.may_use_desk(user):
        kinds = [tickets, articles, persons]
    else:
        kinds = [articles, tickets, persons]
    groups = (kind(words, user) for kind in kinds)
    return [group for group in groups if group is not None and group.numbers]


def tickets(words: str, user: User) -> Group | None:
    said = incidents_saying(words, user=user)
    works = may.may_use_desk(user)
    return Group(
        code="tickets",
        label=gettext_lazy("Tickets") if works else gettext_lazy("Your reports"),
        numbers=said.numbers,
        most=MOST_TICKETS,
        more_url=_more("tickets", words),
        shown=lambda numbers: ticket_rows(numbers, said.words, user),
        instead=said.instead,
    )


def articles(words: str, user: User) -> Group | None:
    within = Article.objects.visible_to(user).published()
    said = articles_saying(words, user=user, within=within, is_narrowed=False)
    return Group(
        code="articles",
        label=gettext_lazy("Knowledge"),
        numbers=said.numbers,
        most=MOST_ARTICLES,
        more_url=f"{reverse('knowledge:articles')}?{urlencode({'q': words})}",
        shown=lambda some: article_rows(within.in_order(some), said.words, user),
        instead=said.instead,
    )


def persons(words: str, user: User) -> Group | None:
    """For those who may see people; nobody finds themselves alone."""
    if not people.may_see_people(user):
        return None
    found = User.objects.visible_to(user).called(words)
    return Group(
        code="people",
        label=gettext_lazy("People"),
        numbers=list(found.values_list("pk", flat=True)[:MOST_PEOPLE]),
        most=MOST_PEOPLE,
        more_url=_more("people", words),
        shown=lambda some: person_rows(found.filter(pk__in=some), user),
    )


def article_rows(rows: Any, words: str, user: User) -> list[dict[str, Any]]:
    shown = list(rows.for_list())
    excerpts = excerpts_of(shown, words, user)
    return [
        {"article": article, "excerpt": excerpts.get(shown_pk(article), "")}
        for article in shown
    ]


def person_rows(rows: Any, user: User) -> list[dict[str, Any]]:
    works = may.may_use_desk(user)
    return [
        {
            "person": person,
            "teams": [one.team.name for one in person.memberships.all()],
            "url": _tickets_of(person) if works else _account_of(person),
        }
        for person in rows.prefetch_related("memberships__team")
    ]


def _tickets_of(person: User) -> str:
    return f"{reverse('incidents:queue')}?{urlencode({'v': 'all', 'q': person.name})}"


def _account_of(person: User) -> str:
    return reverse("admin:accounts_user_change", args=[person.pk])


def _more(code: str, words: str) -> str:
    return f"{reverse('search:search')}?{urlencode({'q': words, 'in': code})}"
