"""The words of log-in and password pages: labels, hints, what to do about an error."""

from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    get_default_password_validators,
)
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LABELS = {
    "login": gettext_lazy("E-mail address"),
    "email": gettext_lazy("E-mail address"),
    "password": gettext_lazy("Password"),
    "remember": gettext_lazy("Keep me logged in on this device"),
    "oldpassword": gettext_lazy("Current password"),
    "password1": gettext_lazy("New password"),
    "password2": gettext_lazy("New password again"),
}

# What to do when a field is empty.
REQUIRED = {
    "login": gettext_lazy("Enter your e-mail address."),
    "email": gettext_lazy("Enter your e-mail address."),
    "password": gettext_lazy("Enter your password."),
    "oldpassword": gettext_lazy("Enter the password you have now."),
    "password1": gettext_lazy("Choose a new password."),
    "password2": gettext_lazy("Type the new password again."),
    "name": gettext_lazy("Enter your name."),
}

# Names are those of allauth's adapter; it takes this table over.
ACCOUNT_ERRORS = {
    "account_inactive": gettext_lazy(
        "This account is switched off. Ask an administrator."
    ),
    "email_password_mismatch": gettext_lazy(
        "This e-mail address and password do not belong together. Check both,"
        " or reset your password."
    ),
    "incorrect_password": gettext_lazy("This is not your password. Check it."),
    "enter_current_password": gettext_lazy(
        "This is not the password you have now. Check it."
    ),
    "invalid_password_reset": gettext_lazy(
        "This link no longer works. Ask for a new one."
    ),
    "password_min_length": gettext_lazy("Use at least {0} characters."),
    "too_many_login_attempts": gettext_lazy(
        "Too many attempts. Wait a few minutes, then try again."
    ),
    "unknown_email": gettext_lazy("No account has this e-mail address. Check it."),
}


def password_hint() -> str:
    """What a new password has to be, in one sentence."""
    length = next(
        (
            validator.min_length
            for validator in get_default_password_validators()
            if isinstance(validator, MinimumLengthValidator)
        ),
        8,
    )
    return _(
        "Use %(length)d characters or more, for instance four words that do not"
        " belong together. Not your name, not a password that many people use."
    ) % {"length": length}
