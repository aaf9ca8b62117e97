from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SlaConfig(AppConfig):
    name = "sla"
    verbose_name = _("Service levels")
    guards = [
        (f"sla_{kind}version", f"{kind}_version_{rule}")
        for kind in ("calendar", "policy")
        for rule in (
            "number_follows",
            "born_draft",
            "kept",
            "follows",
            "not_in_past",
            "no_truncate",
        )
    ]
    guards += [
        ("sla_calendarversion", "calendar_version_is_open"),
        ("sla_policyversion", "policy_version_calendar_in_force"),
        ("sla_policyversion", "policy_version_no_tie"),
        ("sla_policy", "policy_no_tie"),
        ("sla_shift", "shift_kept"),
        ("sla_shift", "shift_no_truncate"),
        ("sla_holiday", "holiday_kept"),
        ("sla_holiday", "holiday_no_truncate"),
    ]
    guards += [
        ("sla_rung", "rung_kept"),
        ("sla_rung", "rung_no_truncate"),
        ("sla_policyversion", "policy_version_ladder_reachable"),
        ("sla_policyversion", "policy_version_ladder_ascends"),
    ]
