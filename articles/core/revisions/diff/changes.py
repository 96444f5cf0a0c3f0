"""Builds the changes of a comparison: their ids, kinds and runs."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from .blocks import Reading, Stretch
from .classify import cited_in, read_sentence
from .pairing import words
from .tokens import Token, as_runs, token_runs, tokenise
from .types import Change, Kind, Piece, Retiming, Run, Runs, Scope, replacing

_LEAST_MOVED = 20
"""Fewest characters of a sentence that is recognised in another place."""
_HEADING = re.compile(r" {0,3}#{1,6}[ \t][^\n]*")
_ALONE = ((Kind.CLAIM_REMOVED,), (Kind.CLAIM_ADDED,))


class Ids:
    """Makes ids of what they identify; those made of the same parts are numbered."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def of(self, parts: Sequence[str | None]) -> str:
        """Return the next id made of `parts`."""
        digest = sha256(json.dumps(parts).encode()).hexdigest()[:12]
        self._counts[digest] += 1
        count = self._counts[digest]
        return digest if count == 1 else f"{digest}-{count}"


@dataclass
class Changes:
    """The changes of one comparison, collected in text order."""

    reading: Reading
    changes: list[Change] = field(default_factory=list)
    _ids: Ids = field(default_factory=Ids)
    _in_code: set[str] = field(default_factory=set)

    def add(self, change: Change, *parts: str) -> str:
        """Store the change under an id made from its place and `parts`, and return the id."""
        change_id = self._ids.of([change.scope, change.section_key, *parts])
        self.changes.append(replace(change, id=change_id))
        return change_id

    def add_line(
        self, scope: Scope, old: str, new: str, *, key: str = "", heading: str = ""
    ) -> tuple[Runs, str | None]:
        """Compare a title or heading. Return its runs and the id of the change, None if nothing changed."""
        if old == new:
            return replacing(old, new), None
        runs, kinds, moments = self._classify(Stretch(old, new, old, new, is_edit=True))
        if scope != "heading":
            kinds = _sorted({Kind.ABOUT, *kinds})
        change = Change("", kinds, scope, key, heading, runs, moments)
        return runs, self.add(change, old, new)

    def add_stretch(self, stretch: Stretch, key: str, heading: str) -> Piece:
        """Return the piece for a stretch, adding its change if it is a hunk."""
        if not stretch.is_changed:
            return Piece(replacing(stretch.old, stretch.new), None, stretch.sentence_count)
        before, after = stretch.old_core, stretch.new_core
        core, kinds, moments = self._classify(stretch)
        change = Change("", kinds, "block" if stretch.is_block else "sentence", key, heading, core, moments)
        runs = replacing(stretch.old, stretch.new)
        if before and after:
            runs = (*replacing(stretch.old.removesuffix(before), stretch.new.removesuffix(after)), *core)
        parts = (before, after) if before or after else (stretch.old, stretch.new)
        change_id = self.add(change, *parts)
        if stretch.is_code:
            self._in_code.add(change_id)
        return Piece(runs, change_id)

    def _classify(self, stretch: Stretch) -> tuple[Runs, tuple[Kind, ...], tuple[Retiming, ...]]:
        before, after = stretch.old_core, stretch.new_core
        core = replacing(before, after) or replacing(stretch.old, stretch.new)
        if not self.reading.may_read(before, after):
            sides = ((before, Kind.CLAIM_REMOVED), (after, Kind.CLAIM_ADDED))
            return core, _sorted({kind for text, kind in sides if text}), ()
        old = tokenise(before, in_code=stretch.is_code)
        new = tokenise(after, in_code=stretch.is_code)
        if stretch.is_edit:
            steps = token_runs(old, new, self.reading.steps)
            return as_runs(steps), *read_sentence(old, new, steps)
        if before and after and stretch.is_block:
            return core, *read_sentence(old, new, [("delete", old), ("insert", new)])
        removed = tuple(Retiming(cited, None) for cited in cited_in(token.mark for token in old))
        added = tuple(Retiming(None, cited) for cited in cited_in(token.mark for token in new))
        alone = ((before, old, Kind.CLAIM_REMOVED), (after, new, Kind.CLAIM_ADDED))
        kinds = {
            Kind.WORDING if not stretch.is_code and _is_heading(text, tokens) else kind
            for text, tokens, kind in alone
            if _has_content(tokens)
        }
        return core, _sorted(kinds or {Kind.FORMATTING}), removed + added

    def join_moved(self, pieces: dict[str, list[Piece]]) -> dict[str, list[Piece]]:
        """Join the removal and the addition of the same words into one move; return the pieces with the new ids.

        What else changed on the way, above all the citations of the sentence, is part of the move.
        """
        ids: dict[str, str] = {}
        moved: dict[str, Change] = {}
        for key_of in (_text, self._words):
            left = [change for change in self._alone() if change.id not in ids and change.id not in moved]
            for old, new in _unique_pairs(left, key_of):
                ids[old.id], moved[new.id] = new.id, self._move(old, new)
        self.changes = [moved.get(change.id, change) for change in self.changes if change.id not in ids]
        return {
            key: [replace(piece, change_id=ids.get(piece.change_id or "", piece.change_id)) for piece in body]
            for key, body in pieces.items()
        }

    def _alone(self) -> Iterator[Change]:
        """Yield the changes that remove or add a sentence long enough to be recognised elsewhere."""
        for change in self.changes:
            is_alone = change.scope == "sentence" and len(change.runs) == 1 and change.kinds in _ALONE
            if is_alone and len(_text(change)) >= _LEAST_MOVED:
                yield change

    def _words(self, change: Change) -> tuple[str, ...]:
        return () if change.id in self._in_code else words(_text(change))

    def _move(self, old: Change, new: Change) -> Change:
        move = replace(new, from_section_key=old.section_key)
        before, after = _text(old), _text(new)
        if before == after:
            return replace(move, kinds=(Kind.MOVED,), runs=(Run("equal", after),), moments=())
        runs, kinds, moments = self._classify(Stretch(before, after, before, after, is_edit=True))
        return replace(move, kinds=_sorted({Kind.MOVED, *kinds}), runs=runs, moments=moments)

    def riskiest_first(self, new_sources: dict[str, str]) -> tuple[Change, ...]:
        """Return the changes, riskiest first; `new_sources` maps the key of each new source to the change adding it."""
        ranked = sorted(self.changes, key=lambda change: change.rank)
        if not new_sources:
            return tuple(ranked)
        return tuple(replace(change, needs=_needs(change, new_sources)) for change in ranked)


def _needs(change: Change, new_sources: dict[str, str]) -> tuple[str, ...]:
    keys = dict.fromkeys(moment.new.key for moment in change.moments if moment.new)
    return tuple(new_sources[key] for key in keys if key in new_sources)


def _is_heading(text: str, tokens: list[Token]) -> bool:
    """Return whether a block is a heading that cites nothing, which names what follows and claims nothing."""
    return bool(_HEADING.fullmatch(text)) and not any(token.kind == "mark" for token in tokens)


def _has_content(tokens: list[Token]) -> bool:
    return any(token.kind in ("word", "number", "mark", "link") for token in tokens)


def _sorted(kinds: set[Kind]) -> tuple[Kind, ...]:
    return tuple(sorted(kinds, key=lambda kind: kind.rank))


def _text(change: Change) -> str:
    return change.runs[0].text


def _unique_pairs(changes: list[Change], key_of: Callable[[Change], Hashable]) -> Iterator[tuple[Change, Change]]:
    """Yield the pairs of a removal and an addition with the same key, if no other change has it."""
    by_key: dict[Hashable, list[Change]] = defaultdict(list)
    for change in changes:
        if key := key_of(change):
            by_key[key].append(change)
    for same in by_key.values():
        if {change.kinds for change in same} == set(_ALONE) and len(same) == 2:
            old, new = sorted(same, key=lambda change: _ALONE.index(change.kinds))
            yield old, new
