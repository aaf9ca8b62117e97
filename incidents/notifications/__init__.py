"""Who hears of what happens to an incident, and in which words.

Every kind of event is either in ``TOLD`` or in ``SILENT``; a test enforces that.
"""

from incidents.notifications.listeners import SILENT, TOLD, register

__all__ = ["SILENT", "TOLD", "register"]
