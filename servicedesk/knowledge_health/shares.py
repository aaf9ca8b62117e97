"""A share with its denominator, and how surely it is known."""

import math
from dataclasses import dataclass
from typing import Final

# For 95 %.
Z: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``. ``low`` and ``high`` are Wilson's range: with few answers
    it is wide, so 1 of 1 is no better known than it is."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def low(self) -> float:
        return max(0.0, self._middle - self._reach)

    @property
    def high(self) -> float:
        return min(1.0, self._middle + self._reach)

    @property
    def percent(self) -> int:
        return round(100 * (self.value or 0))

    @property
    def low_percent(self) -> int:
        return round(100 * self.low)

    @property
    def high_percent(self) -> int:
        return round(100 * self.high)

    @property
    def _middle(self) -> float:
        """Nothing is known of nothing: then it is the middle."""
        if not self.whole:
            return 0.5
        share = self.part / self.whole
        return (share + Z**2 / (2 * self.whole)) / (1 + Z**2 / self.whole)

    @property
    def _reach(self) -> float:
        if not self.whole:
            return 0.5
        share, n = self.part / self.whole, self.whole
        spread = math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
        return Z * spread / (1 + Z**2 / n)
