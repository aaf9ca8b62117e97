"""Forms about an incident that somebody looked at."""

from typing import Any

from django import forms

from incidents.models import Incident


class VersionedForm(forms.Form):
    """Carries the version of the page it stood on, so that a stale one is refused.

    ``incident`` is the record that the view loaded; ``by`` the person.
    """

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, incident: Incident, by: Any, **kwargs: Any) -> None:
        self.incident = incident
        self.by = by
        given = kwargs.pop("initial", None) or {}
        kwargs["initial"] = {"version": incident.version, **given}
        super().__init__(*args, **kwargs)

    @property
    def expected_version(self) -> int:
        return int(self.cleaned_data["version"])
