"""Words are found as stems of German too, and by what looks like them."""

from functools import reduce
from operator import add

import django.contrib.postgres.indexes
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models
from django.db.models import F, Q

PUBLIC = {
    "title": "A",
    "symptom": "B",
    "workaround_reporters": "C",
    "body": "C",
    "applicability": "D",
}
INTERNAL = {"workaround_agents": "C", "cause": "C"}

FOLLOW = """
-- What each kind of reader may read of a version, word by word: so that nobody is led
-- to a word by its likeness who may not read it.
CREATE OR REPLACE FUNCTION article_words_of(version knowledgebase_articleversion)
RETURNS TABLE (word text, everyone integer, staff integer) LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT lexeme,
           max((is_public AND version.audience = 'everyone')::integer),
           max((is_public AND version.audience IN ('everyone', 'staff'))::integer)
      FROM (
        SELECT lexeme, true AS is_public
          FROM unnest(to_tsvector('pg_catalog.simple', concat_ws(' ', version.title,
               version.symptom, version.workaround_reporters, version.body,
               version.applicability)))
        UNION ALL
        SELECT lexeme, false
          FROM unnest(to_tsvector('pg_catalog.simple',
               concat_ws(' ', version.workaround_agents, version.cause)))
      ) said
     WHERE length(lexeme) BETWEEN 5 AND 40 AND lexeme !~ '[^[:alpha:]]'
     GROUP BY lexeme
$$;

-- By one more or one less for each word. One at a time: two that publish at once would
-- otherwise wait for each other's words.
CREATE OR REPLACE FUNCTION article_words_count(
    version knowledgebase_articleversion, sign integer)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('knowledgebase_word'));
    IF sign > 0 THEN
        INSERT INTO knowledgebase_word AS known
               (word, for_everyone, for_staff, for_agents)
        SELECT word, everyone, staff, 1 FROM article_words_of(version)
        ON CONFLICT (word) DO UPDATE SET
               for_everyone = known.for_everyone + EXCLUDED.for_everyone,
               for_staff = known.for_staff + EXCLUDED.for_staff,
               for_agents = known.for_agents + 1;
        RETURN;
    END IF;
    DELETE FROM knowledgebase_word known USING article_words_of(version) gone
     WHERE known.word = gone.word AND known.for_agents <= 1;
    UPDATE knowledgebase_word known SET
           for_everyone = greatest(known.for_everyone - gone.everyone, 0),
           for_staff = greatest(known.for_staff - gone.staff, 0),
           for_agents = known.for_agents - 1
      FROM article_words_of(version) gone WHERE known.word = gone.word;
END $$;

CREATE OR REPLACE FUNCTION article_words_follow()
RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.state = 'published' THEN
        PERFORM article_words_count(NEW, 1);
    ELSE
        PERFORM article_words_count(OLD, -1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER article_words_follow AFTER UPDATE ON knowledgebase_articleversion
    FOR EACH ROW WHEN (OLD.state <> NEW.state AND 'published' IN (OLD.state, NEW.state))
    EXECUTE FUNCTION article_words_follow();
"""

FOLLOW_REVERSE = """
DROP TRIGGER article_words_follow ON knowledgebase_articleversion;
DROP FUNCTION article_words_follow();
DROP FUNCTION article_words_count(knowledgebase_articleversion, integer);
DROP FUNCTION article_words_of(knowledgebase_articleversion);
"""

FILL = """
INSERT INTO knowledgebase_word (word, for_everyone, for_staff, for_agents)
SELECT word, sum(everyone), sum(staff), count(*)
  FROM knowledgebase_articleversion version, article_words_of(version)
 WHERE version.state = 'published' GROUP BY word;
"""


def words_of(weights):
    vectors = [
        SearchVector(name, config=config, weight=weight)
        for name, weight in weights.items()
        for config in ("english", "german", "simple")
    ]
    return reduce(add, vectors)


def anew(name, weights, index):
    return [
        migrations.RemoveIndex("articleversion", index),
        migrations.RemoveField("articleversion", name),
        migrations.AddField(
            "articleversion",
            name,
            models.GeneratedField(
                expression=words_of(weights),
                output_field=SearchVectorField(),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            "articleversion",
            django.contrib.postgres.indexes.GinIndex(
                fields=[name], name=index, fastupdate=False
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("knowledgebase", "0004_two_people_publish"),
        ("accounts", "0003_people_by_name"),
    ]

    operations = [
        *anew("search_public", PUBLIC, "article_words_public"),
        *anew("search_all", PUBLIC | INTERNAL, "article_words_all"),
        migrations.CreateModel(
            name="Word",
            fields=[
                (
                    "word",
                    models.CharField(
                        max_length=40,
                        primary_key=True,
                        serialize=False,
                        verbose_name="word",
                    ),
                ),
                (
                    "for_everyone",
                    models.PositiveIntegerField(verbose_name="for everyone"),
                ),
                ("for_staff", models.PositiveIntegerField(verbose_name="for staff")),
                ("for_agents", models.PositiveIntegerField(verbose_name="for agents")),
            ],
            options={
                "verbose_name": "word",
                "verbose_name_plural": "words",
                "ordering": ["word"],
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        fields=["word"],
                        opclasses=["gist_trgm_ops"],
                        condition=Q(**{f"{readers}__gt": 0}),
                        name=f"word_like_{readers}",
                    )
                    for readers in ("for_everyone", "for_staff", "for_agents")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(for_agents__gte=1)
                        & Q(for_agents__gte=F("for_staff"))
                        & Q(for_staff__gte=F("for_everyone")),
                        name="word_is_read_by_somebody",
                    )
                ],
            },
        ),
        migrations.RunSQL(FOLLOW, FOLLOW_REVERSE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
