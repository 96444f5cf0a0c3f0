"""Measures the lint checks on ordinary and hostile texts, relative to rendering ordinary prose (the floor).

Prints seconds and ratios. Exits 1 if a ratio exceeds its limit, or if twice the text takes much more than twice the
time. Run by `make bench`.
"""

import sys
import time

from articles.core.lint import Part, Source, Text, find_issues
from articles.core.lint.locate import SentenceLocator
from articles.core.markdown import Context, Sentence, render

SIZE = 100_000
ARTICLE = "The sea *rises* at noon [00:06:31]. It falls in the evening, as 20 % of all pilots say. " * 6 + "\n\n"
HOSTILE = (
    "the tide ",
    "a b c d e f g h a ",
    "always ",
    "20 % ",
    "“",
    "20 mg. ",
    "1-",
    "not ",
    "[00:06:00] ",
    "It. [00:06:00] ",
    "1.",
    "hundred ",
)
PLACED = ("a", "a ", "](", "[[a|", "&amp;", "[^a] ", "a. ", "[00:01:00] ", "| ", "](a", "`a` ")

# How many times as long linting may take as rendering ordinary prose of the same length, and linting twice the text as
# linting the text once. Quadratic behaviour would far exceed both.
LIMIT_RATIO = 40.0
LIMIT_GROWTH = 3.5


class Recording:
    """An episode that can be cited at any time."""

    reference = "show/episode"
    duration_seconds = 7200
    transcript_seconds = None

    def link_at(self, start_seconds: int, end_seconds: int | None = None, /) -> str:
        return f"https://recording.example/#t={start_seconds}"

    def chapter_title_at(self, seconds: int, /) -> str:
        return "Chapter"


CONTEXT = Context({"": Recording()}, lambda slug: None, has_notes=False)
SOURCES = {"": Source(((0, "The sea", False), (600, "Sponsor", True), (700, "Pilots", False)))}


def text_of(body: str) -> Text:
    return Text("Tides", (Part(0, 0, "", body, render(body, CONTEXT)),), SOURCES)


def seconds(function, *arguments) -> float:
    started = time.process_time()
    function(*arguments)
    return time.process_time() - started


def main() -> int:
    prose = (ARTICLE * (SIZE // len(ARTICLE) + 1))[:SIZE]
    render(ARTICLE, CONTEXT)
    floor = min(seconds(render, prose, CONTEXT) for _ in range(3))
    print(f"floor: rendering {SIZE // 1000} KB of prose {floor:.2f} s")
    article = text_of(ARTICLE * 16)
    print(f"an article of 9 KB: {min(seconds(find_issues, article) for _ in range(20)) * 1000:.1f} ms")
    failed = False
    for name, function, pieces in (("lint", find_issues, HOSTILE), ("places", places, PLACED)):
        for piece in pieces:
            half, whole = (seconds(function, text_of(piece * (size // len(piece)))) for size in (SIZE // 2, SIZE))
            growth, ratio = whole / max(half, 0.01), whole / floor
            print(f"{name} {piece!r:24}{whole:8.2f} s{ratio:8.1f}{growth:8.1f}")
            failed = failed or ratio > LIMIT_RATIO or (growth > LIMIT_GROWTH and whole > floor)
    print(f"limits: {LIMIT_RATIO:.0f} times the floor; {LIMIT_GROWTH} times as long for twice the text")
    if failed:
        print("FAILED: a ratio exceeds its limit.", file=sys.stderr)
    return int(failed)


def places(text: Text) -> None:
    body = text.parts[0].body
    sentences = [Sentence(body[: len(body) // 2], False, 1, 1), Sentence("a" * 1000, False, 1, 1)]
    SentenceLocator(body).all(sentences)


if __name__ == "__main__":
    sys.exit(main())
