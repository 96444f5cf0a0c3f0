"""Finds what a claim says and its recording doesn't: quotations in other words, and numbers and names never mentioned."""

from collections.abc import Iterator
from itertools import islice

from articles.core.evidence.indexing.index import Index

from ..excerpts import spoken_text
from ..types import NAME, NUMBER, QUOTATION, Discrepancy
from .occurrences import Occurrences
from .quotations import MOST, misquotations


class Comparison:
    """Finds what a recording never says."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._occurrences = Occurrences(index)

    def discrepancies(self, claim: str, heard: slice, *, is_quotation: bool = False) -> tuple[Discrepancy, ...]:
        """Return what the recording doesn't say like the claim, in the claim's order.

        If `is_quotation`, the claim is one without marks. `heard` are the indices of the words around the cited moment, where quotations are looked for first. Numbers
        and names are only read in English, and not inside a quotation that is a discrepancy itself. At most `MOST` of a
        kind are returned; a sentence has fewer.
        """
        found = sorted(self._quotations(claim, heard, is_quotation), key=lambda row: row[0])
        if self._index.is_english:
            spans = [(start, end) for start, end, _ in found]
            for kind, absent in (
                (NUMBER, self._occurrences.absent_numbers(claim)),
                (NAME, self._occurrences.absent_names(claim)),
            ):
                for start, end in islice(absent, MOST):
                    if not any(low <= start < high for low, high in spans):
                        found.append((start, end, Discrepancy(kind, claim[start:end])))
        unique = dict.fromkeys(discrepancy for *_, discrepancy in sorted(found, key=lambda row: row[:2]))
        return tuple(unique)

    def _quotations(self, claim: str, heard: slice, is_quotation: bool) -> Iterator[tuple[int, int, Discrepancy]]:
        for quotation, wording in misquotations(self._index, claim, heard, is_quotation=is_quotation):
            closest, at = "", None
            if wording is not None:
                closest = spoken_text(self._index, wording.words)
                at = int(self._index.seconds[wording.words.start])
            yield quotation.start, quotation.end, Discrepancy(QUOTATION, quotation.text.strip(), closest, at)
