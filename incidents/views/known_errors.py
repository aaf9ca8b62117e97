"""Known errors beside a ticket: what is likely, what was used, whether it helped."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from incidents import permissions as may
from incidents import services
from incidents.codes import HowUsed
from incidents.forms.using import ApplyForm, JudgeForm
from incidents.likely import known_errors_for
from incidents.services.asking import require
from incidents.views.moves import leave, the_incident, viewer
from knowledgebase.models import ArticleVersion


@require_safe
def known_errors(request: HttpRequest, pk: int) -> HttpResponse:
    """The block of the ticket's page, or a page of its own without a script."""
    incident = the_incident(request, pk)
    whole = "incidents/ticket/known_errors.html"
    part = "incidents/partials/_known_errors.html"
    template = part if cast(Any, request).htmx else whole
    context = known_errors_for(incident, viewer(request))
    context["beside_reply"] = request.GET.get("beside") == "reply"
    return render(request, template, context)


@require_POST
def apply_known_error(request: HttpRequest, pk: int) -> HttpResponse:
    """I did what the article says."""
    incident, by = the_incident(request, pk), viewer(request)
    form = ApplyForm(request.POST, incident=incident, by=by)
    if not form.is_valid():
        raise BadRequest("A use names a version of an article.")
    require(may.may_work, incident, by, "apply_known_error")
    seen = ArticleVersion.objects.visible_to(by).select_related("article")
    version = get_object_or_404(seen, pk=form.cleaned_data["use"])
    services.use_workaround(
        pk,
        by=by,
        version=version.pk,
        how=HowUsed.APPLIED,
        expected_version=form.expected_version,
    )
    said = _("It is noted that you applied %(article)s.")
    messages.success(request, said % {"article": version.article.reference})
    return leave(request, incident)


@require_POST
def judge_known_error(request: HttpRequest, pk: int) -> HttpResponse:
    """What was used here helped, or did not."""
    incident, by = the_incident(request, pk), viewer(request)
    form = JudgeForm(request.POST, incident=incident, by=by)
    if not form.is_valid():
        raise BadRequest("An outcome is about what was used.")
    require(may.may_work, incident, by, "judge_known_error")
    use = get_object_or_404(incident.uses, pk=form.cleaned_data["use"])
    services.judge_workaround(
        pk, by=by, use=use.pk, outcome=form.cleaned_data["outcome"]
    )
    messages.success(request, _("Thank you. That is noted."))
    return leave(request, incident)
