"""Reports that an article made needless."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0017_announcements"),
        ("knowledgebase", "0004_two_people_publish"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Deflection",
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
                ("letters", models.PositiveIntegerField(verbose_name="letters typed")),
                ("submission", models.UUIDField(verbose_name="number of the form")),
                (
                    "taken_back_at",
                    models.DateTimeField(null=True, verbose_name="taken back"),
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
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deflections",
                        to="knowledgebase.articleversion",
                        verbose_name="version of the article",
                    ),
                ),
            ],
            options={
                "verbose_name": "deflection",
                "verbose_name_plural": "deflections",
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["version", "at"], name="deflection_by_version")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at", None)),
                        fields=("by", "submission", "version"),
                        name="deflection_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_back_at", None),
                            ("taken_back_at__gte", models.F("at")),
                            _connector="OR",
                        ),
                        name="deflection_taken_back_later",
                    ),
                ],
            },
        ),
    ]
