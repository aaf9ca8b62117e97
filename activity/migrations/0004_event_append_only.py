"""Events, and the record of lifted guards, are never changed and never removed."""

from django.db import migrations

SQL = """
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON activity_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change('event_append_only');
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON activity_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('event_append_only');
CREATE TRIGGER guardlift_append_only BEFORE UPDATE OR DELETE ON activity_guardlift
    FOR EACH ROW EXECUTE FUNCTION refuse_change('event_append_only');
CREATE TRIGGER guardlift_no_truncate BEFORE TRUNCATE ON activity_guardlift
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('event_append_only');
"""

REVERSE_SQL = """
DROP TRIGGER guardlift_no_truncate ON activity_guardlift;
DROP TRIGGER guardlift_append_only ON activity_guardlift;
DROP TRIGGER event_no_truncate ON activity_event;
DROP TRIGGER event_append_only ON activity_event;
"""


class Migration(migrations.Migration):
    dependencies = [("activity", "0003_event_chain")]

    operations = [migrations.RunSQL(SQL, REVERSE_SQL)]
