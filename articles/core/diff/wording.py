"""Two sentences as runs of tokens."""

from .alignment import Budget, align
from .tokens import Token
from .types import Op, Run, Runs

TOKEN_CAP = 160
"""Most edits between two sentences that are shown word by word."""


def token_runs(old: list[Token], new: list[Token], budget: Budget) -> list[tuple[Op, list[Token]]]:
    """Return stretches of tokens; equal and deleted ones joined are `old`, equal and inserted ones `new`.

    White space alone between two changes counts as changed, so that a rewritten phrase reads as one.
    """
    pairs = align([token.text for token in old], [token.text for token in new], budget, cap=TOKEN_CAP)
    steps: list[tuple[Op, list[Token]]] = []
    i = j = 0
    for first, second in [*_without_lone_spaces(pairs, old, new), (len(old), len(new))]:
        if first > i:
            steps.append(("delete", old[i:first]))
        if second > j:
            steps.append(("insert", new[j:second]))
        if first < len(old):
            if steps and steps[-1][0] == "equal":
                steps[-1][1].append(old[first])
            else:
                steps.append(("equal", [old[first]]))
        i, j = first + 1, second + 1
    return steps


def as_runs(steps: list[tuple[Op, list[Token]]]) -> Runs:
    """Return the stretches as runs of text."""
    return tuple(Run(op, "".join(token.text for token in tokens)) for op, tokens in steps)


def _without_lone_spaces(pairs: list[tuple[int, int]], old: list[Token], new: list[Token]) -> list[tuple[int, int]]:
    kept = []
    for index, (i, j) in enumerate(pairs):
        before = pairs[index - 1] if index else (-1, -1)
        after = pairs[index + 1] if index + 1 < len(pairs) else (len(old), len(new))
        # Both sides have something on both sides of it: two replacements with a space between.
        is_alone = min(i - before[0], j - before[1], after[0] - i, after[1] - j) > 1
        if not (is_alone and old[i].kind == "space"):
            kept.append((i, j))
    return kept
