"""Margin comments: threads on a passage of a text, placed in whatever text continues it."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext, ngettext

from articles.core.text_quotes import ALONE, EXACT_MAX, OFTEN, TextQuote, agreement, find, quote_at, spans_of
from articles.models import CommentedPassage
from articles.workflow.history import rows
from articles.workflow.transitions import InvalidTransition, require_reason, transition

from . import comments


@dataclass(frozen=True)
class Field:
    """A text of an article's content: the title, the lead, or the heading or body of a section."""

    section_key: UUID | None
    is_heading: bool
    text: str


@dataclass(frozen=True)
class Passage:
    """A passage of a `Field` by its words and surroundings."""

    section_key: UUID | None
    is_heading: bool
    quote: TextQuote


@dataclass(frozen=True)
class Located:
    """Where a passage is in a text: its field, None if that is gone, and its span in there.

    The words there aren't those commented on if not `is_same`; the span is (0, 0) if they are gone.
    """

    field: Field | None
    start: int = 0
    end: int = 0
    is_same: bool = False

    @property
    def is_gone(self):
        return self.end == 0

    @property
    def words(self):
        return self.field.text[self.start : self.end] if self.field else ""


class NotInText(InvalidTransition):
    """The text doesn't have the passage."""


def fields_of(content, sections=None):
    """Return the `Field`s of `content`, in order; sections that were never saved have no key, so aren't among them.

    `content` is a `Content` or a revision, whose `sections` (rows or contents) are given.
    """
    fields = [Field(None, True, content.title), Field(None, False, content.lead)]
    for section in content.sections if sections is None else sections:
        if section.key is not None:
            fields += [Field(section.key, True, section.heading), Field(section.key, False, section.body)]
    return fields


def choose(fields, words, *, before="", after=""):
    """Return the `Passage` of `fields` that consists of `words`, with these words `before` and `after` it.

    Raises `InvalidTransition`, saying what to do, if there is none or more than one.
    """
    if len(words) > EXACT_MAX:
        raise InvalidTransition(gettext("Choose a passage of at most %(most)s characters.") % {"most": EXACT_MAX})
    require_reason(words, gettext("Choose a passage to comment on."))
    literal = [field for field in fields if words.strip() in field.text]
    found = [(field, start, end) for field in literal or fields for start, end in spans_of(words, field.text)]
    if not found:
        raise NotInText(gettext("The text doesn’t have this passage. Copy it as it is in the text."))
    if len(found) > OFTEN or (len(found) > 1 and not (before or after)):
        message = ngettext(
            "The text has this passage %(count)s time.",
            "The text has this passage %(count)s times. Copy a few more words, so that there is only one.",
            len(found),
        )
        raise InvalidTransition(message % {"count": len(found)})
    field, start, end = max(found, key=lambda place: agreement(place[0].text, *place[1:], before, after))
    return Passage(field.section_key, field.is_heading, quote_at(field.text, start, end))


@transition
def comment(revision, *, by, text, passage):
    """Open a thread on a passage of `revision`, which may be a draft, and return its first comment."""
    comments.require_discussing(revision, by)
    require_reason(text, gettext("Write a comment first."))
    if revision.erased_at is not None:
        raise InvalidTransition(gettext("The text was erased."))
    thread = comments.start(revision, by, text, section_key=passage.section_key, quote=passage.quote.exact)
    stored = CommentedPassage.objects.create(
        comment=thread,
        is_heading=passage.is_heading,
        prefix=passage.quote.prefix,
        suffix=passage.quote.suffix,
        start=passage.quote.start,
    )
    rows.record_new(stored)
    return thread


def locate(thread, fields):
    """Return where the passage of `thread`, a margin comment, is `Located` in a text with these `fields`.

    A passage that isn't in its field as it was may have been moved to another one, if it is long enough to tell.
    """
    passage = thread.passage
    quote = TextQuote(thread.quote, passage.prefix, passage.suffix, passage.start)
    place = (thread.section_key, passage.is_heading)
    own = next((field for field in fields if (field.section_key, field.is_heading) == place), None)
    found = find(quote, own.text) if own else None
    if (found is None or not found.is_same) and len(quote.exact) >= ALONE:
        for field in fields:
            if quote.exact in field.text:
                moved = find(quote, field.text)
                return Located(field, moved.start, moved.end, is_same=True)
    return Located(own, found.start, found.end, found.is_same) if found else Located(own)
