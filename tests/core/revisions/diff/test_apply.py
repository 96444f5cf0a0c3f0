"""Changes that are accepted one by one give a readable text; public notes are suggested from them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.core.revisions.diff import Section, Source, Text, apply, compare, prefill_note
from articles.core.revisions.diff import blocks as body_comparison
from articles.core.revisions.diff.order import moved_keys, reorder
from tests.core.revisions.diff.comparing import assert_joined, in_line
from tests.support.samples import texts


@pytest.mark.parametrize(
    "values", [{"sections": (Section("", 1, "x"),)}, {"sources": (Source("e", "x"), Source("e", "y"))}]
)
def test_text_refuses_empty_or_repeated_keys(values):
    with pytest.raises(ValueError, match="give each"):
        Text(**values)


@given(texts.two_versions())
def test_runs_join_to_both_texts(versions):
    old, new = versions

    comparison = compare(old, new)

    assert_joined(old, new, comparison)
    assert not comparison.is_coarse
    assert bool(comparison.changes) == (old != new)
    ids = [change.id for change in comparison.changes]
    assert len(set(ids)) == len(ids)
    assert sorted(change.rank for change in comparison.changes) == [change.rank for change in comparison.changes]


@given(texts.two_versions(), st.data())
def test_apply_accepts_any_subset(versions, data):
    old, new = versions
    comparison = compare(old, new)
    ids = [change.id for change in comparison.changes]
    some = data.draw(st.sets(st.sampled_from(ids))) if ids else set()

    partial = apply(comparison, some)

    assert apply(comparison, ids) == new
    assert apply(comparison, []) == old
    assert {section.key for section in partial.sections} <= {
        section.key for text in (old, new) for section in text.sections
    }


@given(texts.two_versions(), st.integers(0, 60), st.integers(0, 3))
@settings(max_examples=60)
def test_coarse_comparisons_join_and_apply_too(versions, characters, hunks):
    old, new = versions
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("SENTENCE_LIMIT", characters), ("TOKEN_LIMIT", characters), ("MOST_HUNKS", hunks)):
            patch.setattr(body_comparison, name, value)

        comparison = compare(old, new)

    assert_joined(old, new, comparison)
    ids = [change.id for change in comparison.changes]
    assert apply(comparison, ids) == new
    assert apply(comparison, []) == old


def test_apply_gives_a_readable_text():
    old = Text(lead="Boats come. Crews sing. Gulls rest.", sections=(Section("a", 1, "Tides", "Ebb."),))
    new = Text(
        lead="Boats come. Lamps burn. Bells ring. Gulls rest on masts.",
        sections=(Section("b", 1, "Moors", "Heather."), Section("a", 1, "Tides", "Ebb.")),
    )
    comparison = compare(old, new)
    chosen = [
        change.id
        for change in comparison.changes
        if in_line(change.runs) in ("{+Bells ring.+}", "{+Moors\n\nHeather.+}")
    ]

    accepted = apply(comparison, chosen)

    assert accepted == Text(
        lead="Boats come. Crews sing. Bells ring. Gulls rest.",
        sections=(Section("b", 1, "Moors", "Heather."), Section("a", 1, "Tides", "Ebb.")),
    )


def test_apply_refuses_an_unknown_id():
    with pytest.raises(ValueError, match=re.escape("No such change: 123. The text has changed")):
        apply(compare(Text(lead="Old."), Text(lead="New.")), ["123"])


@pytest.mark.parametrize(
    ("old", "new", "order"),
    [("abcd", "dabc", {"d"}), ("abcd", "bacd", {"a"}), ("abc", "axbc", set()), ("", "ab", set())],
)
def test_moved_keys_are_as_few_as_possible(old, new, order):
    assert moved_keys(old, new) in (order, {"b"} if order == {"a"} else order)


@given(texts.keys, texts.keys, st.data())
def test_reorder_accepts_any_subset(old, new, data):
    everything = sorted({*old, *new})
    some = data.draw(st.sets(st.sampled_from(everything))) if everything else set()

    assert reorder(old, new, everything) == new
    assert reorder(old, new, []) == old
    assert set(reorder(old, new, some)) == {key for key in everything if (key in new if key in some else key in old)}


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        ("It holds 5 kg.", "It holds 6 kg.", "correction"),
        ("It may hold.", "It does hold.", "correction"),
        ("Gulls nest [00:01:02].", "Gulls nest.", "correction"),
        ("Gulls nest [00:01:02].", "Gulls nest [00:01:09] [00:02:00].", "re-timed citations"),
        ("Gulls nest here.", "Gulls breed here.", "clarification"),
        ("Gulls nest here.", "Gulls nest here. Crews sing.", "clarification"),
        ("Gulls nest heere.", "Gulls nest **here**.", "minor"),
        ("Gulls nest.", "Gulls nest [00:01:02].", "clarification"),
        ("One [00:01:02]. Two.", "One [00:01:09]. Two [00:02:00].", "re-timed citations"),
        ("One [00:01:02]. Two.", "One [00:01:09]. Two. Three [00:02:00].", "clarification"),
        ("", "", "minor"),
    ],
)
def test_prefill_note_suggests_a_public_note(old, new, note):
    assert prefill_note(compare(Text(lead=old), Text(lead=new))) == note
