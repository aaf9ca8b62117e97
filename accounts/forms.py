"""Forms about one's own account: the profile, and allauth's in our words."""

from functools import cache
from itertools import groupby
from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User, time_zones, validate_time_zone
from accounts.wording import LABELS, REQUIRED, password_hint

# The other names in the database of zones are old spellings of these.
REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)

Choice = tuple[str, str]


@cache
def time_zone_choices() -> list[Choice | tuple[str, list[Choice]]]:
    """Every time zone by region, as a person looks for it."""
    names = sorted(name for name in time_zones() if name.partition("/")[0] in REGIONS)
    groups: list[Choice | tuple[str, list[Choice]]] = [("UTC", "UTC")]
    for region, members in groupby(names, key=lambda name: name.partition("/")[0]):
        cities = [
            (name, name.partition("/")[2].replace("_", " ").replace("/", ", "))
            for name in members
        ]
        groups.append((region, cities))
    return groups


class ProfileForm(forms.Form):
    """How a person is shown to others and how pages look to them."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=150,
        validators=User._meta.get_field("name").validators,
        help_text=gettext_lazy("As others shall read it next to what you write."),
        error_messages={"required": REQUIRED["name"]},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        validators=[validate_time_zone],
        help_text=gettext_lazy("Every time you read here is shown in it."),
        widget=forms.Select(),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=lambda: settings.LANGUAGES
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Appearance"),
        choices=User.Theme.choices,
        widget=forms.RadioSelect(),
    )
    uses_keys = forms.BooleanField(
        label=gettext_lazy("The keys / and g go somewhere"),
        required=False,
        help_text=gettext_lazy(
            "Help says where. Take the tick away if you speak to your device, or press"
            " them by mistake."
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        fields = ("name", "time_zone", "language", "theme", "uses_keys")
        kwargs["initial"] = {field: getattr(user, field) for field in fields}
        super().__init__(*args, **kwargs)
        self.user = user
        zones = self.fields["time_zone"].widget
        zones.choices = time_zone_choices()
        if not _offers(user.time_zone):
            own = (user.time_zone, user.time_zone)
            zones.choices = [own, *time_zone_choices()]
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]

    def clean(self) -> dict[str, Any]:
        """Keep the language where there is none to choose."""
        cleaned: dict[str, Any] = super().clean() or {}
        return {"language": self.user.language, **cleaned}


def _offers(zone: str) -> bool:
    return zone == "UTC" or zone.partition("/")[0] in REGIONS


class InOurWords:
    """Labels, hints and errors of allauth's forms; nothing about what they do."""

    use_required_attribute = False
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)
            if name in REQUIRED:
                field.error_messages["required"] = REQUIRED[name]
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = _(
                    "Enter an address such as name@example.org."
                )
        if "password1" in self.fields:
            self.fields["password1"].help_text = password_hint()
        if "login" in self.fields:
            self.fields["login"].widget.attrs["autocomplete"] = "username"


class LogInForm(InOurWords, allauth_forms.LoginForm):
    pass


class ReauthenticateForm(InOurWords, allauth_forms.ReauthenticateForm):
    pass


class ChangePasswordForm(InOurWords, allauth_forms.ChangePasswordForm):
    pass


class ResetPasswordForm(InOurWords, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(InOurWords, allauth_forms.ResetPasswordKeyForm):
    pass
