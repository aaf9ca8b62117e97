"""One look for every field, whoever lays the form out."""

import re

from crispy_forms.utils import render_crispy_form
from django.template.loader import render_to_string

from servicedesk.component_sheet import SampleForm

FIELD = re.compile(r'<div class="field(?: wrong)?">')


def test_crispy_layouts_use_the_same_field() -> None:
    plain, crispy = str(SampleForm({})), render_crispy_form(SampleForm({}))
    assert len(FIELD.findall(plain)) == len(FIELD.findall(crispy)) == 6
    for words in ("Tell us what is going wrong.", "In your own words."):
        assert plain.count(words) == crispy.count(words) == 1


def test_optional_fields_are_marked_and_no_other() -> None:
    page = str(SampleForm())
    assert page.count("(optional)") == 2, "details and picture; a tick needs no mark"
    assert "*" not in page
    assert " required" not in page


def test_errors_are_tied_to_their_controls() -> None:
    page = str(SampleForm({}))
    assert 'aria-describedby="id_text_helptext id_text_error"' in page
    assert 'id="id_text_helptext"' in page
    assert 'id="id_text_error"' in page
    assert page.count('aria-invalid="true"') >= 2


def test_summary_leads_to_the_first_choice_of_a_list() -> None:
    page = render_to_string("partials/_error_summary.html", {"form": SampleForm({})})
    assert 'href="#id_text"' in page
    assert 'href="#id_effect_0"' in page
    assert page.count("<li>") == 3
