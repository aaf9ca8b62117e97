"""What a search costs among 10,000 articles and 20,000 tickets.

    python -m tests.benchmarks.search [--rounds 20] [--articles 10000] [--tickets 20000]

Fills a database of its own, which is dropped again, and asks for whole pages, as a
reporter, an agent and a resolver. Milliseconds: the middle one and the 95th of 100.
"""

import argparse
import os
import statistics
import sys
from time import perf_counter

import django

KINDS = {
    "frequent word": "printer",
    "less frequent": "scanner",
    "two words": "printer {second}",
    "rare word": "{rare}",
    "misspelt": "pritner",
    "nothing": "nosuchword",
    "error code": "ORA-1000100",
    "number": "INC-1000100",
    "part of a name": "archer",
}


def measured(rounds: int, articles: int, tickets: int) -> None:
    from django.db import transaction  # noqa: PLC0415

    from tests.people import make_cast  # noqa: PLC0415
    from tests.search import crowd  # noqa: PLC0415

    with transaction.atomic():
        cast = make_cast()
        began = perf_counter()
        crowd.fill(cast, articles=articles, tickets=tickets)
        sys.stdout.write(f"filled in {perf_counter() - began:.0f} s\n")
        words = {"second": crowd.word(50), "rare": crowd.word(5000)}
        for user in (cast.ann, cast.bo, cast.ned):
            sys.stdout.write(f"{user}\n")
            for kind, asked in KINDS.items():
                line(kind, times(user, asked.format(**words), rounds))
        transaction.set_rollback(True)


def times(user: object, words: str, rounds: int) -> list[float]:
    """Milliseconds of each round, the first one left out."""
    from django.test import Client  # noqa: PLC0415

    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    found = []
    for _ in range(rounds + 1):
        began = perf_counter()
        client.get("/search/", {"q": words})
        found.append((perf_counter() - began) * 1000)
    return found[1:]


def line(kind: str, found: list[float]) -> None:
    high = statistics.quantiles(found, n=20)[-1]
    sys.stdout.write(f"  {kind:<16}{statistics.median(found):>8.0f}{high:>8.0f}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--tickets", type=int, default=20_000)
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.test.utils import (  # noqa: PLC0415
        setup_databases,
        setup_test_environment,
        teardown_databases,
    )

    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        measured(chosen.rounds, chosen.articles, chosen.tickets)
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
