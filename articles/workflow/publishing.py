"""Moves the published pointer: to an approved revision, to a received one, to nothing."""

from django.utils.translation import gettext, gettext_noop

from articles.derived import rederive, refresh_linking_to, republish
from articles.derived.pages import related
from articles.models import Notice, PreviousSlug, Revision

from . import notifications, pointer
from .content import missing_for_submission, slug_taken
from .transitions import (
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

AS_RECEIVED = gettext_noop("As received; citations not yet checked.")

# What was handed in and is arranged for it: an object that was loaded before may hold the draft's.
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
FROZEN += ["take_down_at", "digest", "erased_at"]


@transition
def publish(revision, *, by, public_note=None):
    """Point the article at the approved revision."""
    require(by, "articles.publish_revision", gettext("publish"))
    lock_article(revision.article)
    require_approved(revision)
    if public_note is not None:
        Revision.objects.filter(pk=revision.pk).update(public_note=public_note)
        revision.public_note = public_note
    refresh_linking_to(move_pointer(revision, Action.PUBLISHED, by))
    return revision


@transition
def publish_received(revision, *, by):
    """Point the article at an imported draft as it came, reviewed by nobody, and say so.

    The importer refreshes the articles that link to it, and the related articles of them all, once for a whole
    delivery. Returns the slugs whose target has come or moved.
    """
    require(by, "articles.import_received", gettext("publish received texts"))
    if not revision.received_digest:
        raise InvalidTransition(gettext("Only an imported text can go out as received: submit this one for review."))
    lock_article(revision.article)
    if missing := missing_for_submission(revision):
        raise NotReady(missing)
    set_status(revision, Status.DRAFT, Status.RECEIVED, public_note=gettext(AS_RECEIVED))
    return move_pointer(revision, Action.PUBLISHED_AS_RECEIVED, by)


@transition
def unpublish(article, *, by, reason):
    """Take the article down; its revisions stay."""
    require(by, "articles.publish_revision", gettext("take articles down"))
    require_reason(reason, gettext("Say why: it stands in the article’s history."))
    seen = article.published_revision_id
    lock_article(article)
    if seen is None or seen != article.published_revision_id:
        raise InvalidTransition(gettext("The article is not published as you saw it: load the page anew."))
    return take_down(article, by, reason)


def move_pointer(revision, action, by, by_name=None):
    """Move the pointer from what the revision follows to the revision; the slugs that lead to it now.

    The caller holds the article.
    """
    related.hold()
    article = revision.article
    before = article.slug
    if revision.erased_at is not None:
        raise InvalidTransition(gettext("Its text has been erased: there is nothing to publish."))
    if slug_taken(revision.slug, article=article):
        raise InvalidTransition(
            gettext("The slug “%(slug)s” belongs to another article by now.") % {"slug": revision.slug}
        )
    with claim_slug(revision.slug):
        moved = pointer.point_to(revision)
    if not moved:
        raise InvalidTransition(
            gettext(
                "The published text has changed since this revision was started: it has to be brought up to date first."
            )
        )
    Revision.objects.filter(pk=revision.pk).update(publish_at=None)
    revision.publish_at = None
    record(article, revision, action, by, revision.public_note, by_name=by_name)
    if article.first_published_at is not None and before != revision.slug:
        PreviousSlug.objects.filter(article=article, slug=revision.slug).delete()
        PreviousSlug.objects.create(article=article, slug=before)
        record(article, revision, Action.MOVED, by, f"{before} → {revision.slug}", by_name=by_name)
    article.refresh_from_db()
    if action == Action.PUBLISHED_AS_RECEIVED:
        republish(article, with_related=False)
    else:
        rederive(
            revision, with_related=True
        )  # what it links to may have come or gone since, and so may its lint issues
        _tell(revision, by)
    return [revision.slug, before]


def _tell(revision, by):
    """Tell the author and the watchers that it went out, and the authors of drafts that theirs are behind now."""
    article = revision.article
    notifications.notify(
        Notice.Kind.PUBLISHED,
        gettext("“%(title)s” (revision %(number)s) was published.")
        % {"title": revision.title, "number": revision.number},
        article=article,
        revision=revision,
        users=[revision.author, *notifications.watchers(article)],
        actor=by,
    )
    behind = article.revision_set.filter(status__in=[Status.DRAFT, Status.SUBMITTED, Status.APPROVED])
    for other in behind.exclude(pk=revision.pk).exclude(target=revision).select_related("author"):
        notifications.notify(
            Notice.Kind.BEHIND,
            gettext("Revision %(number)s of “%(title)s” was published: your revision %(yours)s is behind.")
            % {"number": revision.number, "title": revision.title, "yours": other.number},
            article=article,
            revision=other,
            users=[other.author],
            actor=by,
        )


def require_approved(revision):
    revision.refresh_from_db(fields=FROZEN)
    if revision.status != Status.APPROVED:
        raise moved_on(revision)


def take_down(article, by, reason, by_name=None):
    """Take the article, which the caller holds, down from what it shows."""
    related.hold()
    revision = article.published_revision
    pointer.clear(article)
    record(article, revision, Action.UNPUBLISHED, by, reason, by_name=by_name)
    republish(article)
    former = PreviousSlug.objects.filter(article=article).values_list("slug", flat=True)
    refresh_linking_to([article.slug, *former])
    return article
