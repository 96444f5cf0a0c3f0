"""What the doctor finds."""

from dataclasses import dataclass

from articles.workflow import integrity


@dataclass(frozen=True)
class Finding(integrity.Finding):
    """As a check of integrity has it, about an installation. Advice isn't wrong yet."""

    is_advice: bool = False

    def __str__(self):
        return f"{'Advice' if self.is_advice else 'Problem'} ({self.check}): {self.place}: {self.problem}.\n    {self.remedy}"
