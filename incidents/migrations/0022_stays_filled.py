"""What is here already: the stays of its teams, read from its events.

Older events did not say which team gets what comes back. Where the reading differs
from the incident, the team that has it now is what counts.
"""

from django.db import migrations

from incidents.tiers.stays import CONCERNED, stays_of

AT_ONCE = 500


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
        own = [
            stay_model(
                incident_id=incident.pk,
                **{name: getattr(stay, name) for name in stay.__slots__},
            )
            for stay in stays_of(told[incident.pk], tiers)
        ]
        if own and own[-1].left_seq is None:
            own[-1].team_id = incident.team_id
            own[-1].tier = tiers[incident.team_id]
        rows += own
    stay_model.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0021_tier_stays"),
        ("activity", "0006_health_checks"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
