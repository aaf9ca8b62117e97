"""Words that say nothing, and words that say the same, in English and German."""

from collections.abc import Mapping
from typing import Final

_ENGLISH: Final = """
    a about above after again all also am an and any are as at be because been
    before being both but by came can cannot cant come could did do does doesnt
    doing done dont down during each few for from further get gets getting got had
    has have having he her here hers him his how i if in into is isnt it its itself
    just last let like made make many may me might more most much must my myself
    need needs no nor not now of off on once only or other our ours out over own per
    same see she should since so some still such than that the their them then there
    these they this those through thru to too under until up upon us use used user
    users uses using very via was we were what when where which while who whom why
    will with within without wont would yes yet you your able unable trying tries
    try tried want wants wanted know etc one two
"""
_GERMAN: Final = """
    ab aber alle als am an auch auf aus bei beim bin bis bitte da damit dann das
    dass dem den der des die diese dieser dieses doch dort du ein eine einem einen
    einer eines er es etwas fuer funktionieren funktioniert geht haben habe hat
    hatte hier ich ihm ihn ihr ihre im in ist ja kann kein keine keinen koennen
    leider man mehr mein meine mich mir mit nach nicht noch nun nur ob oder ohne
    sehr sein seine sich sie sind so ueber um und uns unser unter vom von vor war
    was weil wenn werden wie wieder wir wird wo zu zum zur
"""
# Greetings, and what is asked for in every mail.
_POLITE: Final = """
    hello hi hey dear sir madam mam team all folks everyone morning afternoon
    evening good greetings please pls plz kindly thank thanks thx regards best
    cheers sincerely hallo guten tag morgen abend liebe lieber kollegen danke vielen
    dank gruss gruesse freundlichen freundliche mfg advise help helps helped support
    assist assistance required requires require request requested requesting asap
    urgent urgently aerp
"""
# What every ticket is about.
_ANY_TICKET: Final = """
    issue issues problem problems probleme ticket tickets incident inc case call
    calls today yesterday tomorrow day days time times week weeks month since ago
    attached attachment attachments screenshot below find image jpg png cid mailto
    gmail www http https com company mr mrs ms work works working worked fix fixed
    fixing resolve resolved resolving check checked happen happened happens thing
    things something anything nothing give given take error errors fehler
    fehlermeldung message messages
"""

STOP: Final = frozenset(f"{_ENGLISH}{_GERMAN}{_POLITE}{_ANY_TICKET}".split())

# Two words that are written as one, or with a stroke, or apart.
JOINED: Final[tuple[tuple[str, str], ...]] = (
    (r"\b(?:log|sign)(?:ged|ging|ned|ning|s)?[ -]?(?:in|on)(?:to)?\b", "login"),
    (r"\blogon|\blogins?\b", "login"),
    (r"\block(?:ed|ing|s)?[ -]?out\b", "locked"),
    (r"\bset(?:ting)?[ -]up\b", "setup"),
    (r"\bblue[ -]screen\b", "bluescreen"),
    (r"\bwi-fi\b", "wifi"),
    (r"\badd[ -](in|on)s?\b", r"add\1"),
    (r"\be-?mails?\b", "mail"),
    (r"\bpass ?words?\b|\bpwd?s?\b|\bpasscode\b", "password"),
    (r"\bwork ?station\b", "workstation"),
    (r"\bsingle sign on\b", "sso"),
    (r"\bstart(?:ing|s)?[ -]up\b|\bboot(?:ing|s)? up\b", "boot"),
    (r"\bturn(?:ing|s|ed)? on\b|\bpower(?:ing|s)? on\b", "boot"),
)

_SAME: Final = """
    password passwort passwoerter kennwort
    unlock unlocked unlocking locked lock locks gesperrt sperre entsperren entsperrt
    reset resets resetting zuruecksetzen zurueckgesetzt
    printer printers print prints printing drucker drucken druckt ausdruck
    login anmelden anmeldung einloggen
    computer pc pcs laptop laptops notebook rechner workstation desktop
    phone phones telephone handy smartphone cellphone mobile
    wifi wlan wireless funknetz
    mail mails postfach mailbox mailboxes
    slow slowly slowness langsam
    freeze freezes freezing frozen hang hangs hanging hung haengt responding
    open opens opening opened launch launches launching oeffnen oeffnet
    start starts starting startet starten boot boots booting hochfahren faehrt
    access zugriff zugang permission permissions berechtigung rights authorization
    folder folders ordner verzeichnis
    drive drives laufwerk
    connect connects connecting connected connection connectivity verbindung verbinden
    expire expired expires expiring expiry abgelaufen ablaufen
    delete deleted deleting geloescht loeschen
    restore restored restoring wiederherstellen
    member members mitglied mitglieder
    audio sound ton
    microphone mic mikrofon
    meeting meetings besprechung
    sync synced synch synched syncing synchronize synchronise synchronized
        synchronised synchronization synchronisation synchronisiert
    disconnect disconnects disconnected disconnecting
    install installed installing installation installieren
    setup einrichten einrichtung
    update updates updated updating aktualisieren
    guest guests gast visitor visitors
    outage outages ausfall
    course courses kurs schulung training trainings
    spam phishing phish
    activate activated activating activation aktivieren
    incorrect wrong falsch invalid
    change changes changed changing aendern
    missing fehlt disappeared gone
    defective defect defekt broken kaputt
    fail fails failed failing failure
    server servers
"""

SAME: Final[Mapping[str, str]] = {
    word: line.split()[0]
    for line in _SAME.replace("\n        ", " ").strip().splitlines()
    for word in line.split()
}
