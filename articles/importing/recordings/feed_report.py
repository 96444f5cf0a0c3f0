"""What a feed would change, the result of importing one of its items, and the report of all of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from articles.core.recordings.feeds import FeedEpisode, FeedProblem
from articles.importing.outcomes import Outcome
from articles.importing.reports import ProblemReport

from .feed_episodes import NAMES, RECORDING_PART, recording_of_item
from .feed_matching import Match
from .other_recording import cited_by


def differing_recordings(items: Iterable[FeedEpisode], matches: Mapping[int, Match]) -> list[str]:
    """Return a line for each existing recording from which an item differs, and how many citations refer to it."""
    return [
        f"{item.number} {known.reference}: {NAMES[name]} {current} → {value}; citations: {cited_by(known)}"
        for item in items
        if (known := matches[item.number].episode)
        for name, current, value in recording_of_item(known, item)
    ]


@dataclass(frozen=True)
class FeedResult:
    """The result of one item: its episode's handle/slug, all problems found, and those that lost data (`lost`)."""

    number: int
    title: str
    outcome: Outcome
    problems: tuple[FeedProblem, ...] = ()
    lost: tuple[FeedProblem, ...] = ()
    reference: str = ""


class FeedReport(ProblemReport):
    """Reports problems by item and part; those that lost data or would change a cited recording come first."""

    columns = ("item", "episode", "part", "text", "reason", "outcome")

    def row(self, result: FeedResult, problem: FeedProblem) -> tuple[list[object], bool]:
        name = result.reference or result.title
        cells = [problem.item or "", name, problem.part, problem.text, problem.reason, str(result.outcome)]
        return cells, problem in result.lost or problem.part == RECORDING_PART

    def shown(self, row: Sequence[Any]) -> tuple[str, str, str, str]:
        item, name, part, text, reason, _ = row
        return f"{item} {name}".strip(), part, text, reason
