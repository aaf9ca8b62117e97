"""What is brought in from other systems, and what of it was not taken."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_guards"),
        ("catalogue", "0002_guards"),
        ("incidents", "0006_fixed_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportedIncident",
            fields=[
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="imported",
                        serialize=False,
                        to="incidents.incident",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("servicenow", "ServiceNow"), ("vinst", "VINST")],
                        max_length=20,
                        verbose_name="system",
                    ),
                ),
                (
                    "number",
                    models.CharField(max_length=40, verbose_name="number there"),
                ),
                (
                    "state",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="last state there"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.team",
                        verbose_name="last team there",
                    ),
                ),
                (
                    "last_at",
                    models.DateTimeField(null=True, verbose_name="last change there"),
                ),
                ("counters", models.JSONField(default=dict, verbose_name="counters")),
                (
                    "extras_digest",
                    models.CharField(blank=True, editable=False, max_length=64),
                ),
            ],
            options={
                "verbose_name": "imported incident",
                "verbose_name_plural": "imported incidents",
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
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
                    "source",
                    models.CharField(
                        choices=[("servicenow", "ServiceNow"), ("vinst", "VINST")],
                        editable=False,
                        max_length=20,
                        verbose_name="system",
                    ),
                ),
                (
                    "file_name",
                    models.CharField(
                        editable=False, max_length=255, verbose_name="file"
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        editable=False,
                        max_length=64,
                        verbose_name="SHA-256 of the file",
                    ),
                ),
                (
                    "options",
                    models.JSONField(
                        default=dict, editable=False, verbose_name="options"
                    ),
                ),
                (
                    "rows",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="rows"
                    ),
                ),
                (
                    "position",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="rows done"
                    ),
                ),
                (
                    "taken",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="taken"
                    ),
                ),
                (
                    "refused",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="not taken"
                    ),
                ),
                (
                    "incidents",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="new incidents"
                    ),
                ),
                (
                    "moves",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="changes of state"
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(editable=False, verbose_name="started"),
                ),
                (
                    "finished_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="finished"
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-started_at"],
            },
        ),
        migrations.CreateModel(
            name="RefusedRow",
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
                ("line", models.PositiveIntegerField(verbose_name="line")),
                (
                    "number",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="number there"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("fields", "It does not have one value for each column."),
                            (
                                "number",
                                "It has no number of an incident, or one that is too long.",
                            ),
                            (
                                "time",
                                "Its time, or the time of the report, is missing or no time.",
                            ),
                            ("state", "Its state is not in the table of states."),
                            ("value", "A value is not in the table of its column."),
                            ("repeated", "The very same row was taken already."),
                            (
                                "late",
                                "A later row of the same incident was taken by an earlier import.",
                            ),
                            (
                                "worked",
                                "People have worked on the incident here since.",
                            ),
                            ("guard", "The database refused it."),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                (
                    "detail",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="what was found"
                    ),
                ),
            ],
            options={
                "verbose_name": "row not taken",
                "verbose_name_plural": "rows not taken",
                "ordering": ["run", "line"],
            },
        ),
        migrations.AlterField(
            model_name="resolution",
            name="code",
            field=models.CharField(
                choices=[
                    ("fixed", "Fixed for good"),
                    ("workaround", "Workaround in place"),
                    ("advice", "Advice or instruction given"),
                    ("request_fulfilled", "Request fulfilled"),
                    ("not_reproducible", "Could not be reproduced"),
                    ("by_reporter", "Works again, says the reporter"),
                    ("imported", "Solved in another system"),
                ],
                max_length=20,
                verbose_name="code",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.UniqueConstraint(
                fields=("source", "digest"), name="import_file_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["servicenow", "vinst"])),
                name="import_source_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("position__lte", models.F("rows")),
                    (
                        "position",
                        django.db.models.expressions.CombinedExpression(
                            models.F("taken"), "+", models.F("refused")
                        ),
                    ),
                ),
                name="import_counts_every_row",
            ),
        ),
        migrations.AddField(
            model_name="importedincident",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="brought_in",
                to="incidents.importrun",
                verbose_name="import",
            ),
        ),
        migrations.AddField(
            model_name="refusedrow",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refusals",
                to="incidents.importrun",
                verbose_name="import",
            ),
        ),
        migrations.AddIndex(
            model_name="importedincident",
            index=models.Index(fields=["number"], name="imported_by_number"),
        ),
        migrations.AddConstraint(
            model_name="importedincident",
            constraint=models.UniqueConstraint(
                fields=("source", "number"), name="imported_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="importedincident",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["servicenow", "vinst"])),
                name="imported_source_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="refusedrow",
            constraint=models.UniqueConstraint(
                fields=("run", "line"), name="refused_row_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="refusedrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "reason__in",
                        [
                            "fields",
                            "number",
                            "time",
                            "state",
                            "value",
                            "repeated",
                            "late",
                            "worked",
                            "guard",
                        ],
                    )
                ),
                name="refused_row_reason_known",
            ),
        ),
    ]
