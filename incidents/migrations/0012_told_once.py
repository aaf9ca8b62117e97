"""What people were told of a clock, they were told once."""

from django.db import migrations

ONCE = """
CREATE UNIQUE INDEX incident_told_once ON activity_event (
    subject_id, (data ->> 'metric'), (data ->> 'cycle'), (data ->> 'promise'),
    (data ->> 'percent')
) WHERE kind IN ('incident.warn', 'incident.breach');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0011_next_due"),
        ("activity", "0006_health_checks"),
    ]

    operations = [migrations.RunSQL(ONCE, "DROP INDEX incident_told_once;")]
