"""Log-in and passwords: the pages of django-allauth that the product offers.

Accounts and their addresses are kept by administrators, so nobody signs up and
nobody changes the address that confirmations go to. allauth still asks for those
names; they answer as any address that does not exist.
"""

from typing import Any, NoReturn

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.urls import path, re_path

from servicedesk.log_in import DeskLoginView


@login_not_required
def not_offered(request: HttpRequest, **parts: Any) -> NoReturn:
    """The product has no such page."""
    raise Http404


NOT_OFFERED = [
    ("signup/", "account_signup"),
    ("email/", "account_email"),
    ("confirm-email/", "account_email_verification_sent"),
    ("confirm-email/<str:key>/", "account_confirm_email"),
    ("password/set/", "account_set_password"),
    ("login/code/confirm/", "account_confirm_login_code"),
]

urlpatterns = [
    path("login/", DeskLoginView.as_view(), name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path(
        "password/reset/done/",
        views.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    *(path(route, not_offered, name=name) for route, name in NOT_OFFERED),
]
