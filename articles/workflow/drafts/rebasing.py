"""The published text merged into revisions that are outdated."""

from django.utils.translation import gettext

from articles.derived.i18n import translate
from articles.models import Revision
from articles.workflow.content import content_of, replace_content
from articles.workflow.content.changes import merged, text_of
from articles.workflow.content.recordings import cited_recordings
from articles.workflow.history import rows
from articles.workflow.transitions import (
    Action,
    InvalidTransition,
    MergeConflicts,
    Status,
    contributes,
    copy_contributors,
    lock_article,
    moved_on,
    record,
    require_editable,
    set_status,
    transition,
)

from .saving import new_draft, require_fitting, save_locked
from .submission import submit_draft


@transition
def rebase(revision, *, by, choices=None, onto=None):
    """Merge the published text into an outdated revision and return the revision that holds the result.

    A draft is changed in place. A submitted or approved revision stays as it was submitted: it is withdrawn, and the
    result is submitted in its place for the same author. `choices` maps each conflict id to the chosen text; anyone who
    makes a choice becomes a contributor. Raises `MergeConflicts` while a choice is missing, and `InvalidTransition` if
    nothing would be left to review. `onto` is the key of the published revision that the person saw, so that no other
    revision is merged unseen.
    """
    article = revision.article
    lock_article(article)
    require_editable(by, article)
    published = article.published_revision
    if published is None or revision.target_id == published.pk:
        raise InvalidTransition(gettext("This revision is already up to date with the published text."))
    if revision.erased_at is not None:
        raise InvalidTransition(gettext("This revision was erased; there is nothing to merge."))
    if onto is not None and onto != published.pk:
        raise InvalidTransition(
            gettext("Revision %(number)s was published in the meantime. Nothing was merged; look at its changes first.")
            % {"number": published.number}
        )
    try:
        content, merge = merged(revision.target, revision, published, choices or {})
    except ValueError as error:
        raise InvalidTransition(translate(error)) from error
    if content is None:
        raise MergeConflicts(merge)
    names = {"number": revision.number, "published": published.number}
    if revision.is_draft:
        saved = save_locked(revision, content, by, revision.version)
        with rows.recorded(Revision, [saved.pk]):
            saved.target = published
            saved.save(update_fields=["target"])
        record(article, saved, Action.MERGED, by, gettext("with revision %(published)s") % names)
        return saved
    require_fitting(content)
    before = revision.status
    if before not in {Status.SUBMITTED, Status.APPROVED}:
        raise moved_on(revision)
    if text_of(content) == text_of(content_of(published)):
        nothing = gettext(
            "The result would be the same as the published text, revision %(published)s, so there would be nothing to "
            "review. Keep something of what revision %(number)s changes, or leave it as it is."
        )
        ways_out = gettext("Whoever wrote it can withdraw it, and moderators can reject it.")
        raise InvalidTransition(f"{nothing % names} {ways_out}" if before == Status.SUBMITTED else nothing % names)
    set_status(revision, before, Status.WITHDRAWN, publish_at=None, take_down_at=None)
    record(article, revision, Action.WITHDRAWN, by, gettext("updated to revision %(published)s") % names)
    rebased = new_draft(article, base=revision, by=by, author=revision.author, author_name=revision.author_name)
    copy_contributors(revision, rebased)
    if choices:
        contributes(rebased, by)
    with rows.recorded(Revision, [rebased.pk]):
        rebased.target = published
        replace_content(rebased, content)
    submit_draft(rebased)
    record(
        article,
        rebased,
        Action.SUBMITTED,
        by,
        gettext("revision %(number)s updated to revision %(published)s") % names,
        recordings=cited_recordings(rebased),
    )
    return rebased
