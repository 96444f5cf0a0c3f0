"""Comments in the margin of the text that is being edited, and what can be done about threads."""

from django.utils.translation import gettext, gettext_lazy

from articles.admin.editor.saving import drafts
from articles.admin.shared.helpers import typed
from articles.core.parsing.numbers import whole_number
from articles.core.text_quotes import spans_of
from articles.workflow.collaboration import comments, margin, suggested_edits

from .base import CHANGED, EvidenceAction, Refused

LONGEST = 5_000  # characters of a comment


class ThreadAction(EvidenceAction):
    """An action about comments on the revision that the form was loaded from."""

    needs_article = True

    @property
    def revision(self):
        """The revision that the form was loaded from. Raises `Refused` if the user can't see it."""
        revisions = self.article.revision_set.visible_to(self.by).prefetch_related("contributor_set")
        revision = revisions.filter(pk=whole_number(self.form.loaded_from[0])).first()
        if revision is None:
            raise Refused(CHANGED)
        return revision

    def thread(self, pk):
        """The thread with this key that belongs to the form's text. Raises `Refused` if there is none."""
        thread = drafts.thread_of(self.form, pk)
        if thread is None:
            raise Refused(CHANGED)
        self.outcome.anchor = f"thread-{thread.pk}"
        return thread

    def text(self, name):
        text = typed(self.form.data, name)
        if len(text) > LONGEST:
            raise Refused(gettext("Write at most %(most)s characters.") % {"most": LONGEST})
        return text


class CommentOnPassage(ThreadAction):
    """Comment on the passage in `evidence_quote`, with what is around it in `evidence_before` and `evidence_after`.

    With another text in `evidence_replacement`, or `evidence_delete`, it suggests an edit.
    """

    name = "comment"

    def run(self, *_):
        revision = self.revision
        fields = margin.fields_of(revision, revision.section_set.all())
        around = {name: self.form.data.get(f"evidence_{name}", "") for name in ("before", "after")}
        text = self.text("evidence_remark")
        words = typed(self.form.data, "evidence_quote")
        passage = self.chosen(fields, words, around)
        replacement = self.form.data.get("evidence_replacement", "")
        edit = {"replacement": replacement, "is_deletion": "evidence_delete" in self.form.data}
        try:
            thread = suggested_edits.comment_or_suggest(
                revision, by=self.by, text=text, passage=passage, words=words, **edit
            )
        except suggested_edits.NotAsWritten as refusal:
            self.form.data["evidence_quote"] = refusal.exact
            raise
        for name in ("quote", "before", "after", "remark", "replacement"):
            self.form.data[f"evidence_{name}"] = ""
        self.form.data.pop("evidence_delete", None)
        self.form.data["evidence_threads"] = "open"
        self.outcome.anchor = f"thread-{thread.pk}"
        return gettext("Comment added.")

    def chosen(self, fields, words, around):
        """The passage of the stored text, which the record then quotes. Raises `Refused` if it was only typed so far."""
        try:
            return margin.choose(fields, words, **around)
        except margin.NotInText as refusal:
            typed_texts = [self.form.text["title"].value() or "", *(text for _, text in self.form.texts())]
            if any(spans_of(words, text) for text in typed_texts):
                raise Refused(gettext("This passage isn’t saved yet. Save the draft, then comment on it.")) from refusal
            raise


class Reply(ThreadAction):
    """Reply in a thread with what was typed next to it."""

    name = "reply"

    def run(self, pk):
        comments.answer(self.thread(pk), by=self.by, text=self.text(f"evidence_reply-{int(pk)}"))
        return gettext("Reply added.")


class Resolve(ThreadAction):
    name = "resolve"
    act, message = staticmethod(comments.resolve), gettext_lazy("Comment resolved.")

    def run(self, pk):
        self.act(self.thread(pk), by=self.by, during=self.revision)
        return str(self.message)


class Reopen(Resolve):
    name = "reopen"
    act, message = staticmethod(comments.reopen), gettext_lazy("Comment reopened.")


class DismissEdit(ThreadAction):
    """Dismiss the edit that a comment suggests."""

    name = "dismiss_edit"

    def run(self, pk):
        thread = self.thread(pk)
        if not hasattr(thread, "edit"):
            raise Refused(CHANGED)
        suggested_edits.dismiss(thread, by=self.by, during=self.revision)
        return gettext("Suggested edit dismissed.")


class ShowThreads(EvidenceAction):
    """Show the open, the resolved or all comments."""

    name = "threads"
    is_question = True

    def run(self, chosen):
        self.form.data["evidence_threads"] = chosen
        self.outcome.read_again()
        self.outcome.anchor = "threads"
        count = sum(len(threads) for threads in self.outcome.reading.panel.discussion.by_card.values())
        return gettext("Comments shown: %(count)s") % {"count": count}


ACTIONS = (CommentOnPassage, Reply, Resolve, Reopen, DismissEdit, ShowThreads)
