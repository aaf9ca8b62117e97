"""What the desk tells everybody about an incident."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0002_guards"),
        ("incidents", "0016_checks_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Announcement",
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
                (
                    "seq",
                    models.PositiveIntegerField(verbose_name="number of the event"),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "title",
                    models.CharField(
                        max_length=120,
                        validators=[accounts.models.one_line],
                        verbose_name="what everybody reads",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True, max_length=600, verbose_name="more about it"
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                (
                    "end_seq",
                    models.PositiveIntegerField(
                        null=True, verbose_name="number of the last event"
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
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="announcements",
                        to="incidents.incident",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.service",
                        verbose_name="service",
                    ),
                ),
            ],
            options={
                "verbose_name": "announcement",
                "verbose_name_plural": "announcements",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("incident",),
                        name="announcement_one_active",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("end_seq", None),
                                ("ended_at", None),
                                ("ended_by", None),
                            ),
                            models.Q(
                                ("end_seq__gt", models.F("seq")),
                                ("ended_at__gte", models.F("at")),
                                ("ended_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="announcement_ends_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title__regex", "\\S")),
                        name="announcement_says_something",
                    ),
                ],
            },
        ),
    ]
