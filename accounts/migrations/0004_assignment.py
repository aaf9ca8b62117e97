"""A team may have what arrives given to its members."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_people_by_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="given_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="last given work"
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="assignment",
            field=models.CharField(
                choices=[
                    ("none", "Nobody: members take what waits"),
                    ("round_robin", "Each in turn"),
                    ("least_loaded", "Whoever has the fewest open ones"),
                ],
                default="none",
                help_text="A ticket that comes to the team is given to one of its members: in turn, or to whoever has the fewest open ones. Who is away is passed over. With nobody chosen, members take what waits.",
                max_length=12,
                verbose_name="who gets what arrives",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("assignment__in", ["none", "round_robin", "least_loaded"])
                ),
                name="team_assignment_known",
            ),
        ),
    ]
