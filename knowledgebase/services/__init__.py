"""What can be done with articles: one function per use case."""

from knowledgebase.services.content import Content
from knowledgebase.services.drafting import (
    discard_draft,
    draft_article,
    new_version,
    restore_version,
    save_draft,
)
from knowledgebase.services.gaps import decide_gap
from knowledgebase.services.illustrating import keep_image, sweep_images
from knowledgebase.services.keeping import (
    confirm_review,
    hand_over_owner,
    rename_article,
    retire_article,
)
from knowledgebase.services.listening import give_feedback, handle_feedback
from knowledgebase.services.missing import (
    answer_miss,
    dismiss_miss,
    forget_misses,
    record_miss,
    reopen_miss,
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
    "answer_miss",
    "confirm_review",
    "decide_gap",
    "discard_draft",
    "dismiss_miss",
    "draft_article",
    "forget_misses",
    "give_feedback",
    "hand_over_owner",
    "handle_feedback",
    "keep_image",
    "new_version",
    "publish_article",
    "question",
    "record_miss",
    "rename_article",
    "reopen_miss",
    "restore_version",
    "retire_article",
    "save_draft",
    "send_back",
    "submit_for_review",
    "suggest",
    "sweep_images",
]
