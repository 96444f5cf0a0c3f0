"""Edits that a margin comment suggests: accepted one by one, by saving the draft with them, or dismissed."""

from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext

from articles.models import TOMBSTONE, WITHHELD, Comment, Notice, Revision, Section, SuggestedEdit
from articles.workflow import notifications
from articles.workflow.history import rows
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    compare_and_set,
    contributes,
    lock_article,
    name_of,
    record,
    transition,
)

from . import comments, margin

LONGEST = 5_000  # characters of a replacement
Outcome = SuggestedEdit.Outcome
_TITLE_MAX = Revision._meta.get_field("title").max_length
_HEADING_MAX = Section._meta.get_field("heading").max_length


class NotAsWritten(InvalidTransition):
    """The words to replace are only how readers see the passage; `exact` is how it is written."""

    def __init__(self, exact):
        self.exact = exact
        super().__init__(
            gettext(
                "The passage has timestamps or formatting: it is written as below. Write the suggested text like that."
            )
        )


class NotAccepted(InvalidTransition):
    """The edit can't be accepted: it was decided already or erased, or its passage has changed."""


@transition
def suggest(revision, *, by, passage, replacement, text=""):
    """Suggest `replacement` for a passage of `revision`, "" to delete it, with a comment; return the thread's first one."""
    if replacement == passage.quote.exact:
        raise InvalidTransition(gettext("The suggested text is what the passage says already."))
    is_erased = TOMBSTONE in (replacement, passage.quote.exact)  # as `SuggestedEdit.is_erased`
    if is_erased or WITHHELD in replacement:
        message = gettext("“%(words)s” replaces text that was erased. Choose a longer passage, or other words.")
        raise InvalidTransition(message % {"words": TOMBSTONE if is_erased else WITHHELD})
    most = LONGEST
    if passage.is_heading:
        most = _HEADING_MAX if passage.section_key else _TITLE_MAX
        if "\n" in replacement:
            raise InvalidTransition(gettext("A heading is a single line."))
    if len(replacement) > most:
        raise InvalidTransition(gettext("Write at most %(most)s characters.") % {"most": most})
    thread = margin.comment(revision, by=by, text=text.strip() or gettext("Suggested edit"), passage=passage)
    rows.record_new(SuggestedEdit.objects.create(comment=thread, replacement=replacement))
    return thread


def comment_or_suggest(revision, *, by, text, passage, words, replacement="", is_deletion=False):
    """Comment on a passage that was chosen by `words`, or suggest an edit of it, as a form says; return the thread.

    A `replacement` that is empty or the same suggests nothing. Raises `NotAsWritten` if the words are only how readers
    see the passage, since a replacement has to keep its timestamps and formatting, or say that they go.
    """
    replacement = replacement.replace("\r\n", "\n").replace("\0", "\ufffd").strip()
    exact = passage.quote.exact
    if not is_deletion and replacement in {"", exact.strip(), words.strip()}:
        return margin.comment(revision, by=by, text=text, passage=passage)
    if exact.strip() != words.replace("\r\n", "\n").strip():
        raise NotAsWritten(exact)
    return suggest(revision, by=by, passage=passage, replacement="" if is_deletion else replacement, text=text)


def with_edit(content, thread):
    """Return `content` with the edit that `thread` suggests.

    Raises `NotAccepted` if its passage has changed, or the title or heading would be too long with it.
    """
    located = margin.locate(thread, margin.fields_of(content))
    if located.is_gone:
        raise NotAccepted(gettext("The text no longer has the passage that this edit replaces."))
    if not located.is_same:
        raise NotAccepted(
            gettext("The passage has changed since this edit was suggested. It now says: %(words)s")
            % {"words": located.words}
        )
    field = located.field
    text = field.text[: located.start] + thread.edit.replacement + field.text[located.end :]
    most = _HEADING_MAX if field.section_key else _TITLE_MAX
    if field.is_heading and len(text) > most:
        message = gettext("This line would have %(count)s characters with the edit; at most %(most)s are allowed.")
        raise NotAccepted(message % {"count": len(text), "most": most})
    if field.section_key is None:
        return replace(content, **{"title" if field.is_heading else "lead": text})
    name = "heading" if field.is_heading else "body"
    sections = (
        replace(section, **{name: text}) if section.key == field.section_key else section
        for section in content.sections
    )
    return replace(content, sections=tuple(sections))


@transition
def accept(thread, content, *, by, save):
    """Save `content` with the edit that `thread` suggests, and return the draft that `save` makes of it.

    `save` is a function of a content that saves it as the workflow does, with its checks, and returns the draft. Whoever
    suggested the edit has written part of the draft from then on, and so can't approve it. A text in review stays
    without the edit, so it can't be accepted elsewhere meanwhile.
    """
    lock_article(thread.revision.article)
    edit = _open_edit(thread)
    if edit.is_erased:
        raise NotAccepted(gettext("What this edit suggests was erased, at least in part, so it can’t be accepted."))
    for revision in comments.in_review(thread):
        message = gettext("Revision %(number)s is in review without this edit: wait for the decision, or withdraw it.")
        raise NotAccepted(message % {"number": revision.number})
    draft = save(with_edit(content, thread))
    if thread.by is not None:
        contributes(draft, thread.by)
    _decide(thread, edit, by, outcome=Outcome.ACCEPTED, accepted_in=draft)
    note = gettext("by %(name)s") % {"name": thread.by_name}
    record(draft.article, draft, Action.EDIT_ACCEPTED, by, note)
    notifications.notify(
        Notice.Kind.COMMENTED,
        gettext("%(by)s accepted your suggested edit in “%(title)s” (revision %(number)s).")
        % {"by": name_of(by), "title": draft.title, "number": draft.number},
        revision=draft,
        users=[thread.by],
        actor=by,
    )
    return draft


@transition
def dismiss(thread, *, by, during=None):
    """Dismiss the edit that `thread` suggests and resolve it; `during` is as in `comments.resolve`."""
    lock_article(thread.revision.article)
    comments.require_closing(thread, by, during=during)
    _decide(thread, _open_edit(thread), by, outcome=Outcome.DISMISSED)
    return thread


def _open_edit(thread):
    """The edit as it is stored now. Raises `NotAccepted` if it was decided."""
    edit = SuggestedEdit.objects.select_related("comment").get(comment=thread)
    if not edit.is_open:
        raise NotAccepted(
            gettext("%(name)s has already decided on this edit: %(outcome)s.")
            % {"name": edit.decided_by_name, "outcome": edit.get_outcome_display()}
        )
    return edit


def _decide(thread, edit, by, **outcome):
    now = timezone.now()
    with rows.recorded(SuggestedEdit, [edit.pk]):
        compare_and_set(
            SuggestedEdit.objects.filter(outcome=Outcome.OPEN),
            edit,
            decided_at=now,
            decided_by=by,
            decided_by_name=name_of(by),
            **outcome,
        )
    with rows.recorded(Comment, [thread.pk]):
        compare_and_set(Comment.objects.unresolved(), thread, resolved_at=now, resolved_by_name=name_of(by))
