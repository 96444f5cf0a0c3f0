"""A recording as a timeline with its chapters and cited moments: drawn, in lines for narrow screens, and as a table."""

from dataclasses import asdict

from articles.core.recordings import timeline
from articles.core.timestamps import format_label


def timeline_of(episode, cited):
    """A recording as strip, as the same in lines, and as a table; None where its length is not known.

    `cited` are (anchor, start in seconds, end or None, `StatusLabel`); `course` is the table: for each chapter its
    label, title, whether it is a sponsor, and its moments as (anchor, label, `StatusLabel`). `gap` is the longest stretch
    without a moment.
    """
    length = episode.duration_seconds
    if not length:
        return None
    chapters = [(chapter.start_seconds, chapter.title, chapter.is_sponsor) for chapter in episode.course]
    pins = [(anchor, start) for anchor, start, _, _ in cited]
    stands = {anchor: (words.state, words.text) for anchor, _, _, words in cited}
    laid = timeline.lay_out(length, chapters, pins, stands)
    moments = [(start, end) for _, start, end, _ in cited]
    sponsors = timeline.sponsor_stretches(length, chapters)
    gap = timeline.longest_gap(length, moments, sponsors) if cited else None
    return {
        **asdict(laid),
        "lines": [asdict(line) for line in timeline.wrap(length, chapters, pins, stands)],
        "course": _course(episode, cited),
        "gap": asdict(gap) | {"start": format_label(gap.start_seconds), "end": format_label(gap.end_seconds)}
        if gap
        else None,
        "gap_minutes": round((gap.end_seconds - gap.start_seconds) / 60) if gap else 0,
    }


def _course(episode, cited):
    rows = [
        {"label": format_label(one.start_seconds), "title": one.title, "is_sponsor": one.is_sponsor, "moments": []}
        for one in episode.course
    ]
    before = {"label": format_label(0), "title": "", "is_sponsor": False, "moments": []}
    places = {chapter.pk: row for chapter, row in zip(episode.course, rows, strict=True)}
    for anchor, start, _, words in sorted(cited, key=lambda one: one[1]):
        chapter = episode.chapter_at(start)
        row = places[chapter.pk] if chapter else before
        row["moments"].append({"anchor": anchor, "label": format_label(start), "words": words})
    return [before, *rows] if before["moments"] or not rows else rows
