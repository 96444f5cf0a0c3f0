"""No cell of a CSV file that the site writes is a formula to a spreadsheet, and its text can be read back."""

import ast
import csv
import io
import unicodedata
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.formats.spreadsheets import Writer, safe_cell
from tests.support.paths import PROJECT

IGNORED = "\ufeff\u200b\u200e\u2060\xa0\u3000 \t\r\n\v\f\0\x1f\u2028"
HOSTILE = st.text(st.sampled_from([*"=+-@|%＝＋－＠﹦﹢﹣﹫−;,\"'|1a", *IGNORED]), max_size=10) | st.text(max_size=10)


def written(rows):
    file = io.StringIO()
    writer = Writer(file)
    for row in rows:
        writer.row(row)
    return file.getvalue()


def cells_of_spreadsheet(text, delimiter):
    """Return what a spreadsheet puts into its cells: it splits at its own delimiter, and trims what can't be seen."""
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter):
        for cell in row:
            seen = unicodedata.normalize("NFKC", cell)
            while seen and (seen[0].isspace() or seen[0] == '"' or unicodedata.category(seen[0]) in ("Cc", "Cf")):
                seen = seen[1:]
            yield seen


@given(st.lists(st.lists(HOSTILE, min_size=1, max_size=4), max_size=4))
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_is_a_formula(delimiter, rows):
    for cell in cells_of_spreadsheet(written(rows), delimiter):
        assert not cell.startswith(tuple("=+-−@|%"))


def plain(cell):
    """Return a cell without the apostrophes that are added, and its white space folded."""
    return " ".join(cell.replace("'", "").split())


@given(st.lists(st.lists(HOSTILE, min_size=1, max_size=4), max_size=4))
def test_every_cell_is_quoted_and_can_be_read_back(rows):
    text = written(rows)
    read = list(csv.reader(io.StringIO(text, newline="")))

    assert [len(row) for row in read] == [len(row) for row in rows]
    for before, after in zip(chain(*rows), chain(*read), strict=True):
        assert plain(before.replace("\0", "\ufffd")) == plain(after)
    assert all(line[0] == '"' == line[-1] for line in text.split("\r\n")[:-1])


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("\t=1", "' =1"),
        ("\ufeff ＝1", "'\ufeff ＝1"),
        ("|cmd", "'|cmd"),
        ("%1", "'%1"),
        ('x";=1', "x\";'=1"),
        ("one\ntwo", "one two"),
        ("Tides, -5 m at (=) 3 % – fine; so", "Tides, -5 m at (=) 3 % – fine; so"),
        (-5, -5),
        (-0.25, -0.25),
        (None, ""),
        ("", ""),
    ],
)
def test_what_is_no_formula_stays_as_it_is(cell, expected):
    assert safe_cell(cell) == expected


def test_only_this_writer_writes_csv():
    users = {
        path.relative_to(PROJECT).as_posix()
        for path in (PROJECT / "articles").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"writer", "DictWriter", "writerow"}
    }

    assert users == {"articles/core/formats/spreadsheets.py"}
