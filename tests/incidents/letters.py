"""What lies in the outbox, as a test asks for it."""

import re
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from activity.models import Delivery
from incidents.models import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message: to whom, about which kind of event, and its parts."""

    to: User
    kind: str
    subject: str
    text: str
    html: str

    def link(self, part: str) -> str:
        """The first whole address in the text that holds ``part``."""
        found: str = re.findall(rf"https?://\S*{part}\S*", self.text)[0]
        return found

    def path(self, part: str) -> str:
        """The same without the host."""
        return re.sub(r"^https?://[^/]+", "", self.link(part))


def post(incident: Incident, kind: str = "") -> list[Post]:
    """Everything queued about an incident, in the order it was queued."""
    rows = Delivery.objects.filter(
        event__subject_type="incident", event__subject_id=incident.pk
    )
    if kind:
        rows = rows.filter(event__kind=f"incident.{kind}")
    return [_opened(row) for row in rows.select_related("event").order_by("pk")]


def hear(incident: Incident, kind: str) -> dict[str, str]:
    """Who hears of an event of this kind, by first name, and under which subject
    line (without the reference)."""
    return {
        one.to.get_short_name(): one.subject.removesuffix(f" [{incident.reference}]")
        for one in post(incident, kind)
    }


def letter(incident: Incident, kind: str, to: User) -> Post:
    """The last one about this kind to this person."""
    return [one for one in post(incident, kind) if one.to == to][-1]


def _opened(row: Any) -> Post:
    envelope = row.envelope
    return Post(
        to=row.recipient,
        kind=row.event.kind,
        subject=envelope["subject"],
        text=envelope["text"],
        html=envelope["html"],
    )
