"""What still says a passage of an erased text: found when it is erased, redacted one by one by who may erase."""

import re
from collections import defaultdict

from django.utils import timezone
from django.utils.translation import gettext

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
from articles.workflow import audit_log
from articles.workflow.transitions import Action, InvalidTransition, lock_article, name_of, record, require, transition

RUN = 8  # words in a row that are no accident
SHORT = 4  # a piece of fewer words than a run counts whole, down to so many
Kind = Quotation.Kind
# Where people's words are kept, with the path to the article that they were said of.
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
# A mark of a moment is in the text and not in the sentence that is quoted from it.
_MARK = re.compile(r"\[[^\[\]\n]*\d:\d\d[^\[\]\n]*\]")
# Scripts without spaces have no words to count: there a character is one.
_WORD = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]|[^\\W_]+"
)


class ErasedText:
    """The runs of words of some texts, to ask another text whether it says one of them."""

    def __init__(self, texts):
        self.runs = defaultdict(set)
        for text in texts:
            words = _words(text)
            if len(words) >= SHORT:
                length = min(RUN, len(words))
                self.runs[length].update(_runs(words, length))

    def without(self, others):
        """Take away what `others`, a list of texts, say too; itself."""
        words = [_words(text) for text in others]
        for length, known in self.runs.items():
            for text in words:
                known.difference_update(_runs(text, length))
        return self

    def are_in(self, text):
        words = _words(text)
        return any(not known.isdisjoint(_runs(words, length)) for length, known in self.runs.items() if known)


def passages_of(revision):
    """What a revision says and the published text does not: what readers get is no secret where it is quoted."""
    published = Article.objects.get(pk=revision.article_id).published_revision
    is_other = published is not None and published.pk != revision.pk
    return ErasedText(texts_of(revision)).without(texts_of(published) if is_other else [])


def texts_of(revision):
    own = [getattr(revision, name) for name in TEXTS]
    return own + [text for section in revision.section_set.all() for text in (section.heading, section.body)]


def keep(revision, passages):
    """Note every place on the site that says one of the `passages` of the erased `revision`."""
    found = []
    for kind, (model, fields, _) in REMARKS.items():
        for pk, *texts in model._base_manager.values_list("pk", *fields).order_by("pk").iterator():
            saying = [name for name, text in zip(fields, texts, strict=True) if text and passages.are_in(text)]
            if saying:
                found.append(Quotation(revision=revision, kind=kind, row=pk, fields=saying))
    others = Revision.objects.filter(article=revision.article_id, erased_at=None).exclude(pk=revision.pk)
    for other in others.prefetch_related("section_set").order_by("pk"):
        if any(passages.are_in(text) for text in texts_of(other)):
            found.append(Quotation(revision=revision, kind=Kind.REVISION, row=other.pk))
    Quotation.objects.bulk_create(found)
    return found


@transition
def redact(quotation, *, by):
    """Put a tombstone in place of what quotes an erased text, and say so in the log of its article.

    Of a log entry the digest stays as it was, and with it the chain: the new entry, which names the old one, tells
    `history.verify` that its words are gone by right.
    """
    require(by, "articles.erase_revision", gettext("redact quotations"))
    if quotation.kind == Kind.REVISION:
        raise InvalidTransition(gettext("This is another revision: erase its text, or change the draft."))
    model, _, path = REMARKS[quotation.kind]
    of_article = Article.objects.filter(pk__in=model._base_manager.filter(pk=quotation.row).values(path)).first()
    if of_article is None:
        raise InvalidTransition(gettext("It is not there any more: there is nothing to redact."))
    lock_article(of_article)
    done = {"redacted_at": timezone.now(), "redacted_by_name": name_of(by)}
    if not Quotation.objects.filter(pk=quotation.pk, redacted_at=None).update(**done):
        raise InvalidTransition(gettext("It has been redacted already."))
    # The same words can be noted for several erased texts.
    Quotation.objects.filter(kind=quotation.kind, row=quotation.row, fields=quotation.fields, redacted_at=None).update(
        **done
    )
    # Records refuse to be changed through their own managers; the database lets a tombstone in, and only that.
    model._base_manager.filter(pk=quotation.row).update(**dict.fromkeys(quotation.fields, audit_log.TOMBSTONE))
    named = f"{quotation.kind} {quotation.row}"
    if quotation.kind == Kind.LOG:
        named = audit_log.redaction_of(LogEntry.objects.get(pk=quotation.row))
    erased = quotation.revision if quotation.revision.article_id == of_article.pk else None
    record(of_article, erased, Action.REDACTED, by, named)
    quotation.refresh_from_db()
    if of_article.published_revision_id:
        republish(of_article, with_related=False)
    return quotation


def _words(text):
    return _WORD.findall(_MARK.sub(" ", text).casefold())


def _runs(words, length):
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}
