"""One page of a transcript as it is read, by readers and editors alike: passages, chapters, and what cites them."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import Q

from articles.core.recordings import transcripts
from articles.core.recordings.transcripts.passages import Passage, passages
from articles.models import Cue

PER_PAGE = 800  # cues; about forty minutes of captions
NOTE_HEIGHT = 250  # characters of a passage that take up as much room as a note beside them
NOTES_MIN = 2  # of a passage, in view


@dataclass
class ShownCue:
    """A cue on the page; `anchor` is "" if one before it starts in the same second. `row` is its database row."""

    row: Cue
    anchor: str
    is_cited: bool = False
    is_there: bool = False

    @property
    def start(self):
        return _seconds(self.row.start_seconds)

    @property
    def end(self):
        return _seconds(self.row.end_seconds)


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
    """A passage on the page: its cues, where it can be heard, a chapter that begins with it, and `Note`s.

    For those who may correct its cues, the admin adds the ones that were or are being corrected, and the others.
    """

    passage: Passage
    cues: list
    href: str
    chapter: object = None
    notes: list = field(default_factory=list)
    cues_corrected: list = field(default_factory=list)
    cues_correctable: list = field(default_factory=list)

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

    `firsts` are the first seconds of all pages, 0 for the first: a second belongs to the page of the last cue that has
    started by its end. `chapters` are pairs of a chapter and where it begins.
    """

    page: Page
    passages: list
    chapters: list
    firsts: list

    def cited(self, citations):
        """Return those of `citations`, a query set, that start on this page."""
        first, *following = self.firsts[self.page.number - 1 :]
        citations = citations.filter(start_seconds__gte=first)
        return citations.filter(start_seconds__lt=following[0]) if following else citations

    def add(self, citations, note):
        """Put `citations` next to what they cite; `note` makes the `Note` of a citation with the anchor of a cue."""
        rows = [(cue, passage) for passage in self.passages for cue in passage.cues]
        starts = [cue.row.start_seconds for cue, _ in rows]
        for citation in citations if rows else ():
            # A cue that starts within the cited second is the one meant.
            first = max(bisect_right(starts, citation.start_seconds + 0.999) - 1, 0)
            cue, passage = rows[first]
            passage.notes.append(note(citation, anchor_at(cue.row.start_seconds)))
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


def page_of(cue):
    """Return the number of the page that holds `cue`."""
    cues = Cue.objects.filter(episode=cue.episode_id)
    before = Q(start_seconds__lt=cue.start_seconds) | Q(start_seconds=cue.start_seconds, pk__lt=cue.pk)
    return cues.filter(before).count() // PER_PAGE + 1


def read_page(episode, number, *, second=None):
    """Return page `number` of the transcript, as a `TranscriptPage` without notes; the cue at `second` is marked.

    Three queries.
    """
    ordered = ordered_cues(episode)
    starts = list(ordered.values_list("start_seconds", flat=True))
    page = Paginator(starts, PER_PAGE).get_page(number)
    first = max(page.start_index() - 1, 0)
    shown = _passages(episode, list(ordered[first : page.end_index()]), starts[first - 1] if first else None, second)
    begun = {row.chapter.pk for row in shown if row.chapter}
    return TranscriptPage(
        page=page,
        passages=shown,
        chapters=[
            (chapter, f"#chapter-{chapter.start_seconds}" if chapter.pk in begun else _address_of(chapter, starts))
            for chapter in (episode.chapters if starts else ())  # there may be none any more
        ],
        firsts=[0, *(int(start) for start in starts[PER_PAGE::PER_PAGE])],
    )


def _address_of(chapter, starts):
    """Return the address of the first cue of a chapter, or of the last cue of all if the chapter begins after it."""
    index = min(bisect_left(starts, chapter.start_seconds), len(starts) - 1)
    return f"?page={index // PER_PAGE + 1}#{anchor_at(starts[index])}"


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
