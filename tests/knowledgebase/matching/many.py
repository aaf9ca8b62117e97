"""Articles in any number, and questions about them, by seed."""

import random
from collections.abc import Iterator

from knowledgebase.matching import Asked, Known

SYLLABLES = [first + last for first in "bdfghklmnprstvwz" for last in "aeiou"]


def articles(count: int) -> list[Known]:
    """Some words are in very many of them, as in life; one in three has a signature."""
    dice = random.Random(count)
    words = sorted({"".join(dice.choices(SYLLABLES, k=4)) for _ in range(5000)})
    often = [1 / rank for rank in range(1, len(words) + 1)]
    return [
        Known(
            code=f"article-{number:05}",
            title=" ".join(dice.choices(words, often, k=6)),
            symptom=" ".join(dice.choices(words, often, k=20)),
            body=" ".join(dice.choices(words, often, k=60)),
            signatures=(rf"\bcode-{number:05}\b",) if number % 3 == 0 else (),
            services=(f"service-{number % 40}",),
        )
        for number in range(count)
    ]


def questions(known: list[Known], count: int) -> Iterator[tuple[str, Asked]]:
    """Each with the code of the article that it is about."""
    dice = random.Random(1)
    for about in dice.sample(known, count):
        said = dice.sample(about.symptom.split(), 8)
        yield about.code, Asked(subject=about.title, text=" ".join(said))
