"""Who wrote a sentence: each has one origin, which follows it through edits, moves, merges and restored texts."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.core.revisions.blame import blame, descending, origins
from articles.core.revisions.blame.parts import words_only
from articles.core.revisions.diff import Section, Text
from articles.core.revisions.diff.segment import sentences
from tests.support.samples import texts


def origins_in(versions, parents, head=None, **kwargs):
    """Return [(sentence, origin, version that cites it so)] of the lead of one of `versions`, {number: lead}."""
    found = blame(head or max(versions), parents, lambda number: Text(lead=versions[number]), **kwargs)
    return [(sentence.text, sentence.origin, sentence.cited_in) for sentence in found]


def chain(*leads):
    """Return versions 1, 2, … with these leads and the parents of each, the one before."""
    return dict(enumerate(leads, 1)), {number: [number - 1] for number in range(2, len(leads) + 1)}


def test_each_sentence_is_of_the_version_that_wrote_it():
    versions = chain("Boats come. Crews sing.", "Boats come. Bells ring. Crews sing.", "Boats come. Bells toll.")

    assert origins_in(*versions) == [("Boats come.", 1, 1), ("Bells toll.", 3, 3)]
    assert origins_in(*versions, head=2) == [("Boats come.", 1, 1), ("Bells ring.", 2, 2), ("Crews sing.", 1, 1)]


def test_a_citation_that_changed_leaves_the_words_to_who_wrote_them():
    versions = chain("Gulls nest here [00:01:02].", "Gulls nest here [00:01:30].", "Gulls nest here [0:01:30].\n\nEbb.")

    assert origins_in(*versions) == [("Gulls nest here [0:01:30].", 1, 2), ("Ebb.", 3, 3)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It holds 40 kg.", "It holds 400 kg."),
        ("It falls by -5 °C.", "It falls by 5 °C."),
        ("Gulls nest here.", "Gulls nest here?"),
        ("Gulls nest here.", "Gulls **nest** here."),
        ("See [[a|gulls]].", "See [[b|gulls]]."),
    ],
)
def test_any_other_change_of_a_sentence_is_a_new_one(before, after):
    assert origins_in(*chain(before, after)) == [(after, 2, 2)]


def test_white_space_writes_nothing():
    assert origins_in(*chain("Gulls nest here. Ebb.", "Gulls nest\nhere.\n\nEbb.")) == [
        ("Gulls nest\nhere.", 1, 1),
        ("Ebb.", 1, 1),
    ]


def test_a_restored_text_is_of_those_who_wrote_it_first():
    versions = {1: "Boats come. Crews sing.", 2: "Nonsense.", 3: "Boats come. Crews sing. Bells ring."}

    assert origins_in(versions, {2: [1], 3: [1, 2]}) == [
        ("Boats come.", 1, 1),
        ("Crews sing.", 1, 1),
        ("Bells ring.", 3, 3),
    ]


def test_what_was_deleted_and_put_back_by_hand_is_of_who_put_it_back():
    assert origins_in(*chain("Boats come. Ebb.", "Ebb.", "Boats come. Ebb.")) == [("Boats come.", 3, 3), ("Ebb.", 1, 1)]


def test_a_merged_text_keeps_whose_each_part_is():
    versions = {
        1: "Boats come [00:01:02]. Crews sing.",
        2: "Boats come [00:01:30]. Crews sing. Bells ring.",
        3: "Boats come [00:01:30]. Crews sing. Bells ring. Lamps burn.",
    }

    assert origins_in(versions, {2: [1], 3: [1, 2]}) == [
        ("Boats come [00:01:30].", 1, 2),
        ("Crews sing.", 1, 1),
        ("Bells ring.", 2, 2),
        ("Lamps burn.", 3, 3),
    ]


def test_a_sentence_that_moved_to_another_section_stays_of_its_origin():
    moved = "The ebb begins at noon"
    old = Text(lead=f"{moved} [00:01:02]. Yes.", sections=(Section("a", 1, "Tides", "Gulls follow."),))
    new = Text(lead="Ebb.", sections=(Section("a", 1, "Tides", f"Gulls follow. {moved}. Yes."),))

    found = blame(2, {2: [1]}, {1: old, 2: new}.get)

    assert [(sentence.kind, sentence.text, sentence.origin, sentence.cited_in) for sentence in found] == [
        ("text", "Ebb.", 2, 2),
        ("heading", "Tides", 1, 1),
        ("text", "Gulls follow.", 1, 1),
        ("text", f"{moved}.", 1, 2),
        ("text", "Yes.", 2, 2),  # too short to be recognised elsewhere
    ]


def test_a_section_under_a_new_key_is_still_of_its_origin():
    body = "The ebb begins at noon. It ends in the evening."
    old, new = (Text(sections=(Section(key, 1, "Tides", body),)) for key in "ab")

    assert {sentence.origin for sentence in blame(2, {2: [1]}, {1: old, 2: new}.get)} == {1}


def test_a_copied_sentence_is_of_who_copied_it():
    claim = "The ebb begins at noon."
    assert origins_in(*chain(f"{claim} Gulls.", f"{claim} Gulls. {claim}")) == [
        (claim, 1, 1),
        ("Gulls.", 1, 1),
        (claim, 2, 2),
    ]


def test_the_title_is_one_of_the_sentences():
    found = blame(2, {2: [1]}, {1: Text(title="Tides. Part one"), 2: Text(title="Tides. Part two", lead="Ebb.")}.get)

    assert [(sentence.kind, sentence.text, sentence.origin) for sentence in found] == [
        ("title", "Tides. Part two", 2),
        ("text", "Ebb.", 2),
    ]


def test_a_circle_ends():
    versions = {1: "Boats come.", 2: "Boats come. Ebb."}

    assert origins_in(versions, {1: [2], 2: [1]}) == [("Boats come.", 1, 1), ("Ebb.", 2, 2)]


def test_too_many_versions_are_not_looked_at():
    versions, parents = chain(*(f"Boats come. Crews sing. Bell {number} rings." for number in range(20)))

    found = blame(20, parents, lambda number: Text(lead=versions[number]), most=5)

    assert [(sentence.text, sentence.origin, sentence.is_earlier) for sentence in found] == [
        ("Boats come.", 15, True),
        ("Crews sing.", 15, True),
        ("Bell 19 rings.", 20, False),
    ]


def test_a_spent_budget_still_pairs_equal_sentences(monkeypatch):
    monkeypatch.setattr(origins, "STEPS", 0)
    versions = chain("Boats come. Crews sing. Ebb.", "Lamps. Boats come. Bells. Crews sing. Flood.")

    assert origins_in(*versions) == [
        ("Lamps.", 2, 2),
        ("Boats come.", 1, 1),
        ("Bells.", 2, 2),
        ("Crews sing.", 1, 1),
        ("Flood.", 2, 2),
    ]


def test_only_versions_that_have_part_of_the_text_are_read():
    versions, parents = chain("Boats come.", "Crews sing.", "Bells ring.", "Bells ring. Lamps burn.")
    read = []

    blame(4, parents, lambda number: read.append(number) or Text(lead=versions[number]))

    assert set(read) == {4, 3, 2}


@given(texts.bodies)
def test_words_without_citations_and_white_space(body):
    assert words_only(words_only(body)) == words_only(body) or "[" in body
    assert not any(sign.isspace() for sign in words_only(body))


# Properties ---------------------------------------------------------------------------------------


@st.composite
def histories(draw):
    """Return ({number: text}, {number: parents}): texts that are edited, merged, restored and unlike each other."""
    versions, parents = {1: draw(texts.texts())}, {}
    for number in range(2, draw(st.integers(2, 6)) + 1):
        of = draw(st.lists(st.integers(1, number - 1), min_size=1, max_size=2, unique=True))
        parents[number] = of
        base = versions[of[0]]
        added = any(section.key in "ghi" for section in base.sections)  # an edit adds one of these keys
        versions[number] = draw(st.one_of(st.just(base), texts.texts(), *([] if added else [texts.edits_of(base)])))
    return versions, parents


def part_of(text, sentence):
    if not sentence.section_key:
        return text.title if sentence.kind == "title" else text.lead
    [section] = [section for section in text.sections if section.key == sentence.section_key]
    return section.heading if sentence.kind == "heading" else section.body


@given(histories())
def test_every_sentence_has_exactly_one_origin_that_has_it(history):
    versions, parents = history
    head = max(versions)

    found = blame(head, parents, versions.get)

    def pieces(text):
        sections = [part for section in text.sections for part in ([section.heading], sentences(section.body).pieces)]
        parts = [[text.title], sentences(text.lead).pieces, *sections]
        return [piece for part in parts for piece in part if piece.strip()]

    assert [sentence.text for sentence in found] == pieces(versions[head])
    reached = list(descending(head, parents))
    for sentence in found:
        assert {sentence.origin, sentence.cited_in} <= set(reached)
        assert words_only(sentence.text) in map(words_only, pieces(versions[sentence.origin]))
        assert reached.index(sentence.cited_in) <= reached.index(sentence.origin)
        assert not sentence.is_earlier
        assert part_of(versions[head], sentence)[sentence.start :].startswith(sentence.text)


@given(texts.texts(), st.lists(texts.texts(), max_size=5))
def test_a_text_that_never_changed_is_all_of_the_first_version(kept, others):
    """Everything else changes around one section."""
    section = Section("kept", 1, "A heading that stays", kept.lead)
    versions = {
        number: Text(other.title, lead=other.lead, sections=(*other.sections, section))
        for number, other in enumerate([kept, *others], 1)
    }

    found = blame(max(versions), {number: [number - 1] for number in range(2, max(versions) + 1)}, versions.get)

    ours = [sentence for sentence in found if sentence.section_key == "kept"]
    assert {(sentence.origin, sentence.cited_in) for sentence in ours} == {(1, 1)}


@dataclass
class Told:
    """A simulated version: sections of sentences, and what is known of each sentence: [origin, version of its mark]."""

    sections: list
    marks: dict = field(default_factory=dict)
    known: dict = field(default_factory=dict)

    def text(self):
        return Text(
            sections=tuple(
                Section(str(key), 1, f"Heading {key}", "\n\n".join(self._sentence(one) for one in section))
                for key, section in enumerate(self.sections)
            )
        )

    def _sentence(self, one):
        mark = f" [00:00:{self.marks[one]:02}]" if self.marks[one] else ""
        return f"This is what sentence number {one} of them says{mark}."


@given(st.data())
@settings(max_examples=60)
def test_simulated_histories_are_told_exactly(data):
    """A sentence comes from the base if that has it as it is, else from the merged text, else with another citation."""
    versions, parents, last = (
        {1: Told([[0], [1, 2]], dict.fromkeys(range(3), 1), dict.fromkeys(range(3), (1, 1)))},
        {},
        3,
    )
    for number in range(2, data.draw(st.integers(2, 8)) + 1):
        of = data.draw(st.lists(st.integers(1, number - 1), min_size=1, max_size=2, unique=True))
        parents[number], sources = of, [versions[parent] for parent in of]
        told = Told([list(section) for section in sources[0].sections], dict(sources[0].marks))
        for _ in range(data.draw(st.integers(0, 4))):
            section = told.sections[data.draw(st.integers(0, 1))]
            at = data.draw(st.integers(0, len(section)))
            act = data.draw(st.sampled_from(["write", "delete", "move", "cite", "merge", "put back"]))
            present = {one for part in told.sections for one in part}
            if act == "write":
                section.insert(at, last)
                told.marks[last], last = data.draw(st.integers(0, 9)), last + 1
            elif act in ("merge", "put back"):
                others = sources[-1:] if act == "merge" else versions.values()
                absent = sorted({one for other in others for one in other.known} - present)
                if absent:
                    one = data.draw(st.sampled_from(absent))
                    section.insert(at, one)
                    told.marks[one] = next(other.marks[one] for other in others if one in other.known)
            elif at < len(section):
                one = section[at]
                if act == "cite":
                    told.marks[one] = data.draw(st.integers(0, 9))
                else:
                    section.remove(one)
                    if act == "move":
                        other = told.sections[data.draw(st.integers(0, 1))]
                        other.insert(data.draw(st.integers(0, len(other))), one)
        for one in {one for part in told.sections for one in part}:
            having = [source for source in sources if one in source.known]
            same = [source for source in having if source.marks[one] == told.marks[one]]
            told.known[one] = (
                same[0].known[one] if same else (having[0].known[one][0], number) if having else (number,) * 2
            )
        versions[number] = told
    head = max(versions)

    found = blame(head, parents, lambda number: versions[number].text())

    in_order = [one for section in versions[head].sections for one in section]
    bodies = [sentence for sentence in found if sentence.kind == "text"]
    assert [(sentence.origin, sentence.cited_in) for sentence in bodies] == [
        versions[head].known[one] for one in in_order
    ]
