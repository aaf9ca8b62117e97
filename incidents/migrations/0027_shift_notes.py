"""A word to those of a team who come next."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_people_by_name"),
        ("incidents", "0026_attention_guard"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ShiftNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "text",
                    models.TextField(blank=True, max_length=2000, verbose_name="text"),
                ),
                (
                    "submission",
                    models.UUIDField(editable=False, verbose_name="number of the form"),
                ),
                (
                    "redacted_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="redacted"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "redacted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="redacted by",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shift_notes",
                        to="accounts.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "word to the next shift",
                "verbose_name_plural": "words to the next shift",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ShiftNoteSeen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seen",
                        to="incidents.shiftnote",
                    ),
                ),
            ],
            options={
                "verbose_name": "word that was seen",
                "verbose_name_plural": "words that were seen",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="shiftnote",
            index=models.Index(fields=["team", "-at"], name="shift_note_of_team"),
        ),
        migrations.AddConstraint(
            model_name="shiftnote",
            constraint=models.UniqueConstraint(
                fields=("by", "submission"), name="shift_note_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="shiftnote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("redacted_at", None),
                        ("redacted_by", None),
                        ("text__regex", "\\S"),
                    ),
                    models.Q(
                        ("redacted_at__isnull", False),
                        ("redacted_by__isnull", False),
                        ("text", ""),
                    ),
                    _connector="OR",
                ),
                name="shift_note_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="shiftnoteseen",
            constraint=models.UniqueConstraint(
                fields=("note", "by"), name="shift_note_seen_once"
            ),
        ),
    ]
