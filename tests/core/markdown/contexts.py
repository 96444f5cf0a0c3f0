"""What Markdown is rendered with: a recording, citations, and the links that an article may have."""

from dataclasses import dataclass

from hypothesis import strategies as st

from articles.core.markdown import Context, render


@dataclass
class Tape:
    reference: str = "harbour-talks/tides"
    duration_seconds: int | None = 6000
    transcript_seconds: int | None = None

    def link_at(self, start_seconds, end_seconds=None):
        return f"https://tape.example/?v=1&t={start_seconds}s"

    def chapter_title_at(self, seconds):
        return "Ebb & flow" if seconds < 600 else ""


def make_context(**kwargs):
    sources = {"": Tape(), "e1": Tape(), "e2": Tape("harbour-talks/winds", None)}
    options = {
        "sources": sources,
        "link_url": {"tides": "/articles/tides/", "old-harbour": "/articles/old-harbour/"}.get,
        "has_notes": False,
    }
    return Context(**(options | kwargs))


def cite(label, anchor, start, *, episode="harbour-talks/tides", iso):
    return (
        f'<a class="citation" id="{anchor}" href="https://tape.example/?v=1&amp;t={start}s"'
        f' data-episode="{episode}" data-start="{start}"><time datetime="{iso}">{label}</time></a>'
    )


ONE = cite("01:00", "c-60", 60, iso="PT1M")


def html_of(text, **kwargs):
    return render(text, make_context(**kwargs)).html.strip()


PIECES = r"""
[00:06:31] [00:01:00,02:00] [00:75:12] [99:00:00] [01:02 [ ] ( ) ]( ![ [[ ]] [[tides]] [[tides|ebb]] * ** _ ~~
` ``` ~~~ $ $$ \\ < > & " ' # - + 1. | |-|-| a|b : [^1] [^1]: [x]: [x] > [!info] [!NOTE|Ebb] <script>
</script> javascript:alert(1) https://example.org/a /media/a.png onclick=alert(1) style="x" word Tide. ebb!
潮。 &lt; &#0;
"""

MARKDOWN_LIKE = st.lists(
    st.sampled_from(PIECES.split())
    | st.sampled_from(["[e2 00:06:31-00:07:10]", "[no 01:02]", "<img src=x onerror=alert(1)>", "\ufdd0", "\0"])
    | st.sampled_from([chr(0xD800), " ", "\n", "\n\n", "    ", "\t", "\r\n", "> ", "- "])
    | st.text(max_size=5),
    max_size=40,
).map("".join)

WORDS = st.lists(st.from_regex(r"[a-z]{2,8}", fullmatch=True), min_size=1, max_size=6).map(" ".join)
