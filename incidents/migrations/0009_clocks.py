"""What was promised for an incident, and how each promise stands."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0008_replay_guards"),
        ("sla", "0003_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Clock",
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
                    "metric",
                    models.CharField(
                        choices=[
                            ("response", "Response"),
                            ("resolution", "Resolution"),
                            ("update", "Update"),
                        ],
                        max_length=12,
                        verbose_name="promise",
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(verbose_name="cycle")),
                ("target", models.DurationField(null=True, verbose_name="target")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("paused", "Paused"),
                            ("met", "Met"),
                            ("missed", "Missed"),
                            ("cancelled", "Ended as cancelled"),
                            ("merged", "Ended as merged"),
                        ],
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("stopped_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                (
                    "breached_at",
                    models.DateTimeField(null=True, verbose_name="missed since"),
                ),
                ("elapsed", models.DurationField(verbose_name="time used")),
                (
                    "promised_seq",
                    models.PositiveIntegerField(verbose_name="promised since event"),
                ),
                (
                    "told",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="told at, per cent"
                    ),
                ),
                (
                    "tell_step",
                    models.PositiveSmallIntegerField(
                        null=True, verbose_name="told next at"
                    ),
                ),
                ("tell_at", models.DateTimeField(null=True, verbose_name="told next")),
                ("as_of", models.DateTimeField(verbose_name="as of")),
                ("kept_at", models.DateTimeField(verbose_name="read at")),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="incidents.incident",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sla.policyversion",
                        verbose_name="policy",
                    ),
                ),
            ],
            options={
                "verbose_name": "clock",
                "verbose_name_plural": "clocks",
                "ordering": ["incident", "metric", "cycle"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "running")),
                        fields=["due_at"],
                        name="clock_running_by_due",
                    ),
                    models.Index(
                        condition=models.Q(("tell_at__isnull", False)),
                        fields=["incident"],
                        name="clock_to_be_told",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "metric", "cycle"), name="clock_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("metric__in", ["response", "resolution", "update"]),
                            (
                                "state__in",
                                [
                                    "running",
                                    "paused",
                                    "met",
                                    "missed",
                                    "cancelled",
                                    "merged",
                                ],
                            ),
                        ),
                        name="clock_codes_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyMatch",
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
                ("why", models.JSONField(default=list, verbose_name="because of")),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="policy_matches",
                        to="incidents.incident",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sla.policyversion",
                        verbose_name="policy",
                    ),
                ),
            ],
            options={
                "verbose_name": "policy that matched",
                "verbose_name_plural": "policies that matched",
                "ordering": ["incident", "seq"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "seq"), name="policy_match_event_once"
                    )
                ],
            },
        ),
    ]
