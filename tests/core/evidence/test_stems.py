"""How claims in other languages than English are found in inflected forms."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.evidence import Transcript
from articles.core.evidence.indexing.stems import language_by_words, stem
from articles.core.evidence.indexing.tokens import words_of
from articles.core.recordings.transcripts import Cue

# An invented talk by a bell founder, a sentence for every half a minute.
BELLS = (
    "Wir sind heute in einer Werkstatt, in der seit drei Generationen die Glocken für die Dörfer im Tal entstehen.",
    "Am Anfang formt der Meister einen Kern aus Lehm, und auf den streicht er Schicht um Schicht.",
    "Das Metall wird in einem alten Ofen geschmolzen, und man wartet, bis die Flammen grünlich leuchten.",
    "Danach vergräbt man die Form in einer Grube, weil das flüssige Erz sonst die Wände sprengen würde.",
    "Nach dem Guss kühlt die Glocke mehrere Tage ab, und niemand darf sie in dieser Zeit berühren.",
    "Der Klang hängt von der Dicke des Randes ab, und ein Riss macht das schönste Instrument wertlos.",
    "Die Lehrlinge haben früher in der Scheune geschlafen, neben den Pferden, die das Erz gezogen haben.",
    "Einmal ist ein Händler aus Bremen gekommen, und er hat mit zwei Schiffen voller Kupfer bezahlt.",
)
LENGTH = 30


def talk(sentences):
    return [Cue(LENGTH * at, LENGTH * at + LENGTH, "", text) for at, text in enumerate(sentences)]


@pytest.fixture(scope="module")
def bells():
    return Transcript(talk([text for text in BELLS for _ in range(6)]))


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("Ein Meister beginnt mit Kernen aus Lehm und Schichten darauf.", 1),
        ("Die Metalle schmelzen in alten Öfen mit grünlicher Flamme.", 2),
        ("Formen werden in Gruben vergraben, weil flüssiges Erz eine Wand sprengt.", 3),
        ("Glocken kühlen nach dem Gießen mehrere Tage lang ab.", 4),
        ("Klänge hängen von der Dicke der Ränder ab, und Risse machen Instrumente wertlos.", 5),
        ("Ein Lehrling schlief in Scheunen bei einem Pferd.", 6),
        ("Bremer Händler bezahlten mit einem Schiff voll Kupfer.", 7),
    ],
)
def test_inflected_german_claims_are_said_where_they_are(bells, claim, sentence):
    second = 6 * LENGTH * sentence + LENGTH

    assert bells.check(claim, second).verdict == "said here"
    assert bells.check(claim, (second + 720) % 1440).verdict != "said here"


@pytest.mark.parametrize(
    ("forms", "language"),
    [
        ("Haus Häuser Hauses Häusern", "german"),
        ("mangé manger mangées mangeait", "french"),
        ("niño niños niñas", "spanish"),
        ("nazione nazioni", "italian"),
        ("pequeno pequena pequenos", "portuguese"),
        ("boek boeken", "dutch"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms, language):
    assert len({stem(form, language) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (" ".join(BELLS), "german"),
        ("Le fondeur verse le bronze dans la forme, et on attend que les flammes deviennent vertes.", "french"),
        ("El maestro vierte el bronce en la forma, y se espera que las llamas se pongan verdes.", "spanish"),
        ("Il maestro versa il bronzo nella forma, e si aspetta che le fiamme non siano più rosse.", "italian"),
        ("O mestre derrama o bronze na forma, e espera que as chamas não fiquem mais vermelhas.", "portuguese"),
        ("De meester giet het brons in een vorm, en dan wacht je tot het vuur niet meer rood is.", "dutch"),
        ("Mistrz wlewa brąz do formy i czeka, aż płomienie zrobią się zielone.", ""),
        ("鐘を作る人は青銅を型に流し込みます。", ""),
        ("", ""),
    ],
)
def test_languages_are_told_by_their_common_words(text, language):
    assert language_by_words(text) == language


@given(st.text(), st.sampled_from(["german", "french", "spanish", "italian", "portuguese", "dutch", ""]))
def test_words_keep_their_places_in_any_language(text, language):
    words = words_of(text, is_english=False, language=language)

    assert [(word.start, word.end) for word in words] == [
        (word.start, word.end) for word in words_of(text, is_english=False)
    ]
    assert all(word.term for word in words)


def test_two_hours_of_german_take_no_longer_than_english():
    chance = random.Random(7)  # noqa: S311
    beginnings = [word[:5] for word in " ".join(BELLS).lower().split() if len(word) > 5]
    compounds = ["".join(chance.choices(beginnings, k=2)) + chance.choice(["", "en", "er", "es"]) for _ in range(3000)]
    cues = talk([" ".join([*chance.choices(compounds, k=75), *BELLS[at % 8].split()]) for at in range(240)])
    started = time.process_time()
    transcript = Transcript(cues)
    indexed = time.process_time()
    for _ in range(20):
        transcript.check("Ein Meister beginnt mit Kernen aus Lehm und Schichten darauf.", 100)
    checked = time.process_time()

    assert indexed - started < 4 * 0.150  # other tests may run at the same time
    assert checked - indexed < 20 * 4 * 0.003
