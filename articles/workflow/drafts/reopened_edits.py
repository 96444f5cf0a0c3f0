"""Suggested edits that were decided on, opened again: on request, or once the draft that had them no longer does."""

from django.utils.translation import gettext

from articles.core.text_quotes import TextQuote, is_there
from articles.models import Comment, Notice, SuggestedEdit
from articles.workflow import notifications
from articles.workflow.history import rows
from articles.workflow.transitions import compare_and_set

from .lineage import continued_by

Outcome = SuggestedEdit.Outcome


def open_undone(draft, content, *, by):
    """Open the edits accepted in `draft`, or in a text that it continues, that were undone in `content`, which `by` saves.

    Returns how many. One query if none were accepted.
    """
    accepted = _accepted(accepted_in__article=draft.article_id)
    texts = continued_by(draft) if accepted else ()
    undone = [edit for edit in accepted if edit.accepted_in_id in texts and is_undone(edit, content)]
    for edit in undone:
        _open(draft, edit, by)
    return len(undone)


def open_discarded(draft, *, by):
    """Open the edits accepted in `draft`, which `by` discards, that were suggested for other texts: these lack them."""
    for edit in _accepted(accepted_in=draft).exclude(comment__revision=draft):
        if not edit.is_erased:
            _open(draft, edit, by)


def is_undone(edit, content):
    """Whether the passage that `edit` replaces is in `content` as it was, and what the edit made of it isn't.

    Of an edit that was erased nobody can say so.
    """
    if edit.is_erased:
        return False
    comment, passage = edit.comment, edit.comment.passage
    text = _text_of(content, comment.section_key, passage.is_heading)
    before = TextQuote(comment.quote, passage.prefix, passage.suffix, passage.start)
    after = TextQuote(edit.replacement, passage.prefix, passage.suffix, passage.start)
    is_part = edit.replacement in comment.quote  # it is there either way
    return is_there(before, text) and (is_part or not is_there(after, text))


def reopen(thread):
    """Open a resolved thread; return whether it was resolved. Runs in the caller's transaction."""
    resolved = Comment.objects.filter(parent=None, resolved_at__isnull=False)
    with rows.recorded(Comment, [thread.pk]):
        return compare_and_set(resolved, thread, resolved_at=None, resolved_by_name="")


def open_again(edit):
    """Let an edit be decided on once more. Runs in the caller's transaction."""
    undecided = {"decided_at": None, "decided_by": None, "decided_by_name": "", "accepted_in": None}
    with rows.recorded(SuggestedEdit, [edit.pk]):
        compare_and_set(SuggestedEdit.objects.all(), edit, outcome=Outcome.OPEN, **undecided)


def _accepted(**about):
    accepted = SuggestedEdit.objects.filter(**about, outcome=Outcome.ACCEPTED)
    return accepted.select_related("comment__passage", "comment__by")


def _open(draft, edit, by):
    open_again(edit)
    reopen(edit.comment)
    notifications.notify(
        Notice.Kind.COMMENTED,
        gettext("“%(title)s” (revision %(number)s) no longer has your suggested edit: it can be accepted again.")
        % {"title": draft.title, "number": draft.number},
        revision=edit.comment.revision,
        users=[edit.comment.by],
        actor=by,
    )


def _text_of(content, section_key, is_heading):
    """The title, the lead, or the heading or body of a section; "" if the section is gone."""
    if section_key is None:
        return content.title if is_heading else content.lead
    section = next((section for section in content.sections if section.key == section_key), None)
    if section is None:
        return ""
    return section.heading if is_heading else section.body
