"""What somebody typed into the editor, checked before it is kept."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalogue.models import Category, Service
from knowledgebase import markdown
from knowledgebase.codes import (
    LONGEST_SIGNATURE,
    MOST_IMAGES,
    MOST_SIGNATURES,
    Audience,
    FixStatus,
    Kind,
    SignatureKind,
)
from knowledgebase.matching import Refused
from knowledgebase.matching import Signature as Pattern
from knowledgebase.matching.patterns import pattern_of
from knowledgebase.models import ArticleVersion, Signature
from knowledgebase.models.version import INTERNAL, TEXTS

WORDS: Final = (
    "title",
    "audience",
    "body",
    "symptom",
    "cause",
    "workaround_agents",
    "workaround_reporters",
    "fix_status",
    "applicability",
)
OF_KNOWN_ERRORS: Final = (
    "symptom",
    "cause",
    "workaround_agents",
    "workaround_reporters",
    "fix_status",
)
NOT_WORDS: Final = {
    field.name for field in ArticleVersion._meta.fields if field.name not in WORDS
}
FEWEST_LETTERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that a version says. Texts are Markdown, ``signatures`` one per entry."""

    title: str
    audience: str = Audience.AGENTS
    body: str = ""
    symptom: str = ""
    cause: str = ""
    workaround_agents: str = ""
    workaround_reporters: str = ""
    fix_status: str = FixStatus.UNKNOWN
    applicability: str = ""
    services: Sequence[Service] = field(default_factory=tuple)
    categories: Sequence[Category] = field(default_factory=tuple)
    signatures: Sequence[str] = field(default_factory=tuple)

    @classmethod
    def of(cls, version: ArticleVersion) -> "Content":
        """What that version says."""
        return cls(
            services=list(version.services.all()),
            categories=list(version.categories.all()),
            signatures=[signature.text for signature in version.signatures.all()],
            **{name: getattr(version, name) for name in WORDS},
        )

    def check(self, kind: str) -> None:
        """Raise ``ValidationError``, by field, for what cannot be kept."""
        errors: dict[str, Any] = {}
        try:
            self._as_version().clean_fields(exclude=NOT_WORDS)
        except ValidationError as error:
            errors |= error.error_dict
        foreign = [] if kind == Kind.KNOWN_ERROR else self._of_known_errors()
        errors |= {name: [_("Only a known error has this.")] for name in foreign}
        for name, images in self.images().items():
            if sentences := wrong_images(images):
                errors.setdefault(name, []).extend(sentences)
        wrong = wrong_signatures(self.signatures)
        if wrong:
            errors["signatures"] = wrong
        if errors:
            raise ValidationError(errors)

    def images(self) -> dict[str, markdown.Images]:
        """What images each text shows."""
        return {name: markdown.images_of(getattr(self, name)) for name in TEXTS}

    def shown(self) -> dict[int, bool]:
        """Every image by number: ``True`` where it stands only in what agents alone
        read."""
        found: dict[int, bool] = {}
        for name, images in self.images().items():
            for number in images.numbers:
                found[number] = found.get(number, True) and name in INTERNAL
        return found

    def write_to(self, version: ArticleVersion) -> None:
        """Save the version, which is a draft, with these words and these parts."""
        for name in WORDS:
            setattr(version, name, getattr(self, name))
        version.save()
        version.services.set(self.services)
        version.categories.set(self.categories)
        version.signatures.all().delete()
        Signature.objects.bulk_create(
            Signature(version=version, text=text, kind=kind_of(text))
            for text in dict.fromkeys(map(tidy, self.signatures))
        )

    def _as_version(self) -> ArticleVersion:
        return ArticleVersion(**{name: getattr(self, name) for name in WORDS})

    def _of_known_errors(self) -> list[str]:
        given = [name for name in OF_KNOWN_ERRORS if getattr(self, name)]
        if self.fix_status == FixStatus.UNKNOWN:
            given.remove("fix_status")
        return given + (["signatures"] if self.signatures else [])


def wrong_images(images: markdown.Images) -> list[str]:
    """In words, which images of a text cannot be shown to everybody."""
    sentences = [
        _(
            "Say what image %(number)d shows, for people who cannot see it:"
            " ![the red switch](image:%(number)d)"
        )
        % {"number": number}
        for number, alt in images.shown
        if not re.search(r"\w", alt)
    ]
    sentences += [
        _("An image of another place is not shown: add it here. It begins “%(text)s”.")
        % {"text": text}
        for text in images.elsewhere
    ]
    if len(images.numbers) > MOST_IMAGES:
        sentences.append(
            _("Show at most %(count)d images in one text.") % {"count": MOST_IMAGES}
        )
    return sentences


def tidy(text: str) -> str:
    return " ".join(text.split())


def kind_of(text: str) -> SignatureKind:
    return SignatureKind.PATTERN if "*" in text else SignatureKind.CODE


def wrong_signatures(texts: Iterable[str]) -> list[str]:
    """In words, which of them fit everything or nothing."""
    texts = list(texts)
    sentences = []
    if len(texts) > MOST_SIGNATURES:
        sentences.append(_("Name at most %(count)d.") % {"count": MOST_SIGNATURES})
    for text in map(tidy, texts[:MOST_SIGNATURES]):
        if len(text) > LONGEST_SIGNATURE:
            sentences.append(
                _("“%(text)s…” is longer than %(count)d signs.")
                % {"text": text[:20], "count": LONGEST_SIGNATURE}
            )
        elif len(re.sub(r"[\W_]", "", text)) < FEWEST_LETTERS or not text.isprintable():
            sentences.append(
                _("“%(text)s” fits too much: give at least three letters or digits.")
                % {"text": text[:20]}
            )
        elif never_fits(text):
            sentences.append(
                _(
                    "“%(text)s” can never be looked for: give at least three letters or"
                    " digits in a row."
                )
                % {"text": text[:20]}
            )
    return sentences


def never_fits(text: str) -> bool:
    """The matcher takes no such pattern: it would try every ticket."""
    try:
        Pattern.of(pattern_of(text))
    except Refused:
        return True
    return False
