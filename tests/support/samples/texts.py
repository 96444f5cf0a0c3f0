"""Hypothesis strategies for texts that editors might write, and for edited versions of them."""

from hypothesis import strategies as st

from articles.core.revisions.diff import Section, Source, Text

WRITTEN = "harbour gulls 5 mg may not always warm ropes two [00:01:02] [e2 00:03:04] [[tide|the tide]] **salt** `knot`"
WORDS = WRITTEN.split()
ODD = [
    "",
    " ",
    "---",
    "```",
    "```\ncode. Here.\n```",
    "- item",
    "1. first",
    "| a | b |",
    "[00:75:12]",
    "…",
    "。",
    "\\",
    "x\r\ny",
]

sentences = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(lambda words: " ".join(words).capitalize() + "."),
    st.sampled_from(ODD),
    st.text(max_size=8),
)
separators = st.sampled_from([" ", " ", "\n", "\n\n", "\n\n\n", ""])
bodies = st.lists(st.tuples(sentences, separators), max_size=6).map(
    lambda parts: "".join(sentence + separator for sentence, separator in parts)
)
headings = st.sampled_from(["Moorings", "Tides", "Ropes and **knots**", "Five gulls", ""])
keys = st.lists(st.sampled_from("abcdef"), unique=True, max_size=5)


@st.composite
def texts(draw):
    sections = tuple(Section(key, draw(st.integers(1, 3)), draw(headings), draw(bodies)) for key in draw(keys))
    sources = tuple(
        Source(key, draw(st.sampled_from(["port/one", "port/two"])))
        for key in draw(st.lists(st.sampled_from(["e1", "e2", "e3"]), unique=True))
    )
    return Text(draw(headings), draw(st.sampled_from(["", "tides"])), draw(bodies), "", sources, sections)


def _edited(draw, body):
    """Change, drop, double or add some sentences of a body."""
    parts = body.split(". ")
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(parts)))
        act = draw(st.sampled_from(["add", "drop", "change", "double"]))
        if act == "add" or place == len(parts):
            parts.insert(place, draw(sentences))
        elif act == "drop":
            del parts[place]
        elif act == "change":
            parts[place] = f"{parts[place]} {draw(st.sampled_from(WORDS))}"
        else:
            parts.insert(place, parts[place])
    return ". ".join(parts)


@st.composite
def edits_of(draw, text):
    """An edited version of `text`."""
    sections = [
        Section(
            section.key,
            draw(st.sampled_from([section.level, section.level, 2])),
            draw(st.one_of(st.just(section.heading), headings)),
            _edited(draw, section.body),
        )
        for section in text.sections
        if draw(st.integers(0, 5))
    ]
    if draw(st.booleans()):
        sections.insert(
            draw(st.integers(0, len(sections))), Section(draw(st.sampled_from("ghi")), 1, "New", draw(bodies))
        )
    if draw(st.booleans()):
        sections = draw(st.permutations(sections))
    sources = draw(st.one_of(st.just(list(text.sources)), st.permutations(text.sources)))
    title = draw(st.one_of(st.just(text.title), headings))
    return Text(title, text.slug, _edited(draw, text.lead), text.notice, tuple(sources), tuple(sections))


@st.composite
def two_versions(draw):
    base = draw(texts())
    return base, draw(st.one_of(edits_of(base), texts()))


@st.composite
def three_versions(draw):
    base = draw(texts())
    return base, draw(edits_of(base)), draw(edits_of(base))
