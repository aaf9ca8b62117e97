"""Status and version of an incident are what its events say, at every commit."""

from django.db import migrations

from activity.guards import guard_subject


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0002_severity_defaults"),
        ("activity", "0005_note_append_only"),
    ]

    operations = [
        guard_subject(
            subject_type="incident",
            table="incidents_incident",
            initial_status="new",
        )
    ]
