"""Two texts as parts of one line, and runs that join to both."""

from articles.core.revisions.diff import new_text, old_text


def in_line(runs):
    """Write runs in one line: {-removed-}{+added+}."""
    signs = {"equal": "{}", "delete": "{{-{}-}}", "insert": "{{+{}+}}"}
    return "".join(signs[run.op].format(run.text) for run in runs)


def assert_joined(old, new, comparison):
    sides = [{section.key: section.body for section in text.sections} | {"": text.lead} for text in (old, new)]
    for section in [comparison.lead, *comparison.sections]:
        for side, read in zip(sides, (old_text, new_text), strict=True):
            assert "".join(read(piece.runs) for piece in section.pieces) == side.get(section.key, "")
    assert (old_text(comparison.title), new_text(comparison.title)) == (old.title, new.title)
