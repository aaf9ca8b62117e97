"""Two calendars and a policy for each severity, in force until somebody changes them."""

from datetime import UTC, datetime, time

from django.conf import settings
from django.db import migrations

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
AROUND_THE_CLOCK = "Around the clock"
WORKING_HOURS = "Working hours"
HOUR = 60

# severity: calendar, response, resolution and update within so many working minutes
PROMISES = {
    1: (AROUND_THE_CLOCK, 15, 4 * HOUR, 30),
    2: (AROUND_THE_CLOCK, 30, 8 * HOUR, HOUR),
    3: (WORKING_HOURS, 2 * HOUR, 24 * HOUR, 8 * HOUR),
    4: (WORKING_HOURS, 8 * HOUR, 40 * HOUR, 16 * HOUR),
}
PAUSES = {
    AROUND_THE_CLOCK: [],
    WORKING_HOURS: ["awaiting_reporter", "awaiting_supplier"],
}


def fill(apps, schema_editor):
    user = apps.get_model("accounts", "User")
    system, _created = user.objects.get_or_create(
        is_system=True,
        defaults={
            "email": "system@servicedesk.invalid",
            "name": "Service desk (automatic)",
            "password": "!",
            "is_active": False,
        },
    )
    whole_day = (time(0), time(0))
    office_day = (time(8), time(17))
    calendars = {
        AROUND_THE_CLOCK: _calendar(
            apps, AROUND_THE_CLOCK, "UTC", dict.fromkeys(range(7), whole_day), system
        ),
        WORKING_HOURS: _calendar(
            apps,
            WORKING_HOURS,
            settings.TIME_ZONE,
            dict.fromkeys(range(5), office_day),
            system,
        ),
    }
    for severity in PROMISES:
        _policy(apps, severity, calendars, system)


def _calendar(apps, name, zone, shifts, by):
    calendar = apps.get_model("sla", "Calendar").objects.create(
        name=name, counts_days=name == WORKING_HOURS
    )
    version = apps.get_model("sla", "CalendarVersion").objects.create(
        calendar=calendar, number=1, zone=zone, effective_from=BEGINNING
    )
    for weekday, (opens, closes) in shifts.items():
        apps.get_model("sla", "Shift").objects.create(
            version=version, weekday=weekday, opens=opens, closes=closes
        )
    _publish(version, by)
    return calendar


def _policy(apps, severity, calendars, by):
    calendar, response, resolution, update = PROMISES[severity]
    name = f"SEV{severity}"
    policy = apps.get_model("sla", "Policy").objects.create(name=name)
    version = apps.get_model("sla", "PolicyVersion").objects.create(
        policy=policy,
        number=1,
        effective_from=BEGINNING,
        severity=severity,
        calendar=calendars[calendar],
        response_target=response,
        resolution_target=resolution,
        update_target=update,
        response_warnings=[75],
        resolution_warnings=[50, 75, 90],
        pauses_on=PAUSES[calendar],
        stops_at="resolved",
        on_change="retroactive",
        on_transfer="carry",
        on_tier_move="carry",
        on_reject="carry",
        on_reopen="new_cycle",
    )
    _publish(version, by)


def _publish(version, by):
    version.published_at = BEGINNING
    version.published_by = by
    version.save()


EMPTY = """
DELETE FROM sla_policyversion;
DELETE FROM sla_policy;
DELETE FROM sla_holiday;
DELETE FROM sla_shift;
DELETE FROM sla_calendarversion;
DELETE FROM sla_calendar;
"""


def empty(apps, schema_editor):
    schema_editor.execute(EMPTY)


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_calendars_and_policies")]

    operations = [migrations.RunPython(fill, empty)]
