"""A message that nobody needs any more stays here, and is on record."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activity", "0008_digest_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_gathered_or_single",
        ),
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("gathered", "In a digest"),
                    ("sent", "Sent"),
                    ("failed", "Failed for good"),
                    ("dropped", "No longer needed"),
                ],
                default="waiting",
                max_length=8,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("sent_at", None),
                        ("state__in", ["waiting", "gathered", "failed", "dropped"]),
                    ),
                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                    _connector="OR",
                ),
                name="delivery_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("digest", None), models.Q(("state", "gathered"), _negated=True)
                    ),
                    models.Q(
                        ("digest__isnull", False),
                        ("is_digest", False),
                        ("may_wait", True),
                        ("state__in", ["gathered", "sent", "failed", "dropped"]),
                        ("tries", 0),
                    ),
                    _connector="OR",
                ),
                name="delivery_gathered_or_single",
            ),
        ),
    ]
