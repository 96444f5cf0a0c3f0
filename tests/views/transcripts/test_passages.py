"""Pages of a transcript: which seconds each holds, and how many citations are in view next to a passage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.transcripts import Cue
from articles.core.recordings.transcripts.passages import Passage
from articles.importing.transcripts.transcript import import_transcript
from articles.views.transcripts import passages
from articles.views.transcripts.passages import NOTES_MIN, ShownPassage, ordered_cues, page_with, read_page
from tests.support.factories import make_episode


def shown(note_count, characters=100):
    passage = ShownPassage(Passage("", [Cue(0.0, 1.0, "", "x" * characters)]), [], "")
    passage.notes.extend(range(note_count))
    return passage


@given(note_count=st.integers(0, 400), characters=st.integers(1, 20_000))
def test_all_notes_are_there_in_order_and_none_is_folded_alone(note_count, characters):
    passage = shown(note_count, characters)

    assert [*passage.notes_in_view, *passage.notes_folded] == list(range(note_count))
    assert len(passage.notes_folded) != 1
    assert len(passage.notes_in_view) >= min(NOTES_MIN, note_count)


@pytest.mark.parametrize(("notes", "characters", "folded"), [(3, 100, 0), (4, 100, 2), (12, 1250, 7), (6, 1250, 0)])
def test_longer_passages_have_room_for_more_notes(notes, characters, folded):
    assert len(shown(notes, characters).notes_folded) == folded


@pytest.mark.django_db
@pytest.mark.parametrize("per_page", [1, 2, 3, 5])
def test_each_second_is_on_the_page_that_its_address_leads_to(monkeypatch, per_page):
    monkeypatch.setattr(passages, "PER_PAGE", per_page)
    episode = make_episode(chapters=[(0, "Opening"), (7, "Later"), (90, "After the end")])
    cues = [(1.2, 2.0), (1.7, 2.0), (1.9, 2.5), (6.0, 7.0), (6.5, 8.0), (9.999, 10.0), (10.0, 12.0)]
    vtt = "\n\n".join(f"00:{start:06.3f} --> 00:{end:06.3f}\nSaid at {start}." for start, end in cues)
    import_transcript(episode, f"WEBVTT\n\n{vtt}\n".encode(), "talk.vtt")
    pages = [read_page(episode, number) for number in range(1, -(-len(cues) // per_page) + 1)]

    for second in range(14):
        number = page_with(ordered_cues(episode), second)
        assert number == max(1, sum(first <= second for first in pages[0].firsts))
    assert [cue.row.text for page in pages for row in page.passages for cue in row.cues] == [
        f"Said at {start}." for start, _ in cues
    ]
    # Each chapter is named once, and each page leads to all of them.
    named = [(page.page.number, row.chapter.title) for page in pages for row in page.passages if row.chapter]
    assert [title for _, title in named] == ["Opening", "Later"]
    leads = {
        chapter.title: f"?page={number}#{anchor}"
        for (number, chapter), anchor in zip(
            [(n, c) for n, title in named for c in episode.chapters if c.title == title], ["t-1", "t-9"], strict=True
        )
    } | {"After the end": f"?page={len(pages)}#t-10"}
    for page in pages:
        for chapter, href in page.chapters:
            here = (page.page.number, chapter.title) in named
            assert href == (f"#chapter-{chapter.start_seconds}" if here else leads[chapter.title])
