"""The nine cells of the matrix and the four definitions, to be edited from here."""

from django.db import migrations

MATRIX = {
    (1, 1): 1,
    (1, 2): 2,
    (1, 3): 3,
    (2, 1): 2,
    (2, 2): 3,
    (2, 3): 4,
    (3, 1): 3,
    (3, 2): 4,
    (3, 3): 4,
}

LEVELS = {
    1: (
        "Work stops for everyone, at several sites or for customers.",
        "Patient records cannot be opened anywhere.\n"
        "The network of the whole site is down.\n"
        "Emergency calls do not go through.",
    ),
    2: (
        "A team or a site cannot work, or everyone is badly hindered.",
        "No computer on one ward starts.\n"
        "Laboratory results arrive an hour late for all clinics.",
    ),
    3: (
        "One person cannot work, or a team works around the trouble.",
        "Somebody cannot log in.\nThe ward prints on the printer next door.",
    ),
    4: (
        "Somebody is hindered a little, or it can wait.",
        "The screen flickers now and then.\nA program should be installed next week.",
    ),
}


def fill(apps, schema_editor):
    rule = apps.get_model("incidents", "SeverityRule")
    for (impact, urgency), severity in MATRIX.items():
        rule.objects.create(impact=impact, urgency=urgency, severity=severity)
    level = apps.get_model("incidents", "SeverityLevel")
    for severity, (definition, examples) in LEVELS.items():
        level.objects.create(
            severity=severity, definition=definition, examples=examples
        )


def empty(apps, schema_editor):
    apps.get_model("incidents", "SeverityRule").objects.all().delete()
    apps.get_model("incidents", "SeverityLevel").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_incidents")]

    operations = [migrations.RunPython(fill, empty)]
