"""The timeline on an episode's page: chapters, sponsors, a tick per citation, and the stretches without citations."""

from dataclasses import dataclass

from articles.admin.report import queries
from articles.core.recordings import timeline
from articles.core.timestamps import format_label
from articles.derived.checks import labels
from articles.models import Citation

TICKS_MAX = 2000  # with more, the image would be unreadable
ROWS_SHOWN = 200


@dataclass(frozen=True)
class Tick:
    """Citations of one second with the same status; `x` in percent, `state` one of `labels.STATES`."""

    x: float
    seconds: int
    label: str
    state: str
    words: str


@dataclass(frozen=True)
class Stretch:
    """A stretch without citations, with the titles of its chapters."""

    gap: timeline.Gap
    label: str
    chapters: str


@dataclass(frozen=True)
class EpisodeTimeline:
    """The published citations of an episode. `segments` is empty if the length is unknown: then only the list is shown.

    `rows` are the first `ROWS_SHOWN` of `total` citations; `past_end` counts those past the end of the recording.
    """

    segments: tuple
    ticks: list
    stretches: list
    duration: str
    counts: list
    rows: list
    total: int
    past_end: int

    @property
    def unshown(self):
        return self.total - len(self.rows)


def build_timeline(episode):
    """Return the `EpisodeTimeline` of an episode; seven queries, regardless of the number of citations."""
    cited = Citation.objects.filter(is_public=True, episode=episode).select_related("finding", "revision__article")
    cited = cited.select_related("finding", "episode__show", "revision__article", "section")
    cited = cited.prefetch_related("episode__chapter_set")
    cited = cited.defer("revision__lead", "section__body", "finding__candidates").order_by("start_seconds", "pk")
    total = cited.count()
    rows = queries.rows(cited[:TICKS_MAX])
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
    return EpisodeTimeline(
        segments=segments,
        ticks=ticks,
        stretches=stretches,
        duration=format_label(length) if length else "",
        counts=labels.tally(row.details.words for row in rows),
        rows=rows[:ROWS_SHOWN],
        total=total,
        past_end=sum(bool(length) and row.citation.start_seconds > length for row in rows),
    )


def _ticks(layout, rows):
    """The markers of the layout with the status of their citations, without duplicates."""
    by_key = {str(row.citation.pk): row for row in rows}
    ticks = {}
    for marker in layout.markers:
        row = by_key[marker.anchor]
        status = row.details.words
        key = row.citation.start_seconds, status.state
        ticks.setdefault(key, Tick(marker.x, row.citation.start_seconds, marker.label, status.state, status.text))
    return list(ticks.values())


def _stretch(episode, gap):
    within = [
        chapter.title for chapter in episode.course if gap.start_seconds <= chapter.start_seconds < gap.end_seconds
    ]
    first = episode.chapter_title_at(gap.start_seconds)
    titles = list(dict.fromkeys(filter(None, [first, *within])))
    label = f"{format_label(gap.start_seconds)}–{format_label(gap.end_seconds)}"
    return Stretch(gap, label, "; ".join(titles))


class TimelineMixin:
    """Adds the timeline above the form of an existing episode to the episode admin."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and obj.pk and not add:
            context = {
                **context,
                "timeline": build_timeline(obj),
                "can_edit_texts": request.user.has_perm("articles.change_revision"),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)
