"""What people wrote about an erased text, or quoted from it: found at the time of erasure, and redacted."""

import re
from collections import defaultdict

from django.utils import timezone
from django.utils.translation import gettext

from articles.core.language.folding import folded_name
from articles.core.language.words import UNSPACED
from articles.derived import republish
from articles.derived.responses import stored
from articles.models import (
    Article,
    Comment,
    CorrectionRequest,
    Dismissal,
    Exemption,
    LogEntry,
    Notice,
    Quotation,
    RecordingChange,
    Review,
    Revision,
)
from articles.workflow.history import audit_log, rows
from articles.workflow.transitions import Action, InvalidTransition, lock_article, name_of, record, require, transition

from . import recordings

RUN = 8  # this many identical words in a row aren't a coincidence
SHORT = 4  # a text shorter than a run is matched as a whole if it has at least this many words
Kind = Quotation.Kind
# Where people's remarks are stored: model, fields, and the path to the article.
REMARKS = {
    Kind.COMMENT: (Comment, ("text", "quote"), "revision__article"),
    Kind.CHALLENGE: (CorrectionRequest, ("section_heading", "claim", "text", "answer"), "article"),
    Kind.LOG: (LogEntry, ("note",), "article"),
    Kind.REVIEW: (Review, ("comment",), "revision__article"),
    Kind.NOTICE: (Notice, ("text",), "article"),  # only of earlier erasures
    Kind.DISMISSAL: (Dismissal, ("note",), "article"),
    Kind.EXEMPTION: (Exemption, ("reason",), "article"),
}
TEXTS = ("title", "lead", "edit_summary", "public_note")
UNREAD = {"edit_summary"}  # of these, what readers aren't shown
# Readers are shown these reasons; whoever gives them is told not to repeat the text.
PUBLIC_REASONS = {Action.UNPUBLISHED, Action.ERASED}
# Entries whose notes the site wrote: numbers of revisions, times, addresses, topics and places.
WRITTEN_BY_SITE = {
    Action.STARTED, Action.MERGED, Action.WITHDRAWN, Action.MOVED, Action.SCHEDULED, Action.FILED, Action.REDACTED,
    Action.PRIORITY_CHANGED, Action.RECORDING_CHANGED, Action.RECORDING_PROPOSED, Action.RECORDING_REJECTED,
    Action.RECORDING_WITHDRAWN, Action.PUBLISHED_AS_RECEIVED, Action.VERSIONS_DISCARDED,
    Action.SHARED, Action.SHARING_ENDED, Action.EDIT_ACCEPTED,
}  # fmt: skip
# A timestamp is part of the text but not of the sentence quoted from it.
_MARK = re.compile(r"\[[^\[\]\n]*\d:\d\d[^\[\]\n]*\]")
# In scripts without spaces each character counts as a word.
_WORD = re.compile(rf"[{UNSPACED}]|[^\W_]+")


class ErasedText:
    """The runs of words in some texts, to find out whether another text contains any of them.

    `brief` has the texts that are too short to be matched on the whole site.
    """

    def __init__(self, texts):
        self.runs, self.brief = defaultdict(set), defaultdict(set)
        for text in texts:
            words = _words(text)
            if words:
                length = min(RUN, len(words))
                (self.runs if length >= SHORT else self.brief)[length].update(_runs(words, length))

    def without(self, others):
        """Remove the runs that `others`, a list of texts, contain too, and return self."""
        words = [_words(text) for text in others]
        for length, known in [*self.runs.items(), *self.brief.items()]:
            for text in words:
                known.difference_update(_runs(text, length))
        return self

    def are_in(self, text):
        return _contains(self.runs, text)

    def are_said_by(self, text):
        """Whether `text` contains one of the runs, or is one of the brief texts."""
        words = tuple(_words(text))
        return words in self.brief[len(words)] or self.are_in(text)

    def may_be_in(self, text):
        """Whether `text` contains one of the runs or a brief text, which may be a coincidence."""
        return self.are_in(text) or _contains(self.brief, text)


def passages_of(revision):
    """Return the `ErasedText` of an unpublished revision, minus what readers of the published text also read."""
    published = revision.article.published_revision
    claims = revision.citation_set.values_list("claim", flat=True)
    return ErasedText([*texts_of(revision), *claims]).without(texts_of(published, UNREAD) if published else [])


def texts_of(revision, without=frozenset()):
    """Return the texts of a revision, except the columns `without`."""
    own = [getattr(revision, name) for name in TEXTS if name not in without]
    return own + [text for section in revision.section_set.all() for text in (section.heading, section.body)]


def redact_all(revision, passages, about, *, by):
    """Redact what people wrote about the erased revision, and what quotes its `passages` anywhere on the site.

    `about` is {kind: keys of the rows that are about the revision}; these are redacted whatever they say. Each place
    gets a `Quotation`. Left for a person to decide are other revisions, public reasons, remarks elsewhere in the article
    with a brief text such as a title of one word, which may be a coincidence, and what a recording says as it is now.
    """
    redacted, left = [], []
    for kind, (model, fields, to_article) in REMARKS.items():
        if kind == Kind.NOTICE:
            continue
        is_log = kind == Kind.LOG
        rows = model._base_manager.order_by("pk").values_list("pk", to_article, "action" if is_log else "pk", *fields)
        for pk, article, action, *texts in rows.iterator():
            present = [
                (name, text)
                for name, text in zip(fields, texts, strict=True)
                if text and text != audit_log.TOMBSTONE and not (is_log and action == Action.REDACTED)
            ]
            quoting = [name for name, text in present if passages.are_in(text)]
            is_public = is_log and action in PUBLIC_REASONS
            if not is_public and pk in about.get(kind, ()):
                quoting = [name for name, _ in present]
            elif not quoting and article == revision.article_id:
                quoting, is_public = [name for name, text in present if passages.may_be_in(text)], True
            if quoting:
                (left if is_public else redacted).append(
                    Quotation(revision=revision, kind=kind, row=pk, fields=quoting)
                )
    for pk, paths in recordings.quoting(passages):
        is_kept = recordings.why_kept(RecordingChange.objects.get(pk=pk), paths)
        quotation = Quotation(revision=revision, kind=Kind.RECORDING, row=pk, fields=paths)
        (left if is_kept else redacted).append(quotation)
    others = Revision.objects.filter(article=revision.article_id, erased_at=None).exclude(pk=revision.pk)
    for other in others.prefetch_related("section_set").order_by("pk"):
        if any(passages.are_said_by(text) for text in texts_of(other)):
            left.append(Quotation(revision=revision, kind=Kind.REVISION, row=other.pk))
    Quotation.objects.bulk_create([*redacted, *left])
    articles = {_redact(quotation, by) for quotation in redacted} - {revision.article}
    for article in articles:
        republish(article, with_related=False)


@transition
def redact(quotation, *, by):
    """Replace a quotation of an erased text with a tombstone and record that in its article's log.

    A redacted log entry keeps its digest, and so the chain stays intact: the new entry, which names the old one, tells
    `audit_log.verify` that the redaction was legitimate.
    """
    require(by, "articles.erase_revision", gettext("redact quotations"))
    if quotation.kind == Kind.REVISION:
        raise InvalidTransition(gettext("This is another revision. Erase it, or edit the draft."))
    article = _redact(quotation, by)
    quotation.refresh_from_db()
    republish(article, with_related=False)
    stored.forget_all()
    return quotation


def _redact(quotation, by):
    """Redact and record, and return the article in whose log that is."""
    article = _article_of(quotation)
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
    if quotation.kind == Kind.RECORDING:
        recordings.redact(quotation.row, quotation.fields)
    else:
        # Records can't be changed through their own managers; the database permits only a tombstone.
        model = REMARKS[quotation.kind][0]
        with rows.recorded(model, [quotation.row]):
            model._base_manager.filter(pk=quotation.row).update(**dict.fromkeys(quotation.fields, audit_log.TOMBSTONE))
    note = f"{quotation.kind} {quotation.row}"
    if quotation.kind == Kind.LOG:
        note = audit_log.redaction_of(LogEntry.objects.get(pk=quotation.row))
    erased = quotation.revision if quotation.revision.article_id == article.pk else None
    record(article, erased, Action.REDACTED, by, note)
    return article


def _article_of(quotation):
    """Return the article in whose log a redaction is recorded: that of the erased text if the row belongs to none."""
    if quotation.kind == Kind.RECORDING:
        return quotation.revision.article
    model, _, path = REMARKS[quotation.kind]
    return Article.objects.filter(pk__in=model._base_manager.filter(pk=quotation.row).values(path)).first()


def _contains(known, text):
    words = _words(text)
    return any(not runs.isdisjoint(_runs(words, length)) for length, runs in known.items() if runs)


def _words(text):
    """Return the words in the form in which they look the same: without case, width and ways to write an accent."""
    return _WORD.findall(folded_name(_MARK.sub(" ", text)))


def _runs(words, length):
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}
