"""Finds what English sentences deny: by “not”, and by words that deny without one, such as “avoid”.

Only a plain negation counts against a claim. The other words tell that both sides may deny the same thing, or that two
denials cancel each other out.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain

from articles.core.evidence.indexing.tokens import WITHOUT, Word, words_of

Denials = dict[int, list[int]]  # the index of a negation: the indices of the content words that it denies

# Stems of words that deny what is next to them, as “avoid sugar”, “sugar-free” and “free of sugar” do.
_DENYING = frozenset(["absenc", "absent", "abstain", "abstin", "abstent", "avoid", "ban", "ceas", "deni", "depriv", "devoid", "elimin", "except", "exclud", "exclus", "fail", "failur", "fals", "forbid", "forbidden", "forgo", "free", "imposs", "inabl", "instead", "lack", "less", "minus", "neglect", "non", "omiss", "omit", "prevent", "prohibit", "quit", "rather", "refrain", "refus", "reject", "remov", "skip", "stop", "unlik", "untru", "unwil", "zero"])  # fmt: skip
_ONLY_AFTER = frozenset(("unlik", "except", "minus"))  # they deny only what follows them, …
_WITH = {
    "rather": "than",
    "instead": "of",
}  # … and these do with another word: “instead of tea”, not “instead, drink tea”
_PREFIXES = ("un", "non", "in", "im", "il", "ir", "dis")  # they make a word the opposite of the rest of it
_AFFIRMED_BY = frozenset(
    ["only", "just", "mere", "simpli", "necessarili", "alway", "doubt", "matter", "wonder", "question", "mention"]
)
_IRREGULAR = """
take took taken; give gave given; eat ate eaten; drink drank drunk; drive drove driven; write wrote written;
speak spoke spoken; break broke broken; choose chose chosen; steal stole stolen; freeze froze frozen; wear wore worn;
know knew known; grow grew grown; throw threw thrown; show showed shown; draw drew drawn; blow blew blown;
begin began begun; swim swam swum; sing sang sung; run ran; win won; meet met; lead led; hold held; build built;
send sent; spend spent; lend lent; sleep slept; feel felt; lose lost; think thought; bring brought; buy bought;
teach taught; catch caught; sell sold; tell told; shrink shrank shrunk; ride rode ridden; hide hid hidden;
forget forgot forgotten; shake shook shaken; wake woke woken; bite bit bitten; become became; have has had having; get gets got getting; go goes going gone;
make makes made making; say said
"""
_BASES = {
    form.term: base.term
    for base, *forms in (words_of(verb, is_english=True) for verb in _IRREGULAR.split(";"))
    for form in forms
    if form.term != base.term
}
_ROOT = 4  # letters
_SCOPE, _DENIES = 8, 3  # words after a negation, and content words among them, that it may deny
_NEAR = 12  # words between one that denies and what it may deny
_AUXILIARIES = frozenset(("do", "does", "did", "can", "could", "will", "would", "should", "must"))
_ARTICLES = frozenset(("a", "an", "any", "some", "its", "his", "her", "my", "your", "our", "their"))
_CONDITIONAL = frozenset(["if", "unless", "until", "whether", "might", "may", "because", "although", "though", "when", "would", "could", "should", "who", "that", "which", "only", "few", "some", "most", "mani", "once", "say", "think", "believ", "claim", "learn", "myth", "do", "does"])  # fmt: skip
_CLAUSE, _SUBJECT = 6, 25  # words before a verb that tell whether it is conditional or reported, and whom it is about
# Of a wording: content words; words and content words together; further words that both sides share, among as many around it.
_FEWEST, _ENOUGH, _SAME, _AROUND = 2, 6, 2, 40
_LINKED = 2  # words before a negation in which another denial cancels it, as in “fail to not notice”


def with_base_forms(words: Sequence[Word]) -> list[Word]:
    """Return the words with the base forms of irregular verbs as terms, as “take” for “taken”; a stem keeps such forms."""
    return [word._replace(term=_BASES[word.term]) if word.term in _BASES else word for word in words]


def denials(words: Sequence[Word]) -> Denials:
    """Return what the plain negations of a text deny, in order.

    “Not only” and “no doubt” deny nothing. Neither do negations that another denial cancels, as in “don’t avoid”, “can’t
    do without” and “never fail to”.
    """
    found = {index: _denied_by(words, index) for index, word in enumerate(words) if word.is_negation}
    return {index: denied for index, denied in found.items() if denied}


def has_denial_near(terms: Set[str], words: Sequence[Word], others: Iterable[str] = ()) -> bool:
    """Return whether a word that denies something is within a dozen words of one of `terms`.

    So does “unhealthy” if “healthy” is among `others`, the terms that are compared with it.
    """
    roots = tuple(others)
    near = [at for at, word in enumerate(words) if word.is_negation or _denies(word) or _is_opposite(word.term, roots)]
    places = [at for at, word in enumerate(words) if word.term in terms]
    return any(
        at - (0 if _denies_only_what_follows(words, at) else _NEAR) <= place <= at + _NEAR
        for at in near
        for place in places
    )


def denied_phrases(words: Sequence[Word], found: Denials, others: Sequence[Word]) -> Iterator[tuple[int, slice]]:
    """Yield each negation of a verb and its object that the other words affirm: its index, and where they do.

    Both are in base forms, and `found` is what `denials` gives of `words`. “They don’t have a diaphragm” only
    contradicts “birds have a diaphragm” if birds are spoken of in the two dozen words before, neither is conditional, of some only or somebody's opinion, and
    nothing else is said of a diaphragm.
    """
    for negation in found:
        verb = _skip(words, negation + 1, _AUXILIARIES, 1)
        thing = _skip(words, verb + 1, _ARTICLES, 1)
        if thing >= len(words) or words[thing].is_stop or words[thing].is_number or _is_conditional(words, negation):
            continue
        for at in _places(others, words[thing].term):
            other = _skip(others, at - 1, _ARTICLES, -1)
            is_same = other >= 0 and others[other].term == words[verb].term and not _is_conditional(others, other)
            if not is_same or not _is_about_the_same(words, negation, others, other):
                continue
            is_affirmed_too = not set(chain(*found.values())).issuperset(_places(words, words[thing].term))
            if not is_affirmed_too and not has_denial_near({words[thing].term}, others, {word.term for word in words}):
                yield negation, slice(other, at + 1)


def denied_wordings(words: Sequence[Word], found: Denials, others: Sequence[Word]) -> Iterator[tuple[int, slice]]:
    """Yield each negation right before words that the others say just so without one: its index, and where they do.

    The parameters are those of `denied_phrases`. “They’re not made up of soft wood” contradicts “the hulls are made up
    of soft wood” if both say two more of the same words around, neither is conditional, and soft wood isn’t spoken of
    elsewhere.
    """
    denied = set(chain(*found.values()))
    for negation in found:
        first = _skip(words, negation + 1, _AUXILIARIES, 1)
        if first >= len(words) or _is_conditional(words, negation):
            continue
        for other in _places(others, words[first].term):
            size = _common_length(words[first:], others[other:])
            content = [word.term for word in words[first : first + size] if not word.is_stop]
            if len(content) < _FEWEST or size + len(content) < _ENOUGH or _is_conditional(others, other):
                continue
            around = _said_around(words, first, size) & _said_around(others, other, size)
            is_same = len(around.difference(content)) >= _SAME and not _is_said_too(words, content, denied)
            if is_same and not has_denial_near(set(content), others, {word.term for word in words}):
                yield negation, slice(other, other + size)


def _common_length(words: Sequence[Word], others: Sequence[Word]) -> int:
    """Return how many words both begin with, the last of them no stop word."""
    size = 0
    for length, (word, other) in enumerate(zip(words, others, strict=False), 1):
        if word.term != other.term:
            break
        size = size if word.is_stop else length
    return size


def _is_said_too(words: Sequence[Word], terms: Sequence[str], denied: Set[int]) -> bool:
    """Return whether the terms follow each other, but for stop words, where they aren't denied."""
    content = [at for at, word in enumerate(words) if not word.is_stop]
    runs = (content[at : at + len(terms)] for at in range(len(content)))
    return any([words[at].term for at in run] == list(terms) and run[0] not in denied for run in runs)


def _said_around(words: Sequence[Word], first: int, size: int) -> set[str]:
    return {word.term for word in words[max(0, first - _AROUND) : first + size + _AROUND] if not word.is_stop}


def _places(words: Sequence[Word], term: str) -> list[int]:
    return [at for at, word in enumerate(words) if word.term == term]


def _skip(words: Sequence[Word], index: int, terms: Set[str], step: int) -> int:
    while 0 <= index < len(words) and words[index].term in terms:
        index += step
    return index


def _is_about_the_same(words: Sequence[Word], at: int, others: Sequence[Word], other: int) -> bool:
    """Return whether both speak of the same before these indices, and a noun right before one is before the other, too."""
    here, there = _said_before(words, at), _said_before(others, other)
    nouns = {
        word.term for word in (*words[max(0, at - 1) : at], *others[max(0, other - 1) : other]) if not word.is_stop
    }
    return bool(here & there) and nouns <= here & there


def _said_before(words: Sequence[Word], index: int) -> set[str]:
    return {word.term for word in words[max(0, index - _SUBJECT) : index] if not word.is_stop}


def _is_conditional(words: Sequence[Word], index: int) -> bool:
    return any(word.term in _CONDITIONAL for word in words[max(0, index - _CLAUSE) : index])


def _denied_by(words: Sequence[Word], index: int) -> list[int]:
    """Return the indices of what the negation at `index` denies, [] if it is cancelled."""
    if index + 1 < len(words) and words[index + 1].term in _AFFIRMED_BY:
        return []
    if any(_denies(other) for other in words[max(0, index - _LINKED) : index]):
        return []
    if words[index].term == WITHOUT and any(word.is_negation for word in words[max(0, index - _SCOPE) : index]):
        return []
    scope = range(index + 1, min(len(words), index + 1 + _SCOPE))
    content = [at for at in scope if not words[at].is_stop][:_DENIES]
    within = words[index + 1 : content[-1] + 1] if content else ()
    return [] if any(_denies(other) or other.term == WITHOUT for other in within) else content


def _denies(word: Word) -> bool:
    return word.term in _DENYING


def _denies_only_what_follows(words: Sequence[Word], at: int) -> bool:
    term = words[at].term
    return term in _ONLY_AFTER or (term in _WITH and at + 1 < len(words) and words[at + 1].term == _WITH[term])


def _is_opposite(term: str, others: Sequence[str]) -> bool:
    """Return whether a term is the opposite of one of the others by its prefix, whatever its ending: “unsuit”, “suitabl”."""
    roots = [root for prefix in _PREFIXES if len(root := term.removeprefix(prefix)) >= _ROOT and root != term]
    return any(other[: len(root)] == root[: len(other)] for root in roots for other in others if len(other) >= _ROOT)
