"""The search page in every state."""

from incidents.models import Incident
from tests.browser.sheets import LONG, Sheet
from tests.browser.sheets_knowledge import shelf
from tests.incidents import stories
from tests.people import Cast


def everything(cast: Cast) -> None:
    """Articles, and tickets with the longest words."""
    shelf(cast)
    for number in range(8):
        stories.reported(cast, title=f"Printer {number} prints {LONG} {LONG}")
    stories.in_progress(cast, title="Printer on the second floor")
    Incident.objects.filter(title__startswith="Printer 3").update(people_affected=3)


FULL = [
    Sheet("search-empty", "/search/", "ann"),
    Sheet("search-empty-agent", "/search/", "bo"),
    Sheet("search-found", "/search/?q=printer", "ann"),
    Sheet("search-found-agent", "/search/?q=printer", "bo"),
    Sheet("search-found-people", "/search/?q=berg", "ned"),
    Sheet("search-misspelt", "/search/?q=pritner", "ann"),
    Sheet("search-misspelt-listed", "/knowledge/?q=pritner", "ann"),
    Sheet("search-all-tickets", "/search/?q=printer&in=tickets", "bo"),
    Sheet("search-nothing", f"/search/?q={LONG}", "ann"),
    Sheet("search-nothing-agent", f"/search/?q={LONG}", "bo"),
    Sheet("search-too-long", f"/search/?q={LONG * 5}", "ann"),
]
