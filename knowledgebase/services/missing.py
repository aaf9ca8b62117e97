"""What people searched for in vain, counted for those who write."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import User
from activity import clock
from knowledgebase import permissions as may
from knowledgebase.codes import LONGEST_MISS, Mark
from knowledgebase.models import Article, SearchMiss
from knowledgebase.typed import PART, is_left_out

# What tells who somebody is, or what only they ask for. Numbers of up to five digits
# are kept, because codes of errors are made of them.
TELLING: Final = re.compile(
    r"""
    \S+@\S*                     # an address
    | \w+://\S+ | www\.\S+      # of a page, which may hold a name
    | \S*\d(?:[\s/().-]{0,3}\d){5,}\S*  # a telephone, an account, a number of staff
    """,
    re.VERBOSE,
)
WORD: Final = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")


def record_miss(words: str, *, by: User) -> SearchMiss | None:
    """Count that this person found nothing; ``None`` where no word is left to keep.

    Kept are the words and who may have asked, as an audience. Never the person.
    """
    audience = may.reach_of(by)
    kept = kept_words(words)
    if not any(map(str.isalpha, kept)) or audience is None:
        return None
    return _counted(kept, audience, timezone.localdate(clock.now()))


@transaction.atomic
def _counted(words: str, audience: str, today: date) -> SearchMiss:
    miss, is_new = SearchMiss.objects.get_or_create(
        words=words,
        audience=audience,
        defaults={"first_on": today, "last_on": today},
    )
    if is_new:
        return miss
    SearchMiss.objects.filter(pk=miss.pk).update(count=F("count") + 1, last_on=today)
    # What an article answered and is still not found is open again.
    SearchMiss.objects.filter(pk=miss.pk, mark=Mark.ANSWERED).update(**_unmarked())
    miss.refresh_from_db()
    return miss


@transaction.atomic
def dismiss_miss(pk: int, *, by: User) -> SearchMiss:
    """Nothing needs to be written about it, however often it is searched."""
    return _marked(pk, by, mark=Mark.DISMISSED, article=None)


@transaction.atomic
def answer_miss(pk: int, *, by: User, article: Article) -> SearchMiss:
    """That article says it. Found nothing again, it is open again."""
    return _marked(pk, by, mark=Mark.ANSWERED, article=article)


@transaction.atomic
def reopen_miss(pk: int, *, by: User) -> SearchMiss:
    """It was put aside too early."""
    return _changed(pk, by, _unmarked())


def forget_misses() -> int:
    """Delete what nobody searched for in half a year; how many."""
    today = timezone.localdate(clock.now())
    return SearchMiss.objects.forgotten(today).delete()[0]


def kept_words(words: str) -> str:
    """In small letters, without addresses, long numbers and full names of people."""
    parts = [part for part in PART.findall(words) if not is_left_out(part)]
    plain = unicodedata.normalize("NFKC", " ".join(parts)).casefold()
    found = WORD.findall(TELLING.sub(" ", plain))
    kept = " ".join(_without_people(found))
    return kept[:LONGEST_MISS].strip() if len(kept) <= LONGEST_MISS else _cut(kept)


def _cut(words: str) -> str:
    """At a space, if there is one."""
    short = words[:LONGEST_MISS]
    return (short.rpartition(" ")[0] or short).strip()


def _without_people(words: Sequence[str]) -> list[str]:
    """Two words that are somebody's name, in either order, are left out."""
    pairs = list(pairwise(words))
    spelled = {f"{a} {b}" for a, b in pairs} | {f"{b} {a}" for a, b in pairs}
    people = User.objects.annotate(small=Lower("name")).filter(small__in=spelled)
    names = set(people.values_list("small", flat=True)) if pairs else set()
    out = {
        place
        for at, (a, b) in enumerate(pairs)
        if names & {f"{a} {b}", f"{b} {a}"}
        for place in (at, at + 1)
    }
    return [word for at, word in enumerate(words) if at not in out]


def _unmarked() -> dict[str, Any]:
    return {"mark": Mark.OPEN, "article": None, "marked_by": None, "marked_at": None}


def _marked(pk: int, by: User, **values: Any) -> SearchMiss:
    return _changed(pk, by, values | {"marked_by": by, "marked_at": clock.now()})


def _changed(pk: int, by: User, values: dict[str, Any]) -> SearchMiss:
    if not may.may_draft(by):
        raise PermissionDenied
    miss: SearchMiss = SearchMiss.objects.select_for_update().get(pk=pk)
    for name, value in values.items():
        setattr(miss, name, value)
    miss.save(update_fields=list(values))
    return miss
