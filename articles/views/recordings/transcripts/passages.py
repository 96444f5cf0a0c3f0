"""One page of a transcript as it is read, by readers and editors alike: passages, chapters, and what cites them."""

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import Count

from articles.core.recordings import transcripts
from articles.core.recordings.people import name_of
from articles.core.recordings.transcripts.passages import Passage, passages
from articles.derived.recordings.people import voices_of
from articles.models import Cue

PER_PAGE = 800  # cues at most; about forty minutes of captions
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
    """A passage on the page: who says it, its cues, where it can be heard, a chapter that begins with it, and `Note`s.

    For people who are allowed to correct its cues, the admin adds the ones that were or are being corrected, and the others.
    """

    passage: Passage
    speaker: str
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
            first = _cue_at(starts, citation.start_seconds)
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


@dataclass(frozen=True)
class Cut:
    """How a transcript is cut into pages: when its cues start, and the index of the first cue of each page."""

    starts: list
    begins: list

    @property
    def firsts(self):
        """The first second of each page, 0 for the first page."""
        return [0, *(int(self.starts[index]) for index in self.begins[1:])]

    def page_of(self, index):
        return bisect_right(self.begins, index)

    def page_with(self, second):
        """Return the number of the page that holds `second`."""
        return max(bisect_right(self.firsts, second), 1)


def cut_into_pages(episode, citations, most):
    """Return the `Cut` of the episode's transcript: pages of at most `PER_PAGE` cues, and of `most` of `citations`.

    A page has more citations only if they are of one cue, or of cues that start in the same second. Two queries.
    """
    starts = list(ordered_cues(episode).values_list("start_seconds", flat=True))
    cited = Counter()
    for second, count in citations.order_by().values_list("start_seconds").annotate(number=Count("pk")):
        cited[_cue_at(starts, second)] += count
    begins, on_page = [0], 0
    for index in range(len(starts)):
        is_full = index - begins[-1] >= PER_PAGE or on_page + cited[index] > most
        if is_full and index > begins[-1] and int(starts[index]) > int(starts[index - 1]):
            begins.append(index)
            on_page = 0
        on_page += cited[index]
    return Cut(starts, begins)


def read_page(episode, cut, number, *, second=None):
    """Return page `number` of the transcript, as a `TranscriptPage` without notes; the cue at `second` is marked.

    Two queries.
    """
    page = Paginator(cut.begins, 1).get_page(number)
    first, *following = cut.begins[page.number - 1 : page.number + 1]
    cues = list(ordered_cues(episode)[first : following[0] if following else None])
    shown = _passages(episode, cues, cut.starts[first - 1] if first else None, second)
    begun = {row.chapter.pk for row in shown if row.chapter}
    return TranscriptPage(
        page=page,
        passages=shown,
        chapters=[
            (chapter, f"#chapter-{chapter.start_seconds}" if chapter.pk in begun else _address_of(chapter, cut))
            for chapter in (episode.chapters if cut.starts else ())  # the cues may be gone by now
        ],
        firsts=cut.firsts,
    )


def _cue_at(starts, second):
    """Return the index of the last cue that has started by the end of `second`, or else of the first."""
    return max(bisect_right(starts, second + 0.999) - 1, 0)


def _address_of(chapter, cut):
    """Return the address of the first cue of a chapter, or of the last cue of all if the chapter begins after it."""
    index = min(bisect_left(cut.starts, chapter.start_seconds), len(cut.starts) - 1)
    return f"?page={cut.page_of(index)}#{anchor_at(cut.starts[index])}"


def _passages(episode, cues, before, second):
    """Return the `ShownPassage`s of the cues of a page. A chapter that began with an earlier cue isn't named again."""
    chapters = episode.chapters
    if before is not None:
        chapters = [chapter for chapter in chapters if chapter.start_seconds > before]
    there = None if second is None else _cue_at([cue.start_seconds for cue in cues], second)
    shown, used, number, names = [], set(), 0, voices_of(episode)
    for passage in passages(cues, [chapter.start_seconds for chapter in chapters]):
        rows = []
        for cue in passage.cues:
            anchor = anchor_at(cue.start_seconds)
            rows.append(ShownCue(cue, "" if anchor in used else anchor, is_there=number == there))
            used.add(anchor)
            number += 1
        href = episode.link_at(int(passage.start_seconds)) if episode.can_be_heard else ""
        chapter = None if passage.chapter is None else chapters[passage.chapter]
        shown.append(ShownPassage(passage, name_of(names, passage.speaker), rows, href, chapter))
    return shown


def _seconds(seconds):
    """Format seconds for programs, to the millisecond: 391, 391.25."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".")
