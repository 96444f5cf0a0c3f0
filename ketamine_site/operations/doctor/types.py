"""What the doctor finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A `problem` (a clause, after the `place` it is at) and its `remedy` (sentences). Advice isn't wrong yet."""

    check: str
    place: str
    problem: str
    remedy: str
    is_advice: bool = False

    def __str__(self):
        return f"{'Advice' if self.is_advice else 'Problem'} ({self.check}): {self.place}: {self.problem}.\n    {self.remedy}"
