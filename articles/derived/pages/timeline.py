"""The timeline of a recording with chapters and citations: as one strip, wrapped for narrow screens, as a table."""

from dataclasses import asdict

from articles.core.recordings import timeline
from articles.core.timestamps import format_label


def timeline_of(episode, cited):
    """Return the timeline of `episode` as a mapping for templates, or None if its length is unknown.

    `cited` are (anchor, start in seconds, end or None, `StatusLabel`). The mapping has the fields of the strip,
    whether its length `is_derived` from the transcript, the same wrapped into `lines`, the table as `chapters` (each chapter with label, title, whether it's a sponsor, and its
    moments), and the longest stretch without a citation as `gap`, or None.
    """
    length = episode.length_seconds
    if not length:
        return None
    chapters = [(chapter.start_seconds, chapter.title, chapter.is_sponsor) for chapter in episode.chapters]
    markers = [(anchor, start) for anchor, start, _, _ in cited]
    status_of = {anchor: (label.state, label.text) for anchor, _, _, label in cited}
    strip = timeline.lay_out(length, chapters, markers, status_of)
    moments = [(start, end) for _, start, end, _ in cited]
    sponsors = timeline.sponsor_stretches(length, chapters)
    gap = timeline.longest_gap(length, moments, sponsors) if cited else None
    return {
        **asdict(strip),
        "is_derived": episode.is_length_derived,
        "lines": [asdict(line) for line in timeline.wrap(length, chapters, markers, status_of)],
        "chapters": _chapters(episode, cited),
        "gap": asdict(gap) | {"start": format_label(gap.start_seconds), "end": format_label(gap.end_seconds)}
        if gap
        else None,
        "gap_minutes": round((gap.end_seconds - gap.start_seconds) / 60) if gap else 0,
    }


def _chapters(episode, cited):
    def row_for(start, title="", is_sponsor=False):
        return {"label": format_label(start), "title": title, "is_sponsor": is_sponsor, "moments": []}

    rows = [row_for(chapter.start_seconds, chapter.title, chapter.is_sponsor) for chapter in episode.chapters]
    before_first = row_for(0)
    row_of = {chapter.pk: row for chapter, row in zip(episode.chapters, rows, strict=True)}
    for anchor, start, _, label in sorted(cited, key=lambda marker: marker[1]):
        chapter = episode.chapter_at(start)
        row = row_of[chapter.pk] if chapter else before_first
        row["moments"].append({"anchor": anchor, "label": format_label(start), "status_label": label})
    return [before_first, *rows] if before_first["moments"] or not rows else rows
