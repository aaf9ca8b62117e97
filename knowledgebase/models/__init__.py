from knowledgebase.models.article import Address, Article
from knowledgebase.models.feedback import Feedback
from knowledgebase.models.gap import GapDecision
from knowledgebase.models.review import Review
from knowledgebase.models.version import ArticleVersion, Signature

__all__ = [
    "Address",
    "Article",
    "ArticleVersion",
    "Feedback",
    "GapDecision",
    "Review",
    "Signature",
]
