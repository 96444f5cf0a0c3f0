"""The revision that is reviewed, the one that it is compared with, and what updating it involves."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from articles.admin.shared.helpers import found_or_404
from articles.core.revisions import diff, merge
from articles.models import DraftLink, GuestComment, Revision
from articles.views import diff as compared


@dataclass(frozen=True)
class Outdated:
    """What updating an outdated revision to the published text involves.

    `shown` is the comparison with the changes that apply without a conflict, `conflicts` the places that both changed.
    """

    published: Revision
    shown: compared.Shown
    conflicts: tuple
    is_coarse: bool


def revision_or_404(request, pk):
    """The revision with its related rows, whether it `was_shared` by link, and how many `guest_comments` it has.

    Raises Http404 also if it isn't visible to the user.
    """
    if not (request.user.has_perm("articles.view_revision") or request.user.has_perm("articles.change_revision")):
        raise PermissionDenied
    related = ["article__published_revision", "target", "base", "rendering"]
    revisions = Revision.objects.visible_to(request.user).select_related(*related).prefetch_related("contributor_set")
    said = (
        GuestComment.objects.filter(link__revision=OuterRef("pk"), deleted_at=None).order_by().values("link__revision")
    )
    revisions = revisions.annotate(
        was_shared=Exists(DraftLink.objects.filter(revision=OuterRef("pk"))),
        guest_comments=Coalesce(Subquery(said.annotate(number=Count("pk")).values("number")), 0),
    )
    return found_or_404(revisions, pk, gettext("No such revision."))


def other_of(revision, number, user):
    """The revision to compare with: the one with this `number` (a string), by default the one it would replace.

    Raises Http404 if the article has none that `user` may see.
    """
    if not number or (revision.target_id and number == str(revision.target.number)):
        return revision.target
    missing = gettext("This article has no revision %(number)s.") % {"number": number}
    return found_or_404(revision.article.revision_set.visible_to(user), number, missing, field="number")


def said_instead(revision, missing):
    """What the page says if the revision that was to be compared is `missing`."""
    instead = (
        gettext("This is the comparison with revision {} instead.").format(revision.target.number)
        if revision.target
        else gettext("These are the citations of the whole text instead.")
    )
    history = reverse("admin:articles_article_history", args=[revision.article_id])
    chosen = format_html(gettext('Choose any two texts in the <a href="{}">history</a>.'), history)
    return format_html("{} {} {}", str(missing), instead, chosen)


def outdated(revision):
    """The `Outdated` of an outdated revision, None for any other. Four queries."""
    if not revision.is_outdated or revision.status not in {"draft", "submitted", "approved"}:
        return None
    published = revision.article.published_revision
    revisions = [item for item in (revision.target, revision, published) if item is not None]
    texts = compared.read(*revisions)
    base = texts[0][0] if revision.target is not None else diff.Text()
    (ours, own_sources), (theirs, their_sources) = texts[-2:]
    merged = merge.merge(base, ours, theirs)
    result = merged.text or merge.resolve(merged, dict.fromkeys((conflict.id for conflict in merged.conflicts), "ours"))
    incoming = diff.compare(ours, result)
    shown = compared.show(incoming, own_sources, their_sources | own_sources)
    return Outdated(published, shown, merged.conflicts, merged.is_coarse)
