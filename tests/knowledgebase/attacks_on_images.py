"""Ways past everything in Python, to the images of articles."""

from knowledgebase.models import Article, ArticleImage
from tests.database import sql
from tests.knowledgebase import stories
from tests.knowledgebase.attacks import editor
from tests.people import Cast

IMAGE = "knowledgebase_articleimage"
ILLUSTRATION = "knowledgebase_illustration"


def illustrated(cast: Cast) -> Article:
    """Published, with an image."""
    image = stories.image_of(cast.bo)
    content = stories.known_error(cause=stories.shown(image))
    return stories.published(cast, editor(), content=content)


def swap_a_file(cast: Cast) -> None:
    illustrated(cast)
    sql(f"UPDATE {IMAGE} SET file = 'another', sha256 = '0'")


def swap_the_file_of_one_that_waits(cast: Cast) -> None:
    stories.image_of(cast.bo)
    sql(f"UPDATE {IMAGE} SET file = 'another'")


def give_an_image_away(cast: Cast) -> None:
    illustrated(cast)
    other = stories.drafted(cast)
    sql(f"UPDATE {IMAGE} SET article_id = %s", other.pk)


def delete_an_image(cast: Cast) -> None:
    illustrated(cast)
    sql(f"DELETE FROM {IMAGE}")


def forget_an_illustration(cast: Cast) -> None:
    illustrated(cast)
    sql(f"DELETE FROM {ILLUSTRATION}")


def show_readers_what_is_inside(cast: Cast) -> None:
    illustrated(cast)
    sql(f"UPDATE {ILLUSTRATION} SET inside = false")


def illustrate_what_is_published(cast: Cast) -> None:
    article = illustrated(cast)
    image = stories.image_of(cast.bo)
    ArticleImage.objects.filter(pk=image.pk).update(article=article)
    _show(article.versions.get().pk, image.pk)


def show_the_image_of_another_article(cast: Cast) -> None:
    """Its readers would be those of this one."""
    image = illustrated(cast).images.get()
    _show(stories.drafted(cast).versions.get().pk, image.pk)


def show_an_image_of_no_article(cast: Cast) -> None:
    image = stories.image_of(cast.bo)
    _show(stories.drafted(cast).versions.get().pk, image.pk)


def _show(version: int, image: int) -> None:
    sql(
        f"INSERT INTO {ILLUSTRATION} (version_id, image_id, inside)"
        " VALUES (%s, %s, false)",
        version,
        image,
    )
