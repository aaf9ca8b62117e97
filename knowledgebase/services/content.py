"""What somebody typed into the editor, checked before it is kept."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalogue.models import Category, Service
from knowledgebase.codes import (
    LONGEST_SIGNATURE,
    MOST_SIGNATURES,
    Audience,
    FixStatus,
    Kind,
    SignatureKind,
)
from knowledgebase.models import ArticleVersion, Signature

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
        wrong = wrong_signatures(self.signatures)
        if wrong:
            errors["signatures"] = wrong
        if errors:
            raise ValidationError(errors)

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
        if len(re.sub(r"[\W_]", "", text)) < FEWEST_LETTERS or not text.isprintable():
            sentences.append(
                _("“%(text)s” fits too much: give at least three letters or digits.")
                % {"text": text[:20]}
            )
    return sentences
