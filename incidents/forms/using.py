"""One press about a known error: what is applied, and whether what was used helped."""

from django import forms

from incidents.codes import Outcome
from incidents.forms.versioned import VersionedForm

LARGEST_ID = 2**62


class ApplyForm(VersionedForm):
    """``use`` is the version of an article."""

    use = forms.IntegerField(min_value=1, max_value=LARGEST_ID)


class JudgeForm(VersionedForm):
    """``use`` is what was used before in this incident."""

    use = forms.IntegerField(min_value=1, max_value=LARGEST_ID)
    outcome = forms.ChoiceField(choices=Outcome.choices)
