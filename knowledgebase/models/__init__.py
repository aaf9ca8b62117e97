from knowledgebase.models.article import Address, Article
from knowledgebase.models.image import ArticleImage, Illustration
from knowledgebase.models.review import Review
from knowledgebase.models.version import ArticleVersion, Signature

__all__ = [
    "Address",
    "Article",
    "ArticleImage",
    "ArticleVersion",
    "Illustration",
    "Review",
    "Signature",
]
