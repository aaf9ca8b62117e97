"""A text loses its people and keeps what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.neutral import Person, neutral

ANN = Person(name="Ann Archer", role="the reporter", email="ann.archer@example.org")
BO = Person(name="Bo Berg", role="a colleague", email="bo@example.org")
NED = Person(name="Ned North", role="a colleague", email="ned@example.org")
JOSE = Person(name="José Müller-Lüdenscheid", role="the reporter")
JAN = Person(name="Jan van der Berg", role="the reporter")
WILL = Person(name="Will Page", role="the reporter", email="will@example.org")
OBRIEN = Person(name="Siobhán O’Brien", role="the reporter")
JAMES = Person(name="James Hobbs", role="the reporter")
LI = Person(name="Li Wang", role="a colleague")
ZED = Person(name="Zed Zorn", role="somebody", only_whole=True)
PEOPLE = [ANN, BO, NED]

NAMES = [
    ("We told Ann Archer.", "We told the reporter."),
    ("Ann Archer cannot print.", "The reporter cannot print."),
    ("It prints. Ann is happy.", "It prints. The reporter is happy."),
    ("It prints.\nAnn is happy.", "It prints.\nThe reporter is happy."),
    ("Archer, Ann reported it", "The reporter reported it"),
    ("told ann archer about it", "told the reporter about it"),
    ("told ANN ARCHER about it", "told the reporter about it"),
    ("told ann about it", "told the reporter about it"),
    ("ANN has it too", "The reporter has it too"),
    ("the laptop of Ann  Archer", "the laptop of the reporter"),
    ("Ann's laptop", "The reporter's laptop"),
    ("on Ann’s laptop", "on the reporter’s laptop"),
    ("on Archers Rechner", "on the reporter's Rechner"),
    ("on A. Archer's laptop", "on the reporter's laptop"),
    ("from A.Archer", "from the reporter"),
    ("from Ann A.", "from the reporter."),
    ("Mrs Archer called", "The reporter called"),
    ("Frau Dr. Archer rief an", "The reporter rief an"),
    ("Dear Ann, thank you", "Dear the reporter, thank you"),
    ("Regards,\nAnn", "Regards,\nThe reporter"),
    ("Ann, Bo and Ned looked", "The reporter, a colleague and a colleague looked"),
    ("Bo Berg and Ned North", "A colleague and a colleague"),
    ("asked Bo to look", "asked a colleague to look"),
    ("(Ann)", "(The reporter)"),
    ("Ann/Bo", "The reporter/a colleague"),
    ("it was Ann-", "it was the reporter-"),
    ("**Ann** wrote", "**The reporter** wrote"),
]


@pytest.mark.parametrize(("text", "wanted"), NAMES)
def test_names_are_taken_out(text: str, wanted: str) -> None:
    assert neutral(text, PEOPLE).text == wanted


KEPT = [
    "The banner and the annex, an annual planner",  # parts inside of words
    "bo is two letters, and so is BO",
    "The printer faces north",
    "A printer, a colleague, the archery",
    "Nedless to say",
    "",
    "E102 on 10.0.19041.1288 at 12:30 on 2026-11-28",
    "0x80070005 and ORA-00054, KB5034441, IRQL_NOT_LESS_OR_EQUAL",
    "Port 8080, 192.168.100.200, version 7.4.1, 28.11.2026, 11/28/2026",
    "It costs 1200000 and took 90 minutes in 2025-2026",
    r"Open C:\Program Files\Printer and HKLM\Software\Printer\Size",
    "The user account is locked, login: failed",
    "Set the paper size by `lpadmin -p label -o media=A6`",
    "Ms Office and MS Teams",
    "Thanks, Printer is fine now",
    "Hi all,\nHello World appears as output",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_says_nothing_of_people_stays(text: str) -> None:
    found = neutral(text, PEOPLE)
    assert found.text == text
    assert found.count == 0


SPELT = [
    (JOSE, "José Müller-Lüdenscheid rief an", "The reporter rief an"),
    (JOSE, "Jose Mueller-Luedenscheid called", "The reporter called"),
    (JOSE, "Herr Muller called", "The reporter called"),
    (JOSE, "MÜLLER called", "The reporter called"),
    (JOSE, "Jose\u0301 called", "The reporter called"),
    (Person(name="Jose Mueller", role="X"), "gab es José Müller", "gab es X"),
    (Person(name="Åsa Öberg", role="X"), "hos Asa Oberg", "hos X"),
    (Person(name="Jörg Groß", role="X"), "bei Joerg Gross", "bei X"),
    (JAN, "Jan van der Berg called", "The reporter called"),
    (JAN, "the desk of van der Berg", "the desk of van der the reporter"),
    (JAN, "van is a word, der auch", "van is a word, der auch"),
    (OBRIEN, "Siobhan O'Brien's screen", "The reporter's screen"),
    (OBRIEN, "o'brien called", "The reporter called"),
    (JAMES, "James' laptop and 'James'", "The reporter's laptop and 'the reporter'"),
    (JAMES, "James's laptop", "The reporter's laptop"),
    (LI, "Li Wang and Wang Li", "A colleague and a colleague"),
    (LI, "li in the list", "li in the list"),
    (Person(name="Ann-Marie Ek", role="X"), "ask Ann-Marie or Marie", "ask X or X"),
]


@pytest.mark.parametrize(("person", "text", "wanted"), SPELT)
def test_a_name_is_found_however_it_is_spelt(
    person: Person, text: str, wanted: str
) -> None:
    assert neutral(text, [person]).text == wanted


WORDS = [
    ("The page will load. Will it?", "The page will load. Will it?", ("Will",)),
    ("Open Page Setup", "Open Page Setup", ("Page",)),
    ("Will Page called", "The reporter called", ()),
    ("it will page out", "it will page out", ()),
    ("Mr Page called", "The reporter called", ()),
    ("Hi Will, it works", "Hi the reporter, it works", ()),
    ("on Will's laptop", "on the reporter's laptop", ()),
    ("we asked Will", "we asked the reporter", ()),
]


@pytest.mark.parametrize(("text", "wanted", "doubtful"), WORDS)
def test_a_name_that_is_a_word_is_kept_and_told_of(
    text: str, wanted: str, doubtful: tuple[str, ...]
) -> None:
    found = neutral(text, [WILL])
    assert (found.text, found.doubtful) == (wanted, doubtful)


FORMS = [
    ("Write to ann.archer@example.org.", "Write to an e-mail address."),
    ("mailto:x+y@mail.example.org", "An e-mail address"),
    ("Call +46 31 123 45 67 now", "Call a telephone number now"),
    ("Call 031-123 45 67 now", "Call a telephone number now"),
    ("Tel. (0711) 123-4567", "Tel. a telephone number"),
    ("phone: 555-123-4567", "phone: a telephone number"),
    ("my extension is 4711, thanks", "my extension is a telephone number, thanks"),
    ("ext. 4711", "ext. a telephone number"),
    ("call me on 4711", "call me on a telephone number"),
    ("as in INC-00042", "as in another ticket"),
    ("INC0012345 and RITM0001234", "Another ticket and another ticket"),
    ("see #4711", "see another ticket"),
    ("see ticket 4711", "see another ticket"),
    ("at https://desk.example.org/tickets/42/", "at another ticket"),
    ("user id: xk4711 cannot", "user id: a user id cannot"),
    ("username is ab123c", "username is a user id"),
    (r"EXAMPLE\aarcher has no rights", "A user id has no rights"),
    (r"C:\Users\aarcher\Desktop", r"C:\Users\a user id\Desktop"),
    ("/home/aarcher/.profile", "/home/a user id/.profile"),
    ("aarcher cannot log in", "A user id cannot log in"),
    ("as ann_archer or ann.archer", "as a user id or a user id"),
    ("as archera1", "as a user id"),
    ("on PC-ANN01", "on a computer"),
    ("on ANN-LAPTOP", "on a computer"),
    ("Mr Smith called", "Somebody called"),
    ("Frau Dr. Klein called", "Somebody called"),
    ("It is broken (031-123 45 67).", "It is broken (a telephone number)."),
    ("Hello Tom,\nit fails.", "Hello somebody,\nit fails."),
    ("It fails.\nKind regards\nEve Ek", "It fails.\nKind regards\nSomebody"),
    ("It fails. \nThanks, Eve", "It fails. \nThanks, somebody"),
    ("Viele Grüße,\n\tEva Öst\n", "Viele Grüße,\n\tSomebody\n"),
]


@pytest.mark.parametrize(("text", "wanted"), FORMS)
def test_addresses_numbers_and_ids_are_taken_out(text: str, wanted: str) -> None:
    assert neutral(text, PEOPLE).text == wanted


def test_who_has_no_part_in_it_is_found_by_the_whole_name_alone() -> None:
    found = neutral("Zed Zorn has it. Zed too.", [ZED])
    assert found.text == "Somebody has it. Zed too."


def test_it_counts_what_it_took_out() -> None:
    assert neutral("Ann told Bo at bo@example.org", PEOPLE).count == 3


def test_two_of_one_surname_keep_their_roles() -> None:
    tom = Person(name="Tom Archer", role="a colleague")
    found = neutral("Tom Archer helped Ann Archer", [ANN, tom])
    assert found.text == "A colleague helped the reporter"


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    neutral(text, [*PEOPLE, JOSE, JAN, OBRIEN])


SAMPLES = ["Ann", "Archer", "Bo", "Berg's", "ANN", "bo@example.org", "a", ".", ","]


@given(st.lists(st.sampled_from([*SAMPLES, "\n"]), max_size=30))
def test_what_is_neutral_stays_as_it_is(words: list[str]) -> None:
    once = neutral(" ".join(words), PEOPLE).text
    assert neutral(once, PEOPLE).text == once
    assert "Archer" not in once
    assert "@" not in once
