"""Which team had an incident from when to when, what it was told, and how far up it is looked
at."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_assignment"),
        ("catalogue", "0002_guards"),
        ("incidents", "0020_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HandOver",
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
            ],
            options={
                "verbose_name": "hand-over",
                "verbose_name_plural": "hand-overs",
                "ordering": ["incident", "seq"],
            },
        ),
        migrations.CreateModel(
            name="TierStay",
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
                    "tier",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "L1 – service desk"),
                            (2, "L2 – specialists"),
                            (3, "L3 – engineering, suppliers"),
                        ],
                        verbose_name="tier",
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("report", "Reported"),
                            ("triage", "Triaged"),
                            ("transfer", "Transferred"),
                            ("escalate", "Escalated"),
                            ("hand_back", "Handed back"),
                            ("resolve", "Resolved"),
                            ("works_again", "Works again, says the reporter"),
                            ("reject", "Resolution rejected"),
                            ("reopen", "Reopened"),
                            ("replay", "Brought in from another system"),
                        ],
                        max_length=12,
                        verbose_name="because",
                    ),
                ),
                (
                    "entered_seq",
                    models.PositiveIntegerField(verbose_name="number of the event"),
                ),
                ("entered_at", models.DateTimeField(verbose_name="entered")),
                ("after_seq", models.PositiveIntegerField(editable=False, null=True)),
                ("after_at", models.DateTimeField(editable=False, null=True)),
                ("left_seq", models.PositiveIntegerField(null=True)),
                ("left_at", models.DateTimeField(null=True, verbose_name="left")),
            ],
            options={
                "verbose_name": "stay",
                "verbose_name_plural": "stays",
                "ordering": ["incident_id", "entered_seq"],
            },
        ),
        migrations.AddField(
            model_name="incident",
            name="attention",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, verbose_name="attention from above"
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("attention__in", [0, 1, 2, 3])),
                name="incident_attention_known",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="check_made",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="incidents.knownerrorcheck",
                verbose_name="check for known errors",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handovers",
                to="incidents.incident",
            ),
        ),
        migrations.AddField(
            model_name="tierstay",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stays",
                to="incidents.incident",
            ),
        ),
        migrations.AddField(
            model_name="tierstay",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stays",
                to="accounts.team",
                verbose_name="team",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="stay",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="hand_over",
                to="incidents.tierstay",
                verbose_name="stay",
            ),
        ),
        migrations.AddIndex(
            model_name="tierstay",
            index=models.Index(
                condition=models.Q(("left_seq", None)),
                fields=["team", "entered_at"],
                name="tier_stay_open_by_team",
            ),
        ),
        migrations.AddIndex(
            model_name="tierstay",
            index=models.Index(fields=["team", "incident"], name="tier_stay_by_team"),
        ),
        migrations.AddConstraint(
            model_name="tierstay",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_seq", None)),
                fields=("incident",),
                name="tier_stay_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="tierstay",
            constraint=models.UniqueConstraint(
                condition=models.Q(("after_seq", None)),
                fields=("incident",),
                name="tier_stay_one_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="tierstay",
            constraint=models.UniqueConstraint(
                fields=("incident", "left_seq"), name="tier_stay_one_left"
            ),
        ),
        migrations.AddConstraint(
            model_name="tierstay",
            constraint=models.UniqueConstraint(
                fields=("incident", "after_seq"), name="tier_stay_one_next"
            ),
        ),
        migrations.AddConstraint(
            model_name="tierstay",
            constraint=models.UniqueConstraint(
                fields=("incident", "left_seq", "left_at"), name="tier_stay_seam"
            ),
        ),
        migrations.AddConstraint(
            model_name="tierstay",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("after_at", None),
                        ("after_seq", None),
                        ("entered_seq", 1),
                        ("why", "report"),
                    ),
                    models.Q(
                        models.Q(("why", "report"), _negated=True),
                        models.Q(
                            models.Q(
                                ("after_at", models.F("entered_at")),
                                ("after_seq", models.F("entered_seq")),
                            ),
                            models.Q(
                                ("after_at__lte", models.F("entered_at")),
                                ("after_seq__lt", models.F("entered_seq")),
                                ("why__in", ["reopen", "replay"]),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="tier_stay_follows",
            ),
        ),
        migrations.AddConstraint(
            model_name="tierstay",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("left_at", None), ("left_seq", None)),
                    models.Q(
                        ("left_at__gte", models.F("entered_at")),
                        ("left_seq__gt", models.F("entered_seq")),
                    ),
                    _connector="OR",
                ),
                name="tier_stay_leaves_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="tierstay",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("tier__in", [1, 2, 3]),
                    (
                        "why__in",
                        [
                            "report",
                            "triage",
                            "transfer",
                            "escalate",
                            "hand_back",
                            "resolve",
                            "works_again",
                            "reject",
                            "reopen",
                            "replay",
                        ],
                    ),
                ),
                name="tier_stay_codes_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                fields=("incident", "seq"), name="hand_over_event_once"
            ),
        ),
    ]
