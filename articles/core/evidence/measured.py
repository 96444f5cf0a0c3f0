"""How often the check is right, as measured on labelled claims by `make bench-evidence PUBLISH=1`."""

import json
import math
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from .checker import CHECKER_VERSION

FILE = Path(__file__).with_name("measured.json")
_Z = 1.959964  # of the standard normal distribution, for 95 % on both sides


@dataclass(frozen=True)
class Share:
    """`part` of `whole` claims."""

    part: int
    whole: int

    @property
    def percent(self) -> int:
        """The share in percent; 0 of no claims."""
        return round(100 * self.part / self.whole) if self.whole else 0

    @property
    def interval(self) -> tuple[int, int]:
        """Between which percentages the share of all claims lies, at a confidence of 95 %.

        Wilson's score interval (Wilson 1927, J. Am. Stat. Assoc. 22, 209), which fits few claims and shares of 0 and 1,
        rounded outwards.
        """
        if not self.whole:
            return 0, 100
        share, n = self.part / self.whole, self.whole
        middle = share + _Z**2 / (2 * n)
        half = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
        low, high = ((middle + side * half) / (1 + _Z**2 / n) for side in (-1, 1))
        return max(0, math.floor(100 * low + 1e-9)), min(100, math.ceil(100 * high - 1e-9))


@dataclass(frozen=True)
class MeasuredSet:
    """The figures on one set of labelled claims: `recordings` of real articles, or `invented`, our public test set."""

    name: str
    claims: int
    shows: int
    recordings: int
    false_alarms: Share
    wrong_flagged: Share
    nearby_flagged: Share
    flags_right: Share


@dataclass(frozen=True)
class Measured:
    """What was measured, when, and with which version of the check."""

    checker_version: int
    measured_on: date
    sets: tuple[MeasuredSet, ...]

    @property
    def is_current(self) -> bool:
        """Whether the figures are those of the check that this release has."""
        return self.checker_version == CHECKER_VERSION


@cache
def load(path: Path = FILE) -> Measured:
    """Return the stored figures. Raises ValueError or KeyError if the file isn't as the benchmark writes it."""
    value = json.loads(path.read_text())
    sets = tuple(
        MeasuredSet(
            name=row["name"],
            claims=row["claims"],
            shows=row["shows"],
            recordings=row["recordings"],
            false_alarms=Share(*row["false_alarms"]),
            wrong_flagged=Share(*row["wrong_flagged"]),
            nearby_flagged=Share(*row["nearby_flagged"]),
            flags_right=Share(*row["flags_right"]),
        )
        for row in value["sets"]
    )
    return Measured(value["checker_version"], date.fromisoformat(value["measured_on"]), sets)
