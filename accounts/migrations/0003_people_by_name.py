"""People are found by any part of their name or address, and choose whether keys do
something.

``pg_trgm`` is a trusted extension: whoever may create in the database may add it.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_guards")]

    operations = [
        TrigramExtension(),
        migrations.AddField(
            "user",
            "uses_keys",
            models.BooleanField(default=True, verbose_name="single keys do something"),
        ),
        migrations.AddIndex(
            "user",
            GinIndex(
                fields=["name", "email"],
                opclasses=["gin_trgm_ops", "gin_trgm_ops"],
                name="user_by_part_of_name",
                fastupdate=False,
            ),
        ),
    ]
