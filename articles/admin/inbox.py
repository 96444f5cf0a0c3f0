"""A person's notices, to be read and ticked off; and the articles whose notices they want."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from articles.admin.desk import back
from articles.models import Article, Notice, Watch

PER_PAGE = 50


@require_safe
def inbox(request, site):
    """The person's notices: unread ones first, the newest first among each."""
    is_read = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    found = Notice.objects.filter(user=request.user).annotate(is_read=is_read).order_by("is_read", "-pk")
    found = found.select_related("article__published_revision", "revision").defer(
        "article__published_revision__lead", "revision__lead"
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **site.each_context(request),
        "title": "Inbox",
        "page": page,
        "watched": Watch.objects.filter(user=request.user).select_related("article__published_revision").order_by("-pk"),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/articles/inbox/inbox.html", context)


@require_POST
def read(request):
    """Tick off one of the person's notices (`notice`), or all that were there when the page was made (`until`)."""
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
    wanted = request.POST.get("watch") == "1"
    if wanted:
        Watch.objects.get_or_create(user=request.user, article=article)
    else:
        Watch.objects.filter(user=request.user, article=article).delete()
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"isWatched": wanted})
    return HttpResponseRedirect(back(request, reverse("admin:articles_article_change", args=[article.pk])))
