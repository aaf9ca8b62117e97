"""The base of the forms that move an incident."""

from typing import Any

from django.http import QueryDict

from incidents.forms.versioned import VersionedForm


class MoveForm(VersionedForm):
    """Asks what one move needs. ``given`` is what its service wants by name.

    ``asked`` are values of the address, such as ``?move=resolve``.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, asked: QueryDict | None = None, **kwargs: Any):
        self.asked = asked or QueryDict()
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Fill in what can be chosen just now."""

    def given(self) -> dict[str, Any]:
        return {
            "expected_version": self.expected_version,
            **{name: self.cleaned_data[name] for name in self.own_fields()},
        }

    def own_fields(self) -> list[str]:
        return [name for name in self.fields if name != "version"]

    def typed(self) -> dict[str, Any]:
        """What was sent, as it was typed, to fill the form again without a word
        about what is missing."""
        return {
            name: field.widget.value_from_datadict(
                self.data, self.files, self.add_prefix(name)
            )
            for name, field in self.fields.items()
            if name != "version"
        }
