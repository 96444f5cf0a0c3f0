from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.revisions.diff import (
    CitedSpan,
    Kind,
    Run,
    Section,
    Source,
    Text,
    apply,
    compare,
    prefill_note,
)
from articles.core.revisions.diff import blocks as body_comparison
from articles.core.revisions.diff.alignment import Budget, align
from articles.core.revisions.diff.segment import blocks, sentences
from articles.core.revisions.diff.tokens import tokenise
from articles.core.revisions.diff.types import Retiming
from tests.core.revisions.diff.comparing import assert_joined, in_line
from tests.support.samples import texts


def changes_between(old, new):
    comparison = compare(Text(lead=old), Text(lead=new))
    return [(in_line(change.runs), [kind.name for kind in change.kinds]) for change in comparison.changes]


def joined(cut):
    return "".join(gap + piece for gap, piece in zip(cut.gaps, [*cut.pieces, ""], strict=True))


@pytest.mark.parametrize(
    ("sentence", "tokens"),
    [
        ("It weighs 5 mg.", ["It", " ", "weighs", " ", "5 mg", "."]),
        ("From 5–10 mg/kg on", ["From", " ", "5–10 mg/kg", " ", "on"]),
        ("-3.5 °C, 1,000 m, 80%", ["-3.5 °C", ",", " ", "1,000 m", ",", " ", "80%"]),
        ("COVID-19 and 5HT2A", ["COVID-19", " ", "and", " ", "5HT2A"]),
        ("tied [e2 00:01:02, 00:03:00] fast", ["tied", " ", "[e2 00:01:02, 00:03:00]", " ", "fast"]),
        ("[[tide|the tide]] [map](https://a.example/x)", ["[[tide|the tide]]", " ", "[map](https://a.example/x)"]),
        ("**can't** `x`", ["**", "can't", "**", " ", "`", "x", "`"]),
        ("- 2. gulls", ["- 2.", " ", "gulls"]),
        ("潮が満ちる", ["潮", "が", "満", "ち", "る"]),
        ("日々 ลม ខ", ["日", "々", " ", "ล", "ม", " ", "ខ"]),
        (r"\[00:01:02]", ["\\[", "00:01:02", "]"]),
    ],
)
def test_tokenise_keeps_marks_numbers_and_links_whole(sentence, tokens):
    assert [token.text for token in tokenise(sentence)] == tokens


@given(st.one_of(texts.bodies, st.text()), st.booleans())
def test_tokens_join_to_the_text(text, in_code):
    assert "".join(token.text for token in tokenise(text, in_code=in_code)) == text


def test_sentences_cut_at_items_rules_and_code():
    body = "Gulls nest\nhere. [00:01:02] They rest.\n\n---\n\n- one\n- two\n\n```\na. B\n\nc\n```\n"

    cut = sentences(body)

    assert cut.pieces == [
        "Gulls nest\nhere. [00:01:02]",
        "They rest.",
        "---",
        "- one",
        "- two",
        "```",
        "a. B",
        "c",
        "```",
    ]
    assert joined(cut) == body


@given(st.one_of(texts.bodies, st.text()))
def test_pieces_and_gaps_join_to_the_body(body):
    for cut in (blocks(body), sentences(body)):
        assert joined(cut) == body
        assert all(piece.strip() for piece in cut.pieces)
        assert not any(gap.strip() for gap in cut.gaps)


@given(st.text("abc", max_size=30), st.text("abc", max_size=30))
def test_align_pairs_equal_elements_in_order(old, new):
    pairs = align(old, new, Budget(10_000))

    assert all(old[i] == new[j] for i, j in pairs)
    assert all(i < k and j < n for (i, j), (k, n) in pairwise(pairs))


def test_align_gives_up_when_the_budget_is_spent():
    budget = Budget(20)

    pairs = align("abababab" * 20, "babbaaba" * 20, budget)

    assert pairs == []
    assert budget.is_spent


@pytest.mark.parametrize(
    ("old", "new", "runs", "kinds"),
    [
        ("The pier holds 40 kg.", "The pier holds 400 kg.", "The pier holds {-40 kg-}{+400 kg+}.", ["NUMBER"]),
        ("It takes 5 mg now.", "It takes 5 g now.", "It takes {-5 mg-}{+5 g+} now.", ["NUMBER"]),
        ("Two gulls sat down.", "Three gulls sat down.", "{-Two-}{+Three+} gulls sat down.", ["NUMBER"]),
        ("See [[dose|5 mg]] there.", "See [[dose|50 mg]] there.",
         "See {-[[dose|5 mg]]-}{+[[dose|50 mg]]+} there.", ["NUMBER"]),
        ("From 5 mg up to 10 mg.", "From 10 mg up to 5 mg.",
         "From {-5 mg-}{+10 mg+} up to {-10 mg-}{+5 mg+}.", ["NUMBER"]),
        ("The rope may hold.", "The rope does hold.", "The rope {-may-}{+does+} hold.", ["NEGATION", "WORDING"]),
        ("The rope is not old.", "The rope is old.", "The rope is {-not -}old.", ["NEGATION"]),
        ("Ropes can’t hold it.", "Ropes can hold it.", "Ropes {-can’t-}{+can+} hold it.", ["NEGATION"]),
        ("The quay is safe here.", "The quay is unsafe here.",
         "The quay is {-safe-}{+unsafe+} here.", ["NEGATION", "WORDING"]),
        ("Tides increase the drift.", "Tides decrease the drift.",
         "Tides {-increase-}{+decrease+} the drift.", ["NEGATION", "WORDING"]),
        ("Gulls nest here [00:01:02].", "Gulls nest here.", "Gulls nest here{- [00:01:02]-}.", ["CITATION_REMOVED"]),
        ("Gulls nest here [00:01:02].", "Gulls nest here [00:01:09].",
         "Gulls nest here {-[00:01:02]-}{+[00:01:09]+}.", ["CITATION_RETIMED"]),
        ("Gulls nest here.", "Gulls nest here [00:01:09].", "Gulls nest here{+ [00:01:09]+}.", ["CITATION_ADDED"]),
        ("Gulls nest here [0:01:02].", "Gulls nest here [00:01:02].",
         "Gulls nest here {-[0:01:02]-}{+[00:01:02]+}.", ["FORMATTING"]),
        ("See [the map](https://a.example/x).", "See [the map](https://a.example/y).",
         "See {-[the map](https://a.example/x)-}{+[the map](https://a.example/y)+}.", ["LINK"]),
        ("Old ropes fray soon.", "Worn ropes fray soon.", "{-Old-}{+Worn+} ropes fray soon.", ["WORDING"]),
        ("The lamp recieves oil.", "The lamp receives oil.", "The lamp {-recieves-}{+receives+} oil.", ["TYPO"]),
        ("The lamp, too, is lit.", "The lamp too is lit.", "The lamp{-,-} too{-,-} is lit.", ["TYPO"]),
        ("The lamp is lit.", "The **lamp** is lit.", "The {+**+}lamp{+**+} is lit.", ["FORMATTING"]),
        ("The `lamp` is lit.", "The lamp is lit.", "The {-`-}lamp{-`-} is lit.", ["FORMATTING"]),
        ("It holds 5mg now.", "It holds 5 mg now.", "It holds {-5mg-}{+5 mg+} now.", ["FORMATTING"]),
        ("Up.\n\n---\n\nDown.", "Up.\n\nDown.", "{-----}", ["FORMATTING"]),
        ("Boats come. They go.", "Boats come.\n\nThey go.", "{- -}{+\n\n+}", ["FORMATTING"]),
        ("Up.\n\n# Tides\n\nDown.", "Up.\n\nDown.", "{-# Tides-}", ["WORDING"]),
        ("Up.\n\nDown.", "Up.\n\n## Tides\n\nDown.", "{+## Tides+}", ["WORDING"]),
        ("Up.\n\n# Tides [00:01:02]\n\nDown.", "Up.\n\nDown.", "{-# Tides [00:01:02]-}", ["CLAIM_REMOVED"]),
        ("```\n# Tides\nUp.\n```", "```\nUp.\n```", "{-# Tides-}", ["CLAIM_REMOVED"]),
        ("Boats come.", "Boats come. Crews sing.", "{+Crews sing.+}", ["CLAIM_ADDED"]),
        ("Boats come. Crews sing.", "Boats come.", "{-Crews sing.-}", ["CLAIM_REMOVED"]),
    ],
)  # fmt: skip
def test_compare_classifies_one_change(old, new, runs, kinds):
    assert changes_between(old, new) == [(runs, kinds)]


def test_compare_lists_the_riskiest_first():
    old = "Gulls rest on masts [00:01:02]. The lamp recieves oil. Crews may sing at four."
    new = "Gulls rest on masts [00:02:00]. The lamp receives oil. Crews will sing at five. Ropes fray."

    comparison = compare(Text(lead=old), Text(lead=new))

    assert [(change.rank, in_line(change.runs)) for change in comparison.changes] == [
        (1, "Crews {-may-}{+will+} sing at {-four-}{+five+}."),
        (4, "Gulls rest on masts {-[00:01:02]-}{+[00:02:00]+}."),
        (6, "{+Ropes fray.+}"),
        (12, "The lamp {-recieves-}{+receives+} oil."),
    ]
    assert comparison.changes[0].kinds == (Kind.NUMBER, Kind.NEGATION)
    assert comparison.changes[1].moments == (Retiming(CitedSpan("", 62, None), CitedSpan("", 120, None)),)


def test_compare_finds_a_sentence_that_moved():
    old = Text(
        sections=(
            Section("a", 1, "Tides", "The ebb begins at noon. Gulls follow."),
            Section("b", 1, "Moors", "Heather."),
        )
    )
    new = Text(
        sections=(
            Section("a", 1, "Tides", "Gulls follow."),
            Section("b", 1, "Moors", "Heather. The ebb begins at noon."),
        )
    )

    comparison = compare(old, new)

    [change] = comparison.changes
    assert (change.kinds, change.from_section_key, change.section_key) == ((Kind.MOVED,), "a", "b")
    assert change.runs == (Run("equal", "The ebb begins at noon."),)
    assert [piece.change_id for section in comparison.sections for piece in section.pieces] == [
        change.id,
        None,
        None,
        change.id,
    ]


@pytest.mark.parametrize(
    ("old", "new", "runs", "kinds", "moments"),
    [
        (
            "The ebb begins at noon [00:01:02].",
            "The ebb begins at noon.",
            "The ebb begins at noon{- [00:01:02]-}.",
            ["CITATION_REMOVED", "MOVED"],
            [(62, None)],
        ),
        (
            "The ebb begins at noon. [00:01:02]",
            "The ebb begins at noon. [00:01:30]",
            "The ebb begins at noon. {-[00:01:02]-}{+[00:01:30]+}",
            ["CITATION_RETIMED", "MOVED"],
            [(62, 90)],
        ),
        (
            "The ebb begins at noon.",
            "- The **ebb** begins at noon [00:01:30].",
            "{+- +}The {+**+}ebb{+**+} begins at noon{+ [00:01:30]+}.",
            ["CITATION_ADDED", "MOVED"],
            [(None, 90)],
        ),
        (
            "The ebb begins at noon on +5 days [00:01:02].",
            "The ebb begins at noon on -5 days.",
            "The ebb begins at noon on {-+5 days [00:01:02]-}{+-5 days+}.",
            ["NUMBER", "CITATION_REMOVED", "MOVED"],
            [(62, None)],
        ),
    ],
)
def test_compare_finds_a_sentence_that_moved_and_lost_its_citation(old, new, runs, kinds, moments):
    before = Text(lead=f"{old}\n\nGulls follow.", sections=(Section("a", 1, "Moors", "Heather."),))
    after = Text(lead="Gulls follow.", sections=(Section("a", 1, "Moors", f"Heather.\n\n{new}"),))

    comparison = compare(before, after)

    [change] = comparison.changes
    assert (in_line(change.runs), [kind.name for kind in change.kinds]) == (runs, kinds)
    assert (change.from_section_key, change.section_key) == ("", "a")
    spans = [tuple(side and side.start_seconds for side in (pair.old, pair.new)) for pair in change.moments]
    assert spans == moments
    assert_joined(before, after, comparison)
    assert apply(comparison, [change.id]) == after
    assert prefill_note(comparison) == ("correction" if {"CITATION_REMOVED", "NUMBER"} & {*kinds} else "clarification")


def test_a_paragraph_that_moved_loses_one_of_its_citations():
    paragraph = "The ebb begins at noon [00:01:02]. It ends at six in the evening [00:02:00]."
    old = f"{paragraph}\n\nGulls follow.\n\nHeather grows."
    new = f"Gulls follow.\n\nHeather grows.\n\n{paragraph.replace(' [00:02:00]', '')}"

    assert changes_between(old, new) == [
        ("It ends at six in the evening{- [00:02:00]-}.", ["CITATION_REMOVED", "MOVED"]),
        ("The ebb begins at noon [00:01:02].", ["MOVED"]),
    ]


def test_words_that_more_than_one_sentence_has_do_not_count_as_moved():
    old = "The ebb begins at noon [00:01:02].\n\nGulls follow.\n\nThe ebb begins at noon [00:02:00]."
    new = "Gulls follow.\n\nHeather grows.\n\nThe ebb begins at noon."

    assert "MOVED" not in {kind for _, kinds in changes_between(old, new) for kind in kinds}


def test_a_line_of_code_that_moved_with_another_number_is_no_lost_citation():
    line = "tide = ebb_at_noon [00:01:02]"
    old, new = f"```\n{line}\nx\n```", f"```\nx\n{line.replace('01:02', '02:00')}\n```"

    assert "CITATION_RETIMED" not in {kind for _, kinds in changes_between(old, new) for kind in kinds}


def test_compare_aligns_sections_by_key():
    a, b, c, d = (Section(key, 1, f"Heading {key}", f"Body of {key}.") for key in "abcd")
    old = Text(sections=(a, b, c))
    new = Text(sections=(c, Section("a", 2, "Heading of a", "Body of a."), d))

    comparison = compare(old, new)

    assert [
        (section.key, section.status, section.is_moved, section.old_position, section.new_position)
        for section in comparison.sections
    ] == [
        ("c", "unchanged", False, 2, 0),
        ("a", "changed", True, 0, 1),
        ("b", "removed", False, 1, None),
        ("d", "added", False, None, 2),
    ]
    assert [
        (change.scope, change.section_key, change.kinds[0].name, in_line(change.runs)) for change in comparison.changes
    ] == [
        ("section", "d", "CLAIM_ADDED", "{+Heading d\n\nBody of d.+}"),
        ("section", "b", "CLAIM_REMOVED", "{-Heading b\n\nBody of b.-}"),
        ("section", "a", "MOVED", "Heading of a"),
        ("level", "a", "MOVED", "{-1-}{+2+}"),
        ("heading", "a", "WORDING", "Heading {+of +}a"),
    ]


@pytest.mark.parametrize(
    ("section", "kinds"),
    [
        (Section("b", 1, "Moors"), ["WORDING", "WORDING"]),
        (Section("b", 1, "", " \n"), ["WORDING", "WORDING"]),
        (Section("b", 1, "Moors [00:01:02]"), ["CLAIM_ADDED", "CLAIM_REMOVED"]),
        (Section("b", 1, "Moors", "Heather."), ["CLAIM_ADDED", "CLAIM_REMOVED"]),
    ],
)
def test_an_empty_section_that_comes_or_goes_is_no_claim(section, kinds):
    rest = Section("a", 1, "Tides", "One is here.")
    texts = Text(sections=(rest,)), Text(sections=(rest, section))

    changes = [compare(*pair).changes for pair in (texts, texts[::-1])]

    assert [change.kinds[0].name for [change] in changes] == kinds
    assert [(change.old_position, change.new_position) for [change] in changes] == [(None, 1), (1, None)]


def test_compare_counts_sentences_that_can_be_collapsed():
    same = Section("a", 1, "Tides", "One is here. Two is here.\n\nThree is here.")
    old = Text(sections=(same, Section("b", 1, "Moors", "Heather grows. Bees come. Sheep graze.")))
    new = Text(sections=(same, Section("b", 1, "Moors", "Heather grows. Bees come. Goats graze.")))

    comparison = compare(old, new)

    assert [section.status for section in comparison.sections] == ["unchanged", "changed"]
    assert [piece.sentence_count for piece in comparison.sections[0].pieces] == [3]
    assert [(in_line(piece.runs), piece.sentence_count) for piece in comparison.sections[1].pieces] == [
        ("Heather grows. Bees come. ", 2),
        ("{-Sheep-}{+Goats+} graze.", 0),
    ]


def test_compare_lists_changes_outside_the_body():
    old = Text(title="Ropes", slug="ropes", sources=(Source("e1", "port/one"), Source("e2", "port/two")))
    new = Text(
        title="Knots",
        slug="knots",
        notice="medical",
        lead="A knot holds here [e3 00:00:05].",
        sources=(Source("e2", "port/two"), Source("e1", "port/six"), Source("e3", "port/three")),
    )

    comparison = compare(old, new)

    assert [(change.scope, change.source_key, in_line(change.runs)) for change in comparison.changes] == [
        ("sentence", "", "{+A knot holds here [e3 00:00:05].+}"),
        ("title", "", "{-Ropes-}{+Knots+}"),
        ("slug", "", "{-ropes-}{+knots+}"),
        ("notice", "", "{+medical+}"),
        ("source order", "e1", "port/one"),
        ("source", "e1", "{-port/one-}{+port/six+}"),
        ("source", "e3", "{+port/three+}"),
    ]
    assert comparison.changes[0].needs == (comparison.changes[-1].id,)


def test_ids_stay_when_other_sentences_change():
    first = compare(Text(lead="Old ropes fray."), Text(lead="Worn ropes fray."))
    second = compare(Text(lead="Gulls. Old ropes fray. Ebb."), Text(lead="Gulls. More gulls. Worn ropes fray."))

    assert [change.id for change in first.changes] == ["2fe11c4f8f8b"]
    assert first.changes[0].id in [change.id for change in second.changes]


def test_a_tangle_is_compared_by_whole_blocks():
    old, new = "Aye. Nay. " * 30_000, "Nay. Nay. Aye. " * 20_000

    comparison = compare(Text(lead=old), Text(lead=new))

    assert comparison.is_coarse
    assert [(change.scope, change.kinds) for change in comparison.changes] == [
        ("block", (Kind.CLAIM_ADDED, Kind.CLAIM_REMOVED))
    ]
    assert comparison.changes[0].runs == (Run("delete", old.strip()), Run("insert", new.strip()))


def test_a_block_too_large_for_sentences_is_still_classified(monkeypatch):
    monkeypatch.setattr(body_comparison, "SENTENCE_LIMIT", 10)

    comparison = compare(Text(lead="Ebb.\n\nIt holds 5 kg. Yes."), Text(lead="Ebb.\n\nIt holds 6 kg. Yes."))

    assert comparison.is_coarse
    assert [(change.scope, change.kinds, in_line(change.runs)) for change in comparison.changes] == [
        ("block", (Kind.NUMBER,), "{-It holds 5 kg. Yes.-}{+It holds 6 kg. Yes.+}")
    ]
