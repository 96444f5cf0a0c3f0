"""Quotations of erased texts: found at the time of erasure, then redacted one by one, with the permission to erase."""

import re
from collections import defaultdict

from django.utils import timezone
from django.utils.translation import gettext

from articles.core.language.words import UNSPACED
from articles.derived import republish
from articles.models import (
    Article,
    Comment,
    CorrectionRequest,
    Dismissal,
    Exemption,
    LogEntry,
    Notice,
    Quotation,
    Review,
    Revision,
)
from articles.workflow.history import audit_log
from articles.workflow.transitions import Action, InvalidTransition, lock_article, name_of, record, require, transition

RUN = 8  # this many identical words in a row aren't a coincidence
SHORT = 4  # a text shorter than a run is matched as a whole if it has at least this many words
Kind = Quotation.Kind
# Where people's remarks are stored: model, fields, and the path to the article.
REMARKS = {
    Kind.COMMENT: (Comment, ("text", "quote"), "revision__article"),
    Kind.CHALLENGE: (CorrectionRequest, ("section_heading", "claim", "text", "answer"), "article"),
    Kind.LOG: (LogEntry, ("note",), "article"),
    Kind.REVIEW: (Review, ("comment",), "revision__article"),
    Kind.NOTICE: (Notice, ("text",), "article"),
    Kind.DISMISSAL: (Dismissal, ("note",), "article"),
    Kind.EXEMPTION: (Exemption, ("reason",), "article"),
}
TEXTS = ("title", "lead", "edit_summary", "public_note")
# A timestamp is part of the text but not of the sentence quoted from it.
_MARK = re.compile(r"\[[^\[\]\n]*\d:\d\d[^\[\]\n]*\]")
# In scripts without spaces each character counts as a word.
_WORD = re.compile(rf"[{UNSPACED}]|[^\W_]+")


class ErasedText:
    """The runs of words in some texts, to find out whether another text contains any of them."""

    def __init__(self, texts):
        self.runs = defaultdict(set)
        for text in texts:
            words = _words(text)
            if len(words) >= SHORT:
                length = min(RUN, len(words))
                self.runs[length].update(_runs(words, length))

    def without(self, others):
        """Remove the runs that `others`, a list of texts, contain too, and return self."""
        words = [_words(text) for text in others]
        for length, known in self.runs.items():
            for text in words:
                known.difference_update(_runs(text, length))
        return self

    def are_in(self, text):
        words = _words(text)
        return any(not known.isdisjoint(_runs(words, length)) for length, known in self.runs.items() if known)


def passages_of(revision):
    """Return the `ErasedText` of an unpublished revision, minus what the published text also says: that may be quoted anyway."""
    published = revision.article.published_revision
    return ErasedText(texts_of(revision)).without(texts_of(published) if published else [])


def texts_of(revision):
    own = [getattr(revision, name) for name in TEXTS]
    return own + [text for section in revision.section_set.all() for text in (section.heading, section.body)]


def keep(revision, passages):
    """Store a `Quotation` for every place on the site that quotes the `passages` of the erased revision."""
    quotations = []
    for kind, (model, fields, _) in REMARKS.items():
        for pk, *texts in model._base_manager.values_list("pk", *fields).order_by("pk").iterator():
            quoting = [name for name, text in zip(fields, texts, strict=True) if text and passages.are_in(text)]
            if quoting:
                quotations.append(Quotation(revision=revision, kind=kind, row=pk, fields=quoting))
    others = Revision.objects.filter(article=revision.article_id, erased_at=None).exclude(pk=revision.pk)
    for other in others.prefetch_related("section_set").order_by("pk"):
        if any(passages.are_in(text) for text in texts_of(other)):
            quotations.append(Quotation(revision=revision, kind=Kind.REVISION, row=other.pk))
    Quotation.objects.bulk_create(quotations)


@transition
def redact(quotation, *, by):
    """Replace a quotation of an erased text with a tombstone and record that in its article's log.

    A redacted log entry keeps its digest, and so the chain stays intact: the new entry, which names the old one, tells
    `audit_log.verify` that the redaction was legitimate.
    """
    require(by, "articles.erase_revision", gettext("redact quotations"))
    if quotation.kind == Kind.REVISION:
        raise InvalidTransition(gettext("This is another revision. Erase it, or edit the draft."))
    model, _, path = REMARKS[quotation.kind]
    article = Article.objects.filter(pk__in=model._base_manager.filter(pk=quotation.row).values(path)).first()
    if article is None:
        raise InvalidTransition(gettext("This quotation no longer exists; there is nothing to redact."))
    lock_article(article)
    redaction = {"redacted_at": timezone.now(), "redacted_by_name": name_of(by)}
    if not Quotation.objects.filter(pk=quotation.pk, redacted_at=None).update(**redaction):
        raise InvalidTransition(gettext("This quotation has already been redacted."))
    # The same words may quote several erased texts.
    Quotation.objects.filter(kind=quotation.kind, row=quotation.row, fields=quotation.fields, redacted_at=None).update(
        **redaction
    )
    # Records can't be changed through their own managers; the database permits only a tombstone.
    model._base_manager.filter(pk=quotation.row).update(**dict.fromkeys(quotation.fields, audit_log.TOMBSTONE))
    note = f"{quotation.kind} {quotation.row}"
    if quotation.kind == Kind.LOG:
        note = audit_log.redaction_of(LogEntry.objects.get(pk=quotation.row))
    erased = quotation.revision if quotation.revision.article_id == article.pk else None
    record(article, erased, Action.REDACTED, by, note)
    quotation.refresh_from_db()
    if article.published_revision_id:
        republish(article, with_related=False)
    return quotation


def _words(text):
    return _WORD.findall(_MARK.sub(" ", text).casefold())


def _runs(words, length):
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}
