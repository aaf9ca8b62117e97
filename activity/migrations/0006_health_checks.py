"""What the watchdog found, jumps of the clock, and indexes for what it asks."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activity", "0005_note_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Check",
            fields=[
                (
                    "name",
                    models.CharField(
                        max_length=40,
                        primary_key=True,
                        serialize=False,
                        verbose_name="name",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ok", "All is well"),
                            ("bad", "Needs you"),
                            ("unknown", "Not known"),
                        ],
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("detail", models.JSONField(default=dict, verbose_name="figures")),
                ("since", models.DateTimeField(verbose_name="since")),
                ("looked_at", models.DateTimeField(verbose_name="looked at")),
            ],
            options={
                "verbose_name": "check",
                "verbose_name_plural": "checks",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="ClockJump",
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
                ("seen_at", models.DateTimeField(verbose_name="seen")),
                ("seconds", models.FloatField(verbose_name="seconds ahead")),
                (
                    "released_at",
                    models.DateTimeField(null=True, verbose_name="released"),
                ),
            ],
            options={
                "verbose_name": "jump of the clock",
                "verbose_name_plural": "jumps of the clock",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "failed")),
                fields=["handed_over_at"],
                name="delivery_failed",
            ),
        ),
        migrations.AddIndex(
            model_name="timer",
            index=models.Index(
                condition=models.Q(("state", "fired")),
                fields=["finished_at"],
                name="timer_fired_at",
            ),
        ),
        migrations.AddIndex(
            model_name="timer",
            index=models.Index(
                condition=models.Q(("state", "dead")),
                fields=["finished_at"],
                name="timer_dead",
            ),
        ),
        migrations.AddConstraint(
            model_name="check",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["ok", "bad", "unknown"])),
                name="check_state_known",
            ),
        ),
        migrations.AddField(
            model_name="clockjump",
            name="released_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="released by",
            ),
        ),
        migrations.AddConstraint(
            model_name="clockjump",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("released_at", None), ("released_by", None)),
                    models.Q(
                        ("released_at__isnull", False), ("released_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="clock_jump_released_by_somebody",
            ),
        ),
    ]
