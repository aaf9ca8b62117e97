"""What can happen to an article, by name."""

from typing import Final


class Kind:
    """Kinds of events. ``version`` in their data is the number of the version."""

    DRAFT: Final = "article.draft"
    SAVE: Final = "article.save"
    SUBMIT: Final = "article.submit"
    SEND_BACK: Final = "article.send_back"
    PUBLISH: Final = "article.publish"
    NEW_VERSION: Final = "article.start_version"
    RESTORE: Final = "article.restore"
    DISCARD: Final = "article.discard"
    RETIRE: Final = "article.retire"
    RENAME: Final = "article.rename"
    HAND_OVER: Final = "article.hand_over"
    CONFIRM: Final = "article.confirm_review"


class Said:
    """Kinds of events of what readers say. ``article`` in their data is its number."""

    GIVE: Final = "feedback.give"
    HANDLE: Final = "feedback.handle"
    REPLACE: Final = "feedback.replace"


# Who did one of these wrote the version, and does not publish it.
WRITING: Final = (Kind.DRAFT, Kind.SAVE, Kind.NEW_VERSION, Kind.RESTORE)
# They change nothing of what somebody writes or reads.
ASIDES: Final = (Kind.RENAME, Kind.HAND_OVER, Kind.CONFIRM)
