"""Classifies the change of one sentence from its tokens before and after."""

import re
from collections import Counter, deque
from collections.abc import Iterable
from itertools import zip_longest

from rapidfuzz.distance import OSA

from articles.core.timestamps import Mark

from .tokens import Token, label_of, target_of, tokenise
from .types import CitedSpan, Kind, Op, Retiming

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
    """Return the kinds of a changed sentence, riskiest first and at least one, and the moments that differ.

    `steps` are the token runs from `old` to `new`. Numbers, modal words, marks and link targets are compared as
    sequences over the whole sentence, so that no alignment can hide a change in them.
    """
    kinds: set[Kind] = set()
    old_tokens, new_tokens = _visible_tokens(old), _visible_tokens(new)
    if _numbers(old_tokens) != _numbers(new_tokens):
        kinds.add(Kind.NUMBER)
    if _modals(old_tokens) != _modals(new_tokens) or _turns_opposite(steps):
        kinds.add(Kind.NEGATION)
    moments = retimings(old, new)
    kinds.update(_kind_of(moment) for moment in moments)
    if _targets(old) != _targets(new):
        kinds.add(Kind.LINK)
    is_reordered = sorted(token.text for token in old_tokens) == sorted(token.text for token in new_tokens)
    kinds |= _wording(steps, is_reordered=is_reordered)
    return tuple(sorted(kinds or {Kind.FORMATTING}, key=lambda kind: kind.rank)), moments


def cited_in(marks: Iterable[object]) -> list[CitedSpan]:
    """Return the moments cited by `marks`, in order; items that aren't a `Mark` are skipped."""
    return [
        CitedSpan(mark.key, moment.start_seconds, moment.end_seconds)
        for mark in marks
        if isinstance(mark, Mark)
        for moment in mark.moments
    ]


def retimings(old: list[Token], new: list[Token]) -> tuple[Retiming, ...]:
    """Return the moments that only one side has, paired in order: within each source first, then the rest."""
    before, after = (cited_in(token.mark for token in tokens) for tokens in (old, new))
    removed = _without(before, after)
    by_key: dict[str, deque[CitedSpan]] = {}
    for cited in _without(after, before):
        by_key.setdefault(cited.key, deque()).append(cited)
    pairs: list[Retiming] = []
    unpaired: list[CitedSpan] = []
    for cited in removed:
        if partners := by_key.get(cited.key):
            pairs.append(Retiming(cited, partners.popleft()))
        else:
            unpaired.append(cited)
    added = [cited for partners in by_key.values() for cited in partners]
    return tuple(pairs + [Retiming(*pair) for pair in zip_longest(unpaired, added)])


def _without(moments: list[CitedSpan], excluded: list[CitedSpan]) -> list[CitedSpan]:
    remaining = Counter(excluded)
    kept = []
    for cited in moments:
        if remaining[cited]:
            remaining[cited] -= 1
        else:
            kept.append(cited)
    return kept


def _kind_of(moment: Retiming) -> Kind:
    if moment.new is None:
        return Kind.CITATION_REMOVED
    return Kind.CITATION_ADDED if moment.old is None else Kind.CITATION_RETIMED


def _visible_tokens(tokens: list[Token]) -> list[Token]:
    """Return the words, numbers and signs a reader sees, in order, with each link replaced by its label."""
    visible: list[Token] = []
    for token in tokens:
        if token.kind == "link":
            label = tokenise(label_of(token.text), in_code=True)
            visible += [part for part in label if part.kind in ("word", "number", "other")]
        elif token.kind in ("word", "number", "other"):
            visible.append(token)
    return visible


def _word(token: Token) -> str:
    return token.text.casefold().replace("’", "'")


def _numbers(tokens: list[Token]) -> list[str]:
    numbers = []
    for token in tokens:
        word = _word(token)
        if token.kind == "number" or any(character.isdigit() for character in word):
            plain = _DASHES.sub("-", _THOUSANDS.sub("", _SPACES.sub("", token.text)))
            numbers.append(plain.replace("μ", "µ").replace("mcg", "µg"))
        elif word in _NUMBER_WORDS:
            numbers.append(word)
    return numbers


def _modals(tokens: list[Token]) -> list[str]:
    words = (_word(token) for token in tokens if token.kind == "word")
    return [word for word in words if word in _MODAL_WORDS or word.endswith("n't") or word == "cant"]


def _targets(tokens: list[Token]) -> list[str]:
    return [target_of(token.text) for token in tokens if token.kind == "link"]


def _turns_opposite(steps: Steps) -> bool:
    return any(
        _are_opposite(_word(first), _word(second))
        for old, new in _replaced(steps)
        if len(old) == len(new) <= 20
        for first, second in zip(old, new, strict=True)
    )


def _are_opposite(first: str, second: str) -> bool:
    first, second = sorted((first, second), key=len)
    if len(first) > 2 and any(negation + first == second for negation in _NEGATING):
        return True
    return any(
        (first.startswith(prefix) and second == opposite + first[len(prefix) :])
        or (first.startswith(opposite) and second == prefix + first[len(opposite) :])
        for prefix, opposite in _OPPOSITE
    )


def _replaced(steps: Steps) -> list[tuple[list[Token], list[Token]]]:
    """Return what a reader sees before and after at each changed place."""
    places: list[tuple[list[Token], list[Token]]] = []
    was_equal = True
    for op, tokens in steps:
        if op == "equal":
            was_equal = True
            continue
        if was_equal:
            places.append(([], []))
            was_equal = False
        places[-1][op == "insert"].extend(_visible_tokens(tokens))
    return places


def _wording(steps: Steps, *, is_reordered: bool) -> set[Kind]:
    kinds: set[Kind] = set()
    for old, new in _replaced(steps):
        first, second = _plain_words(old), _plain_words(new)
        if first != second:
            kinds.add(Kind.TYPO if not is_reordered and _is_typo(first, second) else Kind.WORDING)
    return {Kind.WORDING} if Kind.WORDING in kinds else kinds


def _plain_words(tokens: list[Token]) -> list[str]:
    """Return the words and signs that don't already count as a number or a modal word."""
    counted = {id(token) for token in tokens if _numbers([token]) or _modals([token])}
    return [token.text for token in tokens if id(token) not in counted]


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
    """Return whether two words begin with the same letter and differ by one or two letters."""
    old, new = first.casefold(), second.casefold()
    if old == new:
        return True
    if old[0] != new[0] or min(len(old), len(new)) < 3 or max(len(old), len(new)) > 40:
        return False
    if _are_opposite(old, new):
        return False
    return OSA.distance(old, new) <= (1 if min(len(old), len(new)) < 8 else 2)
