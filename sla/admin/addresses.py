"""Where the pages about calendars and policies are."""

from typing import Any, Final

from django.urls import reverse

DEADLINE: Final = "admin:sla_deadline"


def page_of(record: Any) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])


def deadline_of(version: Any) -> str:
    """Where this version of a policy or a calendar is asked about."""
    named = version._meta.model_name.removesuffix("version")
    return reverse(DEADLINE, query={"of": named, "version": version.pk})
