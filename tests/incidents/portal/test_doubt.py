"""A remark beside "yes" that sounds like "no" is asked about; a plain thanks is not."""

import pytest

from incidents.doubt import is_doubtful


@pytest.mark.parametrize(
    "remark",
    [
        "Still broken",
        "it is not working",
        "It doesn't print",
        "It doesn’t print",
        "DOESNT PRINT",
        "error again",
        "Works, but slowly. It is still slow",
        "never",
        "only sometimes",
        "Does it?",
        "The same error as before",
        "Es geht noch immer nicht",
        "funktioniert nicht",
        "Nein",
        "Leider kaputt",
        "Ça ne marche pas",
        "Encore une erreur",
        "La imprimante ne\nmarche\npas",
        "It works again, but only on my phone",
        "no problems any more except on Mondays",
    ],
)
def test_what_sounds_like_no_is_doubtful(remark: str) -> None:
    assert is_doubtful(remark)


@pytest.mark.parametrize(
    "remark",
    [
        "",
        "   ",
        "Thanks",
        "Thank you, it works again!",
        "Works perfectly, great service.",
        "No problems any more, thanks",
        "No longer a problem",
        "Danke, funktioniert wieder.",
        "Alles gut",
        "Merci, ça marche de nouveau",
        "A notebook and a knot",
        "123 :-)",
    ],
)
def test_thanks_is_no_doubt(remark: str) -> None:
    assert not is_doubtful(remark)


def test_may_ask_once_too_often() -> None:
    """Costs a press; the other mistake closes what is not solved."""
    assert is_doubtful("not a problem any more, thanks")
