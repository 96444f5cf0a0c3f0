"""Compares two whole texts."""

from dataclasses import replace
from typing import Literal

from articles.core.timestamps import find_marks

from .blocks import Reading, compare_bodies
from .changes import Changes
from .classify import cited_in
from .order import insert_behind, moved_keys
from .types import (
    Change,
    Comparison,
    Kind,
    Op,
    Piece,
    Retiming,
    Run,
    Runs,
    Section,
    SectionComparison,
    SectionStatus,
    Text,
    replacing,
)


def compare(old: Text, new: Text) -> Comparison:
    """Compare two texts: sections by key, inside them blocks, then sentences, then tokens.

    The equal and deleted runs of a body join to the old body, the equal and inserted ones to the new body.
    Never raises. A text too large or too tangled to compare by sentence is compared by block and sets `is_coarse`.
    """
    return _Comparer(old, new).result()


def runs_between(old: str, new: str) -> Runs:
    """Return the runs, in order, between two plain texts such as the values of a form field."""
    pieces = compare(Text(lead=old), Text(lead=new)).lead.pieces
    return tuple(run for piece in pieces for run in piece.runs)


class _Comparer:
    def __init__(self, old: Text, new: Text) -> None:
        self._old, self._new = old, new
        self._reading = Reading()
        self._changes = Changes(self._reading)
        self._pieces: dict[str, list[Piece]] = {}
        self._section_change_ids: dict[str, list[str]] = {}
        self._headings: dict[str, Runs] = {}

    def result(self) -> Comparison:
        old, new = self._old, self._new
        title, _ = self._changes.add_line("title", old.title, new.title)
        self._add_value("slug", old.slug, new.slug)
        self._add_value("notice", old.notice, new.notice)
        self._add_value("language", old.language, new.language)
        new_sources = self._add_sources()
        self._add_body("", "", old.lead, new.lead)
        old_sections = {section.key: (place, section) for place, section in enumerate(old.sections)}
        new_sections = {section.key: (place, section) for place, section in enumerate(new.sections)}
        moved = moved_keys(list(old_sections), list(new_sections))
        order = insert_behind(
            new_sections,
            list(old_sections),
            [key for key in old_sections if key not in new_sections],
            anchors=[key for key in new_sections if key in old_sections],
        )
        for key in order:
            self._add_section(old_sections.get(key), new_sections.get(key), is_moved=key in moved)
        self._pieces = self._changes.join_moved(self._pieces)
        comparisons = [
            self._section_comparison(
                key, old_sections.get(key, (None,))[0], new_sections.get(key, (None,))[0], is_moved=key in moved
            )
            for key in order
        ]
        return Comparison(
            old,
            new,
            title,
            self._section_comparison("", None, None, is_moved=False),
            tuple(comparisons),
            self._changes.riskiest_first(new_sources),
            self._reading.is_coarse,
        )

    def _add_value(self, scope: Literal["slug", "notice", "language"], old: str, new: str) -> None:
        if old != new:
            change = Change("", (Kind.ABOUT,), scope, "", "", replacing(old, new))
            self._changes.add(change, old, new)

    def _add_sources(self) -> dict[str, str]:
        """Add the changes of the sources; return the ids of those that add a source, by its key."""
        old = {source.key: (place, source.reference) for place, source in enumerate(self._old.sources)}
        new = {source.key: (place, source.reference) for place, source in enumerate(self._new.sources)}
        moved = moved_keys(list(old), list(new))
        added: dict[str, str] = {}
        for key in dict.fromkeys([*new, *old]):
            (old_place, before), (new_place, after) = old.get(key, (None, "")), new.get(key, (None, ""))
            if key in moved:
                change = Change("", (Kind.ABOUT,), "source order", "", "", (Run("equal", before),), source_key=key)
                self._changes.add(replace(change, old_position=old_place, new_position=new_place), key)
            if before != after or (key in old) != (key in new):
                change = Change("", (Kind.ABOUT,), "source", "", "", replacing(before, after), source_key=key)
                change_id = self._changes.add(change, key, before, after)
                if key not in old:
                    added[key] = change_id
        return added

    def _add_section(self, old: tuple[int, Section] | None, new: tuple[int, Section] | None, *, is_moved: bool) -> None:
        if old is None or new is None:
            self._add_whole_section(old, new)
            return
        (old_place, before), (new_place, after) = old, new
        key, heading = after.key, after.heading
        ids = self._section_change_ids.setdefault(key, [])
        self._headings[key], change_id = self._changes.add_line(
            "heading", before.heading, heading, key=key, heading=heading
        )
        ids += [change_id] if change_id else []
        if is_moved:
            change = Change("", (Kind.MOVED,), "section", key, heading, _run("equal", heading))
            ids.append(self._changes.add(replace(change, old_position=old_place, new_position=new_place), "moved"))
        if before.level != after.level:
            levels = str(before.level), str(after.level)
            change = Change("", (Kind.MOVED,), "level", key, heading, replacing(*levels))
            ids.append(self._changes.add(change, *levels))
        self._add_body(key, heading, before.body, after.body)

    def _add_whole_section(self, old: tuple[int, Section] | None, new: tuple[int, Section] | None) -> None:
        """Add a section that only one of the texts has. An empty one that cites nothing claims nothing."""
        side = new or old
        assert side is not None  # noqa: S101 # at least one text has the section
        place, section = side
        op: Op = "insert" if new else "delete"
        cited = cited_in(find_marks(section.heading)) + cited_in(find_marks(section.body))
        moments = tuple(Retiming(None, moment) if new else Retiming(moment, None) for moment in cited)
        kind = Kind.CLAIM_ADDED if new else Kind.CLAIM_REMOVED
        if not section.body.strip() and not cited:
            kind = Kind.WORDING
        change = Change("", (kind,), "section", section.key, section.heading, _run(op, section.text), moments)
        change = replace(change, old_position=None if new else place, new_position=place if new else None)
        change_id = self._changes.add(change, "added" if new else "removed", section.text)
        self._headings[section.key] = _run(op, section.heading)
        self._section_change_ids[section.key] = [change_id]
        self._pieces[section.key] = [Piece(_run(op, section.body), change_id)] if section.body else []

    def _add_body(self, key: str, heading: str, old: str, new: str) -> None:
        stretches = compare_bodies(old, new, self._reading)
        self._pieces[key] = [self._changes.add_stretch(stretch, key, heading) for stretch in stretches]

    def _section_comparison(
        self, key: str, old_position: int | None, new_position: int | None, *, is_moved: bool
    ) -> SectionComparison:
        pieces = self._pieces[key]
        ids = dict.fromkeys(self._section_change_ids.get(key, []))
        ids |= dict.fromkeys(piece.change_id for piece in pieces if piece.change_id)
        status: SectionStatus = "changed" if ids else "unchanged"
        if key and (old_position is None or new_position is None):
            status = "removed" if new_position is None else "added"
        heading = self._headings.get(key, ())
        return SectionComparison(key, status, heading, tuple(pieces), old_position, new_position, is_moved, tuple(ids))


def _run(op: Op, text: str) -> Runs:
    return (Run(op, text),) if text else ()
