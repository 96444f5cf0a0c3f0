"""Drafts: start and save them."""

from dataclasses import replace

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from articles.derived.pages.review_coverage import unreviewed_revisions
from articles.models import Article, Contributor, DraftVersion, Revision, Section
from articles.workflow.content import content_of, free_slug, replace_content, slug_taken
from articles.workflow.history import audit_log, names, rows
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    StaleDraft,
    Status,
    claim_slug,
    contributes,
    copy_contributors,
    lock_article,
    moved_on,
    name_of,
    record,
    record_creation,
    refuse_second,
    require,
    require_editable,
    transition,
)

from . import reopened_edits, versions


@transition
def create_article(content, *, by, received_as=None, received_digest="", is_autosave=False):
    """Create an article and return its first draft. Raises `InvalidTransition` if the slug is taken."""
    require(by, "articles.add_article", gettext("write articles"))
    _require_free(content.slug)
    with claim_slug(content.slug):
        article = Article.objects.create(
            slug=content.slug,
            created_by=by,
            created_by_name=name_of(by),
            received_as=received_as,
            received_digest=received_digest,
        )
    if received_as or received_digest:
        rows.record_new(article)
    draft = new_draft(article, base=None, by=by)
    return save_locked(draft, content, by, draft.version, received_digest, is_autosave=is_autosave)


@transition
def start_draft(article, content, *, by, base, received_digest="", is_autosave=False):
    """Start a draft of `article` for `by` from revision `base`, with `content`, and return it.

    Starting from an older revision restores it; starting from one with requested changes continues it. Raises
    `StaleDraft` if `by` already has a draft of the article, and `InvalidTransition` if `base` is another article's or was
    erased.
    """
    lock_article(article)
    require_editable(by, article)
    if base.article_id != article.pk:
        raise InvalidTransition(gettext("A draft must start from a revision of the same article."))
    if Revision.objects.filter(pk=base.pk, erased_at__isnull=False).exists():
        raise InvalidTransition(gettext("The text of this revision was erased and can’t be restored."))
    if existing := article.revision_set.open().filter(author=by).first():
        raise StaleDraft(existing, by)
    draft = new_draft(article, base=base, by=by)
    return save_locked(draft, content, by, draft.version, received_digest, is_autosave=is_autosave)


@transition
def restore(base, *, by, edit_summary):
    """Start a draft for `by` with the text of `base`, a submitted or discarded revision, and return it; as `start_draft`."""
    content = _with_free_slug(replace(content_of(base), edit_summary=edit_summary), base.article)
    return start_draft(base.article, content, by=by, base=base)


@transition
def restore_version(version, *, by, loaded):
    """Save a `DraftVersion` in its draft again, as it was `loaded` (number); if it is no draft any longer, start one.

    Returns the draft, and the keys of the sources that were left out because their episodes no longer exist.
    """
    revision = version.revision
    lock_article(revision.article)
    revision.refresh_from_db(fields=["status"])
    version = DraftVersion.objects.filter(pk=version.pk).first()
    if version is None:
        raise InvalidTransition(gettext("This version has been deleted in the meantime, so nothing was restored."))
    content, lacking = versions.content_of_version(version)
    if revision.is_draft:
        return save_draft(revision, content, by=by, version=loaded), lacking
    draft = start_draft(revision.article, _with_free_slug(content, revision.article), by=by, base=revision)
    copy_contributors(
        revision, draft
    )  # nobody reviewed what wasn't submitted, even if the revision was published later
    return draft, lacking


@transition
def save_draft(revision, content, *, by, version, received_digest="", is_autosave=False):
    """Save `content` to the draft if it is still at `version`, and return the saved draft.

    What every save by hand stored is kept as a version; of those with `is_autosave`, only some (`versions.py`).

    Only the importer passes `received_digest`: once anyone else has saved, the text is no longer the imported one.

    Raises `StaleDraft` if someone saved in between, and `InvalidTransition` if the revision is no longer a draft or if
    another article uses its slug.
    """
    lock_article(revision.article)
    require_editable(by, revision.article)
    return save_locked(revision, content, by, version, received_digest, is_autosave=is_autosave)


def save_locked(revision, content, by, version, received_digest="", *, is_autosave=False):
    """Save `content` to the draft like `save_draft`, for callers that have locked the article and checked `by`."""
    require_fitting(content)
    if content.slug != revision.article.slug:
        _require_free(content.slug, revision.article)
    saving = {"version": version + 1, "saved_by": by, "saved_by_name": name_of(by), "saved_at": timezone.now()}
    is_first = version == 0
    is_new = is_first and revision.base_id is None
    versions.keep_stored(revision, version)
    ours = Revision.objects.filter(pk=revision.pk, status=Status.DRAFT, version=version)
    if not is_new and not ours.update(**saving):  # nobody else has a new article yet
        current = Revision.objects.select_related("article").get(pk=revision.pk)
        raise StaleDraft(current, by) if current.is_draft else moved_on(current)
    for name, value in saving.items():
        setattr(revision, name, value)
    revision.status = Status.DRAFT
    was_received, revision.received_digest = revision.received_digest, received_digest
    if received_digest and received_digest != revision.article.received_digest:
        with rows.recorded(Article, [revision.article_id]):
            Article.objects.filter(pk=revision.article_id).update(received_digest=received_digest)
    Article.objects.filter(pk=revision.article_id).update(last_saved_at=saving["saved_at"])
    added = []
    if is_new:  # nobody can have contributed yet
        contributor = Contributor.objects.create(
            revision=revision, user=by, user_name=name_of(by), account=by.pk, name_seal=names.new_seal()
        )
        added.append(contributor)
    else:
        contributes(revision, by)
        revision.reopened = reopened_edits.open_undone(revision, content, by=by)
    # Until the article is first published nobody has its URL, so the slug may change with the draft.
    if revision.article.first_published_at is None and revision.article.slug != content.slug:
        with claim_slug(content.slug):
            Article.objects.filter(pk=revision.article_id).update(slug=content.slug)
        revision.article.slug = content.slug
    content = versions.with_keys(content)
    with rows.recorded(Revision, [revision.pk] if (was_received or received_digest) and not is_new else ()):
        replace_content(revision, content, is_first=is_first)
    if is_new and received_digest:
        added.append(revision)
    rows.record_new(*added)
    if not (is_first and received_digest):  # of thousands of imported texts few are edited: `keep_stored` keeps those
        versions.keep(revision, content, is_autosave=is_autosave)
    return revision


def require_fitting(content):
    """Raise `InvalidTransition` for a title, heading or other line that is longer than its column.

    Forms check what is typed; this also holds for what the site itself writes into a text.
    """
    lines = [(Revision, content, name) for name in ("title", "slug", "language", "edit_summary")]
    lines += [(Section, section, "heading") for section in content.sections]
    for model, source, name in lines:
        field = model._meta.get_field(name)
        if len(getattr(source, name)) > field.max_length:
            raise InvalidTransition(
                gettext("Shorten the %(field)s to %(most)s characters or fewer.")
                % {"field": field.verbose_name, "most": field.max_length}
            )


def _with_free_slug(content, article):
    """Return `content` with a number in its slug if an article that was never public lost its slug to another one."""
    return replace(content, slug=free_slug(content.slug, article)) if article.first_published_at is None else content


def _require_free(slug, article=None):
    if slug_taken(slug, article):
        raise InvalidTransition(
            gettext("Another article already uses the slug “%(slug)s”. Choose a different one.") % {"slug": slug}
        )


def new_draft(article, *, base, by, author=None, author_name=None):
    """Create an empty draft from `base` that targets the published revision. Its author is `by` unless one is given.

    Without `base` it is the first of an article that this transaction has created.
    """
    highest = 0
    if base is not None:
        highest = article.revision_set.aggregate(highest=Max("number"))["highest"] or 0
    if author is None and author_name is None:
        author, author_name = by, name_of(by)
    has_draft = gettext(
        "%(author_name)s already has a draft of this article, or someone started one at the same moment. "
        "Reload the page."
    )
    with refuse_second(has_draft % {"author_name": author_name}):
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
    if base is None:
        record_creation(article, draft, by)
    else:
        record(article, draft, Action.STARTED, by, gettext("from revision %(number)s") % {"number": base.number})
    if base is not None and not audit_log.was_published(base):
        draft.target = base.target
        draft.save(update_fields=["target"])
        copy_contributors(base, draft)
    elif base is not None and base != draft.target:
        # An older text comes back. If nobody reviewed some of it, whoever wrote that isn't the one to approve it now.
        for revision in Revision.objects.filter(pk__in=unreviewed_revisions(base)):
            copy_contributors(revision, draft)
    rows.record_new(draft)
    return draft
