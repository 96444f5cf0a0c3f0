"""What concerns an article beside its text: protecting it, and erasing what the law wants gone."""

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from articles.derived import text
from articles.derived.pages import article as pages
from articles.models import (
    Article,
    Check,
    Citation,
    Comment,
    Confirmation,
    Contributor,
    CorrectionRequest,
    Dismissal,
    Exemption,
    LintIssue,
    LogEntry,
    Profile,
    Review,
    Revision,
    Transcript,
)
from articles.workflow.audit_log import TOMBSTONE
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    NotAllowed,
    lock_article,
    record,
    require,
    require_reason,
    transition,
)

from . import redaction

WITHHELD = "name withheld"
# Where the names of people stand beside their accounts: model, account, name.
NAMES = [
    (Article, "created_by", "created_by_name"),
    (Revision, "author", "author_name"),
    (Revision, "saved_by", "saved_by_name"),
    (Revision, "looked_at_by", "looked_at_by_name"),
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
    """Let only who may protect articles edit it."""
    require(by, "articles.protect_article", gettext("protect articles"))
    require_reason(reason, gettext("Say why: editors read it."))
    return _set_protection(article, by, reason, is_protected=True)


@transition
def release(article, *, by, reason=""):
    """Let every editor edit it again."""
    require(by, "articles.protect_article", gettext("release articles"))
    return _set_protection(article, by, reason, is_protected=False)


@transition
def erase(revision, *, by, reason):
    """Replace the text of a revision by a tombstone, for legal reasons; digests, dates and decisions stay.

    Where people quoted it is noted (`revision.quotation_set`), to be redacted one by one.
    """
    require(by, "articles.erase_revision", gettext("erase texts"))
    require_reason(reason, gettext("Say on what ground: it stands in place of the text."))
    lock_article(revision.article)
    revision.refresh_from_db(fields=["status"])
    if revision.is_draft:
        raise InvalidTransition(gettext("A draft can be emptied and saved: there is nothing to erase yet."))
    if Article.objects.filter(published_revision=revision).exists():
        raise NotAllowed(gettext("This is the published text: publish another one, or take the article down, first."))
    passages = redaction.passages_of(revision)
    erased = Revision.objects.filter(pk=revision.pk, erased_at=None).update(
        erased_at=timezone.now(), erasure_reason=reason, title=TOMBSTONE, lead="", edit_summary="", public_note=""
    )
    if not erased:
        raise InvalidTransition(gettext("Its text has been erased already."))
    claims = set(revision.citation_set.values_list("claim_key", flat=True))
    for section in revision.section_set.all():
        section.heading, section.body = TOMBSTONE, ""
        section.save(update_fields=["heading", "body"])
    revision.refresh_from_db()
    text.derive(revision)
    _erase_claims(revision, claims)
    record(revision.article, revision, Action.ERASED, by, reason)
    redaction.keep(revision, passages)
    return revision


@transition
def suppress_name(name, *, by):
    """Take a person's name from everything they did; what they did stays, and so do its digests. How many rows.

    The page that they wrote of themselves is deleted: it says who they are and nothing else.

    `name` is an account's, or, where the account is deleted, the name that stayed with what it did.
    """
    require(by, "articles.erase_revision", gettext("suppress names"))
    user = get_user_model()._default_manager.filter(username=name).first()
    changed = 0
    for model, account, column in NAMES:
        whose = {account: user} if user else {f"{account}__isnull": True, column: name}
        # Records refuse to be changed through their own managers; the database lets a name go, and only that.
        changed += model._base_manager.filter(**whose).exclude(**{column: ""}).update(**{column: WITHHELD})
    if user:
        changed += Profile.objects.filter(user=user).delete()[0]
    told = Q(published_revision__review__by_name=WITHHELD) | Q(confirmation__by_name=WITHHELD)
    told |= Q(dismissal__by_name=WITHHELD) | Q(revision__contributor__user_name=WITHHELD)
    for article in Article.objects.published().filter(told).distinct():
        pages.render(article)
    return changed


def _erase_claims(revision, claims):
    """Take the sentences away that only an erased revision had; that somebody heard or dismissed them stays."""
    gone = claims - set(Citation.objects.filter(claim_key__in=claims).values_list("claim_key", flat=True))
    Confirmation.objects.filter(claim_key__in=gone).update(claim=TOMBSTONE)
    Dismissal.objects.filter(subject__in=gone).update(text=TOMBSTONE)
    flagged = LintIssue.objects.filter(revision=revision)
    subjects = set(flagged.values_list("subject", flat=True))
    flagged.delete()
    subjects -= set(LintIssue.objects.filter(subject__in=subjects).values_list("subject", flat=True))
    Dismissal.objects.filter(article=revision.article, subject__in=subjects).update(text=TOMBSTONE)
    Check.objects.filter(episode__source__revision=revision, citation=None).delete()


def _set_protection(article, by, reason, *, is_protected):
    lock_article(article)
    changed = Article.objects.filter(pk=article.pk, is_protected=not is_protected).update(is_protected=is_protected)
    if not changed:
        raise InvalidTransition(gettext("It is protected already.") if is_protected else gettext("It is open already."))
    article.is_protected = is_protected
    record(article, None, Action.PROTECTED if is_protected else Action.RELEASED, by, reason)
    return article
