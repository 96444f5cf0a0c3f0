"""SQLite and PostgreSQL give the same search results; `make test` runs this file on both.

The results of each database are compared with a scan of the rows' tokens.
"""

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import workflow
from articles.derived import search
from articles.derived.search import backends, packed
from articles.derived.search.keys import owner_of
from articles.derived.search.query import parse
from articles.models import SearchEntry
from articles.workflow.content import SectionContent
from tests.support.factories import make_content, make_episode, make_moderator, make_user

pytestmark = pytest.mark.django_db(transaction=False)

TEXTS = [
    ("naps", "Naps", "A short nap in the café restores attention [00:01:00].", [("Dose of sleep", "Naps of 20 minutes, not of 1,000 [00:02:00].")]),
    ("sleep", "Sleep", "Sleeping brains clear waste [00:06:31].", [("Why we nap", "The brain clears waste at night. Nobody naps [00:07:00]."), ("Dose", "Eight hours.")]),
    ("glp-1", "GLP-1 and appetite", "The hormone GLP1 lowers appetite [00:08:00].", [("Side effects", "Nausea is a side effect; effects on the side are rare [00:09:00].")]),
    ("schlaf", "Müdigkeit", "Schlaf und naïve Träume [00:10:00].", [("睡眠", "睡眠时大脑清除废物 [00:11:00]。"), ("مخ", "ينظف المخ نفسه [00:12:00].")]),
    ("maree", "Marées", "L’océan monte et qu’une lune l'attire [00:14:00].", [("L’eau d’ici", "Dell’acqua, dall'Africa: lʼîle. Aujourd’hui, D’s boat isn’t there [00:15:00].")]),
    ("shio", "潮の話", "大潮は月に従う [00:16:00]。", [("満月", "「波」 は、 岩 です [00:17:00]。")]),
    ("mind", "A mind of many minds", "Minds wander [00:18:00].", [("Mind the gap", "Trains of thought are minded [00:18:30].")]),
    ("training", "Training", "Rest is good, and so is mindfulness [00:19:00].", [("Sitting", "Mindful people wander less [00:20:00].")]),
    ("quotes", "Signs: 100 % & more", "It's the brain's “own” 5-HT2A receptor, 0.5 mg/kg [00:13:00].", [("Doses of it", "Two.")]),
]  # fmt: skip


@pytest.fixture(scope="module")
def articles(module_rows):
    by, moderator = make_user(), make_moderator()
    episode = make_episode(youtube_id="abcdefghijk")
    for slug, title, lead, sections in TEXTS:
        parts = tuple(SectionContent(heading, body) for heading, body in sections)
        content = make_content(slug, episode=episode, title=title, lead=lead, sections=parts)
        draft = workflow.submit(workflow.create_article(content, by=by), by=by)
        workflow.publish(workflow.approve(draft, by=moderator), by=moderator)


def slugs(query, **kwargs):
    return [found.article.slug for found in search.find(query, **kwargs).found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sleep", ["sleep", "naps"]),  # a title before a heading
        ("SLEEPING", ["sleep", "naps"]),  # stems
        ("naps", ["naps", "sleep"]),
        ("nap attention", ["naps"]),
        ("cafe", ["naps"]),  # accents in the text
        ("café", ["naps"]),
        ("mudigkeit", ["schlaf"]),
        ("naive traume", ["schlaf"]),
        ('"side effect"', ["glp-1"]),
        ('"effect side"', []),
        ('"brain clears waste"', ["sleep"]),
        ('"brain clears waste at night"', ["sleep"]),
        ('"the brain waste"', []),
        ("„side effects“", ["glp-1"]),
        ('dose "eight hours"', ["sleep"]),
        ("glp1", ["glp-1"]),
        ("GLP-1", ["glp-1"]),
        ("glp 1", ["glp-1"]),
        ("5-HT2A", ["quotes"]),
        ("1000", ["naps"]),
        ("0.5", ["quotes"]),
        ("brain’s", ["sleep", "quotes"]),
        ("what is the dose of sleep", ["naps", "sleep"]),  # common words are dropped
        ("睡眠", ["schlaf"]),
        ("大脑清除", ["schlaf"]),
        ("脑大", []),
        ("المخ", ["schlaf"]),
        ("océan", ["maree"]),  # what is elided before a vowel isn't part of the word
        ("l’océan", ["maree"]),
        ("l'ocean", ["maree"]),
        ("d’océan", ["maree"]),
        ("une lune", ["maree"]),
        ("eau", ["maree"]),
        ("acqua africa", ["maree"]),
        ("ile", ["maree"]),
        ("aujourd'hui", ["maree"]),
        ("hui", []),
        ("isn't", ["maree"]),
        ("lune attire", ["maree"]),
        ('"une lune l’attire"', ["maree"]),
        ("月", ["shio"]),  # a single character, inside, at the end and alone
        ("満", ["shio"]),
        ("う", ["shio"]),
        ("岩", ["shio"]),
        ("話", ["shio"]),
        ("月 波", ["shio"]),
        ("睡", ["schlaf"]),
        ("星", []),
        ("月は", []),
        ("mindfulness", ["training", "mind"]),  # the word itself before a title with another form of it
        ("MINDFULNESS", ["training", "mind"]),
        ('"mindfulness"', ["training", "mind"]),
        ("mindful wander", ["training", "mind"]),
        ("mind", ["mind", "training"]),
        ("minds", ["mind", "training"]),
        ("minding", ["mind", "training"]),  # nobody has the word itself
        ('"mindful people"', ["training"]),
        ("appeti", ["glp-1"]),  # no whole word matches, so beginnings do
        ("nowhere", []),
        ("", []),
        ("— … !", []),
        ("sleep \0 ' OR 1=1 --", []),
        ("\0sleep", ["sleep", "naps"]),
        ("NEAR(sleep nap) AND *", []),
        ("sleep*", ["sleep", "naps"]),
        ("title:sleep", []),
        ("x" * 500, []),
    ],
)
def test_queries_find_articles_in_this_order(articles, query, expected):
    found = slugs(query)

    assert found == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("n", [("Naps", ""), ("Sleep", "Why we nap")]),
        ("sle", [("Sleep", ""), ("Naps", "Dose of sleep")]),
        ("sleepi", []),
        ("sleeping", [("Sleep", "")]),
        ("sleep d", [("Sleep", "Dose"), ("Naps", "Dose of sleep")]),
        ("side ef", [("GLP-1 and appetite", "Side effects")]),
        ("mud", [("Müdigkeit", "")]),
        ("睡", [("Müdigkeit", "睡眠")]),
        ("%", []),
        ("", []),
    ],
)
def test_suggestions_are_in_this_order(articles, typed, expected):
    suggestions = search.suggest(typed)

    assert [(suggestion.title, suggestion.heading) for suggestion in suggestions] == expected


def test_results_have_sentence_moment_and_score(articles):
    found = search.find("brains waste").found

    (article,) = found
    (first,) = article.places
    assert (article.article.slug, article.score) == ("sleep", 13)
    assert first.runs == [("Sleeping ", False), ("brains", True), (" clear ", False), ("waste", True), (".", False)]
    assert (first.address, first.heading) == ("/articles/sleep/#c-391", "")
    assert [(moment.start_seconds, moment.href) for moment in first.moments] == [
        (391, "https://www.youtube.com/watch?v=abcdefghijk&t=391s")
    ]


WORDS = ["sleep", "naps", "brain", "the", "waste", "side", "effects", "dose", "GLP-1", "睡眠", "المخ", "café", "0.5"]
HOSTILE = [
    *"\"'*^()[]{}:;,.-+=_&|!<>~\\/%#@$?\0 “”„«»",
    "AND",
    "OR",
    "NOT",
    "NEAR/2",
    "words:",
    ":*",
    "<->",
    "\ud800",
]
typed = st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(HOSTILE), st.text(max_size=4)), max_size=8)


@settings(max_examples=150)
@given(typed.map("".join) | typed.map(" ".join), st.booleans())
def test_the_database_finds_exactly_the_rows_with_the_tokens(articles, text, is_typing):
    query = parse(text, is_typing=is_typing)
    kinds = list(SearchEntry.Kind) if not is_typing else [SearchEntry.Kind.TITLE, SearchEntry.Kind.HEADING]

    def found(of=None):
        return [
            pk for kind in kinds for pk in backends.keys(query, backends.OF_KIND[kind], backends.Range(1000, kind, of))
        ]

    rows = rows_with_words(kinds)
    expected = [key for key, words in rows if query.terms and has_all(words, query)]
    assert found() == expected
    of_one = owner_of([*expected, rows[0][0]][0])
    assert found(of_one) == [key for key in expected if owner_of(key) == of_one]


@settings(max_examples=100)
@given(typed.map("".join) | typed.map(" ".join) | st.sampled_from(["minds", '"brain clears waste"', "sleep naps"]))
def test_the_database_finds_exactly_the_rows_with_the_words_as_typed(articles, text):
    query = parse(text).exactly()
    kinds = [SearchEntry.Kind.TITLE, SearchEntry.Kind.TEXT]
    if query is None:
        assert not any(word.isalpha() and word.isascii() for term in parse(text).terms for word in term.words)
        return

    found = [pk for kind in kinds for pk in backends.keys(query, backends.OF_KIND[kind], backends.Range(1000, kind))]

    assert found == [key for key, words in rows_with_words(kinds) if has_all(words, query)]


def rows_with_words(kinds):
    """Return [(key, words)] of the rows of these kinds, wherever the database keeps the words."""
    rows = list(SearchEntry.objects.filter(kind__in=kinds).values_list("pk", "words"))
    return packed.filled_in(connection, rows, 1)


def has_all(words, query):
    tokens = words.split()
    return all(any(has(tokens, token) for token in any_of) for any_of in query.all_of) and all(
        sequence in words for sequence in query.sequences
    )


def has(tokens, wanted):
    if wanted.endswith("*"):
        return any(token.startswith(wanted[:-1]) for token in tokens)
    return wanted in tokens


@settings(max_examples=100)
@given(typed.map("".join) | typed.map(" ".join))
def test_any_text_can_be_searched(articles, text):
    results, suggestions, said = search.find(text), search.suggest(text), search.find_spoken(text)

    assert results.count >= len(results.found)
    assert len(suggestions) <= 8
    assert said.found == []
