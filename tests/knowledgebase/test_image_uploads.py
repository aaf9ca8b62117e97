"""Whatever somebody uploads, an image of ours is kept or nothing is."""

import time
from io import BytesIO

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from knowledgebase import services
from knowledgebase.images import (
    CONTENT_TYPES,
    ENDINGS,
    LARGEST,
    LONGEST_SIDE,
    MESSAGES,
    Written,
    written_anew,
)
from knowledgebase.models import ArticleImage
from tests.knowledgebase import stories
from tests.knowledgebase.hostile import CASES
from tests.knowledgebase.hostile_uploads import MARK, REFUSED, TAKEN, Upload, image
from tests.people import Cast

PATIENCE = 3.0


def name_of(upload: Upload) -> str:
    return upload.why


def written(content: bytes, name: str = "x.png") -> Written:
    return written_anew(SimpleUploadedFile(name, content, "text/html"))


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        written(content)
    return str(caught.value.code)


def test_there_are_enough_hostile_cases() -> None:
    assert len(TAKEN) + len(REFUSED) >= 100
    assert len(set(CASES)) + len(TAKEN) + len(REFUSED) >= 200


@pytest.mark.parametrize("upload", TAKEN, ids=name_of)
def test_only_the_picture_of_an_image_is_kept(upload: Upload) -> None:
    found = written(upload.content, upload.name)
    for trace in (MARK, b"script", b"Exif", b"ICCP", b"iCCP", b"tEXt", b"http:"):
        assert trace not in found.content
    with Image.open(BytesIO(found.content)) as read:
        assert ENDINGS[str(read.format)] == found.ending
        assert read.size == (found.width, found.height)
        assert getattr(read, "n_frames", 1) == 1
        assert {"exif", "icc_profile", "xmp", "comment"}.isdisjoint(read.info)


@pytest.mark.parametrize("upload", REFUSED, ids=name_of)
def test_what_is_no_image_is_refused_in_words_at_once(upload: Upload) -> None:
    began = time.process_time()
    assert refusal(upload.content) in MESSAGES
    assert time.process_time() - began < PATIENCE


def test_the_cases_would_get_through_where_a_file_is_kept_as_it_came() -> None:
    """What they are worth: most of what is taken carries its words, and everything
    that is refused is also called an image."""
    carrying = [upload for upload in TAKEN if MARK in upload.content]
    assert len(carrying) > len(TAKEN) / 2
    assert {one.content for one in REFUSED if one.name == "x.png"} == {
        one.content for one in REFUSED
    }


def test_a_picture_is_turned_upright_and_made_smaller() -> None:
    found = Image.Exif()
    found[0x0112] = 6  # taken with the telephone on its side
    upright = written(image("JPEG", size=(3_000, 2_000), exif=found.tobytes()))
    assert (upright.width, upright.height) == (LONGEST_SIDE * 2 // 3, LONGEST_SIDE)
    assert upright.ending == "jpg"


def test_holes_of_an_image_stay_holes() -> None:
    memory = BytesIO()
    Image.new("RGBA", (4, 4), (9, 9, 9, 0)).save(memory, "PNG")
    with Image.open(BytesIO(written(memory.getvalue()).content)) as read:
        assert read.convert("RGBA").getpixel((1, 1)) == (9, 9, 9, 0)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"x" * (LARGEST + 1), "size"), (b"words", "kind")],
    ids=["nothing", "too much", "words"],
)
def test_a_refusal_says_what_is_wrong(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_an_image_lies_where_only_the_desk_reads_under_a_name_of_ours(
    cast: Cast,
) -> None:
    upload = SimpleUploadedFile('../../"><script>.html', stories.picture("GIF"))
    kept = services.keep_image(upload, by=cast.bo, alt="  The red\n switch ")
    assert kept.alt == "The red switch"
    assert kept.content_type == CONTENT_TYPES["png"]
    assert "script" not in str(kept.file)
    assert kept.file.path.startswith(str(settings.ATTACHMENTS_DIR))
    assert kept.size == len(kept.file.read())


@pytest.mark.parametrize("alt", ["", "   ", "…!?", "\u202e", "x" * 301])
def test_an_image_without_words_is_not_kept(cast: Cast, alt: str) -> None:
    upload = SimpleUploadedFile("x.png", stories.picture())
    with pytest.raises(ValidationError) as caught:
        services.keep_image(upload, by=cast.bo, alt=alt)
    assert set(caught.value.message_dict) == {"alt"}
    assert not ArticleImage.objects.exists()
