from knowledgebase.models.article import Address, Article
from knowledgebase.models.miss import SearchMiss
from knowledgebase.models.review import Review
from knowledgebase.models.version import ArticleVersion, Signature
from knowledgebase.models.word import Word

__all__ = [
    "Address",
    "Article",
    "ArticleVersion",
    "Review",
    "SearchMiss",
    "Signature",
    "Word",
]
