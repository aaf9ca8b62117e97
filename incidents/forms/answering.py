"""What a confirmer answers outside the portal: by a link, or after log-in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.doubt import is_doubtful
from incidents.forms.helped import AsksConfirmer
from incidents.forms.portal import PortalForm, TextField


class WorksForm(AsksConfirmer, PortalForm):
    """Yes, it works. ``is_sure`` comes from the page that asked a second time."""

    message = TextField(
        label=_("Anything to add?"), widget=forms.Textarea(attrs={"rows": 2})
    )
    is_sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @property
    def is_in_doubt(self) -> bool:
        """Valid, but the remark says something else than *yes*."""
        message = self.cleaned_data["message"]
        return not self.cleaned_data["is_sure"] and is_doubtful(message)


class FailsForm(AsksConfirmer, PortalForm):
    """No, it does not."""

    complaint = TextField(
        label=_("What still goes wrong?"),
        empty=_("Tell us what still goes wrong."),
        help_text=_("It goes back to the people who worked on it."),
    )


class AboutOne(forms.Form):
    """One question of a page with several: which solution of which incident. *Yes*
    needs no more."""

    incident = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    resolution = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class AskedFailsForm(AboutOne, FailsForm):
    """No, with what still goes wrong."""
