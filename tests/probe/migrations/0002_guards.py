from django.db import migrations

from activity.guards import guard_subject


class Migration(migrations.Migration):
    dependencies = [("probe", "0001_probe"), ("activity", "0005_note_append_only")]

    operations = [
        guard_subject(subject_type="probe", table="probe_probe", initial_status="draft")
    ]
