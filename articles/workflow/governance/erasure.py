"""Protecting articles, and erasing texts and names where the law requires it."""

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from articles.derived import republish_all, text
from articles.models import (
    Article,
    Check,
    Citation,
    Comment,
    Confirmation,
    Contributor,
    CorrectionRequest,
    Dismissal,
    DraftVersion,
    Exemption,
    LintIssue,
    LogEntry,
    Profile,
    Review,
    Revision,
    Transcript,
)
from articles.workflow.drafts import versions
from articles.workflow.history.audit_log import TOMBSTONE
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    NotAllowed,
    compare_and_set,
    lock_article,
    record,
    require,
    require_reason,
    transition,
)

from . import redaction

WITHHELD = "name withheld"
# Where people's names are stored next to their accounts: model, account, name.
NAMES = [
    (Article, "created_by", "created_by_name"),
    (Revision, "author", "author_name"),
    (Revision, "saved_by", "saved_by_name"),
    (Revision, "review_locked_by", "review_locked_by_name"),
    (DraftVersion, "saved_by", "saved_by_name"),
    (Contributor, "user", "user_name"),
    (Review, "by", "by_name"),
    (LogEntry, "by", "by_name"),
    (Comment, "by", "by_name"),
    (CorrectionRequest, "answered_by", "answered_by_name"),
    (Confirmation, "by", "by_name"),
    (Dismissal, "by", "by_name"),
    (Exemption, "by", "by_name"),
    (Confirmation, "withdrawn_by", "withdrawn_by_name"),
    (Dismissal, "withdrawn_by", "withdrawn_by_name"),
    (Exemption, "withdrawn_by", "withdrawn_by_name"),
    (Transcript, "imported_by", "imported_by_name"),
]


@transition
def protect(article, *, by, reason):
    """Restrict editing of the article to people who can protect articles."""
    require(by, "articles.protect_article", gettext("protect articles"))
    require_reason(reason, gettext("Give editors a reason."))
    return _set_protection(article, by, reason, is_protected=True)


@transition
def release(article, *, by, reason=""):
    """Let every editor edit the article again."""
    require(by, "articles.protect_article", gettext("unprotect articles"))
    return _set_protection(article, by, reason, is_protected=False)


@transition
def erase(revision, *, by, reason):
    """Replace a revision's text with a tombstone, for legal reasons; digests, dates and decisions stay.

    Versions of drafts that contain it are deleted.

    Quotations of it are stored in `revision.quotation_set`, to be redacted one by one.
    """
    require(by, "articles.erase_revision", gettext("erase texts"))
    require_reason(reason, gettext("Give a reason; it is shown in place of the text."))
    lock_article(revision.article)
    revision.refresh_from_db(fields=["status"])
    if revision.is_draft:
        raise InvalidTransition(
            gettext("Drafts can’t be erased. Delete the text from the draft, save it, and delete its earlier versions.")
        )
    if revision.article.published_revision_id == revision.pk:
        raise NotAllowed(gettext("This text is published. Publish another revision or unpublish the article first."))
    passages = redaction.passages_of(revision)
    erased = Revision.objects.filter(pk=revision.pk, erased_at=None).update(
        erased_at=timezone.now(), erasure_reason=reason, title=TOMBSTONE, lead="", edit_summary="", public_note=""
    )
    if not erased:
        raise InvalidTransition(gettext("This revision has already been erased."))
    claims = set(revision.citation_set.values_list("claim_key", flat=True))
    for section in revision.section_set.all():
        section.heading, section.body = TOMBSTONE, ""
        section.save(update_fields=["heading", "body"])
    revision.refresh_from_db()
    text.derive(revision)
    _erase_claims(revision, claims)
    versions.erase(revision, passages)
    record(revision.article, revision, Action.ERASED, by, reason)
    redaction.keep(revision, passages)
    return revision


@transition
def suppress_name(name, *, by):
    """Remove a person's name from everything they did and return how many rows changed.

    Their actions and the digests over them stay. Their reviewer profile is deleted, since it only says who they are.
    `name` is a username or, if the account was deleted, the name recorded with its actions.
    """
    require(by, "articles.erase_revision", gettext("suppress names"))
    user = get_user_model()._default_manager.filter(username=name).first()
    changed = 0
    for model, account, column in NAMES:
        named = {account: user} if user else {f"{account}__isnull": True, column: name}
        # Records can't be changed through their own managers; the database permits this one change to names.
        changed += model._base_manager.filter(**named).exclude(**{column: ""}).update(**{column: WITHHELD})
    if user:
        changed += Profile.objects.filter(user=user).delete()[0]
    shows_name = Q(published_revision__review__by_name=WITHHELD) | Q(confirmation__by_name=WITHHELD)
    shows_name |= Q(dismissal__by_name=WITHHELD) | Q(revision__contributor__user_name=WITHHELD)
    republish_all(Article.objects.published().filter(shows_name).distinct())
    return changed


def _erase_claims(revision, claims):
    """Remove the sentences that only the erased revision contained from confirmations and dismissals, which stay."""
    gone = claims - set(Citation.objects.filter(claim_key__in=claims).values_list("claim_key", flat=True))
    Confirmation.objects.filter(claim_key__in=gone).update(claim=TOMBSTONE)
    Dismissal.objects.filter(subject__in=gone).update(text=TOMBSTONE)
    issues = LintIssue.objects.filter(revision=revision)
    subjects = set(issues.values_list("subject", flat=True))
    issues.delete()
    subjects -= set(LintIssue.objects.filter(subject__in=subjects).values_list("subject", flat=True))
    Dismissal.objects.filter(article=revision.article, subject__in=subjects).update(text=TOMBSTONE)
    Check.objects.filter(episode__source__revision=revision, citation=None).delete()


def _set_protection(article, by, reason, *, is_protected):
    lock_article(article)
    if not compare_and_set(Article.objects.filter(is_protected=not is_protected), article, is_protected=is_protected):
        raise InvalidTransition(
            gettext("This article is already protected.") if is_protected else gettext("This article isn’t protected.")
        )
    record(article, None, Action.PROTECTED if is_protected else Action.RELEASED, by, reason)
    return article
