"""Plain sentences are located in the Markdown they were read from."""

from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.core.lint.locate import SentenceLocator
from articles.core.markdown import Context, Sentence, render
from tests.core.markdown.contexts import MARKDOWN_LIKE

MARK = " [00:06:31]"


@dataclass
class Tape:
    reference: str = "harbour-talks/tides"
    duration_seconds: int | None = 6000
    transcript_seconds: int | None = None

    def link_at(self, start_seconds, end_seconds=None):
        return f"https://tape.example/?t={start_seconds}"

    def chapter_title_at(self, seconds):
        return ""


def rendered(text):
    return render(text, Context({"": Tape(), "e2": Tape()}, lambda slug: None, has_notes=False))


def place_of(sentence, source):
    place = SentenceLocator(source).of(sentence)
    return (place.start, place.end) if place else None


def written(text, number=0):
    """Return what is written at the place of a sentence of `text`."""
    start, end = place_of(rendered(text).sentences[number], text)
    return text[start:end]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tides turn twice a day.", "Tides turn twice a day"),
        ("Tides turn twice a day", "Tides turn twice a day"),
        ("First.\n\nTides *turn*\ntwice a **day**.", "First"),
        ("Tides *turn* twice\na **day**.", "Tides *turn* twice\na **day**"),
        ("**Tides** turn, as [[neap_tide|neap tides]] do.", "**Tides** turn, as [[neap_tide|neap tides]] do"),
        (
            "See [the *chart*](https://example.org/chart_(new)?a=1).",
            "See [the *chart*](https://example.org/chart_(new)?a=1)",
        ),
        ("[[neap_tide|Neap tides]] are weak.", "[[neap_tide|Neap tides]] are weak"),
        ("It rises [00:01:00] by a metre [00:02:00].", "It rises [00:01:00] by a metre [00:02:00]"),
        ("It rises. [00:01:00]", "It rises"),
        ("It rises [00:01:00][00:02:00]", "It rises [00:01:00][00:02:00]"),
        ("It rises[^1].\n\n[^1]: A note.", "It rises[^1]"),
        ("“It rises.” So they say.", "“It rises"),
        ("It rises (by a metre).", "It rises (by a metre)"),
        ("It rises by 20 %.", "It rises by 20 %"),
        ("- It rises.\n- It falls.", "It rises"),
        ("> [!info] Water\n> It rises\n> fast.", "It rises\n> fast"),
        ("Ebb &amp; flow of caf&eacute;s.", "Ebb &amp; flow of caf&eacute;s"),
        ("A \\*star\\* and `a_b [00:01:00]`.", "A \\*star\\* and `a_b [00:01:00]`"),
        ("It rises [e9 00:01:00] here.", "It rises [e9 00:01:00] here"),
        ("潮が満ちる。そして引く。", "潮が満ちる"),
        ("Spirits rise: it is late.", "Spirits rise: it is late"),
    ],
)
def test_place_of_finds_a_sentence_with_markup(text, expected):
    found = written(text)

    assert found == expected


def test_place_of_finds_later_sentences():
    text = "Spirit is low. *It is* [00:01:00] high! [00:02:00] Is it?"

    found = [written(text, number) for number in range(3)]

    assert found == ["Spirit is low", "*It is* [00:01:00] high", "Is it"]


def test_place_of_finds_a_row_of_a_table():
    text = "| Port | Rise |\n| --- | --- |\n| **Brest** | 6 m [00:01:00] |\n| Cadiz | 3 m |\n"

    found = [written(text, number) for number in range(2)]

    assert found == ["Brest** | 6 m [00:01:00]", "Cadiz | 3 m"]


def test_place_of_is_none_for_a_sentence_of_another_text():
    found = place_of(Sentence("The moon pulls.", False, 1, 1), "The sun pulls.")

    assert found is None


def test_equal_sentences_get_different_places():
    text = "It rises. It rises. It falls."

    places = SentenceLocator(text).all(rendered(text).sentences)

    assert [(place.start, place.end) for place in places] == [(0, 8), (10, 18), (20, 28)]


def test_place_spans_a_part_of_the_sentence():
    text = "It *rises* by 20 **%** [00:01:00] on [[a_b|calm]] days."
    (sentence,) = rendered(text).sentences
    (place,) = SentenceLocator(text).all([sentence])
    parts = ["rises", "20 %", "calm days"]

    spans = [place.span(sentence.text, at := sentence.text.index(part), at + len(part)) for part in parts]

    assert [text[start:end] for start, end in spans] == ["rises", "20", "calm]] days"]


def test_place_spans_the_cells_of_a_row_but_not_its_heads():
    text = "| Port | Rise |\n| --- | --- |\n| **Brest** | 6 % |\n"
    (sentence,) = rendered(text).sentences
    (place,) = SentenceLocator(text).all([sentence])
    parts = ["Brest", "6 %", "Rise"]

    spans = [place.span(sentence.text, at := sentence.text.index(part), at + len(part)) for part in parts]

    assert sentence.text == "Port: Brest; Rise: 6 %"
    assert [text[start:end] for start, end in spans] == ["Brest", "6 %", "Brest** | 6 %"]


WORD = st.from_regex(r"[a-z]{1,6}", fullmatch=True)
PIECE = (
    WORD
    | WORD.map(lambda word: f"*{word}*")
    | WORD.map(lambda word: f"**{word}**")
    | WORD.map(lambda word: f"`{word}`")
    | WORD.map(lambda word: f"[[tide_{word}|{word} tide]]")
    | WORD.map(lambda word: f"[{word}](https://example.org/{word}?q=1)")
    | st.sampled_from(["20 %", "x,", "(so)", "“so”", "a&amp;b", "\n"])
)
SENTENCE = st.lists(PIECE, min_size=1, max_size=7).map(lambda pieces: "Q" + " ".join(["we", *pieces, "see"]))
CITED = st.tuples(SENTENCE, st.sampled_from([".", "!", " [00:01:00].", " [e2 00:02:00-00:03:00]?"])).map("".join)
BLOCK = st.tuples(st.sampled_from(["", "- ", "> ", "1. "]), st.lists(CITED, min_size=1, max_size=4).map(" ".join))
TEXT = st.lists(
    BLOCK.map(lambda block: block[0] + block[1].replace("\n", " ")) | BLOCK.map(lambda block: block[1]), min_size=1
)


@given(TEXT.map("\n\n".join), st.data())
def test_a_mark_inserted_at_the_place_cites_only_that_sentence(text, data):
    before = rendered(text)
    places = SentenceLocator(text).all(before.sentences)
    number = data.draw(st.integers(0, len(places) - 1))
    end = places[number].end

    after = rendered(text[:end] + MARK + text[end:])

    expected = [
        (sentence.text, sentence.is_cited or index == number) for index, sentence in enumerate(before.sentences)
    ]
    assert [(sentence.text, sentence.is_cited) for sentence in after.sentences] == expected


@given(MARKDOWN_LIKE, st.text(max_size=20))
@example("&#48;&amp; [[a|b]]", "0")
@example("| a | b |\n|-|-|\n| \\| | c | d |", "d")
def test_places_never_raise_and_stay_in_the_text(text, other):
    sentences = [*rendered(text).sentences, Sentence(other, False, 3, 2)]

    places = SentenceLocator(text).all(sentences)

    assert all(place is None or 0 <= place.start < place.end <= len(text) for place in places)
    spans = [
        place.span(sentence.text, 0, len(sentence.text))
        for place, sentence in zip(places, sentences, strict=True)
        if place
    ]
    assert all(0 <= start < end <= len(text) for start, end in spans)
