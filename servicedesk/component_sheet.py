"""Every component in every state on one page: to look at, and for the axe tests."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

CHOICES = [
    ("high", "I cannot work at all"),
    ("medium", "I can work, but slowly or with a workaround"),
    ("low", "It is a small annoyance"),
]


class SampleForm(forms.Form):
    """One field of each kind."""

    use_required_attribute = False

    text = forms.CharField(
        label="What is going wrong?",
        help_text="In your own words. We read the rest from your session.",
        error_messages={"required": "Tell us what is going wrong."},
    )
    details = forms.CharField(label="Details", widget=forms.Textarea, required=False)
    place = forms.ChoiceField(
        label="Where are you?",
        choices=[("", "Choose a place"), ("lyon", "Lyon"), ("oslo", "Oslo")],
        error_messages={"required": "Choose where you are."},
    )
    effect = forms.ChoiceField(
        label="How is it affecting your work?",
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it affects your work."},
    )
    picture = forms.FileField(
        label="Screenshot or file", required=False, help_text="Up to 10 MB."
    )
    news = forms.BooleanField(label="Send me news by e-mail", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effect"].look = "cards"  # type: ignore[attr-defined]


STATUSES = [
    ("new", "New"),
    ("progress", "In progress"),
    ("waiting", "Waiting for reporter"),
    ("hold", "On hold"),
    ("resolved", "Resolved"),
    ("closed", "Closed"),
]
CLOCKS = [
    ("on-track", "5 h 40 m left", 71),
    ("soon", "52 m left", 22),
    ("urgent", "18 m left", 8),
    ("overdue", "1 h 12 m overdue", 0),
    ("paused", "Paused · waiting for reporter", 45),
    ("met", "Met, 2 h early", None),
    ("missed", "Missed by 12 m", None),
]
TICKETS = [
    ("INC-14820", "Payments time out in Lyon", CLOCKS[3], 1, STATUSES[1], "Priya Nair"),
    ("INC-14817", "VPN drops every few minutes", CLOCKS[2], 2, STATUSES[0], ""),
    ("INC-14811", "Label printer prints blank", CLOCKS[1], 3, STATUSES[2], "Bo Berg"),
    ("INC-14809", "Second monitor stays dark", CLOCKS[0], 4, STATUSES[3], "Cy Cole"),
]


@require_safe
@login_not_required
def components(request: HttpRequest) -> HttpResponse:
    """The sheet, where people develop or demonstrate; elsewhere it does not exist."""
    if not (settings.DEBUG or settings.DEMONSTRATION):
        raise Http404
    paginator = Paginator(range(1318), 50)
    context = {
        "sample": SampleForm(prefix="sample"),
        "wrong": SampleForm({}, prefix="wrong"),
        "statuses": STATUSES,
        "clocks": CLOCKS,
        "priorities": [1, 2, 3, 4],
        "tickets": TICKETS,
        "page_obj": paginator.page(4),
        "page_numbers": list(paginator.get_elided_page_range(4, on_each_side=1)),
        "day": datetime(2026, 3, 6, 14, 20, tzinfo=UTC),
        "people": [{"name": "Priya Nair"}, {"name": "Bo Berg"}],
        "demo_logins": [
            {"role": "Reporter", "email": "ann@example.org"},
            {"role": "Service desk agent", "email": "bo@example.org"},
        ],
        "demo_password": "correct horse battery staple",
    }
    return render(request, "components.html", context)
