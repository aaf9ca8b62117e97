"""How long a team may take for what comes to it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_assignment"),
        ("sla", "0006_rung_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="OperationalTarget",
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
                    "minutes",
                    models.PositiveIntegerField(
                        help_text="Only the working time of the calendar counts.",
                        verbose_name="minutes",
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        limit_choices_to={"is_active": True},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sla.calendar",
                        verbose_name="calendar",
                    ),
                ),
                (
                    "team",
                    models.OneToOneField(
                        error_messages={
                            "unique": "This team has a target already: change that."
                        },
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operational_target",
                        to="accounts.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "target of a team",
                "verbose_name_plural": "targets of teams",
                "ordering": ["team"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minutes__gte", 1), ("minutes__lte", 525600)
                        ),
                        name="operational_target_is_bounded",
                        violation_error_message="Enter 1 to 525,600 minutes.",
                    )
                ],
            },
        ),
    ]
