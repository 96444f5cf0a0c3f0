"""Withholding a person's name: from the records of what they did, and from what others wrote about them."""

import re
import unicodedata

from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext

from articles.derived import bulk, republish_all
from articles.models import (
    Article,
    BackgroundTask,
    Comment,
    CommentedPassage,
    Confirmation,
    Contributor,
    CorrectionRequest,
    Dismissal,
    DraftLink,
    DraftVersion,
    Exemption,
    FollowUp,
    GuestComment,
    IssuedPassword,
    LogEntry,
    Notice,
    Profile,
    Quotation,
    RankChange,
    RecordingChange,
    Review,
    Revision,
    SuggestedEdit,
    Transcript,
    Upload,
)
from articles.workflow import tasks
from articles.workflow.collaboration import saved_views
from articles.workflow.history import audit_log, names, rows
from articles.workflow.history.names import WITHHELD
from articles.workflow.transitions import Action, lock_article, record, require, transition

from ..erasing import compact_after_commit
from . import recordings
from .mentions import Mentions

# Where people's names are stored: model, account (None if only the name is), name.
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
    (Comment, None, "resolved_by_name"),
    (SuggestedEdit, "decided_by", "decided_by_name"),
    (CorrectionRequest, "answered_by", "answered_by_name"),
    (DraftLink, "made_by", "made_by_name"),
    (DraftLink, None, "revoked_by_name"),
    (GuestComment, None, "deleted_by_name"),
    (Confirmation, "by", "by_name"),
    (Dismissal, "by", "by_name"),
    (Exemption, "by", "by_name"),
    (Confirmation, "withdrawn_by", "withdrawn_by_name"),
    (Dismissal, "withdrawn_by", "withdrawn_by_name"),
    (Exemption, "withdrawn_by", "withdrawn_by_name"),
    (Transcript, "imported_by", "imported_by_name"),
    (Transcript, "reviewed_by", "reviewed_by_name"),
    (Quotation, None, "redacted_by_name"),
    (RankChange, "account", "account_name"),
    (RankChange, "proposed_by", "proposed_by_name"),
    (RankChange, "decided_by", "decided_by_name"),
    (RecordingChange, "proposed_by", "proposed_by_name"),
    (RecordingChange, "decided_by", "decided_by_name"),
    (IssuedPassword, "set_by", "set_by_name"),
]
# Where a seal is next to the name, so that digests cover it.
SEALED = {LogEntry, Contributor}
# Where others may have written the name: the words around it stay.
REMARKS = [
    (Notice, "text"),
    (Comment, "text"),
    (Comment, "quote"),
    (CommentedPassage, "prefix"),
    (CommentedPassage, "suffix"),
    (SuggestedEdit, "replacement"),
    (CorrectionRequest, "text"),
    (CorrectionRequest, "claim"),
    (CorrectionRequest, "answer"),
    (GuestComment, "name"),
    (GuestComment, "text"),
    (Dismissal, "note"),
    (Exemption, "reason"),
    (RecordingChange, "reason"),
    (RecordingChange, "comment"),
    (Upload, "file_name"),
    (Upload, "alt"),
    (Upload, "credit"),
    (AdminEntry, "object_repr"),
    (AdminEntry, "change_message"),
]


@transition
def suppress_name(name, *, by):
    """Remove a person's name from what they did or others wrote about them; return how many rows changed.

    Their actions and the digests over them stay. Their reviewer profile is deleted, since it only says who they are.
    `name` is a username or, if the account was deleted, the name recorded with its actions. Decisions and log entries
    that contain the name become tombstones, as in an erasure. Texts of articles aren't changed: erase them.
    """
    require(by, "articles.erase_revision", gettext("suppress names"))
    user = get_user_model()._default_manager.filter(username=name).first()
    known = _names_of(user) if user else {name}
    changed = 0
    for model, account, column in NAMES:
        named = Q(**{f"{column}__in": known})
        if account:
            named = Q(**{account: user}) if user else named & Q(**{f"{account}__isnull": True})
        if model in SEALED:
            _keep_digests(model, model._base_manager.filter(named).exclude(**{column: WITHHELD}), column)
        # Records can't be changed through their own managers; the database permits this one change to names.
        known_as = model._base_manager.filter(named).exclude(**{f"{column}__in": ["", WITHHELD]})
        with rows.recorded(model, known_as.values_list("pk", flat=True)):
            changed += known_as.update(**{column: WITHHELD})
    if user:
        changed += _forget_profile(user)
        BackgroundTask.objects.filter(by=user).update(by=None)
        Upload.objects.filter(by=user).update(by=None)  # the library names who uploaded an image
    mentions = Mentions(known)
    changed += recordings.withhold(mentions, by) + _withhold_in_remarks(mentions, by)
    changed += _forget_addresses(known, user)
    if changed:
        compact_after_commit()
    shows_name = Q(published_revision__review__by_name=WITHHELD) | Q(confirmation__by_name=WITHHELD)
    shows_name |= Q(published_revision__source__episode__transcript__reviewed_by_name=WITHHELD)
    corrected = RecordingChange.objects.filter(proposed_by_name=WITHHELD).values("episode")
    shows_name |= Q(published_revision__source__episode__in=corrected)
    shows_name |= Q(dismissal__by_name=WITHHELD) | Q(revision__contributor__user_name=WITHHELD)
    republish_all(Article.objects.published().filter(shows_name).distinct())
    return changed


def _keep_digests(model, rows, column):
    """Replace the seal of each name that is about to go by the digest that it gave."""
    seals = [
        (names.sealed(name, seal), pk)
        for pk, name, seal in rows.exclude(name_seal="").values_list("pk", column, "name_seal")
    ]
    bulk.update(model, ["name_seal"], seals)


def _names_of(user):
    """Return the names under which the account's actions are recorded, and those that it has now."""
    known = {user.get_username(), user.get_full_name()}
    for model, account, column in NAMES:
        if account:
            known.update(
                model._base_manager.filter(**{account: user}).order_by().values_list(column, flat=True).distinct()
            )
    return known - {"", WITHHELD}


def _forget_profile(user):
    profiles = Profile.objects.filter(user=user)
    about = Q(content_type=ContentType.objects.get_for_model(user), object_id=str(user.pk))
    about |= Q(content_type=ContentType.objects.get_for_model(Profile), object_id__in=[str(p.pk) for p in profiles])
    AdminEntry.objects.filter(about).update(object_repr=WITHHELD)
    with rows.recorded(Profile, profiles.values_list("pk", flat=True)):
        return profiles.delete()[0]


def _forget_addresses(known, user):
    """Delete the addresses left with correction requests that are the account's, or have all words of a name."""
    own = user.email.casefold() if user else ""
    names = [words for name in known if (words := set(_words(name)))]
    kept = FollowUp.objects.exclude(address="").values_list("pk", "address")
    keys = [
        pk for pk, address in kept if address.casefold() == own or any(name <= set(_words(address)) for name in names)
    ]
    return FollowUp.objects.filter(pk__in=keys).forget()


def _words(text):
    """Return the words of a name or an address without case and accents, which addresses rarely have."""
    letters = (char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return re.findall(r"[^\W_]+", "".join(letters).casefold())


def _withhold_in_remarks(mentions, by):
    """Replace the names in remarks; return how many rows changed."""
    changed = 0
    for model, field in REMARKS:
        longest = model._meta.get_field(field).max_length
        for pk, text in model._base_manager.values_list("pk", field).iterator():
            withheld = mentions.withheld(text, longest)
            if withheld != text:
                with rows.recorded(model, [pk]):
                    changed += model._base_manager.filter(pk=pk).update(**{field: withheld})
    changed += tasks.forget(mentions.are_in) + saved_views.forget(mentions.are_in)
    for review in Review.objects.exclude(comment="").select_related("revision__article"):
        if mentions.are_in(review.comment):
            changed += Review._base_manager.filter(pk=review.pk).update(comment=audit_log.TOMBSTONE)
            lock_article(review.revision.article)
            record(review.revision.article, review.revision, Action.REDACTED, by, f"review {review.pk}")
    for entry in LogEntry.objects.exclude(note="").select_related("article"):
        if mentions.are_in(entry.note) and entry.action != Action.REDACTED:
            changed += LogEntry._base_manager.filter(pk=entry.pk).update(note=audit_log.TOMBSTONE)
            lock_article(entry.article)
            record(entry.article, None, Action.REDACTED, by, audit_log.redaction_of(entry))
    return changed
