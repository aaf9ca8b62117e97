"""Which record types have a history: events and timers may name no other."""

from django.db import migrations

SQL = """
CREATE TABLE activity_subject_type (
    code varchar(20) PRIMARY KEY,
    table_name text NOT NULL UNIQUE,
    initial_status text NOT NULL
);
CREATE TRIGGER subject_type_fixed BEFORE UPDATE OR DELETE ON activity_subject_type
    FOR EACH ROW EXECUTE FUNCTION refuse_change('subject_type_fixed');
CREATE TRIGGER subject_type_no_truncate BEFORE TRUNCATE ON activity_subject_type
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('subject_type_fixed');
ALTER TABLE activity_event ADD CONSTRAINT event_subject_type_known
    FOREIGN KEY (subject_type) REFERENCES activity_subject_type (code);
ALTER TABLE activity_timer ADD CONSTRAINT timer_subject_type_known
    FOREIGN KEY (subject_type) REFERENCES activity_subject_type (code);
"""

REVERSE_SQL = """
ALTER TABLE activity_timer DROP CONSTRAINT timer_subject_type_known;
ALTER TABLE activity_event DROP CONSTRAINT event_subject_type_known;
DROP TABLE activity_subject_type;
"""


class Migration(migrations.Migration):
    dependencies = [("activity", "0001_history"), ("accounts", "0002_guards")]

    operations = [migrations.RunSQL(SQL, REVERSE_SQL)]
