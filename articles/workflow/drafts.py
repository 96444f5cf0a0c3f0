"""From the first word to the queue: start, save, submit, withdraw, bring up to date."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from articles.derived.i18n import translate
from articles.models import Article, Contributor, Notice, Revision

from . import audit_log, notifications
from .changes import merged, weigh
from .content import missing_for_submission, replace_content, slug_taken
from .transitions import (
    Action,
    Clashes,
    InvalidTransition,
    NotAllowed,
    NotReady,
    StaleDraft,
    Status,
    claim_slug,
    contributes,
    copy_contributors,
    lock_article,
    moved_on,
    name_of,
    record,
    require,
    require_editable,
    set_status,
    transition,
)


@transition
def create_article(content, *, by, received_as=None, received_digest=""):
    """A new article with its first draft; the draft. Raises `InvalidTransition` if the slug is taken."""
    require(by, "articles.add_article", gettext("write articles"))
    if slug_taken(content.slug):
        raise InvalidTransition(
            gettext("The slug “%(slug)s” belongs to another article: choose another one.") % {"slug": content.slug}
        )
    with claim_slug(content.slug):
        article = Article.objects.create(
            slug=content.slug,
            created_by=by,
            created_by_name=name_of(by),
            received_as=received_as,
            received_digest=received_digest,
        )
    record(article, None, Action.CREATED, by, is_new=True)
    draft = new_draft(article, base=None, by=by)
    return _save(draft, content, by, draft.version, received_digest)


@transition
def start_draft(article, content, *, by, base, received_digest=""):
    """A new draft of `article` by `by`, begun from revision `base`, with `content`.

    Begun from an older revision it restores that one; from one that was sent back it goes on with it. Raises
    `StaleDraft` where `by` has a draft of the article already, `InvalidTransition` where `base` is another article's.
    """
    lock_article(article)
    require_editable(by, article)
    if base.article_id != article.pk:
        raise InvalidTransition(gettext("A draft starts from a revision of the same article."))
    if existing := article.revision_set.open().filter(author=by).first():
        raise StaleDraft(existing)
    draft = new_draft(article, base=base, by=by)
    return _save(draft, content, by, draft.version, received_digest)


@transition
def save_draft(revision, content, *, by, version, received_digest=""):
    """Save `content` over the draft, if it is still at `version`; the draft as saved.

    `received_digest` is the importer's: a text that anybody else saved is not the received one any more.

    Raises `StaleDraft` if somebody saved in between, `InvalidTransition` if it is no draft any more or if its slug
    is another article's.
    """
    lock_article(revision.article)
    require_editable(by, revision.article)
    return _save(revision, content, by, version, received_digest)


def _save(revision, content, by, version, received_digest=""):
    if content.slug != revision.article.slug and slug_taken(content.slug, article=revision.article):
        raise InvalidTransition(
            gettext("The slug “%(slug)s” belongs to another article: choose another one.") % {"slug": content.slug}
        )
    saving = {"version": version + 1, "saved_by": by, "saved_by_name": name_of(by), "saved_at": timezone.now()}
    is_first = version == 0
    ours = Revision.objects.filter(pk=revision.pk, status=Status.DRAFT, version=version)
    if not (is_first and revision.base_id is None) and not ours.update(**saving):  # a new article is nobody else's yet
        current = Revision.objects.select_related("article").get(pk=revision.pk)
        raise StaleDraft(current) if current.is_draft else moved_on(current)
    for name, value in saving.items():
        setattr(revision, name, value)
    revision.status = Status.DRAFT
    revision.received_digest = received_digest
    if received_digest and received_digest != revision.article.received_digest:
        Article.objects.filter(pk=revision.article_id).update(received_digest=received_digest)
    if is_first and revision.base_id is None:  # nobody can have written in it yet
        Contributor.objects.create(revision=revision, user=by, user_name=name_of(by))
    else:
        contributes(revision, by)
    # As long as nobody has the address it follows the draft.
    if revision.article.first_published_at is None and revision.article.slug != content.slug:
        with claim_slug(content.slug):
            Article.objects.filter(pk=revision.article_id).update(slug=content.slug)
        revision.article.slug = content.slug
    replace_content(revision, content, is_first=is_first)
    return revision


@transition
def submit(revision, *, by):
    """Hand the draft in for review. Raises `NotReady` with what is missing."""
    lock_article(revision.article)
    require_editable(by, revision.article)
    submit_draft(revision)
    record(revision.article, revision, Action.SUBMITTED, by, revision.edit_summary)
    notifications.notify(
        Notice.Kind.SUBMITTED,
        gettext("%(by)s submitted “%(title)s” (revision %(number)s) for review.")
        % {"by": name_of(by), "title": revision.title, "number": revision.number},
        article=revision.article,
        revision=revision,
        users=[
            *notifications.users_with_permission("articles.review_revision"),
            *notifications.watchers(revision.article),
        ],
        actor=by,
    )
    return revision


@transition
def withdraw(revision, *, by):
    """Take a submitted revision back: only who wrote it can."""
    require(by, "articles.change_revision", gettext("edit articles"))
    lock_article(revision.article)
    if not revision.contributor_set.filter(user=by).exists():
        raise NotAllowed(gettext("Only somebody who wrote this revision can withdraw it."))
    set_status(revision, Status.SUBMITTED, Status.WITHDRAWN)
    record(revision.article, revision, Action.WITHDRAWN, by)
    return revision


@transition
def rebase(revision, *, by, choices=None, onto=None):
    """Merge what was published meanwhile into the revision; the revision that holds the result.

    A draft is changed in place. A submitted or approved revision stays as it was handed in: it is withdrawn, and what
    the merge gives is submitted in its place for the same author. `choices` maps the id of each clash to the text that
    a person chose; who chooses has written a part of the text. Raises `Clashes` while one is not chosen.
    `onto` is the key of the published revision that was shown beside it: another one is not merged unseen.
    """
    article = revision.article
    lock_article(article)
    require_editable(by, article)
    published = article.published_revision
    if published is None or revision.target_id == published.pk:
        raise InvalidTransition(gettext("It follows the published text already: there is nothing to merge."))
    if onto is not None and onto != published.pk:
        raise InvalidTransition(
            gettext("Revision %(number)s was published meanwhile: nothing was merged. Look at what it changes first.")
            % {"number": published.number}
        )
    try:
        content, merge = merged(revision.target, revision, published, choices or {})
    except ValueError as error:
        raise InvalidTransition(translate(error)) from error
    if content is None:
        raise Clashes(merge)
    names = {"number": revision.number, "published": published.number}
    if revision.is_draft:
        saved = _save(revision, content, by, revision.version)
        Revision.objects.filter(pk=saved.pk, status=Status.DRAFT).update(target=published)
        saved.target = published
        record(article, saved, Action.MERGED, by, gettext("with revision %(published)s") % names)
        return saved
    before = revision.status
    if before not in {Status.SUBMITTED, Status.APPROVED}:
        raise moved_on(revision)
    set_status(revision, before, Status.WITHDRAWN, publish_at=None, take_down_at=None)
    record(article, revision, Action.WITHDRAWN, by, gettext("brought up to date with revision %(published)s") % names)
    follower = new_draft(article, base=revision, by=by, author=revision.author, author_name=revision.author_name)
    copy_contributors(revision, follower)
    if choices:
        contributes(follower, by)
    follower.target = published
    replace_content(follower, content)
    submit_draft(follower)
    record(
        article,
        follower,
        Action.SUBMITTED,
        by,
        gettext("revision %(number)s brought up to date with revision %(published)s") % names,
    )
    return follower


def new_draft(article, *, base, by, author=None, author_name=None):
    """An empty draft begun from `base`, following what the public sees. It is `by`'s unless an author is given."""
    highest = 0
    if base is not None:
        highest = article.revision_set.aggregate(highest=Max("number"))["highest"] or 0
    if author is None and author_name is None:
        author, author_name = by, name_of(by)
    try:
        with transaction.atomic():
            draft = Revision.objects.create(
                article=article,
                number=highest + 1,
                base=base,
                target=article.published_revision,
                author=author,
                author_name=author_name,
                saved_by=by,
                saved_by_name=name_of(by),
                saved_at=timezone.now(),
            )
    except IntegrityError as error:
        raise InvalidTransition(
            gettext(
                "%(author_name)s has another draft of this article, or somebody started one at the same moment: "
                "load the page anew."
            )
            % {"author_name": author_name}
        ) from error
    note = gettext("from revision %(number)s") % {"number": base.number} if base else ""
    record(article, draft, Action.STARTED, by, note, is_new=base is None)
    if base is not None and not audit_log.was_published(base):
        draft.target = base.target
        draft.save(update_fields=["target"])
        copy_contributors(base, draft)
    return draft


def submit_draft(revision):
    """Freeze the draft as it stands in the database now. Raises `NotReady` with what is missing."""
    # The status first: from here on nobody else can save, and what is read is what was handed in.
    set_status(revision, Status.DRAFT, Status.SUBMITTED, submitted_at=timezone.now())
    revision.refresh_from_db()
    if missing := missing_for_submission(revision):
        raise NotReady(missing)
    revision.change_kinds, revision.risk = weigh(revision)
    revision.digest = audit_log.revision_digest(revision)
    revision.save(update_fields=["change_kinds", "risk", "digest"])
