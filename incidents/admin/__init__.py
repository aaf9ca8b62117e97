"""Incidents in Django admin: figures to look at, settings to keep, never a word of
a ticket."""

from incidents.admin import (  # noqa: F401 - they register
    acts,
    imports,
    incidents,
    settings,
)
