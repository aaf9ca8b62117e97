from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

ACTS = ("resolution", "confirmation", "rejection", "waiver")


class IncidentsConfig(AppConfig):
    name = "incidents"
    verbose_name = _("Incidents")
    guards = [
        ("incidents_incident", "incident_two_keys_on_insert"),
        ("incidents_incident", "incident_two_keys_on_update"),
        ("incidents_incident", "incident_closed_fixed"),
        ("incidents_incident", "incident_confirmed_by_row"),
        ("incidents_incident", "incident_resolution_current"),
        ("incidents_incident", "incident_origin_fixed"),
        ("incidents_incident", "incident_confirmer_fixed"),
        ("incidents_incident", "incident_owner_in_team_on_insert"),
        ("incidents_incident", "incident_owner_in_team_on_update"),
        ("incidents_incident", "incident_desk_is_desk"),
        ("incidents_incident", "incident_imported_by_replay"),
        ("incidents_incident", "incident_closed_elsewhere_fixed"),
        ("activity_event", "replay_only_imported"),
        ("incidents_importedincident", "imported_incident_of_import"),
        ("incidents_importedincident", "imported_incident_kept"),
        ("incidents_importedincident", "imported_incident_fixed"),
        ("incidents_importedincident", "imported_incident_no_truncate"),
        ("incidents_importrun", "import_run_kept"),
        ("incidents_importrun", "import_run_fixed"),
        ("incidents_importrun", "import_run_no_truncate"),
        ("incidents_refusedrow", "refused_row_kept"),
        ("incidents_refusedrow", "refused_row_no_truncate"),
        ("incidents_policymatch", "policy_match_append_only"),
        ("incidents_policymatch", "policy_match_has_event"),
        ("incidents_policymatch", "policy_match_no_truncate"),
        ("incidents_confirmation", "confirmation_by_confirmer"),
        ("incidents_waiver", "waiver_by_lead"),
        ("incidents_rejection", "rejection_of_own"),
        ("accounts_team", "team_holds_incidents"),
        ("incidents_attachment", "attachment_fixed"),
        ("incidents_attachment", "attachment_never_deleted"),
        ("incidents_attachment", "attachment_no_truncate"),
        ("incidents_holding", "holding_kept"),
        ("incidents_severityrule", "severity_rule_kept"),
        ("incidents_severitylevel", "severity_level_kept"),
        ("incidents_announcement", "announcement_begins"),
        ("incidents_announcement", "announcement_fixed"),
        ("incidents_announcement", "announcement_never_deleted"),
        ("incidents_announcement", "announcement_no_truncate"),
        ("incidents_announcement", "announcement_has_event"),
        ("incidents_announcement", "announcement_of_open"),
        ("incidents_incident", "announced_is_open"),
        ("incidents_deflection", "deflection_by_published"),
        ("incidents_deflection", "deflection_fixed"),
        ("incidents_deflection", "deflection_never_deleted"),
        ("incidents_deflection", "deflection_no_truncate"),
        ("incidents_shiftnote", "shift_note_by_team"),
        ("incidents_shiftnote", "shift_note_kept"),
        ("incidents_shiftnote", "shift_note_never_deleted"),
        ("incidents_shiftnote", "shift_note_no_truncate"),
        ("incidents_shiftnoteseen", "shift_note_seen_by_team"),
        ("incidents_shiftnoteseen", "shift_note_seen_kept"),
        ("incidents_shiftnoteseen", "shift_note_seen_no_truncate"),
    ]
    guards += [
        ("incidents_tierstay", "tier_stay_never_deleted"),
        ("incidents_tierstay", "tier_stay_no_truncate"),
        ("incidents_tierstay", "tier_stay_fixed"),
        ("incidents_tierstay", "tier_stay_begun"),
        ("incidents_tierstay", "tier_stay_left"),
        ("incidents_tierstay", "tier_stay_agrees"),
        ("incidents_tierstay", "tier_stay_step"),
        ("incidents_incident", "incident_stay_agrees_on_insert"),
        ("incidents_incident", "incident_stay_agrees_on_update"),
        ("activity_event", "event_has_stay"),
        ("incidents_handover", "hand_over_append_only"),
        ("incidents_handover", "hand_over_no_truncate"),
        ("incidents_handover", "hand_over_is_whole"),
        ("activity_event", "escalation_has_hand_over"),
        ("incidents_incident", "incident_attention_on_insert"),
        ("incidents_incident", "incident_attention_on_update"),
        ("activity_event", "incident_attention_on_event"),
        ("activity_event", "attention_rises"),
        ("activity_event", "rung_in_its_climb"),
        ("activity_event", "acknowledgement_of_told"),
    ]
    guards += [
        (f"incidents_{table}", f"{name}_{rule}")
        for table, name in (("knownerroruse", "use"), ("useoutcome", "use_outcome"))
        for rule in ("append_only", "no_truncate", "has_event")
    ]
    guards += [
        ("incidents_knownerroruse", "use_of_published"),
        ("incidents_useoutcome", "use_outcome_by_asked"),
    ]
    guards += [
        (f"incidents_{table}", f"{name}_{rule}")
        for table, name, rules in (
            ("knownerrorcheck", "known_error_check", ("is_whole",)),
            ("checkedcandidate", "checked_candidate", ("is_whole", "of_published")),
            ("retold", "retold", ("after_older", "has_event")),
        )
        for rule in ("append_only", "no_truncate", *rules)
    ]
    guards += [
        (f"incidents_{act}", f"{act}_{rule}")
        for act in ACTS
        for rule in ("append_only", "no_truncate", "has_event")
    ]

    # No rules: what keeps copies of words beside them, for searching.
    copies = [
        ("incidents_incident", "incident_words_begin"),
        ("incidents_incident", "incident_words_follow"),
    ]

    def ready(self) -> None:
        from activity.handlers import (  # noqa: PLC0415
            around_batches,
            aside,
            follow,
            follow_all,
        )
        from incidents import notifications, timers  # noqa: PLC0415
        from incidents.clocks.history import TOLD  # noqa: PLC0415
        from incidents.clocks.keeping import keep_clocks  # noqa: PLC0415
        from incidents.events import ASIDES  # noqa: PLC0415
        from incidents.ladders.attention import carry_attention  # noqa: PLC0415
        from incidents.notifications.withdrawing import (  # noqa: PLC0415
            withdraw_calls,
        )
        from incidents.past import past_tickets  # noqa: PLC0415
        from incidents.services.announcing import (  # noqa: PLC0415
            end_with_incident,
        )
        from incidents.tiers.keeping import keep_stays  # noqa: PLC0415
        from incidents.timers.keeping import keep_timers  # noqa: PLC0415
        from knowledgebase.shelves import learn_from  # noqa: PLC0415
        from sla.services import schedules_read_once  # noqa: PLC0415

        timers.register()
        around_batches(schedules_read_once)
        aside(*TOLD, *ASIDES)
        follow_all("incident", keep_stays)
        follow("incident", keep_clocks)
        follow("incident", keep_timers)
        follow("incident", end_with_incident)
        follow("incident", carry_attention)
        follow("incident", withdraw_calls)
        notifications.register()
        learn_from(past_tickets)
