"""Whose health this person may see, narrowed as the address says."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from knowledgebase import permissions as may
from knowledgebase.codes import Kind
from knowledgebase.models import Article
from servicedesk.knowledge_health.figures import Health, healths
from servicedesk.knowledge_health.orders import in_order


def articles_for(user: User) -> QuerySet[Article]:
    """Published ones that this person may read; writers see how their own do."""
    seen = Article.objects.visible_to(user).published()
    return seen if may.sees_all_health(user) else seen.filter(owner=user)


class HealthForm(forms.Form):
    """What is typed into the address by hand and makes no sense is left out."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("Any")), *Kind.choices], required=False
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.none(),
        empty_label=_("Anybody"),
        required=False,
    )
    of = forms.ChoiceField(
        label=_("Counted"),
        choices=[("", _("All versions")), ("current", _("The current version alone"))],
        required=False,
    )

    def __init__(self, data: QueryDict, *, user: User) -> None:
        super().__init__(data)
        owners: Any = self.fields["owner"]
        owned = articles_for(user).order_by().values("owner")
        owners.queryset = User.objects.filter(pk__in=owned).order_by("name", "pk")
        if not may.sees_all_health(user):
            del self.fields["owner"]
        self.is_valid()


@dataclass(frozen=True, slots=True)
class Asked:
    """One page's question and its answer."""

    form: HealthForm
    rows: list[Health]
    sort: str

    @property
    def is_narrowed(self) -> bool:
        return any(self.form.cleaned_data.values())


def ask(given: QueryDict, user: User) -> Asked:
    form = HealthForm(given, user=user)
    said = form.cleaned_data
    articles = articles_for(user)
    if said.get("kind"):
        articles = articles.filter(kind=said["kind"])
    if said.get("owner"):
        articles = articles.filter(owner=said["owner"])
    rows = healths(articles, only_current=said.get("of") == "current")
    sort = given.get("sort", "")
    return Asked(form, in_order(rows, sort), sort)
