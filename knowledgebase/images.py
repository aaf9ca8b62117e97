"""An upload becomes an image of ours: decoded, made smaller, written anew.

Nothing of what came is kept but the colours of its first picture: no place and no name
of who took it, no profile, no second face behind the last byte. What a decoder cannot
read whole is refused, in words.
"""

import hashlib
import io
import struct
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

MEGABYTE: Final = 1024 * 1024
LARGEST: Final = 8 * MEGABYTE
# What a telephone takes; while they are read they need up to 300 MB, for a second.
MOST_PIXELS: Final = 16_000_000
# Twice as wide as a text is shown: sharp on every screen.
LONGEST_SIDE: Final = 2000
# By how a file begins, whatever it is called: Pillow's name, and what we keep it as.
KEPT_AS: Final = {"PNG": "PNG", "JPEG": "JPEG", "WEBP": "WEBP", "GIF": "PNG"}
ENDINGS: Final = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
CONTENT_TYPES: Final = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
}
QUALITY: Final = 85
MADE_SMALLER_AS_THEY_ARE: Final = frozenset({"CMYK", "L", "RGB", "RGBA"})
ACCEPT: Final = "image/png,image/jpeg,image/webp,image/gif"

MESSAGES: Final = {
    "empty": _("The file is empty. Choose an image."),
    "size": _("The image is larger than %(megabytes)d MB. Choose a smaller one."),
    "kind": _(
        "This is no image that we can show, or it is damaged. Choose a PNG, JPEG, WebP"
        " or GIF image; a screenshot always works."
    ),
    "pixels": _(
        "The image has more than %(millions)d million points. Make it smaller, then"
        " add it again."
    ),
}


@dataclass(frozen=True, slots=True)
class Written:
    """An image as we keep it. ``ending`` is one of ``CONTENT_TYPES``."""

    content: bytes
    ending: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def written_anew(upload: UploadedFile) -> Written:
    """The image of an upload, or ``ValidationError`` that says what to do. Neither the
    name of the file nor the type that came with it is looked at."""
    upload.seek(0)
    content = upload.read(LARGEST + 1)
    if not content:
        raise _refusal("empty")
    if len(content) > LARGEST:
        raise _refusal("size")
    try:
        return _decoded(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _refusal("pixels") from error
    except (*_DAMAGED, MemoryError) as error:
        raise _refusal("kind") from error


# What decoders raise for what they cannot read.
_DAMAGED: Final = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError),
    *(struct.error, ArithmeticError, RuntimeError, NotImplementedError),
)


def _decoded(content: bytes) -> Written:
    with Image.open(io.BytesIO(content), formats=tuple(KEPT_AS)) as image:
        # Told by its beginning, before a single point is read.
        if image.width * image.height > MOST_PIXELS:
            raise _refusal("pixels")
        form = KEPT_AS[str(image.format)]
        # At once where it can be, so that no second copy of all its points is made.
        if image.mode in MADE_SMALLER_AS_THEY_ARE:
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        return _encoded(image, form)


def _encoded(image: Image.Image, form: str) -> Written:
    has_holes = form != "JPEG" and image.has_transparency_data
    plain = image.convert("RGBA" if has_holes else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain.info.clear()
    memory = io.BytesIO()
    plain.save(memory, form, quality=QUALITY, optimize=form == "JPEG")
    width, height = plain.size
    return Written(memory.getvalue(), ENDINGS[form], width, height)


def _refusal(code: str) -> ValidationError:
    limits = {"megabytes": LARGEST // MEGABYTE, "millions": MOST_PIXELS // 1_000_000}
    return ValidationError(MESSAGES[code], code=code, params=limits)
