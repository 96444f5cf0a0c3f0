"""The comments on a revision, each where the page shows what it is about."""

from dataclasses import dataclass, field

from django.db.models import F, Q
from rapidfuzz import fuzz

from articles.admin.evidence.threads import SIMILAR, edit_runs
from articles.core.markdown import plain_heading
from articles.models import Comment
from articles.views.diff import Fold
from articles.workflow.collaboration import comments, margin
from articles.workflow.publishing.reviews import mark_reasons


@dataclass
class Discussion:
    """The threads of a revision: first comments, each with its `replies`. `apart` are those that fit no place shown.

    `chosen` says which of them the page shows: "open", "resolved", or "" for all.
    """

    threads: list = field(default_factory=list)
    apart: list = field(default_factory=list)
    chosen: str = ""

    @property
    def unresolved(self):
        return [thread for thread in self.threads if thread.resolved_at is None]

    @property
    def resolved(self):
        return [thread for thread in self.threads if thread.resolved_at is not None]

    @property
    def shown(self):
        return {"open": self.unresolved, "resolved": self.resolved}.get(self.chosen, self.threads)


def discussion(revision, shown, chosen, elsewhere):
    """The `Discussion` of a revision, with the threads that were open when it was submitted from the rounds before it.

    Adds each thread that is `chosen` to the change or section in `shown` that it is about, and to a margin comment
    where its passage is now (`located`). Those of changes that are `elsewhere`, on another page, are apart too. Marks
    the reasons of an acceptance in part. Two queries, one for a revision that continues no other; one more for passages.
    """
    result = Discussion(chosen=chosen)
    by_pk = {}
    earlier = Q(parent=None, resolved_at=None) | Q(parent__isnull=False)
    if revision.submitted_at:
        earlier |= Q(resolved_at__gte=revision.submitted_at)
    found = Comment.objects.filter(Q(revision=revision) | earlier, comments.discussion_of(revision))
    found = found.select_related("passage", "edit__accepted_in").defer("edit__accepted_in__lead")
    for comment in found.annotate(round=F("revision__number")):
        if comment.parent_id is None:
            comment.replies, comment.comment_target = [], f"thread:{comment.pk}"
            by_pk[comment.pk] = comment
            result.threads.append(comment)
        elif comment.parent_id in by_pk:
            by_pk[comment.parent_id].replies.append(comment)
    _locate(result.threads, revision)
    changes = {change.id: change for change in shown.changes} if shown else {}
    sections = {section.key: section for section in sections_of(shown)}
    for thread in result.shown:
        place = _place_of(thread, revision, changes, sections)
        (place.threads if place else result.apart).append(thread)
    mark_reasons(result.threads, revision)
    result.apart += [thread for change in elsewhere for thread in change.threads]
    return result


def _locate(threads, revision):
    """Set `located` on margin comments, where their passage is in `revision`, and `edit_runs` if they suggest an edit."""
    in_margin = [thread for thread in threads if hasattr(thread, "passage")]
    fields = margin.fields_of(revision, revision.section_set.all()) if in_margin else ()
    for thread in in_margin:
        thread.located = margin.locate(thread, fields)
        if hasattr(thread, "edit"):
            thread.edit_runs = edit_runs(thread.quote, thread.edit)


def _place_of(thread, revision, changes, sections):
    """The change or section shown that `thread` is about, None if there is none."""
    if hasattr(thread, "passage"):
        is_left = thread.located.field is None
        return None if is_left else sections.get(str(thread.located.field.section_key or ""))
    section = sections.get(str(thread.section_key))
    place = changes.get(thread.change) if thread.change else section
    if place is None and thread.revision_id != revision.pk:
        place = _edited_since(thread, changes.values()) or section
    return place


def _edited_since(thread, changes):
    """The change to the sentence that `thread` quotes, which has been edited since; None if there is none."""
    in_section = [change for change in changes if change.section_key == str(thread.section_key or "")]
    scored = [(fuzz.ratio(change.quote, thread.quote), change) for change in in_section if thread.change]
    best, change = max(scored, key=lambda item: item[0], default=(0, None))
    return change if best >= SIMILAR else None


def comment_targets(revision):
    """The sections of a text without a comparison, as [(place, heading)] for the comment form."""
    sections = revision.section_set.values_list("key", "heading")
    return [(f"section:{key}", plain_heading(heading)) for key, heading in sections]


def sections_of(shown):
    """All sections of a comparison, folded or not."""
    for entry in shown.sections if shown else []:
        yield from entry.sections if isinstance(entry, Fold) else [entry]
