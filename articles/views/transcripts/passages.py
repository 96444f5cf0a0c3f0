"""One page of a transcript as it is read, by readers and editors alike: passages, chapters, and what cites them."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator

from articles.core.recordings import transcripts
from articles.core.recordings.transcripts.passages import Passage, passages
from articles.models import Cue

PER_PAGE = 800  # cues; about forty minutes of captions
NOTE_HEIGHT = 250  # characters of a passage that take up as much room as a note beside them
NOTES_MIN = 2  # of a passage, in view


@dataclass
class ShownCue:
    """A cue on the page; `anchor` is "" if one before it starts in the same second."""

    cue: transcripts.Cue
    anchor: str
    is_cited: bool = False
    is_there: bool = False

    @property
    def start(self):
        return _seconds(self.cue.start_seconds)

    @property
    def end(self):
        return _seconds(self.cue.end_seconds)


@dataclass(frozen=True)
class Note:
    """A citation in the margin: its claim is at `href`, and `details` say more about the text that it is in.

    `anchor` is that of the first cue that it rests on.
    """

    citation: object
    status_label: object
    anchor: str
    href: str
    details: str = ""


@dataclass
class ShownPassage:
    """A passage on the page: its cues, where it can be heard, a chapter that begins with it, and `Note`s."""

    passage: Passage
    cues: list
    href: str
    chapter: object = None
    notes: list = field(default_factory=list)

    @property
    def seconds(self):
        return int(self.passage.start_seconds)

    @property
    def is_there(self):
        return any(cue.is_there for cue in self.cues)

    @property
    def notes_in_view(self):
        return self.notes[: self._room]

    @property
    def notes_folded(self):
        return self.notes[self._room :]

    @property
    def _room(self):
        """How many notes leave no tall gap below the passage; one more is shown rather than folded alone."""
        room = max(NOTES_MIN, sum(len(cue.text) for cue in self.passage.cues) // NOTE_HEIGHT)
        return room + 1 if len(self.notes) == room + 1 else room


@dataclass(frozen=True)
class TranscriptPage:
    """A page of an episode's transcript.

    It holds the seconds from `start` on, or from the beginning if that is None, until `end`, or to the end if that is
    None: a second belongs to the page of the last cue that has started by its end. `chapters` are pairs of a chapter
    and where it begins.
    """

    page: Page
    passages: list
    chapters: list
    start: int | None
    end: int | None

    def cited(self, citations):
        """Return those of `citations`, a query set, that start on this page."""
        if self.start is not None:
            citations = citations.filter(start_seconds__gte=self.start)
        return citations if self.end is None else citations.filter(start_seconds__lt=self.end)

    def add(self, citations, note):
        """Put `citations` next to what they cite; `note` makes the `Note` of a citation with the anchor of a cue."""
        rows = [(cue, passage) for passage in self.passages for cue in passage.cues]
        starts = [cue.cue.start_seconds for cue, _ in rows]
        for citation in citations if rows else ():
            # A cue that starts within the cited second is the one meant.
            first = max(bisect_right(starts, citation.start_seconds + 0.999) - 1, 0)
            cue, passage = rows[first]
            passage.notes.append(note(citation, anchor_at(cue.cue.start_seconds)))
            behind = max(bisect_left(starts, citation.end_seconds or 0), first + 1)
            for cited, _ in rows[first:behind]:
                cited.is_cited = True


def ordered_cues(episode):
    return Cue.objects.filter(episode=episode).order_by("start_seconds", "pk")


def read(rows):
    """Return `rows`, a query set of cues, as core's."""
    columns = rows.values_list("start_seconds", "end_seconds", "speaker", "text")
    return [transcripts.Cue(*row) for row in columns]


def anchor_at(seconds):
    return f"t-{int(seconds)}"


def page_with(ordered, second):
    """Return the number of the page that holds `second`."""
    return max(ordered.filter(start_seconds__lt=second + 1).count() - 1, 0) // PER_PAGE + 1


def read_page(episode, number, address_of, *, second=None):
    """Return page `number` of the transcript, as a `TranscriptPage` without notes.

    `address_of` returns the address of a second on any page. The cue that is said at `second` is marked.
    """
    ordered = ordered_cues(episode)
    page = Paginator(ordered, PER_PAGE).get_page(number)
    first, behind = max(page.start_index() - 1, 0), page.end_index()
    cues = read(ordered[max(first - 1, 0) : behind + 1])  # with those before and after the page
    # Rows may have been removed since they were counted.
    before = cues.pop(0).start_seconds if page.has_previous() and cues else None
    after = cues.pop().start_seconds if page.has_next() and cues else None
    shown = _passages(episode, cues, before, second)
    begun = {row.chapter.pk for row in shown if row.chapter}
    return TranscriptPage(
        page=page,
        passages=shown,
        chapters=[
            (chapter, f"#chapter-{chapter.start_seconds}" if chapter.pk in begun else address_of(chapter.start_seconds))
            for chapter in episode.chapters
        ],
        start=None if before is None or not cues else int(cues[0].start_seconds),
        end=None if after is None else int(after),
    )


def _passages(episode, cues, before, second):
    """Return the `ShownPassage`s of the cues of a page. A chapter that began with an earlier cue isn't named again."""
    chapters = episode.chapters
    if before is not None:
        chapters = [chapter for chapter in chapters if chapter.start_seconds > before]
    there = None if second is None else max(bisect_right([cue.start_seconds for cue in cues], second + 0.999) - 1, 0)
    shown, used, number = [], set(), 0
    for passage in passages(cues, [chapter.start_seconds for chapter in chapters]):
        rows = []
        for cue in passage.cues:
            anchor = anchor_at(cue.start_seconds)
            rows.append(ShownCue(cue, "" if anchor in used else anchor, is_there=number == there))
            used.add(anchor)
            number += 1
        href = episode.link_at(int(passage.start_seconds)) if episode.can_be_heard else ""
        chapter = None if passage.chapter is None else chapters[passage.chapter]
        shown.append(ShownPassage(passage, rows, href, chapter))
    return shown


def _seconds(seconds):
    """Format seconds for programs, to the millisecond: 391, 391.25."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".")
