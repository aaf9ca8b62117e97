"""An article solved it before anything was reported."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from activity import clock
from activity.refusals import broken_rule
from incidents.models import Deflection
from knowledgebase.codes import PROVEN
from knowledgebase.models import Article, ArticleVersion
from knowledgebase.permissions import audiences_of


def record_deflection(
    version: int,
    *,
    by: User,
    submission: UUID,
    letters: int,
    at: datetime | None = None,
) -> Deflection:
    """This version of an article solved it for this person. Pressed twice on the same
    form, it counts once.

    Somebody else may have published another version since they read this one; the one
    that they read is what helped. Raises ``ArticleVersion.DoesNotExist`` for what they
    could not read.
    """
    shown = Article.objects.published().visible_to(by)
    read = ArticleVersion.objects.filter(article__in=shown, state__in=PROVEN)
    found = read.get(pk=version, audience__in=audiences_of(by))
    given = {"by": by, "submission": submission, "version": found}
    try:
        with transaction.atomic():
            return Deflection.objects.create(
                **given, at=at or clock.now(), letters=letters
            )
    except IntegrityError as error:
        if broken_rule(error) != "deflection_once":
            raise
        return Deflection.objects.standing().get(**given)


@transaction.atomic
def take_back_deflection(
    pk: int, *, by: User, at: datetime | None = None
) -> Deflection:
    """It did not help after all. Said twice, it stays as it is.

    Raises ``Deflection.DoesNotExist`` for another's.
    """
    own = Deflection.objects.visible_to(by).select_for_update(of=("self",))
    found = own.select_related("version__article").get(pk=pk)
    if found.taken_back_at is None:
        found.taken_back_at = max(at or clock.now(), found.at)
        found.save(update_fields=["taken_back_at"])
    return found
