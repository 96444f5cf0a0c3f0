"""Says what the change of one sentence does, from its tokens before and after."""

import re
from collections import Counter, deque
from collections.abc import Iterable
from itertools import zip_longest

from articles.core.timestamps import Mark

from .tokens import Token, label_of, target_of, tokenise
from .types import Cited, Kind, Op, Retiming

Steps = list[tuple[Op, list[Token]]]

_NUMBER_TEXT = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand
    thousands million millions billion billions trillion dozen dozens half third quarter double triple twice
    thrice once tenfold twofold threefold percent
"""
_MODAL_TEXT = """
    not no never none nor neither nothing nobody nowhere without cannot always ever only
    may might can could will would shall should must ought
    all every each any some most many few several half-dozen often usually generally typically sometimes
    occasionally rarely seldom hardly barely scarcely perhaps maybe possibly probably likely unlikely certainly
    definitely surely apparently allegedly reportedly seems seem seemed appears appear appeared suggests suggest
    suggested proves prove proved proven
    nicht kein keine keinen nie niemals immer kann könnte darf muss soll sollte wird würde vielleicht
"""
_NUMBER_WORDS = frozenset(_NUMBER_TEXT.split())
_MODAL_WORDS = frozenset(_MODAL_TEXT.split())
_NEGATING = ("un", "in", "im", "ir", "il", "dis", "non", "non-", "mis", "anti", "anti-")
_OPPOSITE = (
    ("in", "de"),
    ("in", "ex"),
    ("hyper", "hypo"),
    ("pre", "post"),
    ("over", "under"),
    ("up", "down"),
    ("inter", "intra"),
    ("macro", "micro"),
    ("pro", "anti"),
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DASHES = re.compile("[-‐‑–—−]")
_SPACES = re.compile(r"\s+")


def read_sentence(old: list[Token], new: list[Token], steps: Steps) -> tuple[tuple[Kind, ...], tuple[Retiming, ...]]:
    """Return the kinds of a changed sentence, worst first and at least one, and the moments that differ.

    `steps` are the runs between the two; numbers, modal words, marks and link targets are compared as sequences
    of the whole sentence, so that no alignment can hide one.
    """
    kinds: set[Kind] = set()
    seen_old, seen_new = _as_read(old), _as_read(new)
    if _numbers(seen_old) != _numbers(seen_new):
        kinds.add(Kind.NUMBER)
    if _modals(seen_old) != _modals(seen_new) or _turns_opposite(steps):
        kinds.add(Kind.NEGATION)
    moments = retimings(old, new)
    kinds.update(_kind_of(moment) for moment in moments)
    if _targets(old) != _targets(new):
        kinds.add(Kind.LINK)
    kinds |= _wording(steps, is_reordered=_counted(seen_old) == _counted(seen_new))
    return tuple(sorted(kinds or {Kind.FORMATTING}, key=lambda kind: kind.rank)), moments


def cited_in(marks: Iterable[object]) -> list[Cited]:
    """Return the moments that the marks among `marks` cite, in their order."""
    return [
        Cited(mark.key, moment.start_seconds, moment.end_seconds)
        for mark in marks
        if isinstance(mark, Mark)
        for moment in mark.moments
    ]


def retimings(old: list[Token], new: list[Token]) -> tuple[Retiming, ...]:
    """Return the moments that only one side has, paired in order: first those of one source, then the rest."""
    before, after = (cited_in(token.mark for token in tokens) for tokens in (old, new))
    removed = _minus(before, after)
    by_key: dict[str, deque[Cited]] = {}
    for cited in _minus(after, before):
        by_key.setdefault(cited.key, deque()).append(cited)
    pairs: list[Retiming] = []
    left: list[Cited] = []
    for cited in removed:
        if partners := by_key.get(cited.key):
            pairs.append(Retiming(cited, partners.popleft()))
        else:
            left.append(cited)
    added = [cited for partners in by_key.values() for cited in partners]
    return tuple(pairs + [Retiming(*pair) for pair in zip_longest(left, added)])


def _minus(some: list[Cited], others: list[Cited]) -> list[Cited]:
    left = Counter(others)
    rest = []
    for cited in some:
        if left[cited]:
            left[cited] -= 1
        else:
            rest.append(cited)
    return rest


def _kind_of(moment: Retiming) -> Kind:
    if moment.new is None:
        return Kind.CITATION_REMOVED
    return Kind.CITATION_ADDED if moment.old is None else Kind.CITATION_RETIMED


def _as_read(tokens: list[Token]) -> list[Token]:
    """Return words, numbers and signs in the order in which they are read, labels in the place of links."""
    seen: list[Token] = []
    for token in tokens:
        if token.kind == "link":
            label = tokenise(label_of(token.text), in_code=True)
            seen += [part for part in label if part.kind in ("word", "number", "other")]
        elif token.kind in ("word", "number", "other"):
            seen.append(token)
    return seen


def _counted(tokens: list[Token]) -> Counter[str]:
    return Counter(token.text for token in tokens)


def _word(token: Token) -> str:
    return token.text.casefold().replace("’", "'")


def _numbers(tokens: list[Token]) -> list[str]:
    found = []
    for token in tokens:
        word = _word(token)
        if token.kind == "number" or any(character.isdigit() for character in word):
            plain = _DASHES.sub("-", _THOUSANDS.sub("", _SPACES.sub("", token.text)))
            found.append(plain.replace("μ", "µ").replace("mcg", "µg"))
        elif word in _NUMBER_WORDS:
            found.append(word)
    return found


def _modals(tokens: list[Token]) -> list[str]:
    words = (_word(token) for token in tokens if token.kind == "word")
    return [word for word in words if word in _MODAL_WORDS or word.endswith("n't") or word == "cant"]


def _targets(tokens: list[Token]) -> list[str]:
    return [target_of(token.text) for token in tokens if token.kind == "link"]


def _turns_opposite(steps: Steps) -> bool:
    for old, new in _replaced(steps):
        if len(old) == len(new) <= 20 and any(
            _are_opposite(_word(first), _word(second)) for first, second in zip(old, new, strict=True)
        ):
            return True
    return False


def _are_opposite(first: str, second: str) -> bool:
    if len(first) > len(second):
        first, second = second, first
    if len(first) > 2 and any(prefix + first == second for prefix in _NEGATING):
        return True
    return any(
        (first.startswith(one) and second == other + first[len(one) :])
        or (first.startswith(other) and second == one + first[len(other) :])
        for one, other in _OPPOSITE
    )


def _replaced(steps: Steps) -> list[tuple[list[Token], list[Token]]]:
    """Return what is read before and after at each place that changed."""
    places: list[tuple[list[Token], list[Token]]] = []
    was_equal = True
    for op, tokens in steps:
        if op == "equal":
            was_equal = True
            continue
        if was_equal:
            places.append(([], []))
            was_equal = False
        places[-1][op == "insert"].extend(_as_read(tokens))
    return places


def _wording(steps: Steps, *, is_reordered: bool) -> set[Kind]:
    kinds: set[Kind] = set()
    for old, new in _replaced(steps):
        first, second = _plain_words(old), _plain_words(new)
        if first == second:
            continue
        kinds.add(Kind.TYPO if not is_reordered and _is_typo(first, second) else Kind.WORDING)
    if Kind.WORDING in kinds:
        kinds.discard(Kind.TYPO)
    return kinds


def _plain_words(tokens: list[Token]) -> list[str]:
    """Return the words and signs that are not told of as a number or a modal word already."""
    told = {id(token) for token in tokens if _numbers([token]) or _modals([token])}
    return [token.text for token in tokens if id(token) not in told]


def _is_typo(old: list[str], new: list[str]) -> bool:
    if "?" in old or "?" in new:
        return False
    first = [word for word in old if word[0].isalnum()]
    second = [word for word in new if word[0].isalnum()]
    if "".join(first).replace("-", "") == "".join(second).replace("-", ""):
        return True
    if len(first) != len(second) or len(first) > 10:
        return False
    return all(_is_misspelling(*pair) for pair in zip(first, second, strict=True))


def _is_misspelling(first: str, second: str) -> bool:
    """Tell whether two words differ by a letter or two and begin alike."""
    one, other = first.casefold(), second.casefold()
    if one == other:
        return True
    if one[0] != other[0] or min(len(one), len(other)) < 3 or max(len(one), len(other)) > 40:
        return False
    if _are_opposite(one, other):
        return False
    return _distance(one, other) <= (1 if min(len(one), len(other)) < 8 else 2)


def _distance(first: str, second: str) -> int:
    """Return the optimal string alignment distance: insert, delete, replace, swap neighbours."""
    older: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        older, before = row, older
        row = [i]
        for j, other in enumerate(second, 1):
            cost = min(older[j] + 1, row[j - 1] + 1, older[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
    return row[-1]
