"""Measures comparing and merging texts of one megabyte against splitting the same texts into sentences.

Both are done in turn within one run, so that a drifting machine moves both. Fails when a comparison takes longer
than two seconds, or more than a bound times the floor.
"""

import random
import statistics
import sys
import time

from articles.core.diff import Section, Text, compare
from articles.core.language.sentences import split
from articles.core.merge import merge

SIZE = 1_000_000
LIMIT = 2.0  # seconds
BOUND = 10  # times the floor
ROUNDS = 3
TEXT = """
harbour tide gull rope anchor keel mast sail storm pier crane barge cargo pilot buoy lamp chart compass signal
the a of to in and with near under may not always carries lifts turns holds moves waits slow early late grey
"""
WORDS = TEXT.split()


def sentence(rng):
    words = " ".join(rng.choice(WORDS) for _ in range(14))
    return f"{words.capitalize()} {rng.randrange(90)} mg [00:{rng.randrange(60):02}:{rng.randrange(60):02}]."


def paragraphs(rng):
    found, size = [], 0
    while size < SIZE:
        found.append([sentence(rng) for _ in range(5)])
        size += sum(map(len, found[-1])) + 6
    return found


def joined(found):
    return "\n\n".join(" ".join(paragraph) for paragraph in found)


def edited(rng, found, share):
    """A copy in which that share of the sentences has one word changed."""
    return [
        [each.replace(" ", " well ", 1) if rng.random() < share else each for each in paragraph] for paragraph in found
    ]


def bodies():
    """Pairs of bodies of about a megabyte, by what they are."""
    rng = random.Random(3)
    found = paragraphs(rng)
    plain = joined(found)
    yield "one sentence in a hundred", plain, joined(edited(rng, found, 0.01))
    yield "one sentence in four", plain, joined(edited(rng, found, 0.25))
    yield "every sentence", plain, joined(edited(rng, found, 1))
    yield "two strangers", plain, joined(paragraphs(rng))
    shuffled = rng.sample(found, len(found))
    yield "paragraphs shuffled", plain, joined(shuffled)
    yield "two letters as paragraphs", *("\n\n".join(rng.choice("ab") for _ in range(SIZE // 3)) for _ in range(2))
    yield (
        "two words as sentences",
        *(" ".join(rng.choice(("Aye.", "Nay.")) for _ in range(SIZE // 5)) for _ in range(2)),
    )
    yield (
        "one sentence of two words",
        *(" ".join(rng.choice(("aye", "nay")) for _ in range(SIZE // 4)) for _ in range(2)),
    )
    yield (
        "many sentences of two words",
        *(
            ".\n\n".join(" ".join(rng.choice(("Aye", "nay")) for _ in range(60)) for _ in range(SIZE // 240))
            for _ in range(2)
        ),
    )
    yield (
        "marks alone",
        *("".join(f"[00:{rng.randrange(60):02}:{rng.randrange(60):02}]" for _ in range(SIZE // 10)) for _ in range(2)),
    )
    yield "brackets", "[" * SIZE, "[[" + "[(" * (SIZE // 2)
    yield "backticks", "`" * SIZE, "` ``" * (SIZE // 4)
    yield "digits", "1" * SIZE, "1," * (SIZE // 2)
    yield "one word", "a" * SIZE, "a" * (SIZE - 1) + "b"
    yield "halves swapped", plain, plain[SIZE // 2 :] + plain[: SIZE // 2]


def seconds(act, *arguments):
    started = time.perf_counter()
    result = act(*arguments)
    return time.perf_counter() - started, result


def main():
    floors = []
    worst = 0.0
    slowest = 0.0
    print(f"{'1 MB against 1 MB':<30} {'seconds':>8} {'x floor':>8}  changes")
    for name, old, new in bodies():
        times = []
        for _ in range(ROUNDS):
            floors.append(seconds(lambda: (split(PLAIN), split(PLAIN)))[0])
            took, comparison = seconds(compare, Text(lead=old), Text(lead=new))
            times.append(took / floors[-1])
            slowest = max(slowest, took)
        ratio = statistics.median(times)
        worst = max(worst, ratio)
        coarse = " (coarse)" if comparison.is_coarse else ""
        print(f"{name:<30} {took:8.2f} {ratio:8.1f}  {len(comparison.changes)}{coarse}")
    rng = random.Random(5)
    found = paragraphs(rng)
    sections = [
        tuple(Section(str(place), 1, "Heading", joined(part)) for place, part in enumerate(parts))
        for parts in (
            [version[start : start + 50] for start in range(0, len(version), 50)]
            for version in (found, edited(rng, found, 0.01), edited(rng, found, 0.01))
        )
    ]
    took, merged = seconds(merge, *(Text(sections=each) for each in sections))
    print(f"{'merging three':<30} {took:8.2f} {took / statistics.median(floors):8.1f}  {len(merged.clashes)} clashes")
    print(f"floor {statistics.median(floors):.3f} s; worst {worst:.1f} times the floor, bound {BOUND}; limit {LIMIT} s")
    return slowest > LIMIT or worst > BOUND


PLAIN = joined(paragraphs(random.Random(1)))

if __name__ == "__main__":
    sys.exit(main())
