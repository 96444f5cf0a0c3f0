"""Finds out for each sentence of a text in which of the versions that it comes from it was written.

A version comes from up to two others: the text that it was started from, and one that was merged into it. A sentence is
handed on to a version that has it as well, until none has: that is its origin. So text that was never changed is the
first version's, text that moved stays whose it was, and so does text that came back with an earlier version, because
whoever restored it wrote none of it. Text that was deleted and put back by hand was written by whoever put it back.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from articles.core.revisions.diff import Text
from articles.core.revisions.diff.alignment import Budget, align

from .parts import Cuts, Part, PartKind, Place, citations, parts_of, words_only

MOST_VERSIONS = 500
"""Most versions that are looked at; what is still unexplained then may be older."""
STEPS = 2_000_000
"""Alignment steps for all versions together; after that, equal sentences of a part are paired in order."""
LEAST_MOVED = 20
"""Fewest characters of a sentence that is recognised in another section."""
KeyOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class BlamedSentence:
    """A sentence, a heading or the title, after the white space `gap`; it begins at the character `start` of its part.

    `origin` is the version that its words were written in, `cited_in` the one that gave it its present citations. With
    `is_earlier`, the origin may be older, because there are too many versions to look at all.
    """

    kind: PartKind
    section_key: str
    start: int
    gap: str
    text: str
    origin: int
    cited_in: int
    is_earlier: bool


def blame(
    version: int, parents: Mapping[int, Sequence[int]], read: Callable[[int], Text], *, most: int = MOST_VERSIONS
) -> list[BlamedSentence]:
    """Return all sentences of `version` in order, each with its origin.

    `parents` maps versions to those that they come from, the one they were started from first; versions that aren't in
    it come from none. `read` returns the text of a version, and is asked only for those that have part of the text.
    """
    return _Blame(version, parents, read, most).sentences()


class _Blame:
    def __init__(self, head: int, parents: Mapping[int, Sequence[int]], read: Callable[[int], Text], most: int) -> None:
        self._head, self._parents, self._read, self._most = head, parents, read, most
        self._cuts = Cuts()
        self._budget = Budget(STEPS)
        self._rank = {version: rank for rank, version in enumerate(descending(head, parents))}
        self._origins: dict[Place, int] = {}
        self._cited_in: dict[Place, int] = {}
        self._earlier: set[Place] = set()
        # Which sentences of the head a version still has, by the place there: through a merge, two may be the same one.
        self._pending: dict[int, dict[Place, list[Place]]] = defaultdict(lambda: defaultdict(list))

    def sentences(self) -> list[BlamedSentence]:
        found = list(self._cuts.all_of(parts_of(self._read(self._head))))
        self._pending[self._head] = {place: [place] for place, *_ in found}
        looked_at = 0
        for version in self._rank:
            if (places := self._pending.pop(version, None)) is None:
                continue
            looked_at += 1
            if looked_at <= self._most:
                places = self._hand_on(version, places)
            else:
                self._earlier.update(*places.values())
            self._origins |= dict.fromkeys(chain.from_iterable(places.values()), version)
        return [
            BlamedSentence(
                kind=place[0][0],
                section_key=place[0][1],
                start=start,
                gap=gap,
                text=text,
                origin=self._origins[place],
                cited_in=self._cited_in.get(place, self._origins[place]),
                is_earlier=place in self._earlier,
            )
            for place, start, gap, text in found
        ]

    def _hand_on(self, version: int, places: dict[Place, list[Place]]) -> dict[Place, list[Place]]:
        """Hand sentences on to the parents that have them; return those that none has.

        A parent that has a sentence as it is comes before one that has it with other citations.
        """
        # In a circle, which nobody can make, a version may come from one that is done.
        parents = [parent for parent in self._parents.get(version, ()) if self._rank[parent] > self._rank[version]]
        steps: dict[int, _Step] = {}
        for key_of in (exact, words_only):
            for parent in parents:
                if not places:
                    return places
                if parent not in steps:
                    texts = parts_of(self._read(version)), parts_of(self._read(parent))
                    steps[parent] = _Step(*texts, self._cuts, self._budget)
                found = steps[parent].find(places, key_of)
                for place, there in found.items():
                    self._pending[parent][there] += places[place]
                    if key_of is not exact and steps[parent].is_cited_otherwise(place, there):
                        for here in places[place]:
                            self._cited_in.setdefault(here, version)
                places = {place: heres for place, heres in places.items() if place not in found}
        return places


class _Step:
    """The sentences of a version that a parent has as well; no sentence of either is taken twice."""

    def __init__(self, new: dict[Part, str], old: dict[Part, str], cuts: Cuts, budget: Budget) -> None:
        self._new, self._old, self._cuts, self._budget = new, old, cuts, budget
        self._changed = [part for part in new if part in old and old[part] != new[part]]
        self._partners: dict[Place, Place] = {}
        self._taken: set[Place] = set()

    def find(self, places: Iterable[Place], key_of: KeyOf) -> dict[Place, Place]:
        """Return where the parent has the sentences at `places`, of those that it has with the same key."""
        places = list(places)
        same = {place: place for place in places if self._old.get(place[0]) == self._new[place[0]]}
        if len(same) == len(places):
            return same
        for part in self._changed:
            self._align(part, key_of)
        left = [place for place in places if place not in same and place not in self._partners]
        if left:
            self._find_moved(left, key_of)
        return same | {place: self._partners[place] for place in places if place in self._partners}

    def is_cited_otherwise(self, new: Place, old: Place) -> bool:
        """Whether the sentence at `new` has other citations than the one at `old`."""
        return citations(self._cuts.at(new, self._new)) != citations(self._cuts.at(old, self._old))

    def _align(self, part: Part, key_of: KeyOf) -> None:
        new = [place for place in self._cuts.places(part, self._new) if place not in self._partners]
        old = [place for place in self._cuts.places(part, self._old) if place not in self._taken]
        new_keys = [key_of(self._cuts.at(place, self._new)) for place in new]
        old_keys = [key_of(self._cuts.at(place, self._old)) for place in old]
        for i, j in align(new_keys, old_keys, self._budget):
            self._pair(new[i], old[j])

    def _find_moved(self, left: list[Place], key_of: KeyOf) -> None:
        """Pair the sentences at `left` with those of the parent that are in no part as they are."""
        free: dict[tuple[Part | PartKind, str], list[Place]] = defaultdict(list)
        for part in self._old:
            if self._new.get(part) != self._old[part]:
                for place in reversed(self._cuts.places(part, self._old)):
                    sentence = self._cuts.at(place, self._old)
                    key = key_of(sentence)
                    free[part, key].append(place)
                    if len(sentence) >= LEAST_MOVED or part[0] == "heading":
                        free[part[0], key].append(place)
        for place in left:
            key = key_of(self._cuts.at(place, self._new))
            for where in (place[0], place[0][0]):
                candidates = free.get((where, key), [])
                while candidates and candidates[-1] in self._taken:
                    candidates.pop()
                if candidates:
                    self._pair(place, candidates.pop())
                    break

    def _pair(self, new: Place, old: Place) -> None:
        self._partners[new] = old
        self._taken.add(old)


def exact(sentence: str) -> str:
    """Return the sentence: the key of sentences that are the same, citations included."""
    return sentence


def descending(head: int, parents: Mapping[int, Sequence[int]]) -> Iterator[int]:
    """Yield `head` and all versions that it comes from, each before those that it comes from itself."""
    done: list[int] = []
    seen = {head}
    path = [(head, iter(parents.get(head, ())))]
    while path:
        version, rest = path[-1]
        parent = next((parent for parent in rest if parent not in seen), None)
        if parent is None:
            done.append(version)
            path.pop()
        else:
            seen.add(parent)
            path.append((parent, iter(parents.get(parent, ()))))
    return reversed(done)
