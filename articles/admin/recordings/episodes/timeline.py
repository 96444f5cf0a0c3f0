"""The timeline on an episode's page: chapters, sponsors, a tick per citation, and the stretches without citations."""

from types import SimpleNamespace

from django.db.models import F, Max, Min
from django.db.models.functions import Coalesce

from articles.admin.report import loading
from articles.core.recordings import timeline
from articles.core.timestamps import format_label
from articles.derived.checks import labels, status
from articles.models import Citation

TICKS_MAX = 2000  # with more, the image would be unreadable
ROWS_SHOWN = 200
PLACES = 500  # that the image of a timeline with more citations than that can tell apart


def build_timeline(episode):
    """The published citations of an episode, for the template; a constant number of queries.

    `segments` is empty if the length is unknown: then only the list is shown. `rows` are the first `ROWS_SHOWN` of
    `total` citations; `past_end` counts those past the end of the recording.
    """
    cited = Citation.objects.filter(is_public=True, episode=episode)
    total = cited.count()
    summary = _summary_of_many(episode, cited) if total > TICKS_MAX else _summary(episode, cited)
    length = episode.length_seconds
    segments, ticks, stretches = (), [], []
    if length:
        chapters = [(chapter.start_seconds, chapter.title, chapter.is_sponsor) for chapter in episode.chapters]
        drawn = [(str(row.citation.pk), row.citation.start_seconds) for row in summary.drawn]
        layout = timeline.lay_out(length, chapters, drawn)
        segments, ticks = layout.segments, _ticks(layout, summary.drawn)
        gaps = timeline.gaps(length, summary.moments, timeline.sponsor_stretches(length, chapters))
        stretches = [_stretch(episode, gap) for gap in gaps]
    return SimpleNamespace(
        segments=segments,
        ticks=ticks,
        stretches=stretches,
        duration=format_label(length) if length else "",
        is_derived=episode.is_length_derived,
        counts=summary.counts,
        rows=summary.rows,
        total=total,
        unshown=total - len(summary.rows),
        past_end=summary.past_end,
    )


def _summary(episode, cited):
    """Return what the timeline shows, from the rows of all citations: `drawn`, `rows`, `moments`, `counts`, `past_end`."""
    rows = loading.rows(loading.with_related(cited).order_by("start_seconds", "pk"))
    length = episode.length_seconds
    return SimpleNamespace(
        drawn=rows,
        rows=rows[:ROWS_SHOWN],
        moments=[(row.citation.start_seconds, row.citation.end_seconds) for row in rows],
        counts=labels.tally(row.details.status_label for row in rows),
        past_end=sum(bool(length) and row.citation.start_seconds > length for row in rows),
    )


def _summary_of_many(episode, cited):
    """Return the same, counted by the database; `drawn` is one citation for each of `PLACES` on the timeline."""
    length = episode.length_seconds
    drawn, moments, past_end = [], [], 0
    if length:
        inside = cited.filter(start_seconds__lte=length).order_by()
        places = inside.values(place=F("start_seconds") / max(length // PLACES, 1))
        keys = [place["key"] for place in places.annotate(key=Min("pk"))]
        drawn = loading.rows(loading.with_related(cited.filter(pk__in=keys)))
        end = Coalesce("end_seconds", F("start_seconds") + timeline.DRAWN_SECONDS)
        covered = places.annotate(start=Min("start_seconds"), end=Max(end))
        moments = [(stretch["start"], stretch["end"]) for stretch in covered]
        past_end = cited.filter(start_seconds__gt=length).count()
    return SimpleNamespace(
        drawn=drawn,
        rows=loading.rows(loading.with_related(cited).order_by("start_seconds", "pk")[:ROWS_SHOWN]),
        moments=moments,
        counts=labels.tally_of(status.states_by(cited, "episode")[episode.pk]),
        past_end=past_end,
    )


def _ticks(layout, rows):
    """The markers of the layout, one for the citations of a second with the same status; `x` is in percent."""
    by_key = {str(row.citation.pk): row for row in rows}
    ticks = {}
    for marker in layout.markers:
        seconds, status = by_key[marker.anchor].citation.start_seconds, by_key[marker.anchor].details.status_label
        tick = SimpleNamespace(
            x=marker.x, seconds=seconds, label=marker.label, state=status.state, status_text=status.text
        )
        ticks.setdefault((seconds, status.state), tick)
    return list(ticks.values())


def _stretch(episode, gap):
    """A stretch without citations, with the titles of its chapters."""
    within = [
        chapter.title for chapter in episode.chapters if gap.start_seconds <= chapter.start_seconds < gap.end_seconds
    ]
    titles = dict.fromkeys(filter(None, [episode.chapter_title_at(gap.start_seconds), *within]))
    label = f"{format_label(gap.start_seconds)}–{format_label(gap.end_seconds)}"
    return SimpleNamespace(gap=gap, label=label, chapters="; ".join(titles))
