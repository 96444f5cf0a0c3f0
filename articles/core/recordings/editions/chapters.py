"""Builds an offset map from chapters whose titles appear in both the recording and the edition."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from articles.core.language.messages import lazy_message
from articles.core.revisions.diff.alignment import longest_increasing
from articles.core.timestamps import format_timestamp

from .types import MapError, OffsetMap, Piece

REPEATS_MAX = 20  # a title that is repeated more often doesn't help to align the two lists
LENGTHS_DIFFER = 2  # seconds: lengths are rounded, and encoders add some silence

Titled = tuple[int, str]


@dataclass(frozen=True)
class MatchedChapters:
    """Pairs of starts (reference, edition) with matching titles, in order, and the chapters found on one side only."""

    pairs: tuple[tuple[int, int], ...]
    only_reference: tuple[Titled, ...]
    only_edition: tuple[Titled, ...]


def match_chapters(reference: Iterable[Titled], edition: Iterable[Titled]) -> MatchedChapters:
    """Pair chapters (start in seconds, title) whose titles are equal apart from case, punctuation and spaces.

    Pairs move forward on both sides. If titles are reordered or repeated, as many as possible are paired.
    """
    ours, theirs = sorted(reference), sorted(edition)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index in range(len(theirs) - 1, -1, -1):  # backwards, so that a chain can't use one chapter twice
        places[_folded(theirs[index][1])].append(index)
    candidates = [
        (index, place)
        for index, (_, title) in enumerate(ours)
        if len(same_title := places.get(_folded(title), [])) <= REPEATS_MAX
        for place in same_title
    ]
    matched = [candidates[number] for number in longest_increasing([place for _, place in candidates])]
    of_ours, of_theirs = {index for index, _ in matched}, {place for _, place in matched}
    return MatchedChapters(
        tuple((ours[index][0], theirs[place][0]) for index, place in matched),
        tuple(chapter for index, chapter in enumerate(ours) if index not in of_ours),
        tuple(chapter for index, chapter in enumerate(theirs) if index not in of_theirs),
    )


def from_chapters(
    pairs: Iterable[tuple[int, int]],
    *,
    reference_length: int | None = None,
    edition_length: int | None = None,
    only_reference: Sequence[int] = (),
    only_edition: Sequence[int] = (),
) -> OffsetMap:
    """Return the map given by pairs of chapter starts (reference, edition), in seconds.

    Consecutive pairs with the same offset form one stretch. Where the offset changes, the stretch ends at the next
    known chapter start on either clock, including those without a counterpart (`only_reference`, `only_edition`),
    because chapters don't reveal an advertisement inside a chapter. The last stretch ends with the recording or the
    edition; if neither length is known, it is omitted. Raises MapError if the pairs go backwards.
    """
    ordered = sorted(set(pairs))
    for (start, there), (later, later_there) in pairwise(ordered):
        if later <= start or later_there <= there:
            raise MapError(
                lazy_message(
                    "%(later)s comes after %(start)s, but in the edition %(later_there)s doesn’t come after "
                    "%(there)s. Fix one of the times.",
                    later=format_timestamp(later),
                    start=format_timestamp(start),
                    later_there=format_timestamp(later_there),
                    there=format_timestamp(there),
                )
            )
    pieces: list[Piece] = []
    for index, (start, there) in enumerate(ordered):
        offset = there - start
        is_last = index + 1 == len(ordered)
        edge, edge_there = (reference_length, edition_length) if is_last else ordered[index + 1]
        ends = [*_limits([edge], start), *(limit - offset for limit in _limits([edge_there], there))]
        if edge is not None and edge_there is not None and abs(edge_there - edge - offset) > LENGTHS_DIFFER * is_last:
            ends += _limits(only_reference, start)
            ends += [limit - offset for limit in _limits(only_edition, there)]
        end = min(ends, default=start)
        if end <= start:
            continue
        if pieces and pieces[-1].offset_seconds == offset and pieces[-1].end_seconds == start:
            start = pieces.pop().start_seconds
        pieces.append(Piece(start, end, offset))
    return OffsetMap(pieces)


def _limits(known: Iterable[int | None], start: int) -> list[int]:
    return [limit for limit in known if limit is not None and limit > start]


def _folded(title: str) -> str:
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", title).casefold())
    return " ".join(words) or " ".join(title.split())
