"""What is typed into the search box."""

from django import forms
from django.utils.translation import gettext_lazy

from knowledgebase.typed import LONGEST_QUERY


class SearchForm(forms.Form):
    """Unbound while nothing is typed: that is no mistake."""

    use_required_attribute = False

    q = forms.CharField(
        label=gettext_lazy("Words, an error code or a number"),
        max_length=LONGEST_QUERY,
        error_messages={
            "max_length": gettext_lazy("Use at most %(limit_value)d characters."),
        },
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def clean_q(self) -> str:
        return " ".join(self.cleaned_data["q"].split())
