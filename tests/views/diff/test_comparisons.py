"""The full text of a comparison: sentences that moved are shown as moved in both places, with what they lost."""

import pytest
from django.template.loader import render_to_string

from articles.core.revisions import diff
from articles.core.revisions.diff import Section, Source, Text
from articles.views.diff import show, without

MOVED = "The ebb begins at noon [00:01:02]."
LOST = "The ebb begins at noon."


def full_text(old, new):
    """Return the runs of all shown sections as (op, place, text)."""
    shown = show(diff.compare(old, new), {}, {})
    return [run for entry in shown.sections for runs, _ in entry.parts for run in runs if run.text.strip()]


def described(runs):
    return [(run.op, getattr(run, "place", ""), run.text) for run in runs]


@pytest.fixture
def texts():
    old = Text(lead=f"{MOVED} Gulls follow.", sections=(Section("a", 1, "Moors", "Heather."),))
    new = Text(lead="Gulls follow.", sections=(Section("a", 1, "Moors", f"Heather. {LOST}"),))
    return old, new


def test_a_moved_sentence_shows_in_both_places_what_it_lost(texts):
    assert described(full_text(*texts)) == [
        ("equal", "away", "The ebb begins at noon"),
        ("delete", "away", " [00:01:02]"),
        ("equal", "away", "."),
        ("equal", "", "Gulls follow."),
        ("equal", "", "Heather."),
        ("equal", "here", "The ebb begins at noon"),
        ("delete", "here", " [00:01:02]"),
        ("equal", "here", "."),
    ]


def test_each_side_has_only_its_own_text_and_the_new_one_what_was_lost(texts):
    runs = full_text(*texts)

    assert "".join(run.text for run in without(runs, "insert")) == f"{MOVED}Gulls follow.Heather."
    assert "".join(run.text for run in without(runs, "delete")) == f"Gulls follow.Heather.{MOVED}"


def test_a_moved_sentence_is_labelled_in_words(texts):
    html = render_to_string("admin/articles/review/diff/_runs.html", {"runs": full_text(*texts)})

    assert html == (
        '<span class="moved-label moved-label--away">moved away</span> <del class="moved">The ebb begins at noon</del>'
        '<del><span class="visually-hidden">removed: </span> [00:01:02]</del><del class="moved">.</del>'
        "Gulls follow.Heather."
        '<span class="moved-label">moved here</span> <ins class="moved">The ebb begins at noon</ins>'
        '<del class="lost"><span class="visually-hidden">removed: </span> [00:01:02]</del><ins class="moved">.</ins>\n'
    )


def test_sentences_that_moved_together_are_labelled_once():
    paragraph = f"{MOVED} It ends at six in the evening."
    old, new = (Text(lead=lead) for lead in (f"{paragraph}\n\nGulls.\n\nTerns.", f"Gulls.\n\nTerns.\n\n{paragraph}"))

    runs = full_text(old, new)

    assert [run.place for run in runs if getattr(run, "is_first", False)] == ["away", "here"]


def test_a_link_in_a_moved_sentence_is_shown_as_readers_see_it():
    sentence = "The ebb begins at [[noon-tide|noon]] [00:01:02]."
    old, new = (Text(lead=lead) for lead in (f"{sentence} Gulls.", f"Gulls. {sentence.replace(' [00:01:02]', '')}"))

    shown = [text for _, place, text in described(full_text(old, new)) if place]

    assert "".join(shown) == "The ebb begins at noon [00:01:02]." * 2


@pytest.mark.parametrize(
    ("before", "after", "tags", "tally"),
    [
        ({}, {"sections": (Section("b", 1, "Moors"),)}, [("section added", False)], "section added"),
        ({"sections": (Section("b", 1, "Moors"),)}, {}, [("section removed", False)], "section removed"),
        ({"sections": (Section("b", 1, ""),)}, {}, [("section removed", False)], "section removed"),
        (
            {"sections": (Section("b", 1, "Moors", "Heather."),)},
            {},
            [("section removed", False), ("claim removed", True)],
            "claim removed",
        ),
        (
            {"sections": (Section("b", 1, "Moors"),)},
            {"sections": (Section("b", 2, "Moors"),)},
            [("outline level changed", False)],
            "outline level changed",
        ),
        ({}, {"sources": (Source("e2", "show/two"),)}, [("source e2 added", False)], "title and sources"),
        ({"sources": (Source("e2", "show/two"),)}, {}, [("source e2 removed", False)], "title and sources"),
        (
            {"sources": (Source("e2", "show/two"),)},
            {"sources": (Source("e2", "show/three"),)},
            [("source e2 changed", False)],
            "title and sources",
        ),
        ({"title": "Naps"}, {"title": "Sleep"}, [("title changed", False), ("wording", False)], "title and sources"),
    ],
)
def test_a_change_is_called_what_it_does(before, after, tags, tally):
    shown = show(diff.compare(Text(**before), Text(**after)), {}, {})

    assert [change.tags for change in shown.changes] == [tags]
    assert shown.tally == [(tally, 1)]
