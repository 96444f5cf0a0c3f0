"""Applies some of the changes of a comparison, and suggests a public note for them."""

from collections.abc import Collection
from dataclasses import replace

from articles.core.language.messages import lazy_message

from .order import reorder
from .types import Change, Comparison, Kind, Section, SectionComparison, Source, Text, new_text, old_text


def apply(comparison: Comparison, accepted_ids: Collection[str]) -> Text:
    """Return the old text with the accepted changes: accepting all gives the new one, accepting none the old one.

    A sentence is accepted or left as a whole; so is a section that was added, removed or moved. Raises ValueError
    for an id that isn't among the changes.
    """
    accepted = set(accepted_ids)
    if unknown := accepted - {change.id for change in comparison.changes}:
        raise ValueError(
            lazy_message(
                "No such change: %(ids)s. "
                "The text has changed since it was compared: reload the page and choose again.",
                ids=", ".join(sorted(unknown)),
            )
        )
    return _PartialText(comparison, accepted).text()


class _PartialText:
    def __init__(self, comparison: Comparison, accepted: set[str]) -> None:
        self._comparison, self._accepted = comparison, accepted
        self._taken = {
            (change.scope, change.source_key or change.section_key)
            for change in comparison.changes
            if change.id in accepted
        }

    def text(self) -> Text:
        new = self._comparison.new
        values = {
            name: getattr(new, name) for name in ("title", "slug", "notice", "language") if (name, "") in self._taken
        }
        return replace(
            self._comparison.old,
            lead=self._body(self._comparison.lead),
            sources=self._sources(),
            sections=self._sections(),
            **values,
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


_CORRECTING = {Kind.NUMBER, Kind.NEGATION, Kind.CITATION_REMOVED, Kind.CLAIM_REMOVED}
_SMALL = {Kind.TYPO, Kind.FORMATTING, Kind.LINK}


# The first of these that a change contributes is the note.
_NOTES = ("correction", "clarification", "re-timed citations", "added citations", "minor")


def prefill_note(comparison: Comparison) -> str:
    """Suggest a public note: correction, clarification, re-timed citations or minor.

    Changed numbers, negations or sources and removed claims or citations are corrections. Changed timestamps, alone
    or with added citations, are re-timed citations. Typos, formatting, links and the address are minor. Everything
    else is a clarification.
    """
    parts = {note_part(change) for change in comparison.changes}
    note = next((note for note in _NOTES if note in parts), "minor")
    return "clarification" if note == "added citations" else note


def note_part(change: Change) -> str:
    """What one change contributes to the note: a note, or “added citations”, which alone are a clarification."""
    kinds = set(change.kinds) - {Kind.ABOUT}
    if kinds & _CORRECTING or (Kind.ABOUT in change.kinds and change.scope in {"source", "source order"}):
        return "correction"
    kinds -= _SMALL
    if kinds == {Kind.CITATION_ADDED}:
        return "added citations"
    if Kind.CITATION_RETIMED in kinds and kinds <= {Kind.CITATION_RETIMED, Kind.CITATION_ADDED}:
        return "re-timed citations"
    is_notice = Kind.ABOUT in change.kinds and change.scope == "notice"
    return "clarification" if kinds or is_notice else "minor"
