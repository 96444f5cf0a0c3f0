"""Search in a transcript: words that an article or pronoun is elided before, and scripts without spaces."""

import pytest

from articles.core.language.words import elided_length
from articles.core.recordings.transcripts import Cue, search

CUES = [
    Cue(0.0, 5.0, "", "L’océan monte aujourd’hui, dit-il."),
    Cue(60.0, 65.0, "", "Dell'acqua e un’isola; qu’une vague."),
    Cue(120.0, 125.0, "", "大潮は月に従う"),
    Cue(180.0, 185.0, "", "The moon’s pull isn't D’s own idea."),
]


@pytest.mark.parametrize(
    ("query", "seconds"),
    [
        ("océan", [0]),
        ("l'ocean", [0]),
        ("aujourd'hui", [0]),
        ("hui", []),
        ("acqua isola", [60]),
        ("une", [60]),
        ("月", [120]),
        ("う", [120]),
        ("大潮", [120]),
        ("潮大", []),
        ("月に従", [120]),
        ("moon's pull", [180]),
        ("isn’t", [180]),
        ("星", []),
    ],
)
def test_words_are_found_where_spaces_do_not_divide_them(query, seconds):
    assert [int(hit.start_seconds) for hit in search(CUES, query)] == seconds


@pytest.mark.parametrize(
    ("word", "length"),
    [
        ("l’océan", 2),
        ("L'eau", 2),
        ("lʼîle", 2),
        ("l’i\u0302le", 2),
        ("jusqu’ici", 6),
        ("d’aujourd’hui", 2),
        ("nell’Africa", 5),
        ("océan", 0),
        ("aujourd’hui", 0),
        ("don’t", 0),
        ("D’s", 0),
        ("O’Brien", 0),
        ("I’m", 0),
        ("they’ll", 0),
        ("l’", 0),
        ("", 0),
    ],
)
def test_elided_length_counts_the_letters_before_the_word(word, length):
    assert elided_length(word) == length
