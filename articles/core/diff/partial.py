"""Takes a part of the changes, and suggests what to call them in public."""

from collections.abc import Collection
from dataclasses import dataclass

from .compare import compare
from .order import reorder
from .types import Comparison, Kind, Section, SectionComparison, Source, Text, new_text, old_text


@dataclass(frozen=True, slots=True)
class Parts:
    """What was taken as a text on its own, and everything that was proposed as the draft to go on with.

    Every change is in one of the two tuples, riskiest first.
    """

    accepted: Text
    remainder: Text
    accepted_ids: tuple[str, ...]
    remaining_ids: tuple[str, ...]


def apply(old: Text, new: Text, accepted_ids: Collection[str]) -> Parts:
    """Return `old` with the accepted changes: all of them give `new`, none `old`.

    A sentence is taken or left as a whole; so is a section that was added, removed or moved. Raises ValueError
    for an id that is not among the changes.
    """
    return apply_to(compare(old, new), accepted_ids)


def apply_to(comparison: Comparison, accepted_ids: Collection[str]) -> Parts:
    """Do the same with a comparison that is there already."""
    accepted = set(accepted_ids)
    if unknown := accepted - {change.id for change in comparison.changes}:
        raise ValueError(
            f"No such change: {', '.join(sorted(unknown))}. The text has changed since it was compared: "
            "compare it again and choose anew."
        )
    return Parts(
        _Taking(comparison, accepted).text(),
        comparison.new,
        tuple(change.id for change in comparison.changes if change.id in accepted),
        tuple(change.id for change in comparison.changes if change.id not in accepted),
    )


class _Taking:
    def __init__(self, comparison: Comparison, accepted: set[str]) -> None:
        self._comparison, self._accepted = comparison, accepted
        self._taken = {
            (change.scope, change.source_key or change.section_key)
            for change in comparison.changes
            if change.id in accepted
        }

    def text(self) -> Text:
        old, new = self._comparison.old, self._comparison.new
        return Text(
            title=(new if ("title", "") in self._taken else old).title,
            slug=(new if ("slug", "") in self._taken else old).slug,
            lead=self._body(self._comparison.lead),
            notice=(new if ("notice", "") in self._taken else old).notice,
            language=(new if ("language", "") in self._taken else old).language,
            sources=self._sources(),
            sections=self._sections(),
        )

    def _keys(self, *scopes: str) -> set[str]:
        return {key for scope, key in self._taken if scope in scopes}

    def _sources(self) -> tuple[Source, ...]:
        old = {source.key: source for source in self._comparison.old.sources}
        new = {source.key: source for source in self._comparison.new.sources}
        changed = self._keys("source")
        placed = {key for key in changed if (key in old) != (key in new)} | self._keys("source order")
        return tuple(
            new[key] if key in changed or key not in old else old[key] for key in reorder(list(old), list(new), placed)
        )

    def _sections(self) -> tuple[Section, ...]:
        old = {section.key: section for section in self._comparison.old.sections}
        new = {section.key: section for section in self._comparison.new.sections}
        compared = {section.key: section for section in self._comparison.sections}
        sections = []
        for key in reorder(list(old), list(new), self._keys("section")):
            if key in old and key in new:
                level = (new if ("level", key) in self._taken else old)[key].level
                heading = (new if ("heading", key) in self._taken else old)[key].heading
                sections.append(Section(key, level, heading, self._body(compared[key])))
            else:
                sections.append(new[key] if key in new else old[key])
        return tuple(sections)

    def _body(self, section: SectionComparison) -> str:
        return "".join(
            new_text(piece.runs) if piece.change_id in self._accepted else old_text(piece.runs)
            for piece in section.pieces
        )


_NOTES = ("correction", "clarification", "re-timed citations", "minor")
_CORRECTING = {Kind.NUMBER, Kind.NEGATION, Kind.CITATION_REMOVED, Kind.CLAIM_REMOVED}
_SMALL = {Kind.TYPO, Kind.FORMATTING, Kind.LINK}


def prefill_note(comparison: Comparison) -> str:
    """Suggest a public note: correction, clarification, re-timed citations or minor.

    What said something else before, or cites another source, is a correction. New moments and citations alone
    are re-timed citations. Typing errors, formats, links and the address are minor. The rest makes clearer.
    """
    correction, clarification, timing, minor = _NOTES
    kinds = {kind for change in comparison.changes for kind in change.kinds if kind is not Kind.ABOUT}
    about = {change.scope for change in comparison.changes if Kind.ABOUT in change.kinds}
    if kinds & _CORRECTING or about & {"source", "source order"}:
        return correction
    kinds -= _SMALL
    if Kind.CITATION_RETIMED in kinds and kinds <= {Kind.CITATION_RETIMED, Kind.CITATION_ADDED}:
        return timing
    return clarification if kinds or "notice" in about else minor
