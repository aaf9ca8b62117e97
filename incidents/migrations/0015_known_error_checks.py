"""What was checked for known errors, and who was told a workaround anew."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0014_uses_append_only"),
        ("knowledgebase", "0004_two_people_publish"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KnownErrorCheck",
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
                    "shown",
                    models.PositiveSmallIntegerField(verbose_name="candidates shown"),
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
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "verbose_name": "check for known errors",
                "verbose_name_plural": "checks for known errors",
                "ordering": ["incident", "seq"],
            },
        ),
        migrations.CreateModel(
            name="CheckedCandidate",
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
                ("position", models.PositiveSmallIntegerField(verbose_name="place")),
                (
                    "score",
                    models.DecimalField(
                        decimal_places=3, max_digits=4, verbose_name="score"
                    ),
                ),
                (
                    "decided",
                    models.CharField(
                        choices=[("used", "Used here"), ("refused", "Not used")],
                        max_length=8,
                        verbose_name="decided",
                    ),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("other_symptom", "It is another symptom"),
                            ("already_tried", "It was tried already"),
                            ("not_applicable", "It does not apply here"),
                            ("not_safe", "It would not be safe here"),
                        ],
                        max_length=16,
                        verbose_name="refused because",
                    ),
                ),
                (
                    "use",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.knownerroruse",
                        verbose_name="use",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="knowledgebase.articleversion",
                        verbose_name="version",
                    ),
                ),
                (
                    "within",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="candidates",
                        to="incidents.knownerrorcheck",
                    ),
                ),
            ],
            options={
                "verbose_name": "checked candidate",
                "verbose_name_plural": "checked candidates",
                "ordering": ["within", "position"],
            },
        ),
        migrations.CreateModel(
            name="Retold",
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
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "former",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retold",
                        to="incidents.knownerroruse",
                        verbose_name="what they were told before",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retold",
                        to="incidents.incident",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="knowledgebase.articleversion",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "new workaround told",
                "verbose_name_plural": "new workarounds told",
                "ordering": ["incident", "seq"],
            },
        ),
        migrations.AddConstraint(
            model_name="knownerrorcheck",
            constraint=models.UniqueConstraint(
                fields=("incident", "seq"), name="known_error_check_event_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="knownerrorcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("shown__lte", 3)),
                name="known_error_check_is_bounded",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkedcandidate",
            constraint=models.UniqueConstraint(
                fields=("within", "position"), name="checked_candidate_place_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkedcandidate",
            constraint=models.UniqueConstraint(
                fields=("within", "version"), name="checked_candidate_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkedcandidate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided", "used"), ("refusal", ""), ("use__isnull", False)
                    ),
                    models.Q(
                        ("decided", "refused"),
                        (
                            "refusal__in",
                            [
                                "other_symptom",
                                "already_tried",
                                "not_applicable",
                                "not_safe",
                            ],
                        ),
                        ("use", None),
                    ),
                    _connector="OR",
                ),
                name="checked_candidate_is_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkedcandidate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("position__gte", 1), ("score__gte", 0), ("score__lte", 1)
                ),
                name="checked_candidate_has_score",
            ),
        ),
        migrations.AddConstraint(
            model_name="retold",
            constraint=models.UniqueConstraint(
                fields=("incident", "version"), name="retold_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="retold",
            constraint=models.UniqueConstraint(
                fields=("incident", "seq"), name="retold_event_once"
            ),
        ),
    ]
