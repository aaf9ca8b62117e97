"""What an incident taught, as a draft for the knowledge base."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activity.models import Event
from incidents import permissions as may
from incidents import services
from incidents.events import Kind
from incidents.models import Incident
from incidents.services.asking import require
from incidents.views.acting import done
from incidents.views.moves import the_incident, viewer
from incidents.written_down import prefilled
from knowledgebase.codes import Kind as Nature
from knowledgebase.forms import EditForm
from knowledgebase.models import Article
from knowledgebase.views.editor import form_of, is_sent, shown


@require_http_methods(["GET", "HEAD", "POST"])
def write_article(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor of the knowledge base, filled in and without the people."""
    incident = the_incident(request, pk)
    require(may.may_write_article, incident, viewer(request), "write_article")
    kind = _kind(request)
    if request.method != "POST":
        return _show(request, incident, kind, **_begun(incident, kind))
    form, made = form_of(request, kind), list[Article]()
    if (
        is_sent(request)
        and form.is_valid()
        and done(form, lambda: made.append(_write(request, pk, form)))
    ):
        messages.success(request, _("The draft is saved. Read it once more."))
        return redirect(made[0])
    return _show(request, incident, kind, form=form)


def _write(request: HttpRequest, pk: int, form: EditForm) -> Article:
    return services.write_article(
        pk, by=viewer(request), kind=form.kind, content=form.content
    )


def _kind(request: HttpRequest) -> str:
    asked = request.POST.get("kind") or request.GET.get("kind") or ""
    return asked if asked in Nature.values else str(Nature.KNOWN_ERROR)


def _begun(incident: Incident, kind: str) -> dict[str, Any]:
    filled = prefilled(incident, kind)
    return {
        "form": EditForm(kind=kind, initial=filled.initial),
        "filled": filled,
    }


def _show(
    request: HttpRequest, incident: Incident, kind: str, *, form: EditForm, **more: Any
) -> HttpResponse:
    context = shown(request, kind, form) | {
        "incident": incident,
        "kinds": Nature.choices,
        "written": _written(request, incident),
        **more,
    }
    return render(request, "incidents/ticket/article.html", context)


def _written(request: HttpRequest, incident: Incident) -> list[dict[str, Any]]:
    """What was written from it before; an article only for who may see it."""
    told = Event.objects.about(incident).filter(kind=Kind.WRITE_ARTICLE)
    rows = list(told.select_related("actor"))
    if not rows:
        return []
    seen = Article.objects.visible_to(viewer(request))
    articles = seen.in_bulk([row.data["article"] for row in rows])
    return [
        {"event": row, "article": articles.get(row.data["article"])} for row in rows
    ]
