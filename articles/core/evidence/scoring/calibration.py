"""Estimates how likely a claim is said where it is cited: a logistic regression over three numbers of its curve.

The coefficients were fitted by `bench/fitting.py` on the tuning half of labelled claims; docs/evidence.md has the
figures on the other half.
"""

import math

from .curves import Curve

# Someone who opens a citation listens from a little before it for about a minute and a half.
HEARD_BEFORE, HEARD_AFTER = 20.0, 90.0
_EARLY, _LATE = 5.0, 15.0  # seconds by which a citation may be early or late

FEATURES = ("height", "cited", "coverage")
COEFFICIENTS = (0.378, 7.104, 5.130)
INTERCEPT = -6.143


def features(curve: Curve, start: float, end: float) -> tuple[float, float, float]:
    """Return the numbers named by `FEATURES` for a citation from `start` to `end` in seconds.

    The highest point that is heard, in standard deviations above the curve's mean; the height at the cited second,
    relative to the curve's peak; and the share of the claim's weight that is said at the highest point that is heard.
    """
    heard = curve.best(start - HEARD_BEFORE, end + HEARD_AFTER)
    cited = curve.best(start - _EARLY, end + _LATE)
    return (
        (float(curve.value[heard]) - curve.mean) / (curve.deviation + 1e-6),
        float(curve.value[cited]) / curve.peak if curve.peak > 0.0 else 0.0,
        float(curve.coverage[heard]),
    )


def probability(curve: Curve, start: float, end: float) -> float:
    """Return the probability in [0, 1] that the claim is heard at a citation from `start` to `end` in seconds."""
    if curve.peak <= 0.0:
        return 0.0
    terms = zip(COEFFICIENTS, features(curve, start, end), strict=True)
    return logistic(sum(coefficient * value for coefficient, value in terms) + INTERCEPT)


def logistic(value: float) -> float:
    """Return the logistic function of `value`, without overflow."""
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, value))))
