"""Makes changes: their ids, their kinds and their wording."""

import json
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import chain

from .blocks import Reading, Stretch
from .classify import cited_in, read_sentence
from .tokens import Token, as_runs, token_runs, tokenise
from .types import Change, Kind, Piece, Retiming, Run, Runs, Scope, replacing

_LEAST_MOVED = 20
"""Characters of a sentence that is known again in another place."""


@dataclass
class Changes:
    """The changes of one comparison in the order of the text, as they are found."""

    reading: Reading
    found: list[Change] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)

    def add(self, change: Change, *parts: str) -> str:
        """Keep the change under an id made from its place and `parts`; return the id."""
        name = json.dumps([change.scope, change.section_key, *parts])
        digest = sha256(name.encode()).hexdigest()[:12]
        self._counts[digest] = count = self._counts.get(digest, 0) + 1
        number = digest if count == 1 else f"{digest}-{count}"
        self.found.append(replace(change, id=number))
        return number

    def add_line(
        self, scope: Scope, old: str, new: str, *, key: str = "", heading: str = ""
    ) -> tuple[Runs, str | None]:
        """Compare one line: a title, a heading. Return its runs and the id of the change, None if there is none."""
        if old == new:
            return replacing(old, new), None
        runs, kinds, moments = self._read(Stretch(old, new, old, new, is_edit=True))
        if scope != "heading":
            kinds = _sorted({Kind.ABOUT, *kinds})
        change = Change("", kinds, scope, key, heading, runs, moments)
        return runs, self.add(change, old, new)

    def add_stretch(self, stretch: Stretch, key: str, heading: str) -> Piece:
        """Return the piece of a stretch, with its change if it is a hunk."""
        if not stretch.is_changed:
            return Piece(replacing(stretch.old, stretch.new), None, stretch.sentence_count)
        before, after = stretch.old_core, stretch.new_core
        core, kinds, moments = self._read(stretch)
        change = Change("", kinds, "block" if stretch.is_block else "sentence", key, heading, core, moments)
        gaps = _gaps(stretch, core) if before and after else replacing(stretch.old, stretch.new)
        parts = (before, after) if before or after else (stretch.old, stretch.new)
        return Piece(gaps, self.add(change, *parts))

    def _read(self, stretch: Stretch) -> tuple[Runs, tuple[Kind, ...], tuple[Retiming, ...]]:
        before, after = stretch.old_core, stretch.new_core
        core = replacing(before, after) or replacing(stretch.old, stretch.new)
        if not self.reading.may_read(before, after):
            sides = ((before, Kind.CLAIM_REMOVED), (after, Kind.CLAIM_ADDED))
            return core, _sorted({kind for text, kind in sides if text}), ()
        old = tokenise(before, in_code=stretch.is_code)
        new = tokenise(after, in_code=stretch.is_code)
        if stretch.is_edit:
            steps = token_runs(old, new, self.reading.budget)
            return as_runs(steps), *read_sentence(old, new, steps)
        if before and after and stretch.is_block:
            return core, *read_sentence(old, new, [("delete", old), ("insert", new)])
        gone = tuple(Retiming(cited, None) for cited in cited_in(token.mark for token in old))
        come = tuple(Retiming(None, cited) for cited in cited_in(token.mark for token in new))
        kinds = {kind for tokens, kind in ((old, Kind.CLAIM_REMOVED), (new, Kind.CLAIM_ADDED)) if _says(tokens)}
        return core, _sorted(kinds or {Kind.FORMATTING}), gone + come

    def join_moved(self, pieces: dict[str, list[Piece]]) -> dict[str, list[Piece]]:
        """Make one change of a sentence that went in one place and came in another; return the pieces anew."""
        gone: dict[str, list[Change]] = {}
        come: dict[str, list[Change]] = {}
        for change in self.found:
            if change.scope == "sentence" and len(change.runs) == 1 and len(change.runs[0].text) >= _LEAST_MOVED:
                side = gone if change.kinds == (Kind.CLAIM_REMOVED,) else come
                if change.kinds in ((Kind.CLAIM_REMOVED,), (Kind.CLAIM_ADDED,)):
                    side.setdefault(change.runs[0].text, []).append(change)
        ids: dict[str, str] = {}
        moved: dict[str, Change] = {}
        for text, changes in come.items():
            if len(changes) == 1 and len(gone.get(text, ())) == 1:
                old, new = gone[text][0], changes[0]
                ids[old.id] = new.id
                moved[new.id] = replace(
                    new,
                    kinds=(Kind.MOVED,),
                    runs=(Run("equal", text),),
                    moments=(),
                    from_section_key=old.section_key,
                )
        self.found = [moved.get(change.id, change) for change in self.found if change.id not in ids]
        return {
            key: [replace(piece, change_id=ids.get(piece.change_id or "", piece.change_id)) for piece in found]
            for key, found in pieces.items()
        }

    def riskiest_first(self, new_sources: dict[str, str]) -> tuple[Change, ...]:
        """Return the changes sorted; `new_sources` gives the change that brings a source, by its key."""
        ranked = sorted(self.found, key=lambda change: change.rank)
        if not new_sources:
            return tuple(ranked)
        return tuple(replace(change, needs=_needs(change, new_sources)) for change in ranked)


def _needs(change: Change, new_sources: dict[str, str]) -> tuple[str, ...]:
    keys = chain.from_iterable((moment.new.key,) for moment in change.moments if moment.new)
    return tuple(dict.fromkeys(new_sources[key] for key in keys if key in new_sources))


def _gaps(stretch: Stretch, core: Runs) -> Runs:
    """Return the runs of the core behind those of the gap before it."""
    old = stretch.old[: len(stretch.old) - len(stretch.old_core)]
    new = stretch.new[: len(stretch.new) - len(stretch.new_core)]
    return (*replacing(old, new), *core)


def _says(tokens: list[Token]) -> bool:
    return any(token.kind in ("word", "number", "mark", "link") for token in tokens)


def _sorted(kinds: set[Kind]) -> tuple[Kind, ...]:
    return tuple(sorted(kinds, key=lambda kind: kind.rank))
