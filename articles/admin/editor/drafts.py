"""Which revision the editor's screen shows, and where a form goes when it is saved."""

from django.db.models import Case, Q, When
from django.http import Http404
from django.utils.translation import gettext

from articles import workflow
from articles.models import Revision
from articles.workflow.content import content_of

from . import conflicts


def revisions(request, article):
    """The article's revisions that the user may know of, for a list: open drafts first, then the newest."""
    is_closed = Case(When(status=Revision.Status.DRAFT, then=0), default=1)
    return (
        article.revision_set.visible_to(request.user)
        .select_related("base")
        .defer("lead", "base__lead")
        .order_by(is_closed, "-number")
    )


def revision_to_show(request, article):
    """The revision asked for; else the user's open draft, the published text, or the latest. None: a new article."""
    if article is None:
        return None
    revisions = article.revision_set.visible_to(request.user).select_related("base").order_by("-number")
    if asked := request.GET.get("revision"):
        revision = revisions.filter(pk=asked).first() if asked.isdecimal() else None
    else:
        mine = Q(status=Revision.Status.DRAFT, author=request.user)
        published = Q(pk=article.published_revision_id)
        revision = revisions.filter(mine).first() or revisions.filter(published).first() or revisions.first()
    if revision is None:
        raise Http404(gettext("No such revision."))
    return revision


def target(form):
    """The revision that the form says it goes over or starts from, at the version it was loaded at; None: a new article.

    Raises Http404 where it names none of the article's.
    """
    if form.article is None:
        return None
    pk, version = form.loaded_from
    if not (pk.isdecimal() and version.isdecimal()):
        raise Http404(gettext("The form does not say which revision it was loaded from."))
    revision = form.article.revision_set.select_related("base").filter(pk=pk).first()
    if revision is None:
        raise Http404(gettext("No such revision."))
    revision.version = int(version)
    return revision


def save(form, target, *, by):
    """Save the form as the user's draft; the draft. Raises what `workflow` raises."""
    content = form.content()
    if form.article is None:
        return workflow.create_article(content, by=by)
    was_draft = form.text["loaded_as"].value() == "draft" and not form.is_over
    if target.is_draft or was_draft:
        return workflow.save_draft(target, content, by=by, version=target.version)
    return workflow.start_draft(form.article, content, by=by, base=target)


def is_change(article, revision):
    """Whether what is written in `revision` will be compared with a published text."""
    if revision is not None and revision.is_draft:
        return revision.target_id is not None
    return article is not None and article.published_revision_id is not None


def conflict(form, revision, message, *, by):
    """What the screen says when `revision` stands in the way of `form`: why, what differs, how to go on."""
    return {
        "revision": revision,
        "message": message,
        "is_own": revision.saved_by_id == by.pk,
        "over": f"{revision.pk}:{revision.version}",
        "differences": conflicts.compare(form, form.content(), content_of(revision)),
    }
