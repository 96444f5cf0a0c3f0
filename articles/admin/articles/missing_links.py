"""What texts link to and nobody has written yet: a list of things to write."""

from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.models import Article, Link, PreviousSlug, Revision

PER_PAGE = 50
NAMED = 5  # articles that are named for each
PUBLISHED = Q(revision__published_for__isnull=False)
AT_WORK = Q(revision__status__in=[Revision.Status.DRAFT, Revision.Status.SUBMITTED, Revision.Status.APPROVED])
# What is published was approved: it counts as at work only while it is not.
IN = {"": PUBLISHED | AT_WORK, "published": PUBLISHED, "drafts": AT_WORK & ~PUBLISHED}
TEXTS = [
    ("", gettext_lazy("all texts")),
    ("published", gettext_lazy("published texts")),
    ("drafts", gettext_lazy("drafts and what waits")),
]


@dataclass
class Missing:
    """A slug without a published article: how many articles link to it, when the newest was saved, which they are."""

    slug: str
    count: int
    newest: object
    linking: list = field(default_factory=list)
    article: Article | None = None

    @property
    def title(self):
        """The words of the slug, as an article’s title would begin."""
        words = self.slug.replace("-", " ")
        return words[:1].upper() + words[1:]

    @property
    def write(self):
        """The address of a new article with slug and title filled in."""
        return f"{reverse('admin:articles_article_add')}?{urlencode({'slug': self.slug, 'title': self.title})}"

    @property
    def more(self):
        return self.count - len(self.linking)


@require_safe
@never_cache
def missing_links(request, site):
    """For who may edit: it names drafts."""
    if not request.user.has_perm("articles.change_revision"):
        raise PermissionDenied
    texts = request.GET.get("in", "")
    texts = texts if texts in IN else ""
    page = Paginator(_missing(texts), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **site.each_context(request),
        "title": gettext("Links to what nobody has written yet"),
        "rows": _rows(page, texts),
        "page": page,
        "pages": _pages(page, texts),
        "texts": [(value, words, value == texts) for value, words in TEXTS],
        "can_add": request.user.has_perm("articles.add_article"),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/articles/articles/missing_links.html", context)


def _missing(texts):
    """The slugs with no published article, what most articles link to first."""
    published = Article.objects.published().filter(slug=OuterRef("slug"))
    moved = PreviousSlug.objects.filter(slug=OuterRef("slug"), article__published_revision__isnull=False)
    links = Link.objects.filter(IN[texts]).exclude(Exists(published)).exclude(Exists(moved))
    counted = (
        links.order_by()
        .values("slug")
        .annotate(count=Count("revision__article", distinct=True), newest=Max("revision__saved_at"))
    )
    return counted.order_by("-count", "slug")


def _rows(page, texts):
    """The rows of a page, three queries whatever its length."""
    rows = {found["slug"]: Missing(**found) for found in page}
    place = Window(RowNumber(), partition_by="slug", order_by=[F("revision__saved_at").desc(), F("revision_id").desc()])
    # An article may link from what is published and from several drafts.
    nearest = Link.objects.filter(IN[texts], slug__in=rows).annotate(place=place).filter(place__lte=4 * NAMED)
    named = defaultdict(dict)
    for link in nearest.select_related("revision").order_by("slug", "place"):
        if len(named[link.slug]) < NAMED:
            named[link.slug].setdefault(link.revision.article_id, link.revision)
    for slug, revisions in named.items():
        rows[slug].linking = list(revisions.values())
    begun = Article.objects.filter(Q(slug__in=rows) | Q(previousslug__slug__in=rows)).distinct()
    for article in begun.prefetch_related("previousslug_set"):
        for slug in (article.slug, *(previous.slug for previous in article.previousslug_set.all())):
            if slug in rows:
                rows[slug].article = article
    return list(rows.values())


def _pages(page, texts):
    def address(number):
        return f"?{urlencode({'in': texts, 'page': number} if texts else {'page': number})}"

    return {
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }
