"""Pages of a transcript: which seconds each holds, and how many citations are in view next to a passage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.transcripts import Cue
from articles.core.recordings.transcripts.passages import Passage
from articles.importing.transcripts.transcript import import_transcript
from articles.models import Citation
from articles.views.recordings.transcripts import passages
from articles.views.recordings.transcripts.passages import NOTES_MIN, ShownPassage, cut_into_pages, read_page
from articles.workflow.content import SectionContent
from tests.support.factories import make_episode, make_published


def shown(note_count, characters=100):
    passage = ShownPassage(Passage("", [Cue(0.0, 1.0, "", "x" * characters)]), "", [], "")
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
    cut = cut_into_pages(episode, Citation.objects.all(), 200)
    pages = [read_page(episode, cut, number) for number in range(1, len(cut.begins) + 1)]

    for second in range(14):
        page = pages[cut.page_with(second) - 1]
        started = [cue for cue in cut.starts if int(cue) <= second]
        assert not started or started[-1] in {cue.row.start_seconds for row in page.passages for cue in row.cues}
        assert cut.page_with(second) == max(1, sum(first <= second for first in cut.firsts))
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


@pytest.mark.django_db
def test_pages_end_where_they_would_have_too_many_citations(people):
    episode = make_episode()
    lines = "\n".join(f"00:0{n}:00 The brain clears waste at night." for n in range(10))
    import_transcript(episode, lines.encode(), "talk.txt")
    claims = "".join(f"It clears {n} [00:0{n % 5}:30]. " for n in range(20))
    make_published(episode=episode, sections=(SectionContent("Why", claims),), **people)
    citations = Citation.objects.filter(episode=episode)

    begins = {most: cut_into_pages(episode, citations, most).begins for most in (3, 4, 10, 20)}

    assert begins == {3: [0, 1, 2, 3, 4, 5], 4: [0, 1, 2, 3, 4], 10: [0, 2, 4], 20: [0]}
    cut = cut_into_pages(episode, citations, 10)
    shown = [read_page(episode, cut, number) for number in (1, 2, 3)]
    assert [page.cited(citations).count() for page in shown] == [8, 8, 4]
