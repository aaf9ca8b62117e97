"""What people see and change about themselves."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import services
from accounts.forms import ProfileForm
from accounts.http import AuthenticatedRequest
from accounts.models import Role, Team


def profile(request: HttpRequest) -> HttpResponse:
    """Name, time zone, language and appearance; teams and roles to read."""
    user = cast(AuthenticatedRequest, request).user
    form = ProfileForm(request.POST or None, user=user)
    if form.is_valid():
        services.update_profile(user.pk, **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    standing = user.standing
    context = {
        "form": form,
        "teams": [
            {"name": team.name, "is_led": team.pk in standing.led_teams}
            for team in Team.objects.filter(pk__in=standing.teams)
        ],
        "roles": [role.label for role in Role if role in standing.roles],
    }
    return render(request, "accounts/profile.html", context)
