"""Measures parsing and rendering of hostile and ordinary texts, relative to floors of the same run.

Prints seconds and ratios. Exits 1 if a ratio exceeds its limit. Run by `make bench`.
"""

import re
import sys
import time
from collections.abc import Callable

from markdown_it import MarkdownIt

from articles.core import formats
from articles.core.markdown import Context, render
from articles.core.timestamps import find_marks

SIZE = 1_000_000
HOSTILE = {"brackets": "[", "backticks": "`", "marks": "[00:06:31] ", "images": "![", "open marks": "[00:"}
PROSE = "The sea *rises* at noon [00:06:31]. It falls in the evening, as [[tides]] do. "

# How many times as long find_marks may take as splitting as much prose into words, and render as Markdown alone.
# Quadratic behaviour would exceed them a thousandfold.
LIMIT_FIND = 40.0
LIMIT_RENDER = 15.0
LIMIT_PROSE = 5.0
# How many times as long parsing 200 KB of a broken imported text may take as splitting 1 MB of prose into words.
LIMIT_RECEIVED = 250.0
BROKEN = ["[", "<a ", '<a data-t="', '[<a data-t="00:01:02">', "<!--", "<div>", "`", "```\n", "<b>", "[x](<a ", "# a\n"]


FRONT_MATTER = "---\ntitle: Tides\nvideoId: abcdefghijk\n---\n\nFrom: [[night-talks]] <br/>\n\n"


class Recording:
    """An episode that can be cited at any time."""

    reference = "show/episode"
    duration_seconds = None
    transcript_seconds = None

    def link_at(self, start_seconds: int, end_seconds: int | None = None, /) -> str:
        return f"https://recording.example/#t={start_seconds}"

    def chapter_title_at(self, seconds: int, /) -> str:
        return "Chapter"


def measure(function: Callable[[], object], rounds: int = 1) -> float:
    """Return the shortest time of `rounds` calls, in seconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return min(times)


def repeat(piece: str, size: int = SIZE) -> str:
    """Repeat `piece` to exactly `size` characters."""
    return (piece * (size // len(piece) + 1))[:size]


def main() -> int:
    """Measure everything and print a table; returns the exit status."""
    prose = repeat(PROSE + PROSE + "\n\n")
    plain = MarkdownIt("commonmark", {"html": False}).enable("table")
    context = Context({"": Recording()}, link_url=lambda slug: f"/articles/{slug}/")
    render(PROSE, context)
    words = measure(lambda: re.findall(r"\S+", prose), 3)
    markdown = measure(lambda: plain.render(prose))
    print(f"floors for 1 MB of prose: words {words:.3f} s, Markdown alone {markdown:.2f} s")
    print(f"{'':14}{'find_marks':>12}{'ratio':>8}{'render':>12}{'ratio':>8}")
    failed = False
    for name, text, limit in [("prose", prose, LIMIT_PROSE)] + [
        (name, repeat(piece), LIMIT_RENDER) for name, piece in HOSTILE.items()
    ]:
        finding = measure(lambda text=text: find_marks(text))
        rendering = measure(lambda text=text: render(text, context))
        ratios = finding / words, rendering / markdown
        print(f"{name:14}{finding:10.3f} s{ratios[0]:8.1f}{rendering:10.2f} s{ratios[1]:8.1f}")
        failed = failed or ratios[0] > LIMIT_FIND or ratios[1] > limit
    article = repeat(PROSE * 6 + "\n\n", 9_000)
    print(f"an article of 9 KB: {measure(lambda: render(article, context), 20) * 1000:.1f} ms")
    for piece in BROKEN:
        text = FRONT_MATTER + repeat(piece, 200_000)
        reading = measure(lambda text=text: formats.read(text, "broken"))
        print(f"imported {piece!r:28}{reading:10.3f} s{reading / words:8.1f}")
        failed = failed or reading / words > LIMIT_RECEIVED
    print(f"limits: find_marks {LIMIT_FIND:.0f}, render {LIMIT_RENDER:.0f}, of prose {LIMIT_PROSE:.0f}")
    if failed:
        print("FAILED: a ratio exceeds its limit.", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
