"""The daily numbers of citations per verdict, as scaled lines and as a table."""

from dataclasses import dataclass
from types import SimpleNamespace

from articles.derived.checks import risk

WIDTH, HEIGHT = 100, 24


@dataclass(frozen=True)
class Line:
    """One verdict: its first and last number, and the `points` of an SVG polyline in a `WIDTH` × `HEIGHT` box."""

    verdict: str
    first: int
    last: int
    points: str

    @property
    def change(self):
        difference = self.last - self.first
        return f"{difference:+}".replace("-", "−") if difference else "±0"


def of(counted):
    """The trend in `counted`, [(day, {verdict: number})] with the oldest day first; None for fewer than two days.

    `lines` has the riskiest verdict first; `days` pairs each day with its numbers in the same order.
    """
    if len(counted) < 2:
        return None
    start, end = counted[0][0], counted[-1][0]
    span = (end - start).days
    lines = []
    for verdict in risk.WEIGHTS:
        numbers = [numbers.get(verdict, 0) for _, numbers in counted]
        top = max(numbers) or 1
        points = [
            f"{(day - start).days / span * WIDTH:.2f},{HEIGHT - number / top * HEIGHT:.2f}"
            for (day, _), number in zip(counted, numbers, strict=True)
        ]
        lines.append(Line(verdict, numbers[0], numbers[-1], " ".join(points)))
    days = [(day, [numbers.get(verdict, 0) for verdict in risk.WEIGHTS]) for day, numbers in counted]
    return SimpleNamespace(since=start, until=end, lines=lines, days=days)
