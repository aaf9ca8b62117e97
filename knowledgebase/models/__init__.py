from knowledgebase.models.article import Address, Article
from knowledgebase.models.review import Review
from knowledgebase.models.version import ArticleVersion, Signature

__all__ = ["Address", "Article", "ArticleVersion", "Review", "Signature"]
