"""What tells of people by its form: addresses, numbers, user ids, tickets."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EMAIL: Final = _("an e-mail address")
PHONE: Final = _("a telephone number")
USER: Final = _("a user id")
COMPUTER: Final = _("a computer")
TICKET: Final = _("another ticket")
SOMEBODY: Final = _("somebody")
LOOKS_BACK: Final = 30
MARKS: Final = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("å", "aa"), ("ø", "oe"))
# Names that are words as well: left where nothing says that they are names.
WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        """
        banks bell best bill bishop black bond bridge brook brown bush case chance
        chase cook cross dawn day dean east english faith field fields fox frank
        french friend garden german glass good grace grant gray green grey ground
        guy hall hand hill home hood hope house ice jack joy june july april august
        key king knight lake land lane law lead light link little long love major
        man march mark marks may mercy mill miller moon neu new nick noble north
        page park pat pool pope porter post potter power price prince queen ray read
        reed rich river rob rock roman root rose rush sage sand short silver skip
        smart smith south spring steel stone storm street sue summer sun temple
        thorn tower turner violet walker wall ward waters west white wild will wing
        winter wise wood young and am as at be by do go he hi if in is it me my no
        of on or so to up us we al ok war bach braun engel fest frei gross gut hart
        haus herr herz jung klein kraft kurz lang licht mai meister morgen mut
        neumann roth sauer schwarz sommer stark stein stern tag voll wald weiss ny
        strand
        """,
    )
)
_CUE: Final = (
    r"(?:phone|telephone|tel|mobile|cell|handy|fon|fax|telefon|call(?:ed)?(?: me)?"
    r"(?: back)?(?: at| on)?|reach(?: me)?(?: at| on)|ring|ext|extension|durchwahl|dw"
    r"|anknytning|rufnummer)"
)
_FORMS: Final = (
    (r"https?://[^\s<>\"]{0,200}/(?:tickets|my|incidents?)/\d+[^\s<>\"]*", TICKET),
    (r"(?:mailto:)?[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)*", EMAIL),
    (
        r"(?<![\w-])(?:INC|REQ|RITM|CHG|PRB|TASK|SCTASK|CASE|SR|IR)[- ]?\d{3,12}\b",
        TICKET,
    ),
    (r"(?i:\b(?:ticket|incident|case|request|vorgang)) ?(?:no\.?|nr\.?|number)? ?"
     r"[#:]? ?\d{3,12}\b", TICKET),
    (r"(?<![\w&#])#\d{3,12}\b", TICKET),
    (r"(?i:(?<=\busers[\\/]))(?!public\b|default\b|all users\b)[\w.-]+", USER),
    (r"(?<=/home/)[\w.-]+", USER),
    (r"(?<![\w\\:/.])(?!HK)[A-Z][A-Z0-9-]{1,14}\\[\w.-]*\w(?![\w\\]|\.\w)", USER),
)  # fmt: skip
_LABELLED: Final = re.compile(
    r"(?i:\b(?:user ?-?(?:name|id)?|log-?in(?: name)?|logon|account(?: name)?|kennung"
    r"|benutzer(?:name|kennung)?|anv\u00e4ndar(?:namn|id)))"
    r"(?P<sign> ?[:=] ?| (?i:is|ist) |[ ])[\"'\u201c]?(?P<id>[\w][\w.\\-]{1,40}\w)"
)
_PHONE: Final = re.compile(
    r"(?<![\w.:/#,-])(?<!\d )(?:\+|00)?\(?\d[\d \t()/.\u2010\u2011-]{4,20}\d"
    r"(?![\w]|[.:,/-]\d)"
)
_CUED_NUMBER: Final = re.compile(
    rf"(?i:\b{_CUE})\.?[ ]?(?:is|no\.?|nr\.?|number)?[ ]?[:=]?[ ]?"
    r"(?P<number>\+?\d[\d /()-]{1,18}\d)(?![\w.:])"
)
_CUE_BEFORE: Final = re.compile(rf"(?i:\b{_CUE})\b[^\w\n]{{0,4}}(?:\w+[ ])?$")
_DATE: Final = re.compile(
    r"\d{4}[-./]\d{1,2}[-./]\d{1,2}(?:[ T]\d.*)?"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?: .*)?"
    r"|(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d"
)
_QUAD: Final = re.compile(r"\d{1,3}(?:\.\d{1,5}){2,}")
_AMERICAN: Final = re.compile(r"\(?\d{3}\)?[ .-]?\d{3}[ .-]\d{4}")
_NAMED: Final = re.compile(
    r"\b(?:Mr|Mrs|Ms|Herrn?|Frau|Fru|Dr|Prof)\b\.?(?: (?:Dr|Prof)\.?)?"
    r" (?!Office|Word|Excel|Teams|Outlook|Windows|Access|Project|Sql|Edge)"
    r"[A-Z\u00c0-\u00de][\w-]+(?: [A-Z\u00c0-\u00de][\w-]+)?"
)
# Who is greeted, and who signs at the end of a line.
_SIGNED: Final = re.compile(
    r"(?im:^[ \t]*(?:hello|hi|dear|hallo|hej|liebe[r]?|sehr geehrte[r]?(?: herr| frau)?"
    r"|good (?:morning|afternoon|evening)|(?:(?:kind|best|warm|many) )?regards|cheers"
    r"|many thanks|thanks|thank you|thx|best wishes|sincerely|yours|lg|vg|mfg"
    r"|(?:mit )?(?:freundliche[nm]?|liebe[n]?|viele[n]?|beste[n]?)"
    r" gr(?:u|\u00fc)(?:ss|\u00df)e[n]?"
    r"|v\u00e4nliga h\u00e4lsningar|mvh))[ \t]*,?[ \t]*\n?[ \t]*"
    r"(?P<name>[A-Z\u00c0-\u00de][\w'\u2019-]+"
    r"(?: [A-Z\u00c0-\u00de][\w'\u2019-]+){0,2})"
    r"[ \t]*[,.!]?[ \t]*(?=\n|$)"
)
_WORD: Final = re.compile(r"(?<![\w.@\\/-])[A-Za-z0-9][\w.-]*\w(?![\w@\\])")
_MACHINE: Final = frozenset(
    [
        "pc",
        "laptop",
        "lap",
        "nb",
        "ws",
        "wks",
        "desktop",
        "dt",
        "notebook",
        "host",
        "srv",
        "vm",
        "client",
        "tablet",
        "mac",
        "macbook",
        "iphone",
        "ipad",
    ]
)

_INITIALS: Final = re.compile(r"(?:[A-Z]\.)+[A-Z][a-z]+$")

Form = tuple[int, int, str | Promise]


def forms_in(text: str, ids: Collection[str], parts: Collection[str]) -> list[Form]:
    """Where something stands that tells of a person, and what is said instead.
    ``ids`` are what user ids of the people may be, ``parts`` those of their names."""
    found: list[Form] = [
        (match.start(), match.end(), words)
        for pattern, words in _FORMS
        for match in re.finditer(pattern, text)
    ]
    found += _labelled(text)
    found += _phones(text)
    found += _known(text, frozenset(ids), frozenset(parts))
    return found


def titled_in(text: str) -> Iterator[Form]:
    """Names that a title, a greeting or a closing gives away, whoever it is: Mr Smith,
    Frau Dr. Klein, Dear Tom, Regards, Eve Ek."""
    for match in _NAMED.finditer(text):
        yield (*match.span(), SOMEBODY)
    for match in _SIGNED.finditer(text):
        yield (*match.span("name"), SOMEBODY)


def _labelled(text: str) -> Iterator[Form]:
    for match in _LABELLED.finditer(text):
        said, sign = match["id"], match["sign"].strip()
        has_digit = any(letter.isdigit() for letter in said)
        is_id = has_digit and any(letter.isalpha() for letter in said)
        if is_id or (sign in {":", "="} and re.search(r"\w[._\\]\w", said)):
            yield (*match.span("id"), USER)


def _phones(text: str) -> Iterator[Form]:
    for match in _CUED_NUMBER.finditer(text):
        yield (*match.span("number"), PHONE)
    for match in _PHONE.finditer(text):
        # A bracket that nothing in the number closes belongs to the sentence.
        opened = match.group().startswith("(") and ")" not in match.group()
        start = match.start() + opened
        said = text[start : match.end()].strip()
        if _is_phone(said, text[max(0, start - LOOKS_BACK) : start]):
            yield (start, start + len(said), PHONE)


def _is_phone(said: str, before: str) -> bool:
    digits = sum(letter.isdigit() for letter in said)
    if not 6 <= digits <= 15 or _DATE.fullmatch(said) or _QUAD.fullmatch(said):
        return False
    if said.startswith("+") or _AMERICAN.fullmatch(said) or _CUE_BEFORE.search(before):
        return True
    has_gaps = re.search(r"\d[ /()-]+\d", said) is not None
    return has_gaps and digits >= 7 and said.lstrip("(")[0] == "0"


def _known(text: str, ids: frozenset[str], parts: frozenset[str]) -> Iterator[Form]:
    """User ids and computers that carry the names of these people."""
    for match in _WORD.finditer(text):
        if _INITIALS.match(match.group()):
            continue
        word = match.group().casefold()
        pieces = {piece for piece in re.split(r"[\W\d_]+", word) if piece}
        joined = re.sub(r"[\W\d_]+", "", word)
        machine = not _MACHINE.isdisjoint(pieces)
        has_more = machine or any(letter.isdigit() for letter in word)
        if not ids.isdisjoint({word, joined, *pieces}) or (
            has_more and not parts.isdisjoint({joined, *pieces})
        ):
            yield (*match.span(), COMPUTER if machine else USER)
