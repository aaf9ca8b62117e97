"""Does a remark beside "yes, it works" say something else?

A person who presses *yes* and writes "but it is still slow" has not confirmed. So a
remark that holds one of these signs is shown to them again before it counts. To ask
once too often ("not a problem any more") costs a press; to miss a doubt closes an
incident that is not solved. The lists hold the words of those who report here, in
English, German and French; a sign that no word list knows simply does not ask.
"""

import re
from typing import Final

# Whole words. The apostrophe is gone by then: don't is dont.
ENGLISH: Final = """
    still not no never cannot cant dont doesnt didnt isnt wasnt wont arent couldnt
    nothing broken breaks broke fail fails failed failing error errors crash crashes
    crashed slow slower worse wrong sometimes partly partially almost however except
    but unless again
"""
GERMAN: Final = """
    nicht nichts noch nein kein keine keinen nie kaputt fehler fehlt langsam leider
    aber wieder trotzdem immer manchmal teilweise schlechter
"""
FRENCH: Final = """
    ne pas non plus jamais toujours encore erreur panne lent lente mais parfois cassé
    rien
"""
WORDS: Final = frozenset(f"{ENGLISH} {GERMAN} {FRENCH}".split())
# "Thank you, it works again" is the plainest yes there is. These go before we look.
PRAISE: Final = (
    r"works? again",
    r"working again",
    r"(is|are) back again",
    r"no (more )?(problems?|issues?|errors?|complaints?|trouble)",
    r"not? longer (a )?(problem|issue|broken)",
    r"(funktioniert|geht|läuft|klappt)( jetzt| nun)? wieder",
    r"kein(e)? (problem|fehler)e? mehr",
    r"(re)?marche (de nouveau|à nouveau)",
    r"plus (de|aucun) (problème|panne|souci)s?",
)
_APOSTROPHES = re.compile("['’ʼ`´]")  # noqa: RUF001 - as people type them
_PRAISE = re.compile("|".join(rf"\b{phrase}\b" for phrase in PRAISE))
_WORD = re.compile(r"[^\W\d_]+")
_SPACES = re.compile(r"\s+")


def is_doubtful(remark: str) -> bool:
    """Whether the remark may mean that it does not work."""
    text = _SPACES.sub(" ", _APOSTROPHES.sub("", remark.casefold()))
    if "?" in text:
        return True
    left = _PRAISE.sub(" ", text)
    return not WORDS.isdisjoint(_WORD.findall(left))
