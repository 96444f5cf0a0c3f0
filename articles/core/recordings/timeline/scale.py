"""Where a moment lies on the strip."""


def percent(seconds: int, duration_seconds: int) -> float:
    """The place of a moment, in percent of the length, rounded to hundredths."""
    return round(seconds / duration_seconds * 100, 2)
