"""The public page of a transcript, where the show or the episode allows one: read, search, listen, see what cites it."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.urls import reverse

from articles.core.numbers import whole_number
from articles.core.recordings import transcripts
from articles.core.recordings.transcripts.passages import passages
from articles.derived.checks import labels
from articles.derived.people import with_names
from articles.models import Cue, Transcript

from .base import public_page, public_view
from .recordings import BY_START, public_citations, transcribed_episode

PER_PAGE = 800  # cues; about forty minutes of captions
NOTES_SHOWN = 200  # per page
RESULTS = 50
QUERY_MAX = 200


@dataclass
class ShownCue:
    """A cue on the page; `anchor` is "" if one before it starts in the same second."""

    cue: transcripts.Cue
    anchor: str
    is_cited: bool = False

    @property
    def start(self):
        return _seconds(self.cue.start_seconds)

    @property
    def end(self):
        return _seconds(self.cue.end_seconds)


@dataclass(frozen=True)
class Note:
    """A citation in the margin, with the `StatusLabel` of its status and the anchor of the first cue that it rests on."""

    citation: object
    status_label: object
    anchor: str


@dataclass
class ShownPassage:
    """A passage on the page: its cues, where it can be heard, the title of a chapter that begins, and `Note`s."""

    passage: object
    cues: list
    href: str
    chapter: object = None
    notes: list = field(default_factory=list)

    @property
    def seconds(self):
        return int(self.passage.start_seconds)


@public_view(parameters=("page",))
def transcript(request, handle, slug):
    """A page of the transcript, with what cites it."""
    episode = transcribed_episode(handle, slug)
    ordered = _ordered(episode)
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    shown = _passages(episode, with_names(episode, _read(page.object_list)), has_earlier=page.has_previous())
    until = ordered[page.end_index()].start_seconds if page.has_next() else None
    is_cut = _add_citations(episode, shown, from_start=not page.has_previous(), until=until)
    return _page(request, episode, page=page, passages=shown, has_more_citations=is_cut)


@public_view(parameters=("q", "t"), kept_in="memory")
def find(request, handle, slug):
    """The moments at which the words of `q` are said, or a redirect to what is said at second `t`."""
    episode = transcribed_episode(handle, slug)
    ordered = _ordered(episode)
    second = whole_number(request.GET.get("t", ""))
    if second is not None:
        return HttpResponseRedirect(_address_of(episode, ordered, second))
    query = request.GET.get("q", "").strip()[:QUERY_MAX]
    hits = transcripts.search(_read(ordered), query, RESULTS) if query else []
    found = [(int(hit.start_seconds), hit.excerpt) for hit in hits]
    return _page(request, episode, is_search=True, query=query, hits=found, is_cut=len(hits) == RESULTS)


def _page(request, episode, **context):
    return public_page(
        "articles/pages/recordings/transcript.html",
        episode=episode,
        show=episode.show,
        current=Transcript.objects.current().filter(episode=episode).defer("problems").get(),
        writers=transcripts.WRITERS.items(),
        **context,
    )


def _ordered(episode):
    return Cue.objects.filter(episode=episode).order_by("start_seconds", "pk")


def _seconds(seconds):
    """Format seconds for programs, to the millisecond: 391, 391.25."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def _read(rows):
    columns = rows.values_list("start_seconds", "end_seconds", "speaker", "text")
    return [transcripts.Cue(*row) for row in columns]


def _address_of(episode, ordered, second):
    """Return the address of the cue that is said at `second`, of the last one before it, or else of the first."""
    before = ordered.filter(start_seconds__lt=second + 1)
    start = int((before.last() or ordered[0]).start_seconds)
    number = max(before.count() - 1, 0) // PER_PAGE + 1
    address = reverse("transcript", args=[episode.show.handle, episode.slug])
    return f"{address}{f'?page={number}' if number > 1 else ''}#t-{start}"


def _passages(episode, cues, *, has_earlier):
    """Return the `ShownPassage`s of the cues of a page. A chapter that began on an earlier page isn't named again."""
    chapters = episode.chapters
    if has_earlier and cues:
        chapters = [chapter for chapter in chapters if chapter.start_seconds > cues[0].start_seconds]
    shown, used = [], set()
    for passage in passages(cues, [chapter.start_seconds for chapter in chapters]):
        rows = []
        for cue in passage.cues:
            anchor = f"t-{int(cue.start_seconds)}"
            rows.append(ShownCue(cue, "" if anchor in used else anchor))
            used.add(anchor)
        href = episode.link_at(int(passage.start_seconds)) if episode.can_be_heard else ""
        chapter = None if passage.chapter is None else chapters[passage.chapter]
        shown.append(ShownPassage(passage, rows, href, chapter))
    return shown


def _add_citations(episode, shown, *, from_start, until):
    """Put the citations from the first of the passages to second `until` next to what they cite; returns if there are more.

    `from_start` includes those before the first passage, `until` is None for all that follow.
    """
    if not shown:
        return False
    rows = [(cue, passage) for passage in shown for cue in passage.cues]
    starts = [cue.cue.start_seconds for cue, _ in rows]
    citations = public_citations(episode).order_by(*BY_START)
    if not from_start:
        citations = citations.filter(start_seconds__gte=int(starts[0]))
    if until is not None:
        citations = citations.filter(start_seconds__lt=int(until))
    citations = list(citations[: NOTES_SHOWN + 1])
    for citation, label in zip(citations[:NOTES_SHOWN], labels.labels_of(citations[:NOTES_SHOWN]), strict=True):
        # A cue that starts within the cited second is the one meant.
        first = max(bisect_right(starts, citation.start_seconds + 0.999) - 1, 0)
        cue, passage = rows[first]
        passage.notes.append(Note(citation, label, f"t-{int(cue.cue.start_seconds)}"))
        behind = max(bisect_left(starts, citation.end_seconds or 0), first + 1)
        for cited, _ in rows[first:behind]:
            cited.is_cited = True
    return len(citations) > NOTES_SHOWN
