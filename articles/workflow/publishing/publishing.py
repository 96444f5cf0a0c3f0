"""Publishing approved revisions and imported texts, and unpublishing."""

from django.utils.translation import gettext

from articles.derived import inspect, rederive, refresh_linking_to, republish
from articles.derived.pages import related
from articles.models import Notice, PreviousSlug, Revision
from articles.models.revisions.notes import IMPORTED_NOTE
from articles.workflow import notifications
from articles.workflow.content import content_of, missing_for_submission, slug_taken
from articles.workflow.content.recordings import cited_recordings
from articles.workflow.history import audit_log, rows
from articles.workflow.recordings import require_unchanged
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    NotReady,
    Status,
    claim_slug,
    lock_article,
    moved_on,
    record,
    require,
    require_reason,
    set_status,
    transition,
)
from articles.workflow.transitions.four_eyes import require_second_person

from . import pointer

# Fields fixed at submission or set by moderators; an instance loaded earlier may still hold the draft's values.
FROZEN = [
    "status",
    "target",
    "title",
    "slug",
    "lead",
    "notice",
    "language",
    "edit_summary",
    "public_note",
    "publish_at",
]
FROZEN += ["take_down_at", "digest", "erased_at", "first_public_at"]


@transition
def publish(revision, *, by, public_note=None):
    """Publish the approved revision, with another `public_note` than it has already unless that is None."""
    require(by, "articles.publish_revision", gettext("publish"))
    lock_article(revision.article)
    require_approved(revision)
    require_note_by_second_person(revision, public_note, by)
    set_public_note(revision, public_note)
    refresh_linking_to(move_pointer(revision, Action.PUBLISHED, by))
    return revision


def require_note_by_second_person(revision, note, by):
    """Require that whoever changes the public note of an approved revision hasn't contributed to it.

    Readers take it for what the reviewer says of the text.
    """
    if note is not None and Revision.objects.filter(pk=revision.pk).exclude(public_note=note).exists():
        require_second_person(by, revision)


def set_public_note(revision, note):
    """Set what readers are told about the revision, unless `note` is None."""
    if note is not None:
        Revision.objects.filter(pk=revision.pk).update(public_note=note)
        revision.public_note = note


@transition
def publish_received(revision, *, by):
    """Publish an imported draft without a review, and label it as such.

    Returns the slugs that now lead to a different article. The importer refreshes the articles that link to them, and
    all related articles, once for a whole delivery.
    """
    require(by, "articles.import_received", gettext("publish imported texts"))
    if not revision.received_digest:
        raise InvalidTransition(
            gettext("Only an imported text can be published without a review. Submit this one for review.")
        )
    lock_article(revision.article)
    content = content_of(revision)
    if missing := missing_for_submission(revision, content):
        raise NotReady(missing)
    changes = {"public_note": IMPORTED_NOTE, "digest": audit_log.revision_digest(revision, content=content)}
    set_status(revision, Status.DRAFT, Status.RECEIVED, **changes)
    return move_pointer(revision, Action.PUBLISHED_AS_RECEIVED, by)


@transition
def unpublish(article, *, by, reason):
    """Unpublish the article; its revisions stay, and its addresses answer 410 with the date and `reason`."""
    require(by, "articles.publish_revision", gettext("unpublish articles"))
    require_reason(reason, gettext("Give a reason; readers see it at the article’s address."))
    seen = article.published_revision_id
    lock_article(article)
    if seen is None or seen != article.published_revision_id:
        raise InvalidTransition(gettext("What is published has changed since you opened the page. Reload the page."))
    return take_down(article, by, reason)


def move_pointer(revision, action, by, by_name=None, *, replaced=None, reason=""):
    """Move the pointer from the revision's target to the revision, and return the slugs that lead to it only now.

    Refuses if a recording that it cites has changed since it was approved. The caller has locked the article. A revert
    names the revision that is `replaced`, and the `reason`.
    """
    related.lock_published()
    article = revision.article
    if action == Action.PUBLISHED:
        require_not_replaced(revision)
    before, was_public = article.slug, article.published_revision_id is not None
    if revision.erased_at is not None:
        raise InvalidTransition(gettext("This revision was erased; there is nothing to publish."))
    recordings = None
    if action == Action.PUBLISHED_AS_RECEIVED:
        recordings = cited_recordings(revision, is_locked=True)
    else:
        require_unchanged(revision)
    if action == Action.REVERTED:
        recordings = cited_recordings(revision, is_locked=True)
    if slug_taken(revision.slug, article=article):
        raise InvalidTransition(gettext("Another article now uses the slug “%(slug)s”.") % {"slug": revision.slug})
    with claim_slug(revision.slug):
        now = pointer.point_to(revision) if replaced is None else pointer.point_back(revision, replaced.pk)
    if now is None:
        raise InvalidTransition(
            gettext(
                "The published text has changed since this revision was started. Update this revision to the "
                "published text first."
            )
        )
    if revision.publish_at is not None:
        with rows.recorded(Revision, [revision.pk]):
            Revision.objects.filter(pk=revision.pk).update(publish_at=None)
    revision.publish_at = None
    note = reason or revision.public_note
    # An imported text was locked just before; other publications may have logged through other objects since.
    is_locked = action == Action.PUBLISHED_AS_RECEIVED
    record(article, revision, action, by, note, by_name=by_name, recordings=recordings, at=now, is_locked=is_locked)
    if article.first_published_at is not None and before != revision.slug:
        PreviousSlug.objects.filter(article=article, slug=revision.slug).delete()
        PreviousSlug.objects.create(article=article, slug=before)
        record(article, revision, Action.MOVED, by, f"{before} → {revision.slug}", by_name=by_name)
    article.refresh_from_db()
    if action == Action.PUBLISHED_AS_RECEIVED:
        republish(article, with_related=False)
        inspect(revision)
    else:
        # Link targets may have appeared or gone since the revision was saved, and lint issues with them.
        rederive(revision, with_related=True)
        _notify_published(revision, by, replaced, reason)
    return [] if was_public and before == revision.slug else [revision.slug, before]


def require_not_replaced(revision):
    """Require that no other text has replaced the revision: what comes back is a revert, with a reason and its rules."""
    public = revision.article.published_revision_id
    if public not in {None, revision.pk} and audit_log.was_published(revision):
        raise InvalidTransition(
            gettext(
                "Revision %(number)s was public before and has been replaced. To publish it again, revert to it in the "
                "article’s history."
            )
            % {"number": revision.number}
        )


def _notify_published(revision, by, replaced, reason):
    """Notify the authors and watchers of the publication, and the authors of open revisions that theirs are outdated."""
    article = revision.article
    values = {"title": revision.title, "number": revision.number}
    if replaced is None:
        text = gettext("“%(title)s” (revision %(number)s) was published.") % values
    else:
        values |= {"replaced": replaced.number, "reason": reason}
        text = (
            gettext("“%(title)s” was reverted from revision %(replaced)s to revision %(number)s: %(reason)s") % values
        )
    notifications.notify(
        Notice.Kind.PUBLISHED,
        text,
        revision=revision,
        users=[revision.author, replaced and replaced.author, *notifications.watchers(article)],
        actor=by,
    )
    unpublished = article.revision_set.filter(status__in=[Status.DRAFT, Status.SUBMITTED, Status.APPROVED])
    for outdated in unpublished.exclude(pk=revision.pk).exclude(target=revision).select_related("author"):
        notifications.notify(
            Notice.Kind.BEHIND,
            gettext("Revision %(number)s of “%(title)s” was published. Your revision %(yours)s is now outdated.")
            % {"number": revision.number, "title": revision.title, "yours": outdated.number},
            revision=outdated,
            users=[outdated.author],
            actor=by,
        )


def require_approved(revision):
    revision.refresh_from_db(fields=FROZEN)
    if revision.status != Status.APPROVED:
        raise moved_on(revision)


def take_down(article, by, reason, by_name=None):
    """Unpublish the article, which the caller has locked."""
    related.lock_published()
    revision = article.published_revision
    pointer.clear(article)
    record(article, revision, Action.UNPUBLISHED, by, reason, by_name=by_name)
    republish(article)
    previous_slugs = PreviousSlug.objects.filter(article=article).values_list("slug", flat=True)
    refresh_linking_to([article.slug, *previous_slugs])
    return article
