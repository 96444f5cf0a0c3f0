"""Search in the transcripts of an article's sources, and the words around a moment."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from articles import workflow
from articles.core.recordings.transcripts import Cue, search
from articles.importing.transcripts.transcript import import_transcript
from articles.workflow.content import SectionContent, SourceContent
from tests.admin.editor.screen.addresses import change_url
from tests.admin.evidence.panel.reading import BLOCKS, GROWN, RAISES, claim_of, panel_of, press, sentence_of
from tests.support.factories import make_content, make_draft, make_episode
from tests.support.scenarios.evidence_panel import claims_in

pytestmark = pytest.mark.django_db


def test_cues_around_a_moment_are_shown(editor_client, episode):
    asked = {"source": f"e1:{episode.reference}", "at": "1152"}

    page = editor_client.get(reverse("admin:articles_passages"), asked)
    part = editor_client.get(reverse("admin:articles_passages"), asked | {"part": "1"})

    there = [one.label for one in part.context["around"] if one.is_there]
    assert there == ["19:12"]
    assert "meaning it blocks the NMDA receptor." in part.text
    assert part.text.lstrip().startswith("<ol")
    assert "transcript around 19:12" in page.text


def test_search_is_in_all_sources_and_cites_by_key(editor_client, episode):
    other = make_episode("another-talk", handle="day-talks")
    import_transcript(other, b"WEBVTT\n\n00:01.000 --> 00:09.000\nA private life is a quiet one.", "o.vtt")
    asked = {"source": [f"e1:{episode.reference}", f"e2:{other.reference}"], "q": '"private life"', "part": "1"}

    answer = editor_client.get(reverse("admin:articles_passages"), asked)
    # More sources than fit into a URL are sent in the body.
    posted = editor_client.post(reverse("admin:articles_passages"), asked)

    assert [one.mark for one in answer.context["results"].passages] == ["[00:08:16]", "[e2 00:00:01]"]
    assert posted.text == answer.text
    assert editor_client.get(reverse("admin:articles_passages"), {"q": "x", "source": "e1:no/where"}).status_code == 200
    assert editor_client.get(reverse("admin:articles_passages"), {"part": "1"}).status_code == 400


def test_all_results_can_be_reached(editor_client, episode):
    other = make_episode("long-talk", handle="day-talks")
    cues = "\n".join(f"00:{minute:02}:00 The moon is number {minute}." for minute in range(25))
    import_transcript(other, cues.encode(), "o.txt")
    asked = {"source": f"e1:{other.reference}", "q": "moon"}

    part = editor_client.get(reverse("admin:articles_passages"), asked | {"part": "1"})
    rest = editor_client.get(part.context["results"].more)

    assert "25 results for “moon”." in part.text
    assert 'page=2" target="_blank"' in part.text
    assert [one.mark for one in rest.context["results"].passages] == [f"[00:{minute}:00]" for minute in range(20, 25)]
    assert rest.context["results"].passages[0].number == 21
    assert 'rel="prev"' in rest.text
    assert 'rel="next"' not in rest.text


def test_second_source_is_cited_by_its_key(editor_client, editor, episode):
    first = make_episode("no-words")
    sources = (SourceContent(first, "e1"), SourceContent(episode, "e2"))
    draft = make_draft(
        "two", by=editor, lead=BLOCKS.replace("[", "[e2 "), sections=(SectionContent("S", RAISES),), sources=sources
    )
    page = editor_client.get(change_url(draft.article))

    found = press(editor_client, page, f"find:{sentence_of(page, 'Against').digest}", draft.article)

    assert claim_of(page, "First").suggestions[0].mark == "[e2 00:19:04]"
    assert sentence_of(found, "Against").suggestions[0].mark == "[e2 00:57:12]"


# The search itself --------------------------------------------------------------------------------

CUES = [
    Cue(0.0, 4.0, "", "Sleep is not a luxury, it is"),
    Cue(4.0, 8.0, "", "a need. Caf\u00e9s close late."),
    Cue(100.0, 104.0, "", "Deep sleep comes first."),
    Cue(140.0, 144.0, "", "Sleeping late is a luxury."),
]


@pytest.mark.parametrize(
    ("query", "starts"),
    [
        ("sleep", [0, 100, 140]),
        ("SLEEP luxury", [0, 140]),
        ('"it is a need"', [0]),
        ("“deep sleep”", [100]),
        ('"sleep deep"', []),
        ("cafes", [4]),
        ("sleep nowhere", []),
        ("", []),
        ("… ?!", []),
    ],
)
def test_words_and_phrases_are_found_across_cues(query, starts):
    assert [int(one.start_seconds) for one in search(CUES, query)] == starts


@given(st.text(), st.lists(st.tuples(st.floats(0, 9000), st.floats(0, 90), st.text()), max_size=9))
def test_search_takes_any_query_and_any_cues(query, written):
    cues = sorted(
        (Cue(start, start + length, "", text) for start, length, text in written), key=lambda cue: cue.start_seconds
    )

    found = search(cues, query)

    assert found == sorted(found, key=lambda one: one.start_seconds)
    assert all(one.excerpt for one in found)


def test_excerpts_are_cut_at_words():
    cues = [Cue(60.0 * number, 60.0 * number + 9, "", "something long is said about " * 9) for number in range(9)]

    found = search(cues, "something")

    assert [one.start_seconds for one in found] == [60.0 * number for number in range(9)]
    assert found[1].excerpt.startswith("… ")
    assert found[1].excerpt.endswith(" …")
    assert len(found[1].excerpt) < 220


def test_published_text_of_new_sections_is_read(editor_client, editor, episode):
    content = make_content("new", episode=episode, lead=GROWN, sections=())
    draft = workflow.create_article(content, by=editor)

    page = editor_client.get(change_url(draft.article))

    assert [one.place.field for one in claims_in(panel_of(page))] == ["id_lead"]
