"""The timeline on an episode's page: chapters, sponsors, a tick per citation, and the stretches without citations."""

from types import SimpleNamespace

from articles.admin.report import queries
from articles.core.recordings import timeline
from articles.core.timestamps import format_label
from articles.derived.checks import labels
from articles.models import Citation

TICKS_MAX = 2000  # with more, the image would be unreadable
ROWS_SHOWN = 200


def build_timeline(episode):
    """The published citations of an episode, for the template; seven queries, regardless of their number.

    `segments` is empty if the length is unknown: then only the list is shown. `rows` are the first `ROWS_SHOWN` of
    `total` citations; `past_end` counts those past the end of the recording.
    """
    cited = queries.with_related(Citation.objects.filter(is_public=True, episode=episode))
    total = cited.count()
    rows = queries.rows(cited.order_by("start_seconds", "pk")[:TICKS_MAX])
    length = episode.duration_seconds
    segments, ticks, stretches = (), [], []
    if length:
        chapters = [(chapter.start_seconds, chapter.title, chapter.is_sponsor) for chapter in episode.course]
        layout = timeline.lay_out(
            length, chapters, [(str(row.citation.pk), row.citation.start_seconds) for row in rows]
        )
        segments, ticks = layout.segments, _ticks(layout, rows)
        moments = [(row.citation.start_seconds, row.citation.end_seconds) for row in rows]
        gaps = timeline.gaps(length, moments, timeline.sponsor_stretches(length, chapters))
        stretches = [_stretch(episode, gap) for gap in gaps]
    return SimpleNamespace(
        segments=segments,
        ticks=ticks,
        stretches=stretches,
        duration=format_label(length) if length else "",
        counts=labels.tally(row.details.words for row in rows),
        rows=rows[:ROWS_SHOWN],
        total=total,
        unshown=total - len(rows[:ROWS_SHOWN]),
        past_end=sum(bool(length) and row.citation.start_seconds > length for row in rows),
    )


def _ticks(layout, rows):
    """The markers of the layout, one for the citations of a second with the same status; `x` is in percent."""
    by_key = {str(row.citation.pk): row for row in rows}
    ticks = {}
    for marker in layout.markers:
        seconds, status = by_key[marker.anchor].citation.start_seconds, by_key[marker.anchor].details.words
        tick = SimpleNamespace(x=marker.x, seconds=seconds, label=marker.label, state=status.state, words=status.text)
        ticks.setdefault((seconds, status.state), tick)
    return list(ticks.values())


def _stretch(episode, gap):
    """A stretch without citations, with the titles of its chapters."""
    within = [
        chapter.title for chapter in episode.course if gap.start_seconds <= chapter.start_seconds < gap.end_seconds
    ]
    titles = dict.fromkeys(filter(None, [episode.chapter_title_at(gap.start_seconds), *within]))
    label = f"{format_label(gap.start_seconds)}–{format_label(gap.end_seconds)}"
    return SimpleNamespace(gap=gap, label=label, chapters="; ".join(titles))
