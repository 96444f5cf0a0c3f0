"""Chooses the revision that the editor's screen shows, and saves a form to the right draft."""

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext

from articles import workflow
from articles.admin.pages import found_or_404
from articles.models import Revision


def revision_to_show(request, article):
    """The requested revision; otherwise the user's open draft, the published text or the latest revision.

    None for a new article. Raises Http404 if the article has no such revision.
    """
    if article is None:
        return None
    revisions = article.revision_set.visible_to(request.user).select_related("base").order_by("-number")
    if requested := request.GET.get("revision"):
        return found_or_404(revisions, requested, gettext("Revision not found."))
    mine = Q(status=Revision.Status.DRAFT, author=request.user)
    published = Q(pk=article.published_revision_id)
    revision = revisions.filter(mine).first() or revisions.filter(published).first() or revisions.first()
    if revision is None:
        raise Http404(gettext("Revision not found."))
    return revision


def target(form):
    """The revision that the form was loaded from, with `version` set to the version at that time; None for a new article.

    Raises Http404 if the form doesn't name a revision of the article.
    """
    if form.article is None:
        return None
    pk, version = form.loaded_from
    if not (pk.isdecimal() and version.isdecimal()):
        raise Http404(gettext("The form doesn’t say which revision it was loaded from. Reload the page."))
    revision = found_or_404(form.article.revision_set.select_related("base"), pk, gettext("Revision not found."))
    revision.version = int(version)
    return revision


def save(form, target, *, by, is_autosave=False):
    """Save the form as the user's draft and return the draft. Raises what `workflow` raises."""
    content = form.content()
    if form.article is None:
        return workflow.create_article(content, by=by, is_autosave=is_autosave)
    was_draft = form.text["loaded_as"].value() == "draft" and not form.is_over
    if target.is_draft or was_draft:
        return workflow.save_draft(target, content, by=by, version=target.version, is_autosave=is_autosave)
    return workflow.start_draft(form.article, content, by=by, base=target, is_autosave=is_autosave)


def is_change(article, revision):
    """Whether the text in `revision` changes a published text, rather than being a new article."""
    if revision is not None and revision.is_draft:
        return revision.target_id is not None
    return article is not None and article.published_revision_id is not None
