"""The strip on an episode's page: its length, chapters and sponsors, a tick for each citation, what nothing draws on."""

from dataclasses import dataclass

from articles.admin.report import queries
from articles.core.recordings import timeline
from articles.core.timestamps import format_label
from articles.derived.checks import labels
from articles.models import Citation

TICKS_MAX = 2000  # more of them would be no picture any more
ROWS_SHOWN = 200


@dataclass(frozen=True)
class Tick:
    """Citations of one second that stand alike; `x` in percent, `state` one of `labels.STATES`."""

    x: float
    seconds: int
    label: str
    state: str
    words: str


@dataclass(frozen=True)
class Stretch:
    """A stretch that nothing draws on, with the titles of the chapters in it."""

    gap: timeline.Gap
    label: str
    chapters: str


@dataclass(frozen=True)
class Strip:
    """`segments` is empty where the length is not known: then there is no picture, only the list.

    `rows` are the first `ROWS_SHOWN` of `total` citations; `past_end` counts those that lie behind the end.
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


def strip_of(episode):
    """The `Strip` of the published citations of an episode, seven queries whatever their number."""
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
        laid = timeline.lay_out(length, chapters, [(str(row.citation.pk), row.citation.start_seconds) for row in rows])
        segments, ticks = laid.segments, _ticks(laid, rows)
        moments = [(row.citation.start_seconds, row.citation.end_seconds) for row in rows]
        gaps = timeline.gaps(length, moments, timeline.sponsor_stretches(length, chapters))
        stretches = [_stretch(episode, gap) for gap in gaps]
    return Strip(
        segments=segments,
        ticks=ticks,
        stretches=stretches,
        duration=format_label(length) if length else "",
        counts=labels.tally(row.stands.words for row in rows),
        rows=rows[:ROWS_SHOWN],
        total=total,
        past_end=sum(bool(length) and row.citation.start_seconds > length for row in rows),
    )


def _ticks(laid, rows):
    """The pins of the tape with how their citations stand, those that say the same once."""
    by_key = {str(row.citation.pk): row for row in rows}
    ticks = {}
    for pin in laid.pins:
        row = by_key[pin.anchor]
        words = row.stands.words
        same = row.citation.start_seconds, words.state
        ticks.setdefault(same, Tick(pin.x, row.citation.start_seconds, pin.label, words.state, words.text))
    return list(ticks.values())


def _stretch(episode, gap):
    within = [
        chapter.title for chapter in episode.course if gap.start_seconds <= chapter.start_seconds < gap.end_seconds
    ]
    first = episode.chapter_title_at(gap.start_seconds)
    titles = list(dict.fromkeys(filter(None, [first, *within])))
    label = f"{format_label(gap.start_seconds)}–{format_label(gap.end_seconds)}"
    return Stretch(gap, label, "; ".join(titles))


class StripMixin:
    """A part of the episodes' admin: the strip above the form of an episode that exists."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and obj.pk and not add:
            context = {
                **context,
                "strip": strip_of(obj),
                "can_edit_texts": request.user.has_perm("articles.change_revision"),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)
