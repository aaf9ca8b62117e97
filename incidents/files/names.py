"""Names of files, as strangers send them and as we show them."""

import re
import unicodedata

from incidents.files.rules import CONTENT_TYPES

MAX_LENGTH = 150
FALLBACK = "file"  # for a name of which nothing is left

_JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji are misspelt without
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # shown as nothing, though not spaces
_EDGES = ". " + _JOINERS
_ENDING = re.compile(r"[A-Za-z0-9]{1,10}")
_LOST_JOINERS = re.compile(
    rf"(?<![^\x00-\x7f])[{_JOINERS}]+|[{_JOINERS}]+(?![^\x00-\x7f])"
)
_FORBIDDEN_ON_WINDOWS = re.compile(r'[<>:"|?*]')
_DEVICES = {
    *("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"),
    *(f"{port}{digit}" for port in ("COM", "LPT") for digit in "0123456789¹²³"),
}
# Endings that run something somewhere; inside a name they only pretend.
_RUNNABLE = {
    *("app", "asp", "aspx", "bat", "cmd", "com", "cpl", "dll", "docm"),
    *("exe", "hta", "htm", "html", "jar", "js", "jse", "jsp", "lnk"),
    *("msi", "msp", "php", "pif", "pptm", "ps1", "py", "reg", "scr"),
    *("sh", "svg", "url", "vbe", "vbs", "wsf", "wsh", "xhtml", "xlsm"),
}


def extension_of(name: str) -> str:
    """The ending of a name in small letters without its dot, or ``""``."""
    ending = name.rpartition(".")[2] if "." in name else ""
    return ending.lower() if _ENDING.fullmatch(ending) else ""


def safe_name(raw: str) -> str:
    """A name that is fit to show, to download and to keep on any system.

    No folders, no signs that are invisible or turn the text around, no device of
    Windows, no second ending that pretends; at most ``MAX_LENGTH`` characters with
    the ending kept (in small letters). Letters of every script stay. A hopeless
    name becomes ``file`` with its ending. Applying it twice changes nothing.
    """
    stem, extension = _split(_readable(raw))
    stem = _without_pretence(_without_devices(stem), extension)
    room = MAX_LENGTH - len(extension) - 1
    stem = stem[:room].strip(_EDGES) or FALLBACK
    return f"{stem}.{extension}" if extension else stem


def _readable(raw: str) -> str:
    seen = "".join(_shown(sign) for sign in raw)
    seen = _LOST_JOINERS.sub("", unicodedata.normalize("NFC", seen))
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", seen))[-1]
    return " ".join(_FORBIDDEN_ON_WINDOWS.sub("_", last).split())


def _shown(sign: str) -> str:
    if sign.isspace() or sign in _BLANKS:
        return " "
    is_hidden = unicodedata.category(sign).startswith("C") and sign not in _JOINERS
    return "" if is_hidden else sign


def _split(name: str) -> tuple[str, str]:
    name = name.rstrip(_EDGES)
    extension = extension_of(name)
    if extension:
        return name.rpartition(".")[0].strip(_EDGES), extension
    return name.strip(_EDGES), ""


def _without_devices(stem: str) -> str:
    parts = stem.split(".")
    while parts and parts[0].strip(_EDGES).upper() in {"", *_DEVICES}:
        parts.pop(0)
    return ".".join(parts).strip(_EDGES)


def _without_pretence(stem: str, extension: str) -> str:
    """``invoice.exe.pdf`` becomes ``invoice_exe.pdf``; ``app.log.gz`` stays."""
    if not extension:
        return stem.replace(".", "_")
    is_ours = extension in CONTENT_TYPES
    pretending = _RUNNABLE if is_ours else _RUNNABLE | CONTENT_TYPES.keys()
    first, *inner = stem.split(".")
    for part in inner:
        first += ("_" if part.lower().strip() in pretending else ".") + part
    return first
