"""The contrast of every allowed pair of colours, in both themes (WCAG formula).

axe cannot decide about every pixel; this table can. It reads the committed
stylesheet, so that a colour that was changed without its pair is found.
"""

import re

import pytest
from django.conf import settings

CSS = (settings.BASE_DIR / "static" / "css" / "servicedesk.css").read_text()
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([a-z0-9-]+): ?light-dark\((#[0-9a-fA-F]{6}), ?(#[0-9a-fA-F]{6})\)", CSS
    )
}
TEXT, CONTROL = 4.5, 3.0
GROUNDS = ["surface", "paper", "sunken"]
CLOCKS = ["on-track", "soon", "urgent", "overdue", "paused"]
STATUSES = ["new", "progress", "waiting", "hold", "resolved", "closed"]

PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-2") for ground in GROUNDS),
    *(("accent", ground, TEXT) for ground in GROUNDS),
    *(("accent-hover", ground, TEXT) for ground in GROUNDS),
    *(("danger", ground, TEXT) for ground in GROUNDS),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    ("on-danger", "danger", TEXT),
    *((f"clock-{state}", f"clock-{state}-ground", TEXT) for state in CLOCKS),
    *((f"status-{status}", f"status-{status}-ground", TEXT) for status in STATUSES),
    ("ink", "note-ground", TEXT),
    ("ink-2", "note-ground", TEXT),
    ("accent", "note-ground", TEXT),
    ("major", "major-ground", TEXT),
    *(("edge", ground, CONTROL) for ground in GROUNDS),
    *(("focus", ground, CONTROL) for ground in [*GROUNDS, "note-ground"]),
    ("note-edge", "surface", CONTROL),
    ("note-edge", "note-ground", CONTROL),
    ("status-resolved", "surface", CONTROL),
]

# The ratios that the design states; a token that drifts is noticed.
STATED = [
    ("ink", "surface", 16.56, 13.57),
    ("ink", "paper", 15.18, 14.83),
    ("ink-2", "paper", 6.41, 8.27),
    ("ink-2", "sunken", 5.82, 8.62),
    ("accent", "surface", 7.62, 8.63),
    ("on-accent", "accent", 7.62, 8.36),
    ("danger", "paper", 7.15, 9.02),
    ("clock-on-track", "clock-on-track-ground", 5.96, 8.38),
    ("clock-soon", "clock-soon-ground", 6.90, 9.12),
    ("clock-urgent", "clock-urgent-ground", 8.28, 10.27),
    ("clock-overdue", "clock-overdue-ground", 8.35, 8.99),
    ("clock-paused", "clock-paused-ground", 6.69, 7.34),
    ("status-new", "status-new-ground", 8.80, 9.46),
    ("status-progress", "status-progress-ground", 7.73, 8.91),
    ("status-waiting", "status-waiting-ground", 7.87, 9.14),
    ("status-closed", "status-closed-ground", 7.33, 8.30),
    ("ink", "note-ground", 15.45, 12.51),
    ("ink-2", "note-ground", 6.53, 6.98),
    ("note-edge", "surface", 4.97, 6.45),
]


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_formula() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#6c757d", "#f8f9fa") == pytest.approx(4.45, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_pair_is_readable(ink: str, ground: str, least: float, theme: int) -> None:
    assert contrast(TOKENS[ink][theme], TOKENS[ground][theme]) >= least


@pytest.mark.parametrize(("ink", "ground", "light", "dark"), STATED)
def test_tokens_are_those_of_the_design(
    ink: str, ground: str, light: float, dark: float
) -> None:
    ratios = [contrast(TOKENS[ink][theme], TOKENS[ground][theme]) for theme in (0, 1)]
    assert ratios == pytest.approx([light, dark], abs=0.01)


def test_every_coloured_token_is_in_a_pair() -> None:
    decorative = {"line"}
    paired = {name for ink, ground, _least in PAIRS for name in (ink, ground)}
    assert set(TOKENS) - paired == decorative
