"""Status and version of an article are what its events say, at every commit."""

from django.db import migrations

from activity.guards import guard_subject


class Migration(migrations.Migration):
    dependencies = [
        ("knowledgebase", "0001_articles"),
        ("activity", "0005_note_append_only"),
    ]

    operations = [
        guard_subject(
            subject_type="article",
            table="knowledgebase_article",
            initial_status="draft",
        )
    ]
