"""What reporters see: their own reports, the public part, in plain words."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.http import AuthenticatedRequest
from accounts.models import User
from activity import clock
from activity.refusals import NotAllowed
from catalogue.services import location_of
from incidents import permissions as may
from incidents import services
from incidents.clocks.promises import look_by
from incidents.codes import CancelReason
from incidents.doubt import is_doubtful
from incidents.forms import portal as forms
from incidents.forms.helped import chosen
from incidents.known_errors import asked_of_confirmer
from incidents.models import Incident
from incidents.services.reporting import Report
from incidents.timeline import solution_of
from incidents.views.acting import done, result_of
from incidents.views.portal_list import (
    TABS,
    chosen_tab,
    counts,
    matching,
    nothing,
    of_tab,
    with_states,
)
from incidents.views.portal_page import (
    choices,
    ended_for_good,
    joined,
    page_about,
    question_to,
)

form_page = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 25


def _user(request: HttpRequest) -> User:
    return cast(AuthenticatedRequest, request).user


def _readable(user: User, pk: int) -> Incident:
    """One report whose public part this person may read, or 404."""
    found: Incident = get_object_or_404(
        Incident.objects.public_for(user).for_page(), pk=pk
    )
    return found


def _own(user: User, pk: int, move: str) -> Incident:
    """The same, for those who may do more than read along; 403 for the others."""
    incident = _readable(user, pk)
    if not may.may_answer(incident, user):
        raise NotAllowed(incident, move=move)
    return incident


# --- report -----------------------------------------------------------------------


@form_page
def report(request: HttpRequest) -> HttpResponse:
    """One short form."""
    user = _user(request)
    if request.method != "POST":
        return report_page(request, forms.ReportForm(by=user))
    form = forms.ReportForm(request.POST, request.FILES, by=user)
    is_valid = form.is_valid()
    form.keep_files()
    if form.wants_to_drop:
        return report_page(request, form.shown_again())
    sent = _send(form) if is_valid else None
    if sent is None:
        return report_page(request, form)
    return redirect("incidents:received", sent.pk)


def _send(form: forms.ReportForm) -> Incident | None:
    given = form.cleaned_data
    told = Report(
        description=given["description"],
        impact=given["impact"],
        urgency=given["urgency"],
        submission=given["submission"],
        files=form.file_ids,
    )
    sent = result_of(form, lambda: services.report_incident(told, by=form.by))
    if sent is None or form.refuse_other_words(sent):
        return None
    return sent


def report_page(request: HttpRequest, form: Any, **more: Any) -> HttpResponse:
    """``more`` is what may help instead, where somebody looked for it."""
    user = _user(request)
    context = {
        "form": form,
        "location": location_of(user),
        "may_report_for_others": may.may_report_for_others(user),
        **more,
    }
    return render(request, "incidents/portal/report.html", context)


@require_safe
def received(request: HttpRequest, pk: int) -> HttpResponse:
    """The reference, and what happens next."""
    user, phone = _user(request), settings.HELP_PHONE
    incident = _readable(user, pk)
    context = {
        "incident": incident,
        "look_by": look_by(incident, clock.now()),
        "files": incident.attachments.filter(seq=1, public=True),
        "may_add": choices(incident, user).answer,
        **joined(incident, user),
        "phone": phone,
        "phone_number": "".join(sign for sign in phone if sign in "+0123456789"),
    }
    return render(request, "incidents/portal/received.html", context)


# --- look -------------------------------------------------------------------------


@require_safe
def my_reports(request: HttpRequest) -> HttpResponse:
    """Everything this person reported, or that was shared with them."""
    user = _user(request)
    tab = chosen_tab(request.GET.get("show", ""))
    words = " ".join(request.GET.get("q", "").split())
    reports = matching(of_tab(user, tab), words).for_reporter_list()
    page = Paginator(reports, PER_PAGE).get_page(request.GET.get("page"))
    numbers = counts(user)
    context = {
        "tab": tab,
        "tabs": [(name, label, numbers[name]) for name, label in TABS],
        "q": words,
        "page_obj": page,
        "rows": with_states(page, user),
        "empty": nothing(tab, words, numbers),
    }
    return render(request, "incidents/portal/my_reports.html", context)


@require_safe
def my_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The public part of one report."""
    user = _user(request)
    incident = get_object_or_404(
        Incident.objects.public_for(user).for_page().with_shared_names().with_told(),
        pk=pk,
    )
    return render(
        request, "incidents/portal/my_report.html", page_about(incident, user)
    )


# --- talk -------------------------------------------------------------------------


@form_page
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The reporter writes to the desk."""
    user = _user(request)
    incident = _own(user, pk, "answer")
    question = question_to(incident)
    kind = forms.AnswerForm if question else forms.MessageForm
    if request.method != "POST":
        if incident.is_ended:
            return _moved_on(request, incident)
        return message_page(request, incident, kind(by=user), question)
    form = kind(request.POST, request.FILES, by=user)
    is_valid = form.is_valid()
    form.keep_files()
    if form.wants_to_drop:
        return message_page(request, incident, form.shown_again(), question)
    if is_valid and done(form, lambda: _say(incident, form)):
        messages.success(request, _("Your message is with the service desk."))
        return redirect(incident.reporter_url())
    return message_page(request, incident, form, question)


def _say(incident: Incident, form: forms.MessageForm) -> None:
    services.answer_desk(
        incident.pk,
        by=form.by,
        message=form.cleaned_data["message"],
        files=form.file_ids,
    )


def message_page(
    request: HttpRequest, incident: Incident, form: Any, question: str
) -> HttpResponse:
    context = {"incident": incident, "form": form, "question": question}
    return render(request, "incidents/portal/message.html", context)


# --- does it work? ----------------------------------------------------------------


@form_page
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes, it works. A remark that sounds otherwise is shown once more first."""
    user = _user(request)
    incident = _readable(user, pk)
    _only_confirmer(incident, user, "confirm")
    asked = {"resolution": incident.resolution_id}
    uses = asked_of_confirmer(incident)
    form = forms.ConfirmForm(_posted(request), initial=asked, uses=uses)
    if request.method != "POST":
        if not choices(incident, user).confirm:
            return _moved_on(request, incident)
        return _one_box(request, incident, form, "confirm")
    if not form.is_valid():
        return _one_box(request, incident, form, "confirm")
    given = form.cleaned_data
    if is_doubtful(given["message"]) and not given["sure"]:
        return _one_box(request, incident, form, "confirm_sure")
    if done(form, lambda: _confirm(incident, user, form)):
        thanks = _("Thank you. The service desk closes %(reference)s.")
        messages.success(request, thanks % {"reference": incident.reference})
        return redirect(incident.reporter_url())
    return _one_box(request, incident, form, "confirm")


def _confirm(incident: Incident, user: User, form: forms.ConfirmForm) -> None:
    services.confirm_resolution(
        incident.pk,
        by=user,
        resolution=form.cleaned_data["resolution"],
        message=form.cleaned_data["message"],
        helped=form.helped,
    )


@form_page
def still_broken(request: HttpRequest, pk: int) -> HttpResponse:
    """No, it still does not."""
    user = _user(request)
    incident = _readable(user, pk)
    _only_confirmer(incident, user, "reject")
    asks = request.method != "POST" or "carried" in request.POST
    if asks and not choices(incident, user).still_broken:
        return _moved_on(request, incident)
    asked = {"resolution": incident.resolution_id}
    uses = asked_of_confirmer(incident)
    if asks:
        # What was written beside the other answer comes along.
        words = {"complaint": request.POST.get("message", ""), **chosen(request.POST)}
        form = forms.StillBrokenForm(initial=asked | words, uses=uses)
        return _one_box(request, incident, form, "still_broken")
    form = forms.StillBrokenForm(_posted(request), initial=asked, uses=uses)
    said = _("Thank you. It is back with the people who worked on it.")
    return _act(
        request,
        incident,
        form,
        "still_broken",
        said,
        lambda: services.reject_resolution(pk, by=user, **form.given()),
    )


@form_page
def works_again(request: HttpRequest, pk: int) -> HttpResponse:
    """It works again before anybody solved it."""
    user = _user(request)
    incident = _readable(user, pk)
    _only_confirmer(incident, user, "works_again")
    if request.method != "POST" and not incident.is_open:
        return _moved_on(request, incident)
    form = forms.WorksAgainForm(_posted(request), uses=asked_of_confirmer(incident))
    said = _("Thank you. The service desk closes %(reference)s.")
    return _act(
        request,
        incident,
        form,
        "works_again",
        said % {"reference": incident.reference},
        lambda: services.report_works_again(pk, by=user, **form.given()),
    )


def _only_confirmer(incident: Incident, user: User, move: str) -> None:
    if not may.is_confirmer(incident, user):
        raise NotAllowed(incident, move=move)


@form_page
def urge(request: HttpRequest, pk: int) -> HttpResponse:
    """It is getting urgent; the team hears it, its lead first."""
    user = _user(request)
    incident = _own(user, pk, "urge")
    if request.method != "POST" and not incident.is_open:
        return _moved_on(request, incident)
    form = forms.UrgeForm(_posted(request))
    return _act(
        request,
        incident,
        form,
        "urge",
        _("The team is told. You hear from us in your report."),
        lambda: services.urge(pk, by=user, **form.cleaned_data),
    )


# --- end and come back ------------------------------------------------------------


@form_page
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """I do not need this any more."""
    user = _user(request)
    incident = _readable(user, pk)
    if not may.may_withdraw(incident, user):
        raise NotAllowed(incident, move="cancel")
    if request.method != "POST" and not incident.is_open:
        return _moved_on(request, incident)
    form = forms.WithdrawForm(_posted(request))
    reason = CancelReason.WITHDRAWN
    return _act(
        request,
        incident,
        form,
        "withdraw",
        _("It is cancelled. You can bring it back within 14 days."),
        lambda: services.cancel_incident(
            pk, by=user, reason=reason, **form.cleaned_data
        ),
    )


@form_page
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Reopen or reinstate within 14 days; a follow-up later."""
    user = _user(request)
    incident = _own(user, pk, "reopen")
    if request.method != "POST" and not incident.is_ended:
        return _moved_on(request, incident)
    data = _posted(request)
    if ended_for_good(incident, clock.now()):
        return _follow_up(request, incident, forms.FollowUpForm(data))
    cancelled = bool(incident.cancelled_at)
    form = forms.ReinstateForm(data) if cancelled else forms.ReopenForm(data)
    return _act(
        request,
        incident,
        form,
        "bring_back",
        _("It is back with the service desk."),
        lambda: services.reopen_incident(pk, by=user, **form.cleaned_data),
    )


def _follow_up(
    request: HttpRequest, former: Incident, form: forms.FollowUpForm
) -> HttpResponse:
    user = _user(request)
    made = _followed_up(former, form, user) if form.is_valid() else None
    if made is None:
        return _one_box(request, former, form, "bring_back")
    if made.reporter_id == user.pk:
        return redirect("incidents:received", made.pk)
    said = _("%(reference)s goes on with it.") % {"reference": made.reference}
    messages.success(request, said)
    return redirect(former.reporter_url())


def _followed_up(
    former: Incident, form: forms.FollowUpForm, user: User
) -> Incident | None:
    return result_of(
        form,
        lambda: services.follow_up_incident(former.pk, by=user, **form.cleaned_data),
    )


# --- share ------------------------------------------------------------------------


@form_page
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a colleague read it."""
    user = _user(request)
    incident = _shareable(user, pk)
    form = forms.ShareForm(_posted(request))
    if form.is_valid() and done(
        form, lambda: services.share_incident(pk, by=user, **form.cleaned_data)
    ):
        messages.success(request, _("Your colleague can read it now."))
        return redirect("incidents:share", pk)
    context = {
        "incident": incident,
        "form": form,
        "shares": incident.shares.select_related("user"),
    }
    return render(request, "incidents/portal/share.html", context)


@require_POST
def unshare(request: HttpRequest, pk: int) -> HttpResponse:
    """Take that back."""
    user = _user(request)
    incident = _shareable(user, pk)
    form = forms.UnshareForm(request.POST, incident=incident)
    if form.is_valid():
        services.unshare_incident(pk, by=user, **form.cleaned_data)
        messages.success(request, _("It is no longer shared with them."))
    return redirect("incidents:share", pk)


def _shareable(user: User, pk: int) -> Incident:
    incident = _readable(user, pk)
    if user.pk != incident.reporter_id:
        raise NotAllowed(incident, move="share")
    return incident


# --- what many of them do -----------------------------------------------------------


def _posted(request: HttpRequest) -> Any:
    """What a form is bound to: the POST, also an empty one."""
    return request.POST if request.method == "POST" else None


def _act(
    request: HttpRequest,
    incident: Incident,
    form: Any,
    page: str,
    said: str,
    act: Callable[[], Any],
) -> HttpResponse:
    """Show the form, or act on it and go back to the report."""
    if form.is_valid() and done(form, act):
        messages.success(request, said)
        return redirect(incident.reporter_url())
    return _one_box(request, incident, form, page)


def _one_box(
    request: HttpRequest, incident: Incident, form: Any, page: str
) -> HttpResponse:
    context = {
        "incident": incident,
        "form": form,
        "can_reopen": incident.may_still_reopen(clock.now()),
        "solution": solution_of(incident) if page == "confirm" else "",
    }
    return render(request, f"incidents/portal/{page}.html", context)


def _moved_on(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The question of this page is no longer open; the report says what is."""
    messages.info(request, _("That is not asked any more. This is where it stands."))
    return redirect(incident.reporter_url())
