"""What is here already: the stays of its teams, read from its events.

Older events did not say which team gets what comes back. Where the reading differs
from the incident, the team that has it now is what counts. The reading is that of the
day on which stays began, and stays so whatever the product makes of events later.
"""

from django.db import migrations

AT_ONCE = 500
SOLVED_BY = ("resolve", "works_again")
BEGINNINGS = (
    "report",
    "triage",
    "transfer",
    "escalate",
    "hand_back",
    *SOLVED_BY,
    "reject",
    "reopen",
)
ENDINGS = ("close", "cancel")
ENDED = ("closed", "cancelled")
CONCERNED = [f"incident.{verb}" for verb in (*BEGINNINGS, *ENDINGS, "replay")]


def fill(apps, schema_editor):
    incidents = apps.get_model("incidents", "Incident").objects
    teams = apps.get_model("accounts", "Team").objects
    tiers = dict(teams.values_list("pk", "tier"))
    last = 0
    while found := list(incidents.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        _fill(apps, found, tiers)
        last = found[-1].pk


def _fill(apps, found, tiers):
    events = apps.get_model("activity", "Event").objects
    stay_model = apps.get_model("incidents", "TierStay")
    told = {incident.pk: [] for incident in found}
    ours = events.filter(
        subject_type="incident", subject_id__in=told, kind__in=CONCERNED
    )
    for event in ours.order_by("subject_id", "seq"):
        told[event.subject_id].append(event)
    rows = []
    for incident in found:
        fold = Fold(tiers)
        for event in told[incident.pk]:
            fold.take(event)
        own = [stay_model(incident_id=incident.pk, **stay) for stay in fold.stays]
        if own and own[-1].left_seq is None:
            own[-1].team_id = incident.team_id
            own[-1].tier = tiers[incident.team_id]
        rows += own
    stay_model.objects.bulk_create(rows)


class Fold:
    """The stays so far, oldest first, as fields of their rows."""

    def __init__(self, tiers):
        self.tiers, self.stays = tiers, []
        self.team = self.desk = self.solver = 0

    def take(self, event):
        verb = event.kind.removeprefix("incident.")
        if verb in ENDINGS:
            self._leave(event)
        elif verb == "replay":
            self._replay(event)
        else:
            self._begin(event, verb)

    @property
    def _is_open(self):
        return bool(self.stays) and self.stays[-1]["left_seq"] is None

    def _begin(self, event, why):
        team = self._receiver(event, why)
        if why == "triage" and team == self.team:
            return
        if self.tiers[team] == 1:
            self.desk = team
        self._enter(team, why, event)

    def _receiver(self, event, why):
        given = event.data.get("team")
        if why in SOLVED_BY:
            self.solver = given or self.team
            return event.data.get("desk") or self.desk
        return given or self.solver or self.team

    def _replay(self, event):
        team = event.data.get("team") or self.team
        is_handed_on, self.team = team != self.team, team
        if event.to_status in ENDED:
            self._leave(event)
        elif is_handed_on if self._is_open else event.to_status is not None:
            self._enter(team, "replay", event)

    def _leave(self, event):
        if self._is_open:
            last = self.stays[-1]
            last["left_seq"] = event.seq
            last["left_at"] = max(event.at, last["entered_at"])

    def _enter(self, team, why, event):
        self._leave(event)
        before = self.stays[-1] if self.stays else {}
        after_at = before.get("left_at")
        self.team = team
        stay = {
            "team_id": team,
            "tier": self.tiers[team],
            "why": why,
            "entered_seq": event.seq,
            "entered_at": max(event.at, after_at or event.at),
            "after_seq": before.get("left_seq"),
            "after_at": after_at,
            "left_seq": None,
            "left_at": None,
        }
        self.stays.append(stay)


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0021_tier_stays"),
        ("activity", "0006_health_checks"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
