"""What the list of articles can be narrowed to. The address says all of it."""

from datetime import date
from typing import Any, Final

import django_filters
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Category, Service
from knowledgebase import permissions as may
from knowledgebase.codes import Audience, Kind, Status
from knowledgebase.models import Article
from knowledgebase.searching import Found, articles_saying
from knowledgebase.typed import LONGEST_QUERY

STALE: Final[list[tuple[str, str | Promise]]] = [
    ("yes", gettext_lazy("Review is overdue")),
]
STATES: Final[list[tuple[str, str | Promise]]] = [
    ("all", gettext_lazy("Published and in work")),
    (Status.DRAFT, Status.DRAFT.label),
    (Status.IN_REVIEW, Status.IN_REVIEW.label),
    (Status.RETIRED, Status.RETIRED.label),
]


class ArticleFilter(django_filters.FilterSet):
    """The filters over what one person may see; a value that makes no sense is left
    out. Without a state, what is published."""

    q = django_filters.CharFilter(max_length=LONGEST_QUERY)
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=gettext_lazy("Kind"))
    audience = django_filters.ChoiceFilter(
        choices=Audience.choices, label=gettext_lazy("Audience")
    )
    service = django_filters.ModelChoiceFilter(
        queryset=Service.objects.active(),
        method="by_service",
        label=gettext_lazy("Service"),
    )
    category = django_filters.ModelChoiceFilter(
        queryset=Category.objects.active().filter(parent=None),
        method="by_category",
        label=gettext_lazy("Category"),
    )
    state = django_filters.ChoiceFilter(
        choices=STATES, method="by_state", label=gettext_lazy("State")
    )
    stale = django_filters.ChoiceFilter(
        choices=STALE, method="by_stale", label=gettext_lazy("Review")
    )

    class Meta:
        model = Article
        fields: list[str] = []

    def __init__(self, data: QueryDict, *, user: Any, today: date) -> None:
        super().__init__(data, Article.objects.visible_to(user))
        self.user, self.today = user, today
        self.filters["audience"].extra["choices"] = [
            (audience.value, audience.label) for audience in may.audiences_of(user)
        ]
        for name in self._unfit():
            del self.filters[name]
        for name in self.filters:
            if name != "q":
                self.filters[name].extra["empty_label"] = _("Any")
        if "state" in self.filters:
            self.filters["state"].extra["empty_label"] = Status.PUBLISHED.label

    def chosen(self) -> Any:
        """The articles by all filters but the words, by title."""
        self.form.is_valid()
        given = self.form.cleaned_data
        rows = self.queryset
        if not given.get("state"):
            rows = rows.published()
        for name, value in given.items():
            if name != "q":
                rows = self.filters[name].filter(rows, value)
        return rows

    def found(self) -> Found:
        """Those of them that say the words, the best match first."""
        return articles_saying(
            self.words,
            user=self.user,
            within=self.chosen(),
            is_narrowed=self.is_narrowed,
        )

    @property
    def words(self) -> str:
        self.form.is_valid()
        return str(self.form.cleaned_data.get("q") or "")

    @property
    def is_on(self) -> bool:
        self.form.is_valid()
        return any(self.form.cleaned_data.values())

    @property
    def is_narrowed(self) -> bool:
        """Whether one of the folded filters is on."""
        self.form.is_valid()
        given = self.form.cleaned_data
        return any(value for name, value in given.items() if name != "q")

    @property
    def shown_fields(self) -> list[Any]:
        return [self.form[name] for name in self.filters if name != "q"]

    def by_service(self, queryset: Any, name: str, value: Service) -> Any:
        return queryset.about_service(value)

    def by_category(self, queryset: Any, name: str, value: Category) -> Any:
        return queryset.about_category(value)

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        if value == "all":
            return queryset.exclude(status=Status.RETIRED)
        return queryset.filter(status=value)

    def by_stale(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.stale(self.today)

    def _unfit(self) -> list[str]:
        """Filters that would tell readers nothing."""
        if may.may_draft(self.user):
            return []
        alone = len(may.audiences_of(self.user)) < 2
        return ["state", "stale", *(["audience"] if alone else [])]
