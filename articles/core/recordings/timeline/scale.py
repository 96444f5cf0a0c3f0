"""Converts times to positions on the timeline."""


def percent(seconds: int, duration_seconds: int) -> float:
    """Return the position of a time in percent of the duration, rounded to two decimals."""
    return round(seconds / duration_seconds * 100, 2)
