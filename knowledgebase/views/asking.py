"""What every view of an article asks first."""

from typing import cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.http import AuthenticatedRequest
from accounts.models import User
from knowledgebase.models import Article, ArticleVersion


def viewer(request: HttpRequest) -> User:
    return cast(AuthenticatedRequest, request).user


def the_article(request: HttpRequest, slug: str) -> Article:
    """One that this person may see, by any address it ever had. Any other answers
    404, like none."""
    seen = Article.objects.visible_to(viewer(request)).for_page()
    article: Article = get_object_or_404(seen, addresses__slug=slug)
    return article


def the_version(request: HttpRequest, article: Article, number: int) -> ArticleVersion:
    """One of its versions that this person may see."""
    versions = ArticleVersion.objects.filter(article=article)
    seen = versions.visible_to(viewer(request)).with_parts()
    version: ArticleVersion = get_object_or_404(seen, number=number)
    version.article = article
    return version
