"""What account messages say: who, what, one link, and what to do if it was not you."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string

CONTEXT: dict[str, Any] = {
    "user": SimpleNamespace(name="Ann O'Hara", get_short_name="Ann"),
    "password_reset_url": "https://desk.example.org/accounts/password/reset/key/1-a/",
    "timestamp": "6 March 2026",
    "ip": "192.0.2.1",
    "user_agent": "A & B",
}


def _message(name: str, kind: str = "message.txt") -> str:
    return render_to_string(f"account/email/{name}_{kind}", CONTEXT)


@pytest.mark.parametrize(
    "name", ["password_reset_key", "password_changed", "password_reset"]
)
def test_subject_is_one_line_and_the_text_greets(name: str) -> None:
    assert len(_message(name, "subject.txt").strip().splitlines()) == 1
    text = _message(name)
    assert text.startswith("Hello Ann,")
    assert "&" not in text.replace("A & B", "")
    assert not re.search(r"\n{4,}", text)


@pytest.mark.parametrize("kind", ["message.txt", "message.html"])
def test_reset_has_its_link_and_a_way_out(kind: str) -> None:
    message = _message("password_reset_key", kind)
    assert CONTEXT["password_reset_url"] in message
    assert "If you did not ask for it, do nothing" in message


def test_notice_says_where_it_came_from() -> None:
    text = _message("password_changed")
    assert "From: 192.0.2.1" in text
    assert "With: A & B" in text
