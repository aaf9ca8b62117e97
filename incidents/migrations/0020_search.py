"""Incidents are found by the words of their subject and their report."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


def filled_in(sql, row):
    vectors = [
        f"setweight(to_tsvector('pg_catalog.{language}', {row}.{name}), '{weight}')"
        for name, weight in (("title", "A"), ("description", "B"))
        for language in ("english", "german", "simple")
    ]
    return sql.replace("{words}", " || ".join(vectors))


FOLLOW = """
CREATE OR REPLACE FUNCTION incident_words_follow() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO incidents_words (incident_id, title, search)
    VALUES (NEW.id, NEW.title, {words})
    ON CONFLICT (incident_id) DO UPDATE
       SET title = EXCLUDED.title, search = EXCLUDED.search;
    RETURN NULL;
END $$;
CREATE TRIGGER incident_words_begin AFTER INSERT ON incidents_incident
    FOR EACH ROW EXECUTE FUNCTION incident_words_follow();
CREATE TRIGGER incident_words_follow AFTER UPDATE ON incidents_incident
    FOR EACH ROW WHEN ((OLD.title, OLD.description)
                       IS DISTINCT FROM (NEW.title, NEW.description))
    EXECUTE FUNCTION incident_words_follow();
"""

FOLLOW_REVERSE = """
DROP TRIGGER incident_words_follow ON incidents_incident;
DROP TRIGGER incident_words_begin ON incidents_incident;
DROP FUNCTION incident_words_follow();
"""

FILL = """
INSERT INTO incidents_words (incident_id, title, search)
SELECT incident.id, incident.title, {words}
  FROM incidents_incident incident;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0019_portal_guards"),
        ("accounts", "0003_people_by_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="Words",
            fields=[
                (
                    "incident",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="incidents.incident",
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="subject")),
                ("search", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "verbose_name": "words of an incident",
                "verbose_name_plural": "words of incidents",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search"], name="incident_words", fastupdate=False
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["title"],
                        opclasses=["gin_trgm_ops"],
                        name="incident_words_alike",
                        fastupdate=False,
                    ),
                ],
            },
        ),
        migrations.RunSQL(filled_in(FOLLOW, "NEW"), FOLLOW_REVERSE),
        migrations.RunSQL(filled_in(FILL, "incident"), migrations.RunSQL.noop),
    ]
