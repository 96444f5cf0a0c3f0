"""The only writer of a revision's status and of an article's published pointer.

Every transition checks permission, compares and sets in one transaction, and writes the log. What it refuses it
explains: who did what, and when.
"""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from articles import derivation
from articles.contents import missing_for_submission, replace_content, slug_taken
from articles.models import Article, Contributor, LogEntry, PreviousSlug, Review, Revision

Status = Revision.Status
Action = LogEntry.Action

AS_RECEIVED = "As received; citations not yet checked."


class WorkflowError(Exception):
    """A transition that was refused; the message is for the person who asked."""


class NotAllowed(WorkflowError):
    """The person may not do this."""


class InvalidTransition(WorkflowError):
    """The state does not permit it, or has moved on."""


class NotReady(WorkflowError):
    """The draft lacks something; `missing` lists what."""

    def __init__(self, missing):
        self.missing = missing
        super().__init__("Not ready to be submitted: " + " ".join(missing))


class StaleDraft(WorkflowError):
    """Somebody saved in between; `revision` is the draft as it stands now."""

    def __init__(self, revision):
        self.revision = revision
        super().__init__(
            f"{revision.saved_by_name} saved this draft at {_clock(revision.saved_at)}, after you opened it. "
            "Nothing of yours was saved over it."
        )


def name_of(user):
    """The name that stays with what a person did."""
    return user.get_full_name() or user.get_username()


# Writing ------------------------------------------------------------------------------------------


@transaction.atomic
def create_article(content, *, by, received_as=None, received_digest=""):
    """A new article with its first draft; the draft. Raises `InvalidTransition` if the slug is taken."""
    _require(by, "articles.add_article", "write articles")
    if slug_taken(content.slug):
        raise InvalidTransition(f"The slug “{content.slug}” belongs to another article: choose another one.")
    article = Article.objects.create(
        slug=content.slug, created_by=by, created_by_name=name_of(by), received_as=received_as
    )
    _log(article, None, Action.CREATED, by)
    draft = _new_draft(article, base=None, by=by)
    return save_draft(draft, content, by=by, version=draft.version, received_digest=received_digest)


@transaction.atomic
def start_draft(article, content, *, by, base, received_digest=""):
    """A new draft of `article` by `by`, begun from revision `base`, with `content`.

    Raises `StaleDraft` where `by` has a draft of it already, `InvalidTransition` where `base` is another article's.
    """
    _require(by, "articles.change_revision", "edit articles")
    if base.article_id != article.pk:
        raise InvalidTransition("A draft starts from a revision of the same article.")
    if existing := article.revision_set.open().filter(author=by).first():
        raise StaleDraft(existing)
    draft = _new_draft(article, base=base, by=by)
    return save_draft(draft, content, by=by, version=draft.version, received_digest=received_digest)


@transaction.atomic
def save_draft(revision, content, *, by, version, received_digest=""):
    """Save `content` over the draft, if it is still at `version`; the draft as saved.

    `received_digest` is the importer's: a text that anybody else saved is not the received one any more.
    Raises `StaleDraft` if somebody saved in between, `InvalidTransition` if it is no draft any more or if its slug
    is another article's.
    """
    _require(by, "articles.change_revision", "edit articles")
    if slug_taken(content.slug, article=revision.article):
        raise InvalidTransition(f"The slug “{content.slug}” belongs to another article: choose another one.")
    saved = Revision.objects.filter(pk=revision.pk, status=Status.DRAFT, version=version).update(
        version=version + 1, saved_by=by, saved_by_name=name_of(by), saved_at=timezone.now()
    )
    if not saved:
        current = Revision.objects.select_related("article").get(pk=revision.pk)
        raise StaleDraft(current) if current.is_draft else _moved_on(current)
    revision.refresh_from_db(fields=["version", "saved_by", "saved_by_name", "saved_at", "status"])
    revision.received_digest = received_digest
    if received_digest:
        Article.objects.filter(pk=revision.article_id).update(received_digest=received_digest)
    _contributes(revision, by)
    replace_content(revision, content)
    if revision.article.first_published_at is None:  # nobody has the address yet: it follows the draft
        Article.objects.filter(pk=revision.article_id).update(slug=content.slug)
        revision.article.slug = content.slug
    derivation.derive(revision)
    return revision


@transaction.atomic
def submit(revision, *, by):
    """Hand the draft in for review. Raises `NotReady` with what is missing."""
    _require(by, "articles.change_revision", "edit articles")
    if revision.is_draft and (missing := missing_for_submission(revision)):
        raise NotReady(missing)
    _set_status(revision, Status.DRAFT, Status.SUBMITTED, submitted_at=timezone.now())
    _log(revision.article, revision, Action.SUBMITTED, by, revision.edit_summary)
    return revision


@transaction.atomic
def withdraw(revision, *, by):
    """Take a submitted revision back: only who wrote it can."""
    _require(by, "articles.change_revision", "edit articles")
    if not revision.contributor_set.filter(user=by).exists():
        raise NotAllowed("Only somebody who wrote this revision can withdraw it.")
    _set_status(revision, Status.SUBMITTED, Status.WITHDRAWN)
    _log(revision.article, revision, Action.WITHDRAWN, by)
    return revision


# Deciding -----------------------------------------------------------------------------------------


@transaction.atomic
def approve(revision, *, by, comment=""):
    """Find the submitted revision fit to go out. Who wrote a part of it cannot, superusers included."""
    _require(by, "articles.review_revision", "review revisions")
    if revision.contributor_set.filter(user=by).exists():
        raise NotAllowed("You wrote a part of this revision: somebody else has to approve it.")
    return _decide(revision, Status.APPROVED, Review.Decision.APPROVED, Action.APPROVED, by, comment)


@transaction.atomic
def request_changes(revision, *, by, comment):
    """Send the submitted revision back; `comment` says what to change."""
    _require(by, "articles.review_revision", "review revisions")
    _require_reason(comment, "Say what has to change: the author only has your words.")
    return _decide(
        revision, Status.CHANGES_REQUESTED, Review.Decision.CHANGES_REQUESTED, Action.CHANGES_REQUESTED, by, comment
    )


@transaction.atomic
def reject(revision, *, by, comment):
    """Turn the submitted revision down; `comment` says why."""
    _require(by, "articles.review_revision", "review revisions")
    _require_reason(comment, "Say why: the author only has your words.")
    return _decide(revision, Status.REJECTED, Review.Decision.REJECTED, Action.REJECTED, by, comment)


# Publishing ---------------------------------------------------------------------------------------


@transaction.atomic
def publish(revision, *, by, public_note=None):
    """Point the article at the approved revision."""
    _require(by, "articles.publish_revision", "publish")
    _require_status(revision, Status.APPROVED)
    if public_note is not None:
        Revision.objects.filter(pk=revision.pk).update(public_note=public_note)
        revision.public_note = public_note
    slugs = _point(revision, Action.PUBLISHED, by)
    derivation.refresh_linking_to(slugs)
    return revision


@transaction.atomic
def publish_received(revision, *, by):
    """Point the article at an imported draft as it came, reviewed by nobody, and say so.

    Links to it from other articles are the importer's to refresh (`derivation.refresh_linking_to`), once for a whole
    delivery. Returns the slugs whose target has come or moved.
    """
    _require(by, "articles.import_received", "publish received texts")
    if not revision.received_digest:
        raise InvalidTransition("Only an imported text can go out as received: submit this one for review.")
    if missing := missing_for_submission(revision):
        raise NotReady(missing)
    _set_status(revision, Status.DRAFT, Status.RECEIVED, public_note=AS_RECEIVED)
    return _point(revision, Action.PUBLISHED_AS_RECEIVED, by)


@transaction.atomic
def unpublish(article, *, by, reason):
    """Take the article down; its revisions stay."""
    _require(by, "articles.publish_revision", "take articles down")
    _require_reason(reason, "Say why: it stands in the article’s history.")
    revision = article.published_revision
    taken_down = revision is not None and Article.objects.filter(pk=article.pk, published_revision=revision).update(
        published_revision=None
    )
    if not taken_down:
        raise InvalidTransition("The article is not published as you saw it: load the page anew.")
    article.published_revision = None
    _log(article, revision, Action.UNPUBLISHED, by, reason)
    former = PreviousSlug.objects.filter(article=article).values_list("slug", flat=True)
    derivation.refresh_linking_to([article.slug, *former])
    return article


# Steps of the transitions -------------------------------------------------------------------------


def _clock(moment):
    return timezone.localtime(moment).strftime("%H:%M on %d %b %Y")


def _require(user, permission, what):
    if not (user.is_active and user.has_perm(permission)):
        raise NotAllowed(f"{name_of(user)} may not {what}.")


def _require_reason(text, message):
    if not text.strip():
        raise InvalidTransition(message)


def _require_status(revision, status):
    current = Revision.objects.select_related("article").get(pk=revision.pk)
    if current.status != status:
        raise _moved_on(current)


def _moved_on(revision):
    """The error that says who moved the revision on, and when."""
    last = LogEntry.objects.filter(revision=revision).last()
    by = f" by {last.by_name} at {_clock(last.at)}" if last else ""
    return InvalidTransition(
        f"Revision {revision.number} is {revision.get_status_display()}{by}: this is not possible any more."
    )


def _log(article, revision, action, by, note=""):
    LogEntry.objects.create(
        article=article, revision=revision, action=action, by=by, by_name=name_of(by), at=timezone.now(), note=note
    )


def _contributes(revision, user):
    Contributor.objects.get_or_create(revision=revision, user=user, defaults={"user_name": name_of(user)})


def _new_draft(article, *, base, by):
    highest = article.revision_set.aggregate(highest=Max("number"))["highest"] or 0
    try:
        with transaction.atomic():
            draft = Revision.objects.create(
                article=article,
                number=highest + 1,
                base=base,
                follows=article.published_revision,
                author=by,
                author_name=name_of(by),
                saved_at=timezone.now(),
            )
    except IntegrityError as error:
        raise InvalidTransition("Somebody started a draft at the same moment: try again.") from error
    _log(article, draft, Action.STARTED, by, f"from revision {base.number}" if base else "")
    if base is not None and not _was_published(base):
        draft.follows = base.follows
        draft.save(update_fields=["follows"])
        Contributor.objects.bulk_create(
            Contributor(revision=draft, user=writer.user, user_name=writer.user_name)
            for writer in base.contributor_set.all()
        )
    return draft


def _was_published(revision):
    return LogEntry.objects.filter(
        revision=revision, action__in=[Action.PUBLISHED, Action.PUBLISHED_AS_RECEIVED]
    ).exists()


def _set_status(revision, before, after, **changes):
    if not Revision.objects.filter(pk=revision.pk, status=before).update(status=after, **changes):
        raise _moved_on(Revision.objects.select_related("article").get(pk=revision.pk))
    revision.status = after
    for name, value in changes.items():
        setattr(revision, name, value)


def _decide(revision, status, decision, action, by, comment):
    _set_status(revision, Status.SUBMITTED, status)
    Review.objects.create(
        revision=revision, decision=decision, comment=comment, by=by, by_name=name_of(by), at=timezone.now()
    )
    _log(revision.article, revision, action, by, comment)
    return revision


def _point(revision, action, by):
    """Move the pointer from what the revision follows to the revision; the slugs that lead to it now."""
    article = Article.objects.get(pk=revision.article_id)
    if slug_taken(revision.slug, article=article):
        raise InvalidTransition(f"The slug “{revision.slug}” belongs to another article by now.")
    now = timezone.now()
    moved = Article.objects.filter(pk=article.pk, published_revision=revision.follows_id).update(
        published_revision=revision,
        published_at=now,
        first_published_at=article.first_published_at or now,
        slug=revision.slug,
    )
    if not moved:
        raise InvalidTransition(
            "The published text has changed since this revision was started: it has to be brought up to date first."
        )
    _log(article, revision, action, by, revision.public_note)
    if article.first_published_at is not None and article.slug != revision.slug:
        PreviousSlug.objects.filter(article=article, slug=revision.slug).delete()
        PreviousSlug.objects.create(article=article, slug=article.slug)
        _log(article, revision, Action.MOVED, by, f"{article.slug} → {revision.slug}")
    revision.article.refresh_from_db()
    derivation.render_page(revision.article, revision)
    return [revision.slug, article.slug]
