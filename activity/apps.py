from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivityConfig(AppConfig):
    name = "activity"
    verbose_name = _("Activity")
    guards = [
        ("activity_event", "event_append_only"),
        ("activity_event", "event_chain"),
        ("activity_event", "event_no_truncate"),
        ("activity_note", "note_append_only"),
        ("activity_note", "note_matches_event"),
        ("activity_note", "note_never_deleted"),
        ("activity_note", "note_no_truncate"),
        ("activity_note", "note_redacted_now"),
        ("activity_subject_type", "subject_type_fixed"),
        ("activity_subject_type", "subject_type_no_truncate"),
        ("activity_guardlift", "guardlift_append_only"),
        ("activity_guardlift", "guardlift_no_truncate"),
        ("activity_delivery", "delivery_goes_one_way"),
        ("activity_delivery", "delivery_begins_alone"),
    ]
