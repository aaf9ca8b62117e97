"""Clocks: what became of a promise, told from the history of what it was made about.

Pure: it reads no record and no time. ``read`` folds marks into readings, ``explain``
tells a reading line by line. What a caller may rely on:

- A target is used up at the first moment at which that much was counted. What ends
  then is kept; what still goes on a microsecond later was missed from that moment on,
  whether or not time counts just then.
- A breach stays under carry and forward, and is forgotten when the clock begins again.
  Terms that count anew from the beginning (retroactive) say by their own count when it
  was breached, if ever: they may undo a breach or find one in the past.
- Counting anew changes schedule and target, not what counts: what was paused stays
  paused, what ran stays counted. It goes back to where the clock last began again.
- Time without a promise is not counted, unless terms count anew from the beginning. A
  cycle in which nothing was ever promised is no clock and has no reading.
- What has ended is changed only by going on; terms that came meanwhile hold from then.
"""

from sla.clock.folding import follow, read
from sla.clock.marks import Because, Mark, Terms, What
from sla.clock.readings import Line, Reading, Span, explain, reached

__all__ = [
    "Because",
    "Line",
    "Mark",
    "Reading",
    "Span",
    "Terms",
    "What",
    "explain",
    "follow",
    "reached",
    "read",
]
