"""Maps between the reference clock and edition clocks: times, ranges, gaps, lines and alignment."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.core.recordings.editions import (
    MapError,
    OffsetMap,
    Piece,
    format_stretches,
    from_chapters,
    from_transcripts,
    match_chapters,
    parse_stretches,
    show_in_edition,
)
from articles.core.recordings.editions.chapters import MatchedChapters
from articles.core.recordings.transcripts import Cue
from articles.core.revisions.diff.alignment import longest_increasing

# The recording has an advertisement from 300 to 360, the edition another of 40 s at 900.
AD_FREE_START = OffsetMap([Piece(0, 300, 0), Piece(360, 900, -60), Piece(900, 3600, -20)])


@st.composite
def edits(draw, longest=7200):
    """Edits that make an edition: stretches of the recording (start, end, is kept, seconds inserted before it)."""
    count = draw(st.integers(1, 8))
    edges = sorted(draw(st.sets(st.integers(1, longest - 1), min_size=count, max_size=count)))
    return [
        (start, end, draw(st.booleans()), draw(st.integers(0, 120)))
        for start, end in zip([0, *edges], [*edges, longest], strict=True)
    ]


def pieces_of(cut):
    """Return the pieces of an edition made with these edits."""
    clock, pieces = 0, []
    for start, end, is_kept, inserted in cut:
        clock += inserted
        if is_kept:
            pieces.append(Piece(start, end, clock - start))
            clock += end - start
    return pieces


# Times and ranges ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "there"),
    [(0, 0), (299, 299), (300, None), (359, None), (360, 300), (899, 839), (900, 880), (3599, 3579), (3600, None)],
)
def test_to_edition_adds_the_offset_of_the_stretch(seconds, there):
    assert AD_FREE_START.to_edition(seconds) == there


@pytest.mark.parametrize(
    ("start", "end", "there"),
    [
        (100, 200, (100, 200)),
        (100, 300, (100, 300)),  # a range may end where the stretch ends
        (100, 330, (100, None)),  # the end is missing
        (100, 400, (100, 340)),  # across the cut
        (890, 910, (830, 890)),  # across the inserted advertisement
        (330, 400, None),
        (100, None, (100, None)),
        (100, 9000, (100, None)),
    ],
)
def test_range_to_edition_maps_both_ends_or_only_the_start(start, end, there):
    assert AD_FREE_START.range_to_edition(start, end) == there


def test_a_range_that_would_run_backwards_keeps_only_its_start():
    swapped = OffsetMap([Piece(0, 100, 500), Piece(100, 200, -100)])

    assert swapped.range_to_edition(50, 150) == (550, None)


def test_gaps_are_the_unmapped_stretches():
    assert AD_FREE_START.gaps(3700) == [(300, 360), (3600, 3700)]
    assert AD_FREE_START.gaps(330) == [(300, 330)]
    assert OffsetMap().gaps(10) == [(0, 10)]
    assert OffsetMap([Piece(0, 10, 5)]).gaps(10) == []


@pytest.mark.parametrize(
    ("pieces", "message"),
    [
        ([Piece(10, 10, 0)], "00:00:10-00:00:10 ends before it starts. Swap the two times."),
        (
            [Piece(0, 60, -20)],
            "00:00:00-00:01:00 starts 20 s before the start of the edition. Start it at 00:00:20 or fix the offset.",
        ),
        (
            [Piece(50, 90, 0), Piece(0, 60, 0)],
            "00:00:50-00:01:30 starts before 00:00:00-00:01:00 ends. Start one where the other ends.",
        ),
        (
            [Piece(0, 60, 0), Piece(60, 120, -10)],
            (
                "00:01:00-00:02:00 and 00:00:00-00:01:00 overlap at 00:00:50-00:01:00 in the edition. "
                "Shorten one of them or fix its offset."
            ),
        ),
    ],
)
def test_conflicting_stretches_are_refused(pieces, message):
    with pytest.raises(MapError) as refused:
        OffsetMap(pieces)

    assert str(refused.value) == message


@given(edits())
def test_the_map_of_an_edited_recording_has_its_offsets_and_gaps(cut):
    found = OffsetMap(pieces_of(cut))

    for piece in found.pieces:
        for seconds in {piece.start_seconds, piece.end_seconds - 1}:
            assert found.to_edition(seconds) == seconds + piece.offset_seconds
    for start, end in found.gaps(7200):
        assert (found.to_edition(start), found.to_edition(end - 1)) == (None, None)
    covered = sum(piece.end_seconds - piece.start_seconds for piece in found.pieces)
    assert covered + sum(end - start for start, end in found.gaps(7200)) == 7200


# Lines --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "piece"),
    [
        ("00:00:00-00:12:30 +0", Piece(0, 750, 0)),
        ("00:00:00-00:12:30 +000000000000060", Piece(0, 750, 60)),
        ("  0:00 – 12:30   60 ", Piece(0, 750, 60)),
        ("00:12:30-01:42:41 +60 s", Piece(750, 6161, 60)),
        ("00:12:30-01:42:41 -00:01:05", Piece(750, 6161, -65)),
        ("00:12:30-01:42:41 −65", Piece(750, 6161, -65)),
        ("00:12:30-01:42:41 -1m5s", Piece(750, 6161, -65)),
    ],
)
def test_parse_stretches_reads_the_usual_notations(line, piece):
    assert parse_stretches(line) == ([piece], [])


def test_parse_stretches_reports_each_invalid_line():
    text = (
        "nothing\n00:00:00-00:10:00\n\n00:00:00-00:75:00 +1\n00:10:00-00:20:00 +0\n00:15:00-00:30:00 +60\n59:00-61:00 0"
    )

    pieces, problems = parse_stretches(text, reference_length=3600)

    assert pieces == [Piece(600, 1200, 0), Piece(900, 1800, 60)]
    assert [str(problem) for problem in problems] == [
        "Line 1: “nothing” isn’t a stretch. Write the start, the end and the seconds to add, like 00:12:30-01:42:41 +60.",
        "Line 2: 00:00:00-00:10:00 has no offset. Write the seconds to add after it, like 00:12:30-01:42:41 +60.",
        "Line 4: Minutes after hours go from 00 to 59; “00:75:00” has 75.",
        "Line 6: 00:15:00-00:30:00 starts before 00:10:00-00:20:00 ends. Start one where the other ends.",
        "Line 7: 00:59:00-01:01:00 runs past the end of the episode (01:00:00). Fix the time or the episode’s length.",
    ]


def test_a_stretch_past_the_end_of_the_edition_is_refused():
    pieces, problems = parse_stretches("00:00:00-00:10:00 +60", edition_length=600)

    assert pieces == []
    assert [str(problem) for problem in problems] == [
        (
            "Line 1: 00:00:00-00:10:00 ends at 00:11:00 in the edition, past its end (00:10:00). "
            "Fix the time, the offset or the edition’s length."
        )
    ]


@given(edits())
def test_format_and_parse_are_a_round_trip(cut):
    pieces = pieces_of(cut)

    assert parse_stretches(format_stretches(pieces)) == (pieces, [])


@given(st.text(st.sampled_from("0123456789:-–+ s\n\r٣x")))
def test_parse_stretches_never_raises(text):
    pieces, problems = parse_stretches(text)

    if not problems:
        assert list(OffsetMap(pieces).pieces) == pieces


# Chapters -----------------------------------------------------------------------------------------


def test_chapters_with_the_same_offset_form_one_stretch():
    found = from_chapters([(0, 0), (300, 300), (600, 660), (900, 960)], reference_length=1200)

    assert found == OffsetMap([Piece(0, 600, 0), Piece(600, 1200, 60)])


def test_a_cut_before_a_chapter_is_not_mapped():
    found = from_chapters([(0, 0), (360, 300)], reference_length=1200)

    assert found == OffsetMap([Piece(0, 300, 0), Piece(360, 1200, -60)])


def test_an_unmatched_chapter_ends_the_stretch_where_the_offset_changes():
    pairs = [(0, 0), (360, 390)]

    found = from_chapters(pairs, reference_length=1200, only_reference=[300, 800], only_edition=[310])

    assert found == OffsetMap([Piece(0, 300, 0), Piece(360, 1200, 30)])
    assert from_chapters([(0, 0), (360, 360)], reference_length=900, only_reference=[300]) == OffsetMap(
        [Piece(0, 900, 0)]
    )


def test_the_last_stretch_ends_with_the_recording_or_the_edition():
    assert from_chapters([(0, 10)], reference_length=600, edition_length=500) == OffsetMap([Piece(0, 490, 10)])
    assert from_chapters([(0, 10)], edition_length=500) == OffsetMap([Piece(0, 490, 10)])
    assert from_chapters([(0, 10), (60, 70)]) == OffsetMap([Piece(0, 60, 10)])
    assert from_chapters([]) == OffsetMap()


def test_pairs_that_go_backwards_are_refused():
    with pytest.raises(MapError) as refused:
        from_chapters([(0, 300), (60, 200)])

    assert str(refused.value) == (
        "00:01:00 comes after 00:00:00, but in the edition 00:03:20 doesn’t come after 00:05:00. Fix one of the times."
    )


def test_chapters_match_by_title_ignoring_case_punctuation_and_spaces():
    ours = [(0, "Welcome"), (60, "Sponsor: a mattress"), (120, "Naps – and  more!"), (300, "Dreams")]
    theirs = [(0, "welcome"), (90, "Naps and more"), (200, "Sponsor: a kettle"), (260, "Dreams")]

    assert match_chapters(ours, theirs) == MatchedChapters(
        pairs=((0, 0), (120, 90), (300, 260)),
        only_reference=((60, "Sponsor: a mattress"),),
        only_edition=((200, "Sponsor: a kettle"),),
    )


def test_repeated_titles_match_in_order():
    ours = [(0, "Talk"), (60, "Break"), (120, "Talk"), (180, "Break"), (240, "End")]
    theirs = [(5, "Talk"), (125, "Talk"), (185, "Break"), (245, "End")]

    assert match_chapters(ours, theirs).pairs == ((0, 5), (120, 125), (180, 185), (240, 245))


@given(edits())
def test_chapters_reconstruct_the_edits(cut):
    pieces = pieces_of(cut)
    made = OffsetMap(pieces)
    starts = {piece.start_seconds for piece in pieces}
    gone = [start for start, _, is_kept, _ in cut if not is_kept and start not in starts]

    found = from_chapters(
        [(piece.start_seconds, piece.edition_start) for piece in pieces],
        reference_length=7200,
        edition_length=pieces[-1].edition_end if pieces else 0,
        only_reference=gone,
    )

    for piece in pieces:
        for seconds in (piece.start_seconds, piece.end_seconds - 1):
            assert found.to_edition(seconds) == made.to_edition(seconds)


@given(st.lists(st.integers(0, 30)))
def test_longest_increasing_is_increasing_and_longest(values):
    best = []
    for value in values:
        before = max((length for other, length in best if other < value), default=0)
        best.append((value, before + 1))

    chain = [values[index] for index in longest_increasing(values)]

    assert all(first < second for first, second in pairwise(chain))
    assert len(chain) == max((length for _, length in best), default=0)


# Transcripts --------------------------------------------------------------------------------------

WORDS_A_SECOND = 2.5


def vocabulary(chooser, count, stem):
    """Return words with the skewed frequencies of natural speech."""
    return [f"{stem}{min(int(chooser.paretovariate(0.35)), 3000)}" for _ in range(count)]


def cues_of(timed, chooser):
    """Return cues of varying length from (second, word) pairs."""
    cues, index = [], 0
    while index < len(timed):
        group = timed[index : index + chooser.randint(5, 25)]
        index += len(group)
        end = timed[index][0] if index < len(timed) and timed[index][0] - group[-1][0] < 2 else group[-1][0] + 0.4
        cues.append(Cue(group[0][0], end, "", " ".join(word for _, word in group)))
    return cues


def spoken(cut, chooser, mishears=0.0):
    """Return the cues of a recording and of its edition; `mishears` is the share of misheard words in the edition."""
    length = cut[-1][1]
    said = vocabulary(chooser, int(length * WORDS_A_SECOND), "a")
    clock, there = 0.0, []
    for start, end, is_kept, inserted in cut:
        other = vocabulary(chooser, int(inserted * WORDS_A_SECOND), "b")
        there += [(clock + number / WORDS_A_SECOND, word) for number, word in enumerate(other)]
        clock += inserted
        if is_kept:
            kept = said[int(start * WORDS_A_SECOND) : int(end * WORDS_A_SECOND)]
            there += [
                (clock + number / WORDS_A_SECOND, "hm" if chooser.random() < mishears else word)
                for number, word in enumerate(kept)
            ]
            clock += end - start
    here = [(number / WORDS_A_SECOND, word) for number, word in enumerate(said)]
    return cues_of(here, chooser), cues_of(there, chooser)


# Stretches long enough to contain anchors, at multiples of two seconds, where a word starts.
long_cuts = st.lists(
    st.tuples(st.integers(45, 300), st.booleans(), st.sampled_from([0, 0, 16, 30, 60, 90])), min_size=1, max_size=6
).map(
    lambda parts: [
        (
            2 * sum(length for length, _, _ in parts[:index]),
            2 * sum(length for length, _, _ in parts[: index + 1]),
            *rest,
        )
        for index, (_, *rest) in enumerate(parts)
    ]
)


@given(long_cuts, st.integers(0, 10_000), st.sampled_from([0.0, 0.1]))
def test_transcripts_reconstruct_the_edits(cut, seed, mishears):
    reference, edition = spoken(cut, random.Random(seed), mishears)  # noqa: S311  (a test's text)
    made = OffsetMap(pieces_of(cut))

    found = from_transcripts(reference, edition, reference_length=cut[-1][1])

    near = 12 if mishears else 4  # seconds around a seam, where words may match by chance or be misheard
    edges = {edge for piece in made.pieces for edge in (piece.start_seconds, piece.end_seconds)}
    for seconds in range(0, cut[-1][1], 5):
        if any(abs(seconds - edge) < near for edge in edges):
            continue
        there = made.to_edition(seconds)
        if there is None:
            assert found.to_edition(seconds) is None
        else:
            assert found.to_edition(seconds) == pytest.approx(there, abs=1)


def test_seams_are_where_the_advertisements_are():
    cut = [(0, 600, True, 30), (600, 660, False, 0), (660, 1500, True, 0), (1500, 3000, True, 45)]
    reference, edition = spoken(cut, random.Random(9))  # noqa: S311  (a test's text)

    found = from_transcripts(reference, edition, reference_length=3000)

    assert found == OffsetMap([Piece(0, 600, 30), Piece(660, 1500, -30), Piece(1500, 3000, 15)])


def test_a_different_advertisement_of_the_same_length_is_not_mapped():
    cut = [(0, 600, True, 0), (600, 660, False, 60), (660, 1500, True, 0)]
    reference, edition = spoken(cut, random.Random(2))  # noqa: S311  (a test's text)

    found = from_transcripts(reference, edition, reference_length=1500)

    assert found == OffsetMap([Piece(0, 600, 0), Piece(660, 1500, 0)])


any_cues = st.lists(
    st.tuples(st.floats(0, 400), st.floats(0, 60), st.text(st.sampled_from("abcd e"), max_size=40)), max_size=12
).map(lambda rows: [Cue(start, start + length, "", " ".join(text)) for start, length, text in sorted(rows)])


@given(any_cues, any_cues, st.sampled_from([None, 100, 450]), st.sampled_from([None, 0, 450]))
def test_any_two_transcripts_give_a_valid_map(reference, edition, length, edition_length):
    found = from_transcripts(reference, edition, reference_length=length, edition_length=edition_length)

    text = format_stretches(found.pieces)
    assert parse_stretches(text, reference_length=length, edition_length=edition_length or None) == (
        list(found.pieces),
        [],
    )


def test_scripts_without_spaces_are_compared_by_character():
    chooser = random.Random(1)  # noqa: S311  (a test's text)
    signs = ["".join(chr(0x4E00 + chooser.randint(0, 900)) for _ in range(30)) for _ in range(80)]
    reference = [Cue(10.0 * number, 10.0 * number + 10, "", text) for number, text in enumerate(signs)]
    edition = [Cue(cue.start_seconds + 25, cue.end_seconds + 25, "", cue.text) for cue in reference]

    assert from_transcripts(reference, edition) == OffsetMap([Piece(0, 800, 25)])


def test_transcripts_of_different_recordings_give_an_empty_map():
    chooser = random.Random(3)  # noqa: S311  (a test's text)
    reference, _ = spoken([(0, 600, True, 0)], chooser)
    _, other = spoken([(0, 600, False, 600)], chooser)

    assert from_transcripts(reference, other) == OffsetMap()
    assert from_transcripts(reference, []) == OffsetMap()
    assert from_transcripts([], []) == OffsetMap()


def test_two_hours_with_misheard_words_are_mapped_except_for_the_cut():
    cut = [(600 * number, 600 * number + 600, number != 5, 30) for number in range(12)]
    reference, edition = spoken(cut, random.Random(5), 0.1)  # noqa: S311  (a test's text)

    found = from_transcripts(reference, edition)

    assert len(found.pieces) == 11


# Pages --------------------------------------------------------------------------------------------


def link(start, *, end="", episode="night-talks/on-sleep", href="https://example.org/v?a=1&amp;t=1s"):
    ending = f' data-end="{end}"' if end else ""
    return (
        f'<a class="citation" id="c-{start}" href="{href}" data-episode="{episode}" data-start="{start}"{ending}>'
        f'<time datetime="PT1S">06:31</time></a>'
    )


def feed(start, end):
    return (
        None if 300 <= start < 360 else f'https://example.org/feed.mp3?"&#t={start + 60}' + (f",{end}" if end else "")
    )


def test_citations_link_to_the_edition_and_keep_their_label():
    html = f"<p>It rains {link(391, end=430)}, and {link(5, episode='other/one')}.</p>"

    shown = show_in_edition(html, {"night-talks/on-sleep": feed})

    assert shown == (
        '<p>It rains <a class="citation" id="c-391" href="https://example.org/feed.mp3?&quot;&amp;#t=451,430" '
        'data-episode="night-talks/on-sleep" data-start="391" data-end="430"><time datetime="PT1S">06:31</time></a>, '
        f"and {link(5, episode='other/one')}.</p>"
    )


def test_a_citation_missing_from_the_edition_keeps_its_link_and_is_marked():
    html = f'<span class="cite">{link(310)}<span class="cite-note">not checked</span></span>'

    shown = show_in_edition(html, {"night-talks/on-sleep": feed})

    assert shown == (
        f'<span class="cite">{link(310)} <span class="not-in-edition">not in this edition</span>'
        '<span class="cite-note">not checked</span></span>'
    )


def test_links_without_a_timestamp_are_unchanged():
    html = '<a href="#why">#</a> <a class="wiki-link" href="/articles/naps/">naps</a> <code>&lt;a data-start="3"&gt;</code>'

    assert show_in_edition(html, {"night-talks/on-sleep": feed}) == html


def test_the_chosen_edition_is_marked_as_current():
    html = '<a href="/a/" data-edition="" aria-current="true">Video</a> <a href="/a/?edition=feed" data-edition="feed">Feed</a>'

    assert show_in_edition(html, {}, "feed") == (
        '<a href="/a/" data-edition="">Video</a> '
        '<a href="/a/?edition=feed" data-edition="feed" aria-current="true">Feed</a>'
    )


@given(st.text(st.sampled_from('<a href="x" data-start=3>/<b>&ä \n'), max_size=200))
def test_text_without_editions_is_unchanged(text):
    assert show_in_edition(text, {}) == text
