"""A person's notices, to be read and ticked off; and the articles whose notices they want."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from articles.models import Article, Notice, Revision, Watch

from .views import addresses_beside, back

PER_PAGE = 50
Kind = Notice.Kind
BAD = {Kind.BEHIND, Kind.NOT_PUBLISHED, Kind.CHALLENGED}


@require_safe
def inbox(request, site):
    """The person's notices: unread ones first, the newest first among each."""
    is_read = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    found = Notice.objects.filter(user=request.user).annotate(is_read=is_read).order_by("is_read", "-pk")
    found = found.select_related("article", "revision").defer("revision__lead")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    for notice in page:
        notice.page = _page_of(notice, request.user)
        notice.word, notice.is_bad = _word_of(notice), notice.kind in BAD
    unread = [notice.pk for notice in page if notice.read_at is None]
    watched = Watch.objects.filter(user=request.user).select_related("article__published_revision")
    context = {
        **site.each_context(request),
        "title": gettext("Inbox"),
        "page": page,
        "pages": addresses_beside(request, page),
        "newest": max(unread, default=None),
        "watched": watched.defer("article__published_revision__lead").order_by("-pk"),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/articles/queue/inbox.html", context)


def _page_of(notice, user):
    """Where a notice leads: to the public page if it is about that, else to the revision, else to the article."""
    revision, article = notice.revision, notice.article
    if notice.kind == Kind.PUBLISHED and article.published_revision_id == notice.revision_id:
        return article.get_absolute_url()
    if notice.kind == Kind.CHALLENGED and user.has_perm("articles.view_correctionrequest"):
        return reverse("admin:articles_correctionrequest_changelist") + f"?article={article.pk}"
    if revision is not None:
        return revision.get_absolute_url()
    return reverse("admin:articles_article_change", args=[article.pk])


def _word_of(notice):
    """What the notice is about; of what has been decided since it was submitted, how."""
    if notice.kind == Kind.SUBMITTED and notice.revision and notice.revision.status != Revision.Status.SUBMITTED:
        return gettext("by now %(status_display)s") % {"status_display": notice.revision.get_status_display()}
    return notice.get_kind_display()


@require_POST
def read(request):
    """Tick off one of the person's notices (`notice`), or all up to the newest that the page showed (`until`)."""
    unread = Notice.objects.filter(user=request.user).unread()
    if one := request.POST.get("notice", ""):
        unread = unread.filter(pk=one) if one.isdecimal() else unread.none()
    else:
        until = request.POST.get("until", "")
        unread = unread.filter(pk__lte=until) if until.isdecimal() else unread.none()
    number = unread.update(read_at=timezone.now())
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"read": number})
    return HttpResponseRedirect(reverse("admin:inbox"))


@require_POST
def watch(request, pk):
    """Begin or stop watching an article, as the form says (`watch` is 1 or 0)."""
    if not request.user.has_perm("articles.change_revision"):
        raise PermissionDenied
    article = get_object_or_404(Article, pk=pk)
    is_wanted = request.POST.get("watch") == "1"
    if is_wanted:
        Watch.objects.get_or_create(user=request.user, article=article)
    else:
        Watch.objects.filter(user=request.user, article=article).delete()
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"isWatched": is_wanted})
    return HttpResponseRedirect(back(request, reverse("admin:articles_article_change", args=[article.pk])))
