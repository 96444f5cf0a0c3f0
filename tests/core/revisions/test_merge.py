import re

import pytest
from hypothesis import given

from articles.core.revisions.diff import Section, Source, Text
from articles.core.revisions.merge import Written, merge, resolve
from articles.core.revisions.merge.three_way import CONFLICTS_MAX
from tests.support.samples import texts


def in_lead(base, ours, theirs):
    return merge(Text(lead=base), Text(lead=ours), Text(lead=theirs))


def all_from(side, merged):
    return resolve(merged, {conflict.id: side for conflict in merged.conflicts})


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result"),
    [
        ("Boats come. Crews sing.", "Boats go. Crews sing.", "Boats come. Crews hum.", "Boats go. Crews hum."),
        ("Boats come.", "Many boats come.", "Boats come. Crews sing.", "Many boats come. Crews sing."),
        ("Boats come.\n\nGulls rest.", "Gulls rest.", "Boats come.\n\nGulls rest.\n\nEbb.", "Gulls rest.\n\nEbb."),
        ("Boats come. Gulls rest.", "Boats come.", "Boats come.", "Boats come."),
        ("Boats come. Gulls rest.", "Boats come. Ebb. Gulls rest.", "Boats come.\n\nGulls rest.",
         "Boats come.\n\nEbb. Gulls rest."),
        ("- one boat\n- two boats", "- one boat\n- two boats\n- three boats", "- a boat\n- two boats",
         "- a boat\n- two boats\n- three boats"),
    ],
)  # fmt: skip
def test_merge_takes_changes_of_one_side(base, ours, theirs, result):
    merged = in_lead(base, ours, theirs)

    assert merged.text == Text(lead=result)
    assert merged.conflicts == ()


def test_merge_shows_both_sides_of_a_sentence():
    merged = in_lead(
        "Ebb. The rope holds 5 kg. Flood.", "Ebb. The rope holds 6 kg. Flood.", "Ebb. The rope holds 7 kg. Tide."
    )

    [conflict] = merged.conflicts
    assert merged.text is None
    assert (conflict.place, conflict.base, conflict.ours, conflict.theirs) == (
        "lead",
        "The rope holds 5 kg.",
        "The rope holds 6 kg.",
        "The rope holds 7 kg.",
    )
    assert merged.lead == ("Ebb. ", conflict, " Tide.")
    assert all_from("ours", merged).lead == "Ebb. The rope holds 6 kg. Tide."
    assert resolve(merged, {conflict.id: Written("No rope holds.")}).lead == "Ebb. No rope holds. Tide."


def test_merge_of_a_sentence_removed_and_edited_is_a_conflict():
    merged = in_lead("Ebb. The rope holds well. Flood.", "Ebb. Flood.", "Ebb. The rope holds very well. Flood.")

    [conflict] = merged.conflicts
    assert (conflict.ours, conflict.theirs) == ("", "The rope holds very well. ")
    assert all_from("ours", merged).lead == "Ebb. Flood."


def test_merge_of_a_sentence_replaced_and_edited_is_one_conflict():
    merged = in_lead(
        "Ebb. The rope holds well. Flood.", "Ebb. Crews sing. Flood.", "Ebb. The rope holds very well. Flood."
    )

    [conflict] = merged.conflicts
    assert (conflict.ours, conflict.theirs) == ("Crews sing. ", "The rope holds very well. ")
    assert all_from("theirs", merged).lead == "Ebb. The rope holds very well. Flood."


def test_merge_of_two_additions_at_one_place_is_a_conflict():
    merged = in_lead("Ebb.", "Ebb. Gulls rest.", "Ebb. Crews sing.")

    [conflict] = merged.conflicts
    assert (conflict.base, conflict.ours, conflict.theirs) == ("", " Gulls rest.", " Crews sing.")


A, B, C, D = (Section(key, 1, f"Heading {key}", f"Body of {key}.") for key in "abcd")


def test_merge_takes_sections_of_both_sides():
    moors, tides = Section("x", 1, "Moors", "Heather."), Section("y", 1, "Tides", "Ebb.")
    base = Text(sections=(A, B, C))

    merged = merge(base, Text(sections=(A, moors, B, C)), Text(sections=(C, A, tides)))

    assert merged.text == Text(sections=(C, A, moors, tides))
    assert set(merged.sections) == set("caxy")


def test_merge_of_a_section_removed_and_edited_is_a_conflict():
    edited = Section("b", 2, "Heading b", "Body of b.")

    merged = merge(Text(sections=(A, B, C)), Text(sections=(A, C)), Text(sections=(A, edited, C)))

    [conflict] = merged.conflicts
    assert (conflict.place, conflict.section_key, conflict.ours, conflict.theirs) == (
        "section",
        "b",
        None,
        "Heading b\n\nBody of b.",
    )
    assert [section.whole for section in merged.sections.values()] == [None, conflict, None]
    assert all_from("ours", merged) == Text(sections=(A, C))
    assert all_from("theirs", merged) == Text(sections=(A, edited, C))


def test_merge_treats_headings_levels_and_bodies_separately():
    base = Text(sections=(Section("a", 1, "Tides", "Ebb. Flood."),))
    ours = Text(sections=(Section("a", 2, "Tides", "Low ebb. Flood."),))
    theirs = Text(sections=(Section("a", 1, "Tides and ropes", "Ebb. High flood."),))

    merged = merge(base, ours, theirs)

    assert merged.text == Text(sections=(Section("a", 2, "Tides and ropes", "Low ebb. High flood."),))


def test_merge_of_two_orders_is_a_conflict():
    merged = merge(Text(sections=(A, B, C, D)), Text(sections=(B, C, D, A)), Text(sections=(B, A, C, D)))

    [conflict] = merged.conflicts
    assert (conflict.place, conflict.ours, conflict.theirs) == (
        "section order",
        "Heading b\nHeading c\nHeading d\nHeading a",
        "Heading b\nHeading a\nHeading c\nHeading d",
    )
    assert all_from("theirs", merged).sections == (B, A, C, D)


def test_merge_of_independent_moves_is_clean():
    e, f = (Section(key, 1, f"Heading {key}") for key in "ef")

    merged = merge(
        Text(sections=(A, B, C, D, e, f)), Text(sections=(B, C, A, D, e, f)), Text(sections=(A, B, C, D, f, e))
    )

    assert merged.text is not None
    assert [section.key for section in merged.text.sections] == ["b", "c", "a", "d", "f", "e"]


def test_merge_of_title_slug_notice_and_sources():
    one, two, three = Source("e1", "port/one"), Source("e2", "port/two"), Source("e2", "port/three")
    base = Text(title="Ropes", slug="ropes", sources=(one,))

    merged = merge(
        base,
        Text(title="Knots", slug="ropes", notice="medical", sources=(one, two)),
        Text(title="Knots", slug="knots", sources=(one, three)),
    )

    [conflict] = merged.conflicts
    assert (conflict.place, conflict.name, conflict.base, conflict.ours, conflict.theirs) == (
        "source",
        "e2",
        None,
        "port/two",
        "port/three",
    )
    assert all_from("theirs", merged) == Text(title="Knots", slug="knots", notice="medical", sources=(one, three))


def test_resolve_names_undecided_conflicts():
    merged = merge(
        Text(title="Ropes", sections=(A,)),
        Text(title="Knots", sections=(Section("a", 2, "Heading a", "Body of a."),)),
        Text(title="Bends", sections=(Section("a", 3, "Heading a", "Body of a."),)),
    )
    title, level = merged.conflicts

    with pytest.raises(ValueError, match="Not decided yet: title, level of “Heading a”"):
        resolve(merged, {})
    with pytest.raises(ValueError, match="No such conflict: 123"):
        resolve(merged, {"123": "ours"})
    with pytest.raises(ValueError, match="“deep” isn't a section level"):
        resolve(merged, {title.id: "ours", level.id: Written("deep")})


def words_of(*pieces):
    return {word for piece in pieces for word in re.findall(r"\w+", piece or "")}


def words_in(text):
    sections = [piece for section in text.sections for piece in (section.heading, section.body)]
    return words_of(text.title, text.slug, text.lead, *(source.reference for source in text.sources), *sections)


@given(texts.three_versions())
def test_merge_with_an_unchanged_side_gives_the_other(versions):
    base, *sides = versions

    for side in sides:
        assert merge(base, base, side).text == side
        assert merge(base, side, base).text == side
        assert merge(base, side, side).text == side


@given(texts.three_versions())
def test_merge_is_the_same_from_either_side(versions):
    base, ours, theirs = versions

    merged, mirrored = merge(base, ours, theirs), merge(base, theirs, ours)

    assert merged.text == mirrored.text
    assert sorted((conflict.id, conflict.ours or "", conflict.theirs or "") for conflict in merged.conflicts) == sorted(
        (conflict.id, conflict.theirs or "", conflict.ours or "") for conflict in mirrored.conflicts
    )
    assert all_from("ours", merged) == all_from("theirs", mirrored)


@given(texts.three_versions())
def test_merge_loses_no_word_of_either_side(versions):
    base, ours, theirs = versions

    merged = merge(base, ours, theirs)

    sides_only = {"section", "section order", "source order", "level"}
    without_conflicts = resolve(
        merged,
        # A space, so that the words before and after the conflict don't run together.
        {conflict.id: "ours" if conflict.place in sides_only else Written(" ") for conflict in merged.conflicts},
    )
    shown = words_of(*(piece for conflict in merged.conflicts for piece in (conflict.ours, conflict.theirs)))
    assert (words_in(ours) | words_in(theirs)) - words_in(base) <= words_in(without_conflicts) | shown


def test_words_of_both_sides_do_not_run_together():
    base, ours, theirs = (Text(title="Moorings", lead=lead) for lead in ("Harbour. ", " harbour", "Harbour. Harbour. "))

    merged = merge(base, ours, theirs)

    assert [(conflict.place, conflict.ours, conflict.theirs) for conflict in merged.conflicts] == [
        ("lead", "", " Harbour. ")
    ]


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_very_many_conflicts_are_decided_in_larger_stretches(side):
    def text(word):
        return Text(lead="\n\n".join(f"Tide {n} rises {n} {word}." for n in range(3 * CONFLICTS_MAX)))

    merged = merge(text("m"), text("feet"), text("inches"))

    assert len(merged.conflicts) == 1
    assert merged.is_coarse
    chosen = resolve(merged, dict.fromkeys((conflict.id for conflict in merged.conflicts), side))
    assert chosen.lead == text({"ours": "feet", "theirs": "inches"}[side]).lead
