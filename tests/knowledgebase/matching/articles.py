"""The articles that the labelled tickets are matched against: ours, made for this."""

from collections.abc import Mapping

from knowledgebase.matching import Known
from tests.knowledgebase.matching.article import Article
from tests.knowledgebase.matching.written.accounts import ACCOUNTS
from tests.knowledgebase.matching.written.applications import APPLICATIONS
from tests.knowledgebase.matching.written.mail import MAIL
from tests.knowledgebase.matching.written.monitoring import MONITORING
from tests.knowledgebase.matching.written.network import NETWORK
from tests.knowledgebase.matching.written.workplace import WORKPLACE

ARTICLES: tuple[Article, ...] = (
    *ACCOUNTS,
    *MAIL,
    *NETWORK,
    *APPLICATIONS,
    *WORKPLACE,
    *MONITORING,
)

BY_CODE: Mapping[str, Article] = {article.code: article for article in ARTICLES}


def known(article: Article) -> Known:
    """As the matcher takes it."""
    return Known(
        code=article.code,
        title=article.title,
        symptom=article.symptom,
        body=f"{article.cause} {article.for_agents} {article.for_reporters}",
        words=article.words,
        signatures=article.signatures,
        services=(article.service,) if article.service else (),
        categories=(article.category,) if article.category else (),
        kind=article.kind,
    )


KNOWN: tuple[Known, ...] = tuple(map(known, ARTICLES))
