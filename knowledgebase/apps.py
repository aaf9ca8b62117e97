"""What we know: articles and known errors."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERSION = "knowledgebase_articleversion"


class KnowledgebaseConfig(AppConfig):
    name = "knowledgebase"
    verbose_name = _("Knowledge base")
    guards = [
        (VERSION, "article_version_kept"),
        (VERSION, "article_version_no_truncate"),
        (VERSION, "article_version_born_draft"),
        (VERSION, "article_version_moves"),
        (VERSION, "article_version_number_follows"),
        (VERSION, "article_version_written"),
        (VERSION, "article_version_agrees"),
        (VERSION, "article_version_reviewed"),
        ("knowledgebase_signature", "signature_kept"),
        ("knowledgebase_signature", "signature_no_truncate"),
        (f"{VERSION}_services", "version_service_kept"),
        (f"{VERSION}_services", "version_service_no_truncate"),
        (f"{VERSION}_categories", "version_category_kept"),
        (f"{VERSION}_categories", "version_category_no_truncate"),
        ("knowledgebase_articleimage", "article_image_kept"),
        ("knowledgebase_articleimage", "article_image_no_truncate"),
        ("knowledgebase_illustration", "illustration_kept"),
        ("knowledgebase_illustration", "illustration_no_truncate"),
        ("knowledgebase_illustration", "illustration_of_its_article"),
        ("knowledgebase_article", "article_versions_agree"),
        ("knowledgebase_article", "article_kind_fixed"),
        ("knowledgebase_article", "article_has_address"),
        ("knowledgebase_address", "article_address_kept"),
        ("knowledgebase_address", "article_address_no_truncate"),
        ("knowledgebase_review", "review_append_only"),
        ("knowledgebase_review", "review_no_truncate"),
        ("knowledgebase_review", "review_by_another"),
        ("knowledgebase_review", "review_by_editor"),
        ("knowledgebase_review", "review_has_event"),
        ("knowledgebase_feedback", "feedback_kept"),
        ("knowledgebase_feedback", "feedback_about_shown"),
        ("knowledgebase_feedback", "feedback_has_event"),
        ("knowledgebase_gapdecision", "gap_decision_append_only"),
        ("knowledgebase_gapdecision", "gap_decision_no_truncate"),
        ("knowledgebase_gapdecision", "gap_decided_by_editor"),
    ]

    # No rule: what keeps the words of published articles, for searching.
    copies = [(VERSION, "article_words_follow")]

    def ready(self) -> None:
        from activity.handlers import aside  # noqa: PLC0415
        from knowledgebase import notifications  # noqa: PLC0415
        from knowledgebase.events import ASIDES  # noqa: PLC0415

        aside(*ASIDES)
        notifications.register()
