"""How a view acts on a valid form when the service may still say no to the input."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

Result = TypeVar("Result")


def done(form: forms.BaseForm, act: Callable[[], Any]) -> bool:
    """Call ``act`` and say whether it was accepted. See ``result_of``."""
    return result_of(form, lambda: (act(),)) is not None


def result_of(form: forms.BaseForm, act: Callable[[], Result]) -> Result | None:
    """Call ``act`` and return what it returns, ``None`` if the input was refused.

    What the service says against the input lands beside the fields of the form, so
    that it is shown again with everything that was typed. An error of a field that
    the form does not have goes to the summary. Refusals (``Conflict``,
    ``NotAllowed``) rise.
    """
    try:
        return act()
    except ValidationError as error:
        for name, errors in _by_field(error).items():
            form.add_error(name if name in form.fields else None, errors)
        return None


def _by_field(error: ValidationError) -> dict[str, list[ValidationError]]:
    if hasattr(error, "error_dict"):
        return dict(error.error_dict)
    return {NON_FIELD_ERRORS: error.error_list}
