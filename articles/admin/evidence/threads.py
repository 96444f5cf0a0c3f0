"""Open review comments next to the sentences that they are about, in the text that an author works on."""

from dataclasses import dataclass

from rapidfuzz import fuzz

from articles.core.language import sentences
from articles.core.markdown import visible_links
from articles.core.timestamps import Lines
from articles.models import Comment

from .claims import Place, place_in

SIMILAR = 60  # from this ratio (0 to 100) on, a sentence counts as the one commented on, edited since


@dataclass(frozen=True)
class Thread:
    """An open thread at its place in the text. `is_found` is False if the sentence commented on is no longer there."""

    id: str
    comment: Comment
    answers: list
    place: Place
    is_found: bool

    is_flagged = False  # a person's remark isn't an issue of the text


def threads(parts, revisions):
    """Return {anchor of a part's card: [`Thread`]} for the open threads on `revisions` (primary keys). Two queries.

    Threads on the whole revision, and on sections that the text no longer has, come with the first part.
    """
    by_card = {}
    if not revisions:
        return by_card
    open_threads = Comment.objects.unresolved().filter(revision__in=revisions).select_related("revision")
    for comment in open_threads.prefetch_related("answers"):
        part, place, is_found = _place(comment, parts)
        thread = Thread(f"thread-{comment.pk}", comment, list(comment.answers.all()), place, is_found)
        by_card.setdefault(part.card.anchor, []).append(thread)
    return by_card


def _place(comment, parts):
    """Return the part that `comment` is about, its `Place` in it, and whether what it quotes is still there."""
    part = next((part for part in parts if part.section_key and part.section_key == comment.section_key), parts[0])
    start, end = _quoted(comment.quote, part.body) if comment.change else (0, 0)
    is_found = end > 0 if comment.change else part.section_key == comment.section_key
    line, column = Lines(part.body).place(start)
    return part, place_in(part, part.fields["body"], start, end - start, line, column), is_found


def _quoted(quote, body):
    """Return the span of the sentence of `body` that is or was `quote`; (0, 0) if there is none."""
    spans = sentences.split(body)
    for start, end in spans:
        if visible_links(body[start:end]) == quote:
            return start, end
    scored = [(fuzz.ratio(visible_links(body[start:end]), quote), start, end) for start, end in spans]
    best, start, end = max(scored, default=(0, 0, 0))
    return (start, end) if best >= SIMILAR else (0, 0)
