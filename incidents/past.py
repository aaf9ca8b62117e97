"""What past tickets said, by which the matcher tells common words from telling ones.

Only how often words occur is learnt; no text of a ticket is ever shown by it.
"""

from collections.abc import Iterator
from typing import Final

from incidents.models import Incident
from knowledgebase.matching import Asked

# Newest first: two thousand tell names from words (``docs/matching.md``).
MOST: Final = 2000


def past_tickets() -> Iterator[Asked]:
    newest = Incident.objects.order_by("-pk").values_list("title", "description")
    for title, description in newest[:MOST].iterator():
        yield Asked(subject=title, text=description)
