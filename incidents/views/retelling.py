"""Whom we told a workaround that has changed, and telling them the new one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from activity.refusals import Conflict
from incidents import permissions as may
from incidents import services
from incidents.models import Incident, KnownErrorUse, Retold
from incidents.querysets_known import told_older
from incidents.services.retelling import Result, letter_about, why_not_anew
from incidents.views.moves import viewer
from knowledgebase.models import Article, ArticleVersion

# So many are told with one press; then the next ones appear.
AT_ONCE = 50
LONGEST_ID = 18
SAID = {
    Result.TOLD: gettext_lazy("Told, in the ticket"),
    Result.WRITTEN: gettext_lazy("Told, by a letter"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One who was told an older version; ``why`` they cannot be told the new one."""

    use: KnownErrorUse
    why: str

    @property
    def incident(self) -> Incident:
        return self.use.incident


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it for one of them."""

    incident: Incident
    is_told: bool
    words: Any


@require_http_methods(["GET", "HEAD", "POST"])
def told_older_version(request: HttpRequest, slug: str) -> HttpResponse:
    """Who was told an older version; a POST tells those who are chosen."""
    by = viewer(request)
    articles = Article.objects.visible_to(by).select_related("current")
    article: Article = get_object_or_404(articles, addresses__slug=slug)
    if not may.may_use_desk(by):
        raise PermissionDenied
    answers = list(_tell(request, article)) if request.method == "POST" else []
    return _show(request, article, answers)


def _tell(request: HttpRequest, article: Article) -> Iterator[Answer]:
    by, version = viewer(request), _version(request, article)
    chosen = [int(pk) for pk in request.POST.getlist("ticket") if _is_id(pk)]
    incidents = Incident.objects.visible_to(by).select_related("reporter")
    for incident in incidents.filter(pk__in=chosen[:AT_ONCE]).order_by("pk"):
        result, why = services.tell_new_version(incident.pk, by=by, version=version.pk)
        yield Answer(incident, result in SAID, SAID.get(result, why))


def _version(request: HttpRequest, article: Article) -> ArticleVersion:
    """The one that was shown, as long as it is the published one."""
    seen = request.POST.get("shown", "")
    if not _is_id(seen):
        raise BadRequest("The page names the version that it showed.")
    current = article.current
    if current is None or current.pk != int(seen):
        why = _(
            "The article says something else by now, so nothing was sent. Look at what"
            " they would be told."
        )
        raise Conflict(article, move="tell_new_version", why=why)
    return current


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) <= LONGEST_ID


def _show(
    request: HttpRequest, article: Article, answers: list[Answer]
) -> HttpResponse:
    by, version = viewer(request), article.current
    rows = _rows(article, version, by) if version else []
    sample = next((row.incident for row in rows if not row.why), None)
    context = {
        "article": article,
        "version": version,
        "answers": answers,
        "told_count": sum(answer.is_told for answer in answers),
        "asked": request.method == "POST",
        "rows": rows[:AT_ONCE],
        "more": len(rows) > AT_ONCE,
        "any_can": sample is not None,
        "letter": letter_about(sample, version) if sample and version else "",
        "told": _told_before(article, by),
    }
    return render(request, "incidents/told_older.html", context)


def _rows(article: Article, version: ArticleVersion, by: Any) -> list[Row]:
    """The last told first; one more than are shown."""
    uses = told_older(KnownErrorUse.objects.visible_to(by), article)
    found = uses.select_related(
        "version", "incident__reporter", "incident__confirmer", "incident__team"
    ).order_by("-at", "-pk")
    return [
        Row(use, why_not_anew(use.incident, version, by))
        for use in found[: AT_ONCE + 1]
    ]


def _told_before(article: Article, by: Any) -> Any:
    """Who has been told the current version after an older one."""
    if article.current_id is None:
        return []
    told = Retold.objects.visible_to(by).filter(version=article.current_id)
    return told.select_related("incident__reporter", "by").order_by("-at")[:AT_ONCE]
