"""When the next promise of an incident is due, and the rank that reads it."""

from django.db import migrations, models
from django.db.models import F, Q

FROM_CLOCKS = """
UPDATE incidents_incident SET due_at = running.due_at
  FROM (SELECT incident_id, min(due_at) AS due_at FROM incidents_clock
         WHERE state = 'running' GROUP BY incident_id) running
 WHERE incidents_incident.id = running.incident_id AND running.due_at IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0010_clock_guards")]

    operations = [
        migrations.AddField(
            "incident",
            "due_at",
            models.DateTimeField(
                blank=True, null=True, verbose_name="next promise due"
            ),
        ),
        migrations.AddConstraint(
            "incident",
            models.CheckConstraint(
                condition=Q(due_at=None) | ~Q(status__in=["closed", "cancelled"]),
                name="incident_ended_has_nothing_due",
            ),
        ),
        migrations.RemoveIndex("incident", "incident_open_by_rank"),
        migrations.AddIndex(
            "incident",
            models.Index(
                F("severity"),
                F("due_at").asc(nulls_last=True),
                F("risk_count").desc(),
                F("people_affected").desc(nulls_last=True),
                F("reported_at"),
                F("id"),
                condition=Q(status__in=["new", "assigned", "in_progress", "on_hold"]),
                name="incident_open_by_rank",
            ),
        ),
        # Last: PostgreSQL alters no table whose deferred guards have not spoken yet.
        migrations.RunSQL(FROM_CLOCKS, migrations.RunSQL.noop),
    ]
