"""Tells which English words are opposites, although they may sound alike: “increase” and “decrease”, “in” and “out”."""

from collections import Counter
from collections.abc import Sequence

from articles.core.evidence.indexing.tokens import STOP_WORDS, WITHOUT, words_of

# What is on the left of a line is the opposite of what is on its right.
_WRITTEN = """
more most | less least fewer fewest few
many much | few little
big bigger biggest large larger largest | small smaller smallest little
great greater greatest | small smaller smallest less lesser
high higher highest | low lower lowest
increase increasing increasingly | decrease decreasing decreasingly reduce decline
rise raise grow | fall drop lower shrink
gain win | lose loss
up upward upper | down downward lower
in into inside inward inner | out outside outward outer
over above | under below beneath
on | off
before | after
early earlier earliest | late later latest
first | last
fast faster fastest quick quicker quickly rapid rapidly | slow slower slowest slowly
long longer longest tall taller tallest | short shorter shortest
strong stronger strongest strength | weak weaker weakest weakness
strengthen | weaken
good better best well | bad worse worst badly poorly
improve | worsen impair
positive positively | negative negatively
safe safely safer safety | dangerous dangerously risky unsafe danger
easy easier easiest easily | hard harder hardest difficult
hot hotter warm warmer heat | cold colder cool cooler
wet | dry
light lighter bright | dark darker heavy heavier
thick thicker | thin thinner
wide wider broad | narrow narrower
deep deeper | shallow
old older oldest | young younger youngest new newer newest
open opening | close closed closing shut
begin start | end stop finish
inhale inhaling inhalation | exhale exhaling exhalation
breathe | suffocate
internal | external
include including inclusive | exclude excluding exclusive
import | export
inflate | deflate
expand dilate | contract constrict
push | pull
accept | reject refuse
allow permit | forbid prevent prohibit
cause | prevent cure
always often frequently | rarely seldom
everybody everyone | somebody someone
true | false untrue
same similar | different
legal | illegal
logical | illogical
likely | unlikely
active | inactive
activate | deactivate
efficient efficiency | inefficient inefficiency deficient deficiency
sufficient | insufficient deficient
maximum maximize maximal | minimum minimize minimal
major majority | minor minority
agonist | antagonist
aerobic | anaerobic
symptomatic | asymptomatic
hypoxia hypoxic | hyperoxia hyperoxic
alive live | dead die
friend | enemy
love | hate
rich | poor
full | empty
morning | evening
"""
# Verbs whose particles turn them around, such as “turn on” and “turn off”: those whose meaning with both is that of
# directions or switches, as everyday English uses them, with their forms. Not “take up” and “take down”.
_VERBS = {
    "on | off": "turn turned turning; switch switched switching; get gets got getting; log logged logging; clock clocked",
    "in into | out": """
        go goes going went gone; come comes came coming; run ran running; get gets got getting; put puts putting;
        take takes took taken taking; bring brought; pull pulled; push pushed; move moved; walk walked; step stepped;
        log logged; opt opted; zoom zoomed; breathe breathed; let; lock locked; flow flowed; pour poured; bump bumped
    """,
    "up | down": """
        go goes going went gone; come comes came coming; turn turned turning; move moved moving; scale scaled scaling;
        ramp ramped; dial dialed; ratchet ratcheted; walk walked; climb climbed; run ran; look looked; trend trended
    """,
    "toward towards | away": "move moved moving; walk walked; turn turned; run ran running; lean leaned; shift shifted",
    "ahead | behind": "get gets got getting; fall fell fallen; stay stayed; pull pulled",
    "forward forwards | back backward backwards": "move moved moving; go goes going went gone; step stepped; lean leaned",
    "together | apart": "come comes came; pull pulled; put; take takes took; stay stayed; grow grew grown; drift drifted",
}
_PARTICLE_WITHIN = 3  # words after its verb: “put it back in”
# Prefixes that make a word the opposite of the rest of it, …
_DENYING = ("un", "non", "in", "im", "il", "ir", "dis", "dys", "mis", "counter", "anti")
# … where they don't, …
_AFFIRMING = frozenset(["antigen", "discharg", "discount", "discov", "display", "dispos", "distract", "impact", "imping", "implant", "impli", "import", "impress", "improv", "includ", "increas", "indent", "inflam", "inform", "inhabit", "inlet", "input", "insight", "inspect", "inspir", "instal", "intak", "intend", "intent", "interest", "intern", "invent", "invest", "mission", "mister", "under", "union", "uniqu", "unit", "unless", "until"])  # fmt: skip
# … and pairs that make words with the same rest opposites.
_PAIRED = (
    ("hyper", "hypo"), ("over", "under"), ("pre", "post"), ("intra", "extra"), ("macro", "micro"),
    ("pro", "anti"),
)  # fmt: skip
_ROOT, _ENDING = 4, 3  # letters of a root at least, and of the endings by which roots may differ at most


def _terms(text: str) -> list[str]:
    return [word.term for word in words_of(text, is_english=True)]


def _read() -> frozenset[tuple[str, str]]:
    pairs: set[tuple[str, str]] = set()
    for line in _WRITTEN.strip().splitlines():
        left, right = (_terms(side) for side in line.split("|"))
        pairs |= {pair for first in left for second in right for pair in ((first, second), (second, first))}
    return frozenset(pair for pair in pairs if pair[0] != pair[1])


def _read_verbs() -> dict[str, list[tuple[str, frozenset[str], frozenset[str]]]]:
    verbs: dict[str, list[tuple[str, frozenset[str], frozenset[str]]]] = {}
    for particles, written in _VERBS.items():
        left, right = (frozenset(_terms(side)) for side in particles.split("|"))
        for verb in written.split(";"):
            base, *forms = _terms(verb)
            for form in {base, *forms}:
                verbs.setdefault(form, []).append((base, left, right))
    return verbs


_OPPOSITES = _read()
_PARTICLES = _read_verbs()


def say_opposites(quoted: Sequence[str], said: Sequence[str]) -> bool:
    """Return whether only one of two wordings denies something, or one has the opposite of a term that the other lacks.

    So has “run into” of “run out of”.
    """
    here, there = Counter(quoted), Counter(said)
    if here["not"] + here[WITHOUT] != there["not"] + there[WITHOUT] or _turns(quoted, said):
        return True
    lacking, added = here - there, there - here
    # Words such as “in” and “out” belong to many verbs, so they only count where nothing else was added or left out, but
    # for the “of” of “out of”.
    left, right = (terms.total() - min(terms["out"], terms["of"]) for terms in (lacking, added))
    is_replaced = left == right
    return any(
        are_opposites(first, second) and (is_replaced or not {first, second} <= STOP_WORDS)
        for first in lacking
        for second in added
    )


def _turns(quoted: Sequence[str], said: Sequence[str]) -> bool:
    """Return whether a verb has one particle in one wording, and only the opposite one in the other."""
    here, there = _directions(quoted), _directions(said)
    return any(
        (verb, particles, not side) in there and (verb, particles, side) not in there for verb, particles, side in here
    )


def _directions(terms: Sequence[str]) -> set[tuple[str, frozenset[str], bool]]:
    """Return each verb that has a particle: its base form, its pair of particles, and whether it is the left one."""
    found: set[tuple[str, frozenset[str], bool]] = set()
    for at, term in enumerate(terms):
        after = terms[at + 1 : at + 1 + _PARTICLE_WITHIN]
        for base, left, right in _PARTICLES.get(term, ()):
            found |= {(base, left | right, other in left) for other in after if other in left or other in right}
    return found


def are_opposites(first: str, second: str) -> bool:
    """Return whether two terms mean the opposite of each other, by a list or by their prefixes."""
    if (first, second) in _OPPOSITES or _is_denied(first, second) or _is_denied(second, first):
        return True
    return any(
        one.startswith(left) and other.startswith(right) and _is_same_root(one[len(left) :], other[len(right) :])
        for left, right in _PAIRED
        for one, other in ((first, second), (second, first))
    )


def _is_denied(term: str, other: str) -> bool:
    return term not in _AFFIRMING and any(
        term.startswith(prefix) and _is_same_root(term[len(prefix) :], other) for prefix in _DENYING
    )


def _is_same_root(first: str, second: str) -> bool:
    shorter, longer = sorted((first, second), key=len)
    return len(shorter) >= _ROOT and len(longer) - len(shorter) <= _ENDING and longer.startswith(shorter)
