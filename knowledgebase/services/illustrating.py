"""Images: chosen while a draft is written, shown by its versions, forgotten unused."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from activity import clock
from knowledgebase import permissions as may
from knowledgebase.codes import LONGEST_ALT
from knowledgebase.images import written_anew
from knowledgebase.models import Article, ArticleImage, ArticleVersion, Illustration
from knowledgebase.services.content import Content

# Nobody fills the disk with drafts that are never saved.
MOST_WAITING = 50
TOO_MANY_WAIT = gettext_lazy(
    "Too many of your images wait for drafts that were not saved. Save one of them, or"
    " come back tomorrow."
)
SAY_IT = gettext_lazy("Say what the image shows, for people who cannot see it.")


def keep_image(upload: UploadedFile, *, by: User, alt: str) -> ArticleImage:
    """Keep an image for a draft that is being written. Raises ``ValidationError``, by
    field, without words that say what it shows, and for what is no image."""
    if not may.may_draft(by):
        raise PermissionDenied
    alt = require_alt(alt)
    if ArticleImage.objects.waiting_of(by).count() >= MOST_WAITING:
        raise ValidationError({"image": TOO_MANY_WAIT})
    try:
        written = written_anew(upload)
    except ValidationError as error:
        raise ValidationError({"image": error.messages}) from error
    return ArticleImage.objects.create(
        file=ContentFile(written.content, name="image"),
        ending=written.ending,
        width=written.width,
        height=written.height,
        size=len(written.content),
        sha256=written.sha256,
        alt=alt,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )


def require_alt(alt: str) -> str:
    """The words in one line. Raises ``ValidationError`` by field."""
    alt = " ".join(alt.replace("\0", " ").split())
    if not any(letter.isalnum() for letter in alt):
        raise ValidationError({"alt": SAY_IT})
    if len(alt) > LONGEST_ALT or not alt.isprintable():
        raise ValidationError(
            {"alt": _("Write at most %(count)d signs.") % {"count": LONGEST_ALT}}
        )
    return alt


def require_images(content: Content, *, article: Article | None, by: User) -> None:
    """Raise ``ValidationError``, by field, for an image that this draft cannot show:
    that of another article, of somebody else's drawer, or none at all."""
    wanted = content.shown()
    if not wanted:
        return
    usable = ArticleImage.objects.usable_in(article, by).filter(pk__in=wanted)
    missing = wanted.keys() - set(usable.values_list("pk", flat=True))
    errors = {
        name: [
            _("Image %(number)d is not one of this article: add it again.")
            % {"number": number}
            for number in sorted(images.numbers & missing)
        ]
        for name, images in content.images().items()
        if images.numbers & missing
    }
    if errors:
        raise ValidationError(errors)


def illustrate(version: ArticleVersion, content: Content, *, by: User) -> None:
    """Write down which images this draft shows; its article takes those that waited."""
    wanted = content.shown()
    usable = ArticleImage.objects.usable_in(version.article, by).filter(pk__in=wanted)
    kept = list(usable.order_by("pk").select_for_update(of=("self",))) if wanted else []
    version.illustrations.all().delete()
    if not kept:
        return
    ArticleImage.objects.filter(pk__in=[image.pk for image in kept]).filter(
        article=None
    ).update(article=version.article)
    Illustration.objects.bulk_create(
        Illustration(version=version, image=image, inside=wanted[image.pk])
        for image in kept
    )


def sweep_images(*, at: datetime | None = None) -> int:
    """Remove images that no version shows, a day after they were chosen; how many."""
    unused = ArticleImage.objects.unused(at or clock.now())
    return sum(_forget(pk) for pk in unused.values_list("pk", flat=True))


@transaction.atomic
def _forget(pk: int) -> int:
    rows = ArticleImage.objects.filter(pk=pk).select_for_update(skip_locked=True)
    image = rows.first()
    # Asked again, now that nobody can begin to show it.
    if image is None or image.illustrations.exists():
        return 0
    stored = image.file
    image.delete()
    transaction.on_commit(lambda: stored.delete(save=False))
    return 1
