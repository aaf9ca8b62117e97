"""Searches that found nothing, counted without a person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("knowledgebase", "0005_trigrams"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchMiss",
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
                ("words", models.CharField(max_length=100, verbose_name="words")),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("everyone", "Everyone who logs in"),
                            ("staff", "Staff: everybody with a team or a role"),
                            ("agents", "Agents: service desk and resolvers"),
                        ],
                        max_length=10,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "count",
                    models.PositiveIntegerField(default=1, verbose_name="how often"),
                ),
                ("first_on", models.DateField(verbose_name="first")),
                ("last_on", models.DateField(verbose_name="last")),
                (
                    "mark",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("answered", "Answered by an article"),
                            ("dismissed", "Nothing to write about"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "marked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="marked"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="knowledgebase.article",
                        verbose_name="answered by",
                    ),
                ),
                (
                    "marked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="marked by",
                    ),
                ),
            ],
            options={
                "verbose_name": "search that found nothing",
                "verbose_name_plural": "searches that found nothing",
                "ordering": ["-count", "-last_on", "words"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("mark", "open")),
                        fields=["-count", "-last_on"],
                        name="search_miss_open",
                    ),
                    models.Index(fields=["last_on"], name="search_miss_by_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("words", "audience"), name="search_miss_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("audience__in", ["everyone", "staff", "agents"]),
                            ("mark__in", ["open", "answered", "dismissed"]),
                        ),
                        name="search_miss_codes_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("words", ""), _negated=True),
                            models.Q(("words__contains", "@"), _negated=True),
                            models.Q(("words__regex", "[0-9]{6}"), _negated=True),
                        ),
                        name="search_miss_names_nobody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("count__gte", 1), ("last_on__gte", models.F("first_on"))
                        ),
                        name="search_miss_counted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("article", None),
                                ("mark", "open"),
                                ("marked_at", None),
                                ("marked_by", None),
                            ),
                            models.Q(
                                ("article", None),
                                ("mark", "dismissed"),
                                ("marked_by__isnull", False),
                                ("marked_at__isnull", False),
                            ),
                            models.Q(
                                ("article__isnull", False),
                                ("mark", "answered"),
                                ("marked_by__isnull", False),
                                ("marked_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="search_miss_marked_by_somebody",
                    ),
                ],
            },
        ),
    ]
