from knowledgebase.models.article import Address, Article
from knowledgebase.models.feedback import Feedback
from knowledgebase.models.gap import GapDecision
from knowledgebase.models.image import ArticleImage, Illustration
from knowledgebase.models.miss import SearchMiss
from knowledgebase.models.review import Review
from knowledgebase.models.version import ArticleVersion, Signature
from knowledgebase.models.word import Word

__all__ = [
    "Address",
    "Article",
    "ArticleImage",
    "ArticleVersion",
    "Feedback",
    "GapDecision",
    "Illustration",
    "Review",
    "SearchMiss",
    "Signature",
    "Word",
]
