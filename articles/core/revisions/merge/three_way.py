"""Merges two edited versions of one text; where they conflict, a person chooses."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from articles.core.revisions.diff import Section, Text
from articles.core.revisions.diff.blocks import Reading
from articles.core.revisions.diff.changes import Ids

from .blocks import Region, merge_bodies, merge_orders
from .resolution import resolve
from .types import Conflict, Merge, MergedSection, Order, Place, Value

Item = TypeVar("Item")
CONFLICTS_MAX = 200  # decided one by one; what comes after them is decided as one stretch for each body


def merge(base: Text, ours: Text, theirs: Text) -> Merge:
    """Merge two texts that both derive from `base`: sections by key, bodies by block, then by sentence.

    A change that one side made is taken, and one that both made is taken once. Everything else is a conflict,
    including a section or source that one side removed and the other changed. A section that one side removed and the
    other only moved stays removed. Never raises.
    """
    return _Merger(base, ours, theirs).result()


class _Merger:
    def __init__(self, base: Text, ours: Text, theirs: Text) -> None:
        self._texts = base, ours, theirs
        self._readings = Reading(), Reading()
        self._conflicts: list[Conflict] = []
        self._ids = Ids()
        self._is_coarse = False

    def result(self) -> Merge:
        base, ours, theirs = self._texts
        places: tuple[Place, ...] = ("title", "slug", "notice", "language")
        values = {place: self._value(place, *(getattr(text, place) for text in self._texts)) for place in places}
        references = [{source.key: source.reference for source in text.sources} for text in self._texts]
        sources = {
            key: self._value("source", *(side.get(key) for side in references), name=key) for key in _union(references)
        }
        present = [key for key, reference in sources.items() if reference is not None]
        source_order = self._order("source order", references, present, str)
        lead = self._body("lead", "", "", base.lead, ours.lead, theirs.lead)
        by_key = [{section.key: section for section in text.sections} for text in self._texts]
        merged_sections = {key: self._section(key, *(side.get(key) for side in by_key)) for key in _union(by_key)}
        sections = {key: section for key, section in merged_sections.items() if section}
        names = {key: min(side[key].heading for side in by_key if key in side) for key in merged_sections}
        order = self._order("section order", by_key, list(sections), names.__getitem__)
        merged = Merge(
            None,
            values,
            lead,
            sources,
            source_order,
            sections,
            order,
            tuple(self._conflicts),
            self._is_coarse or any(reading.is_coarse for reading in self._readings),
        )
        return merged if merged.conflicts else replace(merged, text=resolve(merged, {}))

    def _conflict(
        self, place: Place, key: str, name: str, base: str | None, ours: str | None, theirs: str | None
    ) -> Conflict:
        # Sort the sides so that the id doesn't depend on which of them is ours.
        sides = sorted(json.dumps(side) for side in (ours, theirs))
        conflict_id = self._ids.of([place, key, name if place == "source" else "", base, *sides])
        self._conflicts.append(Conflict(conflict_id, place, key, name, base, ours, theirs))
        return self._conflicts[-1]

    def _value(
        self, place: Place, base: str | None, ours: str | None, theirs: str | None, *, key: str = "", name: str = ""
    ) -> Value:
        if ours == theirs or theirs == base:
            return ours
        if ours == base:
            return theirs
        return self._conflict(place, key, name, base, ours, theirs)

    def _body(self, place: Place, key: str, name: str, base: str, ours: str, theirs: str) -> tuple[Value, ...]:
        regions = merge_bodies(base, ours, theirs, self._readings)
        decided = [at for at, region in enumerate(regions) if region.is_conflict]
        if len(decided) > max(1, CONFLICTS_MAX - len(self._conflicts)):
            self._is_coarse = True
            regions[decided[0] : decided[-1] + 1] = [Region.joining(regions[decided[0] : decided[-1] + 1])]
        return tuple(
            self._value(place, region.base, region.ours, region.theirs, key=key, name=name) for region in regions
        )

    def _section(
        self, key: str, base: Section | None, ours: Section | None, theirs: Section | None
    ) -> MergedSection | None:
        """Return the merged section, None if it is removed."""
        if ours is None or theirs is None:
            return self._one_sided(key, base, ours, theirs)
        name = ours.heading
        heading = self._value(
            "heading", base.heading if base else None, ours.heading, theirs.heading, key=key, name=name
        )
        level = self._value(
            "level", str(base.level) if base else None, str(ours.level), str(theirs.level), key=key, name=name
        )
        body = self._body("body", key, name, base.body if base else "", ours.body, theirs.body)
        return MergedSection(key, heading, level, body)

    def _one_sided(
        self, key: str, base: Section | None, ours: Section | None, theirs: Section | None
    ) -> MergedSection | None:
        section = ours or theirs
        if section is None or section == base:
            return None
        whole = None
        if base is not None:
            whole = self._conflict(
                "section", key, section.heading, *(side.text if side else None for side in (base, ours, theirs))
            )
        return MergedSection(key, section.heading, str(section.level), (section.body,), whole)

    def _order(
        self,
        place: Place,
        sides: list[dict[str, str]] | list[dict[str, Section]],
        kept: list[str],
        name: Callable[[str], str],
    ) -> Order:
        keys = [list(side) for side in sides]
        ours, theirs = merge_orders(keys[0], keys[1], keys[2], kept)
        if ours == theirs:
            return Order(tuple(ours), tuple(theirs))
        lines = ["\n".join(map(name, order)) for order in (keys[0], ours, theirs)]
        return Order(tuple(ours), tuple(theirs), self._conflict(place, "", "", *lines))


def _union(sides: list[dict[str, Item]]) -> dict[str, None]:
    """Return the keys of all sides, in order of first appearance."""
    return dict.fromkeys(key for side in sides for key in side)
