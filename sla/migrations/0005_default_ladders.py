"""A ladder for each of the policies of the installation, until somebody changes it."""

from django.db import migrations

# severities: minutes to answer within, and the rungs in their order
LADDERS = {
    (1, 2): (
        15,
        (
            {"trigger": "complaint", "tells": "desk_owner"},
            {"trigger": "by_hand", "tells": "team_lead"},
            {"trigger": "resolution_percent", "percent": 75, "tells": "team_lead"},
            {"trigger": "bounces", "count": 3, "tells": "desk_lead"},
            {"trigger": "breach", "tells": "team_manager"},
            {"trigger": "unacknowledged", "tells": "desk_lead"},
            {"trigger": "unacknowledged", "tells": "commander"},
        ),
    ),
    (3, 4): (
        60,
        (
            {"trigger": "complaint", "tells": "desk_owner"},
            {"trigger": "by_hand", "tells": "team_lead"},
            {"trigger": "resolution_percent", "percent": 75, "tells": "team_lead"},
            {"trigger": "bounces", "count": 3, "tells": "desk_lead"},
            {"trigger": "breach", "tells": "team_manager"},
            {"trigger": "unacknowledged", "tells": "desk_lead"},
        ),
    ),
}


def fill(apps, schema_editor):
    """Before the guard of rungs stands: these versions are published."""
    found = apps.get_model("sla", "PolicyVersion").objects.filter(
        number=1, policy__name__in=["SEV1", "SEV2", "SEV3", "SEV4"]
    )
    for version in found.exclude(severity=None):
        add_ladder(apps, version)


def add_ladder(apps, version):
    rungs = apps.get_model("sla", "Rung").objects
    for severities, (minutes, ladder) in LADDERS.items():
        if version.severity in severities:
            for position, rung in enumerate(ladder, 1):
                rungs.create(
                    version=version,
                    position=position,
                    acknowledge_within=minutes,
                    **rung,
                )


def empty(apps, schema_editor):
    apps.get_model("sla", "Rung").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("sla", "0004_rungs")]

    operations = [migrations.RunPython(fill, empty)]
