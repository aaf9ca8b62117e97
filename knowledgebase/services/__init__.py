"""What can be done with articles: one function per use case."""

from knowledgebase.services.content import Content
from knowledgebase.services.drafting import (
    discard_draft,
    draft_article,
    new_version,
    restore_version,
    save_draft,
)
from knowledgebase.services.illustrating import keep_image, sweep_images
from knowledgebase.services.keeping import (
    confirm_review,
    hand_over_owner,
    rename_article,
    retire_article,
)
from knowledgebase.services.reviewing import (
    publish_article,
    send_back,
    submit_for_review,
)
from knowledgebase.services.suggesting import Suggestion, question, suggest

__all__ = [
    "Content",
    "Suggestion",
    "confirm_review",
    "discard_draft",
    "draft_article",
    "hand_over_owner",
    "keep_image",
    "new_version",
    "publish_article",
    "question",
    "rename_article",
    "restore_version",
    "retire_article",
    "save_draft",
    "send_back",
    "submit_for_review",
    "suggest",
    "sweep_images",
]
