"""A user's inbox: their notices, marking them as read, and the articles they watch."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles.admin.review.decision.unsent import keeping
from articles.admin.shared.helpers import admin_page, back, found_or_404, json_or_redirect
from articles.core.parsing.numbers import whole_number
from articles.models import Article, Notice, Revision, Watch
from articles.workflow.notifications import url_of

PER_PAGE = 50
Kind = Notice.Kind
BAD = {Kind.BEHIND, Kind.NOT_PUBLISHED, Kind.CHALLENGED}


@require_safe
def inbox(request):
    """The user's notices: unread ones first, then newest first."""
    is_read = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    notices = Notice.objects.of(request.user).annotate(is_read=is_read).order_by("is_read", "-pk")
    notices = notices.select_related("article", "revision").defer("revision__lead")
    page = Paginator(notices, PER_PAGE).get_page(request.GET.get("page"))
    for notice in page:
        notice.page = url_of(notice, request.user)
        notice.word, notice.is_bad = _label_of(notice), notice.kind in BAD
    unread = [notice.pk for notice in page if notice.read_at is None]
    watched = Watch.objects.filter(user=request.user, article__in=Article.objects.visible_to(request.user).kept())
    watched = watched.select_related("article__published_revision")
    context = {
        "title": gettext("Inbox"),
        "page": page,
        "newest": max(unread, default=None),
        "watched": watched.defer("article__published_revision__lead").order_by("-pk"),
    }
    return admin_page(request, "admin/articles/queue/inbox.html", context)


def _label_of(notice):
    """The kind of notice; for a submission that has been decided since, its current status.

    That of an assignment says “to you” only while that is so: it may be for a group, or somebody else's by now.
    """
    if notice.kind == Kind.SUBMITTED and notice.revision and notice.revision.status != Revision.Status.SUBMITTED:
        return gettext("now %(status_display)s") % {"status_display": notice.revision.get_status_display()}
    if notice.kind == Kind.ASSIGNED and not (notice.revision and notice.revision.assigned_to_id == notice.user_id):
        return gettext("review assigned")
    return notice.get_kind_display()


@require_POST
def read(request):
    """Mark one of the user's notices as read (`notice`), or all up to the newest one that the page showed (`until`)."""
    unread = Notice.objects.of(request.user).unread()
    if key := request.POST.get("notice", ""):
        unread = unread.filter(pk=whole_number(key))
    else:
        unread = unread.filter(pk__lte=whole_number(request.POST.get("until")) or 0)
    return json_or_redirect(request, {"read": unread.update(read_at=timezone.now())}, reverse("admin:inbox"))


@require_POST
@permission_required("articles.change_revision", raise_exception=True)
@keeping
def watch(request, pk):
    """Watch an article (`watch` is 1) or unwatch it (0)."""
    article = found_or_404(Article.objects.visible_to(request.user), pk, gettext("No such article."))
    is_wanted = request.POST.get("watch") == "1"
    if is_wanted:
        Watch.objects.get_or_create(user=request.user, article=article)
    else:
        Watch.objects.filter(user=request.user, article=article).delete()
    address = back(request, reverse("admin:articles_article_change", args=[article.pk]))
    return json_or_redirect(request, {"isWatched": is_wanted}, address)
