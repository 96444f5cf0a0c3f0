"""Measures how long hostile and ordinary texts take to read and to render, against floors of the same run.

Prints seconds and ratios; exits 1 where a ratio is beyond its limit. Run by `make bench`.
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

# find_marks may take this many times what it takes to split as much prose into words; render this many times
# what Markdown alone takes for as much prose. A reader of quadratic time would be beyond them a thousandfold.
LIMIT_FIND = 40.0
LIMIT_RENDER = 15.0
LIMIT_PROSE = 5.0
# Reading 200 KB of a broken received text, times what it takes to split 1 MB of prose into words.
LIMIT_RECEIVED = 250.0
BROKEN = ["[", "<a ", '<a data-t="', '[<a data-t="00:01:02">', "<!--", "<div>", "`", "```\n", "<b>", "[x](<a ", "# a\n"]


FRONT_MATTER = "---\ntitle: Tides\nvideoId: abcdefghijk\n---\n\nFrom: [[night-talks]] <br/>\n\n"


class Tape:
    """An episode that can be cited anywhere."""

    reference = "show/episode"
    duration_seconds = None

    def link_at(self, start_seconds: int, end_seconds: int | None = None, /) -> str:
        return f"https://tape.example/#t={start_seconds}"

    def chapter_title_at(self, seconds: int, /) -> str:
        return "Chapter"


def measure(function: Callable[[], object], rounds: int = 1) -> float:
    """Return the shortest time of some rounds, in seconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return min(times)


def repeat(piece: str, size: int = SIZE) -> str:
    """Return exactly `size` characters of `piece` over and over."""
    return (piece * (size // len(piece) + 1))[:size]


def main() -> int:
    """Measure everything, print a table, return the exit status."""
    prose = repeat(PROSE + PROSE + "\n\n")
    plain = MarkdownIt("commonmark", {"html": False}).enable("table")
    context = Context({"": Tape()}, link_url=lambda slug: f"/articles/{slug}/")
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
        print(f"received {piece!r:28}{reading:10.3f} s{reading / words:8.1f}")
        failed = failed or reading / words > LIMIT_RECEIVED
    print(f"limits: find_marks {LIMIT_FIND:.0f}, render {LIMIT_RENDER:.0f}, of prose {LIMIT_PROSE:.0f}")
    if failed:
        print("FAILED: a ratio is beyond its limit.", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
