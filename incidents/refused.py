"""What a check for known errors refused, as the history tells it to one reader."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.codes import Decided
from incidents.events import Kind
from incidents.models import CheckedCandidate, Incident
from incidents.timeline import Entry, Words
from knowledgebase.models import Article, ArticleVersion


def naming_refused(
    entries: Sequence[Entry], incident: Incident, *, by: User
) -> list[Entry]:
    """The entries of its internal history; each check says which articles were not
    used and why. What ``by`` may not read has no name. At most one query, and none
    where nothing was refused."""
    seqs = [entry.seq for entry in entries if _has_refused(entry)]
    if not seqs:
        return list(entries)
    rows: dict[int, list[Any]] = {}
    for row in _refused(incident, seqs, by):
        rows.setdefault(row.within.seq, []).append(row)
    return [
        replace(entry, words=_words(entry, rows[entry.seq]))
        if entry.seq in rows
        else entry
        for entry in entries
    ]


def _has_refused(entry: Entry) -> bool:
    data = entry.data
    return entry.kind == Kind.CHECK and data.get("shown", 0) > data.get("used", 0)


def _refused(incident: Incident, seqs: Sequence[int], by: User) -> Any:
    readable = ArticleVersion.objects.visible_to(by).filter(
        article__in=Article.objects.visible_to(by)
    )
    found = CheckedCandidate.objects.filter(
        within__incident=incident, within__seq__in=seqs, decided=Decided.REFUSED
    )
    return (
        found.annotate(is_readable=Exists(readable.filter(pk=OuterRef("version"))))
        .select_related("within", "version__article")
        .order_by("within__seq", "position")
    )


def _words(entry: Entry, rows: Sequence[Any]) -> list[Words]:
    """One for each, whether or not somebody wrote a word besides the reason."""
    written = {words.name: words for words in entry.words}
    found = []
    for row in rows:
        name = f"refusal_{row.position}"
        words = written.pop(name, None) or Words(name=name, label="", text="")
        found.append(replace(words, label=_label(row)))
    return [*written.values(), *found]


def _label(row: Any) -> str:
    facts = {"article": _article(row), "reason": row.get_refusal_display()}
    return _("Not used: %(article)s. %(reason)s") % facts


def _article(row: Any) -> str:
    if not row.is_readable:
        return _("an article that you cannot read")
    facts = {"reference": row.version.article.reference, "title": row.version.title}
    return _("%(reference)s “%(title)s”") % facts
