"""A full desk: articles and tickets by the ten thousand, past all guards.

Words are made of numbers, a few frequent and most rare, as in real texts: every fifth
text says *printer*, and every word of a title stands in some body.
"""

from importlib import import_module
from typing import Any

from django.db import connection

from tests.database import sql
from tests.people import Cast

FIRST = 1_000_000
TABLES = (
    "knowledgebase_article",
    "knowledgebase_articleversion",
    "knowledgebase_signature",
    "incidents_incident",
)
# The n-th word, in letters alone; and a word by chance, the first ones most often.
NAMED = "translate(substr(md5(({n})::text), 1, 8), '0123456789', 'ghijklmnop')"
CHANCE = NAMED.format(n="floor(20000 * power(random(), 3))")
SAID = (
    "(SELECT string_agg({word}, ' ') FROM generate_series(1, {count} + 0 * one.n))"
).replace("{word}", CHANCE)
SOME = (
    "CASE WHEN mod(one.n, 5) = 0 THEN 'printer '"
    " WHEN mod(one.n, 97) = 0 THEN 'scanner ' ELSE '' END"
)

ARTICLES = f"""
INSERT INTO knowledgebase_article (id, status, version, timer_generation, kind,
    title, audience, slug, owner_id, review_by, current_id, open_id)
SELECT n, 'published', 1, 0, 'faq', {SOME} || {SAID.replace("{count}", "5")},
    (ARRAY['everyone', 'staff', 'agents'])[1 + mod(n, 3)], 'question-' || n,
    %s, '2030-01-01', n, NULL
  FROM generate_series(%s, %s) AS one (n)
"""
VERSIONS = f"""
INSERT INTO knowledgebase_articleversion (id, article_id, number, state, drafted_by_id,
    seq, title, audience, body, symptom, cause, workaround_agents,
    workaround_reporters, fix_status, applicability, published_at)
SELECT one.n, one.n, 1, 'published', %s, 1, title, audience,
    {SAID.replace("{count}", "60")}, '', {SAID.replace("{count}", "8")}, '', '',
    'unknown', '', now()
  FROM knowledgebase_article JOIN generate_series(%s, %s) AS one (n) ON id = one.n
"""
SIGNATURES = """
INSERT INTO knowledgebase_signature (version_id, kind, text)
SELECT n, 'code', 'ORA-' || n FROM generate_series(%s, %s) AS one (n)
"""
INCIDENTS = f"""
INSERT INTO incidents_incident (id, status, version, timer_generation, kind,
    source, origin, title, description, reporter_id, logged_by_id, confirmer_id,
    team_id, desk_id, impact, urgency, severity, is_financial_risk,
    is_security_risk, is_compliance_risk,
    is_major, attention, hold_reason, cancel_reason, reported_at, closure_basis)
SELECT n, 'new', 1, 0, 'incident', 'portal', 'desk',
    {SOME} || {SAID.replace("{count}", "5")}, {SAID.replace("{count}", "30")},
    who, who, who, CASE WHEN mod(n, 20) = 0 THEN %s ELSE %s END, %s, 3, 3, 4,
    false, false, false, false, 0, '', '', now(), ''
  FROM (SELECT n, CASE WHEN mod(n, 100) = 0 THEN %s ELSE %s END AS who
          FROM generate_series(%s, %s) AS all_of (n)) AS one
"""


def fill(cast: Cast, *, articles: int, tickets: int) -> None:
    """Every third article for everyone; every hundredth ticket is Ann's, every
    twentieth is with Ned's team."""
    connection.check_constraints()
    for table in TABLES:
        sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    sql("SELECT setseed(0.4)")
    ends = (FIRST, FIRST + articles - 1)
    sql(ARTICLES, cast.bo.pk, *ends)
    sql(VERSIONS, cast.bo.pk, *ends)
    sql(SIGNATURES, *ends)
    teams = (cast.network.pk, cast.desk.pk, cast.desk.pk)
    people = (cast.ann.pk, cast.cy.pk)
    sql(INCIDENTS, *teams, *people, FIRST, FIRST + tickets - 1)
    _as_migrations_do()
    connection.check_constraints()
    for table in TABLES:
        sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    sql(f"ANALYZE {', '.join(TABLES)}, knowledgebase_word, incidents_words")


def _as_migrations_do() -> None:
    """The words of what stands there already."""
    articles: Any = import_module("knowledgebase.migrations.0005_trigrams")
    incidents: Any = import_module("incidents.migrations.0020_search")
    sql("DELETE FROM knowledgebase_word")
    sql("DELETE FROM incidents_words")
    sql(articles.FILL)
    sql(incidents.filled_in(incidents.FILL, "incident"))


def word(number: int) -> str:
    """The word of that number, the lower the more frequent."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NAMED.format(n='%s::int')}", [number])
        return str(cursor.fetchone()[0])
