"""The articles that the labelled tickets are matched against: ours, made for this."""

from collections.abc import Mapping

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
