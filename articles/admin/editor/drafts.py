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


def target(request, article):
    """The revision that the form says it goes over or starts from, at the version it was loaded at."""
    if article is None:
        return None
    over = request.POST.get("_over", "")
    pk, _, version = over.partition(":")
    if not over:
        pk, version = request.POST.get("loaded_revision", ""), request.POST.get("loaded_version", "")
    if not (pk.isdecimal() and version.isdecimal()):
        raise Http404(gettext("The form does not say which revision it was loaded from."))
    revision = article.revision_set.select_related("base").filter(pk=pk).first()
    if revision is None:
        raise Http404(gettext("No such revision."))
    revision.version = int(version)
    return revision


def save(request, article, form, target):
    """Save the form as the user's draft; the draft. Raises what `workflow` raises."""
    content = form.content()
    if article is None:
        return workflow.create_article(content, by=request.user)
    was_draft = request.POST.get("loaded_as") == "draft" and "_over" not in request.POST
    if target.is_draft or was_draft:
        return workflow.save_draft(target, content, by=request.user, version=target.version)
    return workflow.start_draft(article, content, by=request.user, base=target)


def conflict(form, revision, message, *, by):
    """What the screen says when `revision` stands in the way of `form`: why, what differs, how to go on."""
    return {
        "revision": revision,
        "message": message,
        "is_own": revision.saved_by_id == by.pk,
        "over": f"{revision.pk}:{revision.version}",
        "differences": conflicts.compare(form, form.content(), content_of(revision)),
    }
