"""Working notes: what is said in the stretch of a recording that a section was begun from, next to the section's text.

They are read from the transcript for the page and are never part of the text, so that nothing of them can be published.
"""

from dataclasses import dataclass

from articles.core.recordings.stretches import stretch_of
from articles.core.timestamps import format_label
from articles.derived.recordings.key_passages import key_passages

from .mark_edits import mark_at

SECTIONS_MAX = 100  # with notes


@dataclass(frozen=True)
class Note:
    """A key passage, and the mark that cites it. Without scripts its button sends `action`."""

    id: str
    number: int
    start_seconds: int
    text: str
    mark: str
    action: str
    url: str
    is_cited: bool

    @property
    def label(self):
        return format_label(self.start_seconds)


@dataclass(frozen=True)
class Notes:
    """The notes of one section: the stretch it was begun from, where that can be heard, and its key passages."""

    episode: object
    title: str
    label: str
    url: str
    notes: tuple[Note, ...]

    @property
    def are_used(self):
        """Whether the section cites all of them."""
        return bool(self.notes) and all(note.is_cited for note in self.notes)


def notes_of(parts, episodes):
    """Return the `Notes` of those of `parts` that were begun from a stretch of one of `episodes`, {key: Episode}.

    As {anchor of the part's card: `Notes`}, of the first `SECTIONS_MAX`: more than any article begins with.
    """
    found = {}
    for part in parts:
        if len(found) < SECTIONS_MAX and (notes := _notes_of(part, episodes)):
            found[part.card.anchor] = notes
    return found


def _notes_of(part, episodes):
    """Return the `Notes` of a `ReadPart`, None if it wasn't begun from a stretch of one of `episodes`."""
    episode_pk, stretch = (part.section_key and stretch_of(part.section_key)) or (None, None)
    source = next((source for source in episodes.items() if source[1].pk == episode_pk), None)
    if source is None:
        return None
    default = next(iter(episodes.values()))
    episode, key = source[1], "" if source[1] is default else source[0]
    cited = {
        citation.start_seconds
        for text in part.part.rendered()
        for citation in text.citations
        if episodes.get(citation.key, default) is episode
    }
    notes = tuple(
        Note(
            id=f"{part.card.anchor.replace('card-', 'note-', 1)}-{number}",
            number=number,
            start_seconds=passage.start_seconds,
            text=passage.text,
            mark=mark_at(passage.start_seconds, key),
            action=f"append:{passage.start_seconds}:{key}:{part.fields['body']}",
            url=episode.link_at(passage.start_seconds),
            is_cited=passage.start_seconds in cited,
        )
        for number, passage in enumerate(key_passages(episode, stretch), 1)
    )
    end = stretch.known_end
    label = "–".join(format_label(second) for second in (stretch.start_seconds, end) if second is not None)
    title = next((chapter.title for chapter in episode.chapters if chapter.start_seconds == stretch.start_seconds), "")
    return Notes(episode, title, label, episode.link_at(stretch.start_seconds, end), notes)
