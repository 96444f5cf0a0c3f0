"""Merges two edited versions of one text; where they clash, a person chooses."""

import json
from collections.abc import Callable
from dataclasses import replace

from articles.core.diff.blocks import Reading
from articles.core.diff.changes import Ids
from articles.core.diff.types import Section, Text

from .blocks import merge_bodies, merge_orders, origin_of
from .resolution import text_of
from .types import Clash, Merge, MergedSection, Order, Origin, Part, Place, Value

_NOTHING = Value("same", None)


def merge(base: Text, ours: Text, theirs: Text) -> Merge:
    """Merge two texts that both derive from `base`: sections by key, bodies by block, then by sentence.

    A change that one side made is taken, and one that both made alike is taken once. Everything else is a clash,
    including a section or source that one side removed and the other changed. A section that one side removed and the
    other only moved stays removed. Never raises.
    """
    return _Merger(base, ours, theirs).result()


class _Merger:
    def __init__(self, base: Text, ours: Text, theirs: Text) -> None:
        self._texts = base, ours, theirs
        self._readings = Reading(), Reading()
        self._clashes: list[Clash] = []
        self._ids = Ids()

    def result(self) -> Merge:
        base, ours, theirs = self._texts
        title = self._value("title", base.title, ours.title, theirs.title)
        slug = self._value("slug", base.slug, ours.slug, theirs.slug)
        notice = self._value("notice", base.notice, ours.notice, theirs.notice)
        language = self._value("language", base.language, ours.language, theirs.language)
        references = [{source.key: source.reference for source in text.sources} for text in self._texts]
        keys = dict.fromkeys(key for side in references for key in side)
        values = {key: self._value("source", *(side.get(key) for side in references), name=key) for key in keys}
        present = [key for key, value in values.items() if value.clash or value.text is not None]
        source_order = self._order("source order", references, present, str)
        lead = self._body("lead", "", "", base.lead, ours.lead, theirs.lead)
        by_key = [{section.key: section for section in text.sections} for text in self._texts]
        sections = {
            key: self._section(key, *(side.get(key) for side in by_key))
            for key in dict.fromkeys(key for side in by_key for key in side)
        }
        names = {key: min(side[key].heading for side in by_key if key in side) for key in sections}
        order = self._order(
            "section order", by_key, [key for key in sections if not sections[key].is_removed], names.__getitem__
        )
        removed = [section for section in sections.values() if section.is_removed]
        merged = Merge(
            None,
            title,
            slug,
            notice,
            language,
            lead,
            tuple((key, values[key]) for key in source_order.ours),
            source_order,
            (*(sections[key] for key in order.ours), *removed),
            order,
            tuple(self._clashes),
            any(reading.is_coarse for reading in self._readings),
        )
        return merged if merged.clashes else replace(merged, text=text_of(merged, {}))

    def _clash(
        self, place: Place, key: str, name: str, base: str | None, ours: str | None, theirs: str | None
    ) -> Clash:
        # Sort the sides so that the id doesn't depend on which of them is ours.
        sides = sorted(json.dumps(side) for side in (ours, theirs))
        clash_id = self._ids.of([place, key, name if place == "source" else "", base, *sides])
        self._clashes.append(Clash(clash_id, place, key, name, base, ours, theirs))
        return self._clashes[-1]

    def _value(
        self, place: Place, base: str | None, ours: str | None, theirs: str | None, *, key: str = "", name: str = ""
    ) -> Value:
        origin = origin_of(base, ours, theirs)
        if origin is None:
            return Value("both", None, self._clash(place, key, name, base, ours, theirs))
        return Value(origin, theirs if origin == "theirs" else ours)

    def _body(self, place: Place, key: str, name: str, base: str, ours: str, theirs: str) -> tuple[Part, ...]:
        parts: list[Part] = []
        for region in merge_bodies(base, ours, theirs, self._readings):
            value = self._value(place, region.base, region.ours, region.theirs, key=key, name=name)
            parts.append(Part(value.origin, value.text or "", value.clash))
        return tuple(parts)

    def _section(self, key: str, base: Section | None, ours: Section | None, theirs: Section | None) -> MergedSection:
        if ours is None or theirs is None:
            return self._one_sided(key, base, ours, theirs)
        name = ours.heading
        before = len(self._clashes)
        heading = self._value(
            "heading", base.heading if base else None, ours.heading, theirs.heading, key=key, name=name
        )
        level = self._value(
            "level", str(base.level) if base else None, str(ours.level), str(theirs.level), key=key, name=name
        )
        body = self._body("body", key, name, base.body if base else "", ours.body, theirs.body)
        return MergedSection(
            key,
            "taken" if len(self._clashes) == before else "clash",
            _common_origin([heading.origin, level.origin, *(part.origin for part in body)]),
            heading,
            level,
            body,
        )

    def _one_sided(self, key: str, base: Section | None, ours: Section | None, theirs: Section | None) -> MergedSection:
        section = ours or theirs
        origin: Origin = "ours" if (ours is None) == (base is not None) else "theirs"
        if base is not None and (section is None or section == base):
            removed_by: Origin = "both" if section is None else origin
            return MergedSection(key, "taken", removed_by, _NOTHING, _NOTHING, (), is_removed=True)
        assert section is not None  # noqa: S101 # the key is in at least one of the three texts
        if base is None:
            return _merged_section(section, origin)
        sides = (side.text if side else None for side in (base, ours, theirs))
        clash = self._clash("section", key, section.heading, *sides)
        return replace(_merged_section(section, "both"), status="clash", whole=clash, kept=section)

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
        return Order(tuple(ours), tuple(theirs), self._clash(place, "", "", *lines))


def _common_origin(origins: list[Origin]) -> Origin:
    changed = set(origins) - {"same"}
    return changed.pop() if len(changed) == 1 else "both" if changed else "same"


def _merged_section(section: Section, origin: Origin) -> MergedSection:
    body = (Part(origin, section.body),) if section.body else ()
    return MergedSection(
        section.key, "taken", origin, Value(origin, section.heading), Value(origin, str(section.level)), body
    )
