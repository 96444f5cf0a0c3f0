"""What an erased text leaves elsewhere: remarks, notices, judgements, sessions, the admin's log, uploads."""

import json
import re
from urllib.parse import unquote_plus

from django.conf import settings
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.module_loading import import_string

from articles.models import (
    Check,
    Citation,
    Comment,
    CommentedPassage,
    Confirmation,
    CorrectionRequest,
    Dismissal,
    DraftVersion,
    Exemption,
    FollowUp,
    GuestComment,
    LintIssue,
    LogEntry,
    Mailbox,
    Notice,
    Quotation,
    RecordingChange,
    Review,
    Revision,
    ScheduledJob,
    Section,
    SuggestedEdit,
    Upload,
)
from articles.models.accounts.uploads import NOTHING
from articles.workflow import tasks
from articles.workflow.collaboration import saved_views
from articles.workflow.governance import uploads
from articles.workflow.history import rows
from articles.workflow.history.audit_log import TOMBSTONE
from articles.workflow.history.judgements import quoted
from articles.workflow.transitions import Action

from .redaction import PUBLIC_REASONS, WRITTEN_BY_SITE

Kind = Quotation.Kind
JUDGING = [
    Action.HEARD, Action.HEARD_TAKEN_BACK, Action.DISMISSED, Action.DISMISSAL_TAKEN_BACK,
    Action.EXEMPTED, Action.EXEMPTION_TAKEN_BACK,
]  # fmt: skip
_LOGIN = re.compile(r"_auth_|_password_reset")  # what Django itself keeps in a session


def about(revision, passages):
    """Return {kind: keys of the rows that are about the text of `revision`}, and replace the claims that only it made.

    Call it while the text's citations and lint issues are still stored; it deletes the issues.
    """
    claims = dict(revision.citation_set.values_list("claim_key", "claim"))
    elsewhere = Citation.objects.exclude(revision=revision)
    gone = claims.keys() - set(elsewhere.filter(claim_key__in=claims).values_list("claim_key", flat=True))
    issues = LintIssue.objects.filter(revision=revision)
    subjects = set(issues.values_list("subject", flat=True))
    issues.delete()
    subjects -= set(LintIssue.objects.filter(subject__in=subjects).values_list("subject", flat=True))
    in_article = {"article": revision.article_id}
    # A claim that is in no current text may come from an earlier version of this one.
    current = Citation.objects.filter(revision__article=revision.article_id).exclude(revision=revision)
    current = set(current.values_list("claim_key", flat=True))
    confirmations = [
        row
        for row in Confirmation.objects.filter(Q(claim_key__in=gone) | Q(**in_article)).exclude(claim=TOMBSTONE)
        if row.claim_key in gone or (row.claim_key not in current and passages.are_in(row.claim))
    ]
    dismissals = [
        row
        for row in Dismissal.objects.filter(Q(subject__in=gone) | Q(**in_article)).exclude(text=TOMBSTONE)
        if row.subject in gone | subjects or (row.subject not in current and passages.are_in(row.text))
    ]
    sections = Section.objects.filter(revision__article=revision.article_id).exclude(revision=revision)
    exemptions = Exemption.objects.filter(**in_article, section_key__in=revision.section_set.values("key"))
    exemptions = list(exemptions.exclude(section_key__in=sections.values("key")))
    said = [quoted(row.claim) for row in confirmations] + [quoted(row.text) for row in dismissals]
    reasons = {row.reason for row in exemptions}
    judged = LogEntry.objects.filter(**in_article, action__in=JUDGING).values_list("pk", "note")
    notes = {pk for pk, note in judged if note in reasons or any(text in note for text in said)}
    own = LogEntry.objects.filter(revision=revision).exclude(
        action__in=PUBLIC_REASONS | {Action.MOVED, Action.REDACTED}
    )
    notes |= {
        pk
        for pk, action, note in own.values_list("pk", "action", "note")
        if action not in WRITTEN_BY_SITE or passages.may_be_in(note)
    }
    _replace(Confirmation, [row.pk for row in confirmations], "claim")
    _replace(Dismissal, [row.pk for row in dismissals], "text")
    return {
        Kind.COMMENT: set(Comment.objects.filter(revision=revision).values_list("pk", flat=True)),
        Kind.CHALLENGE: set(CorrectionRequest.objects.filter(revision=revision).values_list("pk", flat=True)),
        Kind.REVIEW: set(Review.objects.filter(revision=revision).values_list("pk", flat=True)),
        Kind.LOG: notes,
        Kind.DISMISSAL: {row.pk for row in dismissals},
        Kind.EXEMPTION: {row.pk for row in exemptions},
    }


def forget(revision, passages):
    """Remove the erased text from notices, unused checks, tasks, the admin's log and what people have typed, not sent."""
    # Checks are made for whatever is typed; without a citation nobody needs them, and they can be made again.
    Check.objects.filter(citation=None).delete()
    tasks.forget(passages.may_be_in)
    saved_views.forget(passages.may_be_in)
    uploads.forget(passages.may_be_in)
    # What readers wrote about the text is redacted, and with it what they could be told.
    FollowUp.objects.filter(correction_request__revision=revision).forget()
    said = Q(revision=revision) | Q(
        pk__in=_quoting(Notice.objects.exclude(revision=revision), "text", revision, passages)
    )
    Notice.objects.filter(said).update(text=TOMBSTONE, mail_error="")
    Notice.objects.filter(said, mail=Notice.Mail.WAITING).update(mail=Notice.Mail.NONE)
    guests = GuestComment.objects.exclude(text=TOMBSTONE)
    of_revision = set(guests.filter(link__revision=revision).values_list("pk", flat=True))
    for field in ("name", "text"):
        quoting = {pk for pk, text in guests.values_list("pk", field) if passages.are_in(text)}
        _replace(GuestComment, [*(quoting | of_revision)], field)
    _forget_margin(revision, passages)
    for field in ("reason", "comment"):
        texts = RecordingChange.objects.exclude(**{field: ""}).values_list("pk", field)
        quoting = [pk for pk, text in texts if passages.are_in(text)]
        _replace(RecordingChange, quoting, field)
    for model, field in ((ScheduledJob, "error"), (Mailbox, "last_error")):
        quoting = [pk for pk, error in model.objects.values_list("pk", field) if passages.may_be_in(error)]
        model.objects.filter(pk__in=quoting).update(**{field: TOMBSTONE})
    _forget_in_admin_log(revision, passages)
    _forget_in_sessions(revision, passages)


def _replace(model, keys, field):
    with rows.recorded(model, keys):
        model._base_manager.filter(pk__in=keys).update(**{field: TOMBSTONE})


def _forget_margin(revision, passages):
    """Replace what is kept around the passages of margin comments, and what they suggest, on the revision or quoting it.

    A deletion suggests no words, so it stays one.
    """
    values = CommentedPassage.objects.values_list("pk", "prefix", "comment__quote", "suffix", "comment__revision")
    known = [pk for pk, *texts, of in values if of == revision.pk or passages.are_in("".join(texts))]
    for field in ("prefix", "suffix"):
        _replace(CommentedPassage, known, field)
    values = SuggestedEdit.objects.exclude(replacement="").values_list(
        "pk", "replacement", "comment__revision", "accepted_in"
    )
    known = [pk for pk, text, *of in values if revision.pk in of or passages.are_in(text)]
    _replace(SuggestedEdit, known, "replacement")


def _quoting(found, field, revision, passages):
    """Return keys of the rows whose text quotes the passages; in the article itself a brief title is enough."""
    return [
        pk
        for pk, article, text in found.values_list("pk", "article", field).iterator()
        if (passages.may_be_in if article == revision.article_id else passages.are_in)(text)
    ]


def _forget_in_admin_log(revision, passages):
    types = ContentType.objects.get_for_models(Revision, CorrectionRequest, Comment)
    keys = {
        Revision: [revision.pk],
        CorrectionRequest: revision.correctionrequest_set.values_list("pk", flat=True),
        Comment: revision.comment_set.values_list("pk", flat=True),
    }
    of_rows = Q(pk__in=[])
    for model, content_type in types.items():
        of_rows |= Q(content_type=content_type, object_id__in=[str(pk) for pk in keys[model]])
    entries = AdminEntry.objects.values_list("pk", "object_repr", "change_message").iterator()
    quoting = [pk for pk, *texts in entries if any(passages.are_in(text) for text in texts)]
    AdminEntry.objects.filter(of_rows | Q(pk__in=quoting)).update(object_repr=TOMBSTONE, change_message="")


def _forget_in_sessions(revision, passages):
    """Drop what is kept of forms about the revision, or quotes it, from all sessions that the database stores."""
    store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    for session in Session.objects.iterator():
        data = session.get_decoded()
        if forget_in(data, revision, passages):
            kept = store(session.session_key)
            kept.update(data)
            for key in set(kept.keys()) - data.keys():
                del kept[key]
            kept.save()


def forget_in(data, revision, passages=None):
    """Drop from a session's `data` forms about the revision and quotes of `passages`; return whether any were there."""
    changed = False
    for key, value in list(data.items()):
        if _LOGIN.match(key):
            continue
        if isinstance(value, dict):
            changed |= value.pop(str(revision.pk), None) is not None
            changed |= forget_in(value, revision, passages)
            continue
        text = unquote_plus(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        # What a message says is read once; a brief title is enough to drop it.
        quotes = passages and (passages.may_be_in if key == "_messages" else passages.are_in)(text)
        if f"revision={revision.pk}&" in f"{text}&" or quotes:
            del data[key]
            changed = True
    return changed


def delete_unused(names):
    """Delete the uploads in `names` that no text shows, once the transaction is committed, and clear the
    descriptions of the others: they may come from the text that is erased."""
    versions = DraftVersion.objects.annotate(written=Cast("content", TextField()))
    unused = []
    for name in names:
        in_text = Revision.objects.filter(Q(lead__contains=name) | Q(title__contains=name))
        in_section = Section.objects.filter(Q(body__contains=name) | Q(heading__contains=name))
        if not (in_text.exists() or in_section.exists() or versions.filter(written__contains=name).exists()):
            unused.append(name)
    Upload.objects.filter(name__in=names).update(**NOTHING)
    Upload.objects.erase(unused)
