"""What it costs to find the article for a ticket, by how many articles there are.

    python -m tests.benchmarks.matching [--rounds 5] [--articles 100 1000 10000]

Beside it the same with no bound on what is looked at. Each figure is the best of the
rounds, per ticket.
"""

import argparse
import sys
from time import perf_counter
from unittest import mock

from knowledgebase.matching import Asked, Index, candidates, scoring
from tests.knowledgebase.matching.many import articles, questions

QUESTIONS = 20


def best_ms(index: Index, asked: list[Asked], rounds: int) -> float:
    """Milliseconds per ticket."""
    return min(_round(index, asked) for _ in range(rounds)) * 1000 / len(asked)


def _round(index: Index, asked: list[Asked]) -> float:
    began = perf_counter()
    for one in asked:
        candidates(one, index)
    return perf_counter() - began


def unbounded_ms(index: Index, asked: list[Asked], rounds: int) -> float:
    everything = len(index.entries)
    with (
        mock.patch.object(scoring, "MOST_SCORED", everything),
        mock.patch.object(scoring, "MOST_READ", sys.maxsize),
    ):
        return best_ms(index, asked, rounds)


def line(count: int, rounds: int) -> str:
    known = articles(count)
    began = perf_counter()
    index = Index.of(known)
    built = perf_counter() - began
    asked = [one for _code, one in questions(known, QUESTIONS)]
    ours, all_ = best_ms(index, asked, rounds), unbounded_ms(index, asked, rounds)
    return f"{count:>9}{built:>10.2f} s{ours:>10.2f} ms{all_:>12.2f} ms\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--articles", type=int, nargs="+", default=[100, 1000, 10_000])
    chosen = parser.parse_args()
    sys.stdout.write(" articles       built    a ticket     unbounded\n")
    for count in chosen.articles:
        sys.stdout.write(line(count, chosen.rounds))


if __name__ == "__main__":
    main()
