"""The feed of corrections: texts that took the place of a published one, and why."""

from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from articles.core.language import sentences
from articles.core.markdown import visible_links
from articles.core.revisions.diff import kind_label
from articles.workflow.collaboration.follow_ups import public_answers
from articles.workflow.history import audit_log, chain

from .latest import COUNT, Articles, clean, feed_title, tag_uri


class Corrections(Articles):
    """One entry for each time that a published article's text was replaced, with its public note and a link."""

    def title(self):
        return feed_title(_("corrections"))

    def description(self):
        return _("Articles whose published text was changed, and why.")

    def items(self):
        entries = list(audit_log.replacements()[:COUNT])
        self._heads = chain.heads_at((entry.article_id, entry.number) for entry in entries)
        self._answers = public_answers([entry.revision_id for entry in entries])
        return entries

    def item_title(self, entry):
        title = entry.article.published_revision.title
        return clean(_("%(title)s: revision %(number)s") % {"title": title, "number": entry.revision.number})

    def item_description(self, entry):
        page, replaced = escape(self.item_link(entry)), entry.replaced_number
        paragraphs = [escape(sentence) for sentence in self._sentences(entry)]
        if replaced not in {None, entry.revision.number} and entry.revision.erased_at is None:
            words = escape(_("Changes from revision %(number)s") % {"number": replaced})
            paragraphs.append(f'<a href="{page}#change-{replaced}">{words}</a>')
        paragraphs.append(f'<a href="{page}">{escape(_("Read this revision"))}</a>')
        return "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)

    def _sentences(self, entry):
        return _note_sentences(entry, self._answers.get(entry.revision_id))

    def item_link(self, entry):
        return self.origin + reverse("public_revision", args=[entry.article.slug, entry.revision.number])

    def item_guid(self, entry):
        return tag_uri(self.origin, entry.at, f"article/{entry.article_id}/change/{entry.number}")

    def item_pubdate(self, entry):
        return entry.at

    def item_updateddate(self, entry):
        return entry.revision.erased_at or entry.at

    def item_categories(self, entry):
        return ()

    def item_extra_kwargs(self, entry):
        # The language of a public note isn't recorded.
        return {
            "summary": sentences.join(self._sentences(entry)),
            "language": "",
            "review_and_notice": None,  # the text may be another by now
            "record": self._record(entry.article_id, entry.number),
        }


def _note_sentences(entry, answers):
    """Return what readers learn about a correction, as sentences: the public note, `answers` to readers whose requests
    led to it (None without any) and kinds of change, or the erasure.

    The kinds and answers are those of the revision when it was new, so a revert has none.
    """
    revision = entry.revision
    if revision.erased_at is not None:
        reason = visible_links(revision.erasure_reason)
        return [clean(_("This revision was erased: %(reason)s") % {"reason": reason})]
    kinds = ", ".join(_(kind_label(kind)) for kind in revision.change_kinds)
    kinds = _("Changes: %(kinds)s.") % {"kinds": kinds} if kinds else ""
    note = "" if answers is None else _("After a reader’s note.")
    rest = [note, *map(visible_links, answers or ()), kinds]
    if entry.is_revert:
        rest = [_("Reverted to this earlier text.")]
    return [clean(sentence) for sentence in (visible_links(entry.public_note), *rest) if sentence]
