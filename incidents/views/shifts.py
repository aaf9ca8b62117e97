"""From one shift to the next: what happened, and a word to those who come."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.http import AuthenticatedRequest
from accounts.models import Team, User
from activity import clock
from incidents import permissions as may
from incidents import services
from incidents.forms.shifts import ShiftNoteForm, SinceForm
from incidents.models import ShiftNote
from incidents.shifts.handover import candidates, sections_for
from incidents.shifts.moments import left_at
from incidents.shifts.rows import lines_of
from incidents.shifts.sections import Lens, sort_into
from incidents.tiers.present import past_own_target
from incidents.views.acting import result_of
from incidents.views.sections import blocks_of, chosen_section
from sla.services import agreements_of

NOTES_SHOWN: Final = 10
NOTES_PER_PAGE: Final = 25
# For who has not done anything for two weeks.
AWAY_LONG: Final = timedelta(days=1)
KEPT: Final = ("since", "moment", "team")


@require_safe
def handover(request: HttpRequest) -> HttpResponse:
    """What happened since this person left, and what their team told them."""
    user, teams = _worker(request)
    return _page(request, user, teams, ShiftNoteForm(teams=teams))


@require_POST
def write_shift_note(request: HttpRequest) -> HttpResponse:
    """Tell those who come next."""
    user, teams = _worker(request)
    form = ShiftNoteForm(request.POST, teams=teams)
    if form.is_valid():
        given = form.cleaned_data
        written = result_of(form, lambda: services.write_shift_note(**given, by=user))
        if written is not None:
            words = _("Kept for the next shift of %(team)s.")
            messages.success(request, words % {"team": written.team.name})
            return redirect(_back(request))
    return _page(request, user, teams, form)


@require_POST
def see_shift_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Take note of what a colleague wrote."""
    user = cast(AuthenticatedRequest, request).user
    services.see_shift_note(pk, by=user)
    return redirect(_back(request))


@require_http_methods(["GET", "HEAD", "POST"])
def redact_shift_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Take its text away for good, once one has been asked."""
    user = cast(AuthenticatedRequest, request).user
    visible = ShiftNote.objects.visible_to(user).for_list()
    note = get_object_or_404(visible, pk=pk)
    if not may.may_redact_shift_note(note, user):
        raise PermissionDenied
    if request.method == "POST":
        services.redact_shift_note(pk, by=user)
        messages.success(request, _("The text is gone. That it was there stays."))
        return redirect("incidents:shift_notes")
    return render(request, "incidents/shifts/redact.html", {"note": note})


@require_safe
def shift_notes(request: HttpRequest) -> HttpResponse:
    """All that was written to the next shift of one's teams, the newest first."""
    user, teams = _worker(request)
    written = ShiftNote.objects.visible_to(user).for_list()
    page = Paginator(written, NOTES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "notes": [_note(note, user) for note in page],
        "names_teams": len(teams) > 1,
    }
    return render(request, "incidents/shifts/notes.html", context)


def _worker(request: HttpRequest) -> tuple[User, list[Team]]:
    """The one who asks, and the teams they work in."""
    user = cast(AuthenticatedRequest, request).user
    if not may.may_use_desk(user):
        raise PermissionDenied
    return user, list(Team.objects.filter(pk__in=user.standing.teams))


def _page(
    request: HttpRequest, user: User, teams: Sequence[Team], form: ShiftNoteForm
) -> HttpResponse:
    at = clock.now()
    asked = SinceForm(request.GET, teams=teams, at=at)
    lens, knows_when = _lens(asked, user, teams)
    sections = sections_for(lens)
    found = sort_into(sections, candidates(user, lens), lens)
    shown = chosen_section(request, found)
    page, blocks = blocks_of(request, found, shown, query=_kept(request.GET))
    lines = lines_of({one.section.code: one.pks for one in blocks}, sections, lens)
    waiting = ShiftNote.objects.visible_to(user).waiting_for(user, at).for_list()
    context = {
        "at": at,
        "since": lens.since,
        "since_form": asked,
        "is_left": asked.chosen == "left",
        "knows_when": knows_when,
        "blocks": [(one, lines[one.section.code]) for one in blocks],
        "found": found,
        "shown": shown,
        "page_obj": page,
        "figures": blocks_of(request, found, None, query=_kept(request.GET))[1],
        "names_teams": len(lens.teams) > 1,
        "notes": [
            _note(note, user)
            for note in waiting.filter(team__in=lens.teams)[:NOTES_SHOWN]
        ],
        "form": form,
        "query": _kept(request.GET),
    }
    return render(request, "incidents/shifts/handover.html", context)


def _lens(asked: SinceForm, user: User, teams: Sequence[Team]) -> tuple[Lens, bool]:
    """Also whether it is known when they left."""
    since: datetime | None = asked.chosen_at or left_at(user, asked.at)
    chosen = {asked.team_pk} if asked.team_pk else {team.pk for team in teams}
    lens = Lens(
        user=user,
        teams=frozenset(chosen),
        desks=frozenset(chosen & user.standing.desks),
        since=since or asked.at - AWAY_LONG,
        at=asked.at,
        past=past_own_target(agreements_of(chosen), asked.at),
    )
    return lens, since is not None


def _note(note: ShiftNote, user: User) -> dict[str, Any]:
    seen = [each.by for each in note.seen.all()]
    is_there = note.redacted_at is None
    return {
        "note": note,
        "seen_by": seen,
        "may_see": is_there and note.by_id != user.pk and user not in seen,
        "may_redact": is_there and may.may_redact_shift_note(note, user),
    }


def _kept(asked: QueryDict) -> str:
    """The part of the address that says since when and for which team."""
    kept = QueryDict(mutable=True)
    for name in KEPT:
        if value := asked.get(name):
            kept[name] = str(value)
    return kept.urlencode()


def _back(request: HttpRequest) -> str:
    query = _kept(request.GET)
    place = reverse("incidents:handover")
    return f"{place}?{query}" if query else place
