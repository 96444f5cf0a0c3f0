"""Measures diffing and merging texts of one megabyte relative to splitting them into sentences (the floor).

Both alternate within one run, so that a change of the machine's speed affects both. Fails if a diff takes longer than
two seconds, or more than a given multiple of the floor.
"""

import random
import statistics
import sys
import time

from articles.core.language.sentences import split
from articles.core.revisions.diff import Section, Text, compare
from articles.core.revisions.merge import merge

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
    text, size = [], 0
    while size < SIZE:
        text.append([sentence(rng) for _ in range(5)])
        size += sum(map(len, text[-1])) + 6
    return text


def joined(text):
    return "\n\n".join(" ".join(paragraph) for paragraph in text)


def edited(rng, text, share):
    """Return a copy of the paragraphs with one word changed in that share of the sentences."""
    return [
        [each.replace(" ", " well ", 1) if rng.random() < share else each for each in paragraph] for paragraph in text
    ]


def bodies():
    """Yield (description, old, new): bodies of about a megabyte each."""
    rng = random.Random(3)
    text = paragraphs(rng)
    plain = joined(text)
    yield "one sentence in a hundred", plain, joined(edited(rng, text, 0.01))
    yield "one sentence in four", plain, joined(edited(rng, text, 0.25))
    yield "every sentence", plain, joined(edited(rng, text, 1))
    yield "unrelated texts", plain, joined(paragraphs(rng))
    shuffled = rng.sample(text, len(text))
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
        "marks only",
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
            elapsed, comparison = seconds(compare, Text(lead=old), Text(lead=new))
            times.append(elapsed / floors[-1])
            slowest = max(slowest, elapsed)
        ratio = statistics.median(times)
        worst = max(worst, ratio)
        coarse = " (coarse)" if comparison.is_coarse else ""
        print(f"{name:<30} {elapsed:8.2f} {ratio:8.1f}  {len(comparison.changes)}{coarse}")
    rng = random.Random(5)
    text = paragraphs(rng)
    sections = [
        tuple(Section(str(place), 1, "Heading", joined(part)) for place, part in enumerate(parts))
        for parts in (
            [version[start : start + 50] for start in range(0, len(version), 50)]
            for version in (text, edited(rng, text, 0.01), edited(rng, text, 0.01))
        )
    ]
    elapsed, merged = seconds(merge, *(Text(sections=each) for each in sections))
    print(
        f"{'merging three':<30} {elapsed:8.2f} {elapsed / statistics.median(floors):8.1f}  {len(merged.conflicts)} conflicts"
    )
    print(f"floor {statistics.median(floors):.3f} s; worst {worst:.1f} times the floor, bound {BOUND}; limit {LIMIT} s")
    return slowest > LIMIT or worst > BOUND


PLAIN = joined(paragraphs(random.Random(1)))

if __name__ == "__main__":
    sys.exit(main())
