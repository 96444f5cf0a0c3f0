"""What crawlers are told: sitemap.xml in parts, robots.txt, llms.txt."""

from types import SimpleNamespace
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import InvalidPage
from django.db.models import Max, OuterRef, Q, Subquery
from django.http import Http404
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.core.language.shorten import shorten_at_word
from articles.derived import reviewers
from articles.models import Article, Episode, Show, Topic
from articles.views.http import origin, public_resource, respond

MAX_AGE = 3600  # seconds
NEWEST = 200  # articles that llms.txt names; all of them are in the sitemap

# As the format wants it: a quotation that says what the site is, then what is good to know.
ABOUT = gettext_lazy(
    "Articles about what was said in long recordings. Each claim carries the moment it was said, such as [00:06:31]."
)
TO_KNOW = gettext_lazy(
    "An article is at /articles/slug/, its text as Markdown at /articles/slug.md. At /articles/slug.json are its "
    "citations, too, with their moments in seconds and how each of them was checked. An article about health is "
    "information and not advice: its notice says so. When you quote an article, name its permanent address and the "
    "moment."
)

_XML = "application/xml; charset=utf-8"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<{} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
_CITED_BY = "source__revision__published_for__published_at"


class _Part(Sitemap):
    """A part of the sitemap: pairs of path and time of the last change; sitemaps.org allows 50,000 in a file."""

    limit = 50_000

    def location(self, item):
        return item[0]

    def lastmod(self, item):
        return item[1]


class _Articles(_Part):
    def items(self):
        return _Paths(Article.objects.published().order_by("pk"), "article", ["slug"], "published_at")

    def get_latest_lastmod(self):
        return Article.objects.published().aggregate(last=Max("published_at"))["last"]


class _Episodes(_Part):
    def items(self):
        found = Episode.objects.cited().annotate(changed_at=Max(_CITED_BY)).order_by("pk")
        return _Paths(found, "episode", ["show__handle", "slug"], "changed_at")

    def get_latest_lastmod(self):
        return _Articles().get_latest_lastmod()


class _Shows(_Part):
    def items(self):
        found = Show.objects.cited().annotate(changed_at=Max(f"episode__{_CITED_BY}")).order_by("pk")
        return _Paths(found, "show", ["handle"], "changed_at")

    def get_latest_lastmod(self):
        return _Articles().get_latest_lastmod()


class _Topics(_Part):
    def items(self):
        filed = Max("article__published_at", filter=Q(article__published_revision__isnull=False))
        return _Paths(Topic.objects.public().annotate(changed_at=filed).order_by("pk"), "topic", ["slug"], "changed_at")

    def get_latest_lastmod(self):
        return _Articles().get_latest_lastmod()


class _People(_Part):
    """The pages of reviewers, each as new as the last public review that stands on it."""

    def items(self):
        last = Subquery(reviewers.reviews_of(OuterRef("user")).values("at")[:1])
        return _Paths(reviewers.public().annotate(changed_at=last).order_by("pk"), "person", ["slug"], "changed_at")

    def get_latest_lastmod(self):
        return _Articles().get_latest_lastmod()


class _Pages(_Part):
    """The pages that there is one of; the lists change with the articles."""

    def items(self):
        last = self.get_latest_lastmod()
        return [
            (reverse("home"), last),
            (reverse("shows"), last),
            (reverse("topics"), last),
            (reverse("people"), None),
            (reverse("feeds"), None),
            (reverse("about"), None),
            (reverse("how_we_check"), None),
        ]

    def get_latest_lastmod(self):
        return _Articles().get_latest_lastmod()


class _Paths:
    """Rows of a query as paths, for a paginator: only those of a page are read."""

    def __init__(self, found, address, names, changed_at):
        self.found = found
        self.rows = found.values_list(*names, changed_at)
        self.address, self.names = address, names

    def count(self):
        return self.found.count()

    def __getitem__(self, part):
        return [(reverse(self.address, args=names), changed_at) for *names, changed_at in self.rows[part]]


PARTS = {
    "pages": _Pages,
    "articles": _Articles,
    "episodes": _Episodes,
    "shows": _Shows,
    "topics": _Topics,
    "people": _People,
}


@public_resource(MAX_AGE)
def index(request):
    """sitemap.xml: the parts, each past 50,000 addresses in several files."""
    root = origin(request)
    rows = []
    for name, part in PARTS.items():
        sitemap = part()
        address, changed_at = root + reverse("sitemap_part", args=[name]), sitemap.get_latest_lastmod()
        rows.append(_row("sitemap", address, changed_at))
        for number in range(2, sitemap.paginator.num_pages + 1):
            rows.append(_row("sitemap", f"{address}?p={number}", changed_at))
    return respond(request, _document("sitemapindex", rows), _XML)


@public_resource(MAX_AGE)
def part(request, name):
    if name not in PARTS:
        raise Http404("There is no such part of the sitemap.")
    root = urlsplit(origin(request))
    site = SimpleNamespace(domain=root.netloc)
    try:
        urls = PARTS[name]().get_urls(page=request.GET.get("p", 1), site=site, protocol=root.scheme)
    except InvalidPage as error:
        raise Http404("There is no such page of the sitemap.") from error
    return respond(request, _document("urlset", [_row("url", url["location"], url["lastmod"]) for url in urls]), _XML)


@public_resource(MAX_AGE)
def robots(request):
    """robots.txt (RFC 9309): the desk, forms and suggestions are nothing to find; results name the search as their page."""
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('admin:index')}",
        f"Disallow: {reverse('search_suggestions')}",
        "Disallow: /articles/*/challenge/",
        "",
        f"Sitemap: {origin(request)}{reverse('sitemap')}",
    ]
    return respond(request, "\n".join(lines) + "\n", "text/plain; charset=utf-8")


@public_resource(MAX_AGE)
def llms(request):
    """llms.txt (https://llmstxt.org/): what the site is and where its texts are, as Markdown."""
    root = origin(request)
    articles = list(
        Article.objects.published()
        .order_by("-published_at", "pk")
        .values_list("slug", "published_revision__title", "published_revision__rendering__lead_text")[:NEWEST]
    )
    named = [
        _item(title, root + reverse("article_markdown", args=[slug]), _first_words(lead))
        for slug, title, lead in articles
    ]
    lines = [
        f"# {_plain(settings.SITE_NAME) or urlsplit(root).netloc}",
        "",
        f"> {ABOUT}",
        "",
        TO_KNOW,
        "",
        f"## {_('Where to begin')}",
        "",
        _item(_("How we check"), root + reverse("how_we_check"), _("what the words beside a citation mean")),
        _item(_("Recordings"), root + reverse("shows"), _("the shows and episodes that articles cite")),
        _item(_("Reviewers"), root + reverse("people"), _("who looks at a text before readers see it")),
        _item(_("Sitemap"), root + reverse("sitemap"), _("every public page, with dates")),
        _item(_("Articles that went out last"), root + reverse("feed_articles", args=["json"]), "JSON Feed"),
        _item(_("Corrections"), root + reverse("feed_corrections", args=["json"]), "JSON Feed"),
        _item(_("Read API"), root + reverse("api"), _("articles, citations, recordings and search as JSON")),
    ]
    topics = Topic.objects.public().order_by("-article_count", "title").values_list("slug", "title", "description")
    if gathered := [
        _item(title, root + reverse("topic", args=[slug]), _first_words(description))
        for slug, title, description in topics[:NEWEST]
    ]:
        lines += ["", f"## {_('Topics')}", "", *gathered]
    if named:
        lines += ["", f"## {_('Articles')}", "", *named]
    return respond(request, "\n".join(map(str, lines)) + "\n", "text/plain; charset=utf-8")


def _document(element, rows):
    return f"{_HEAD.format(element)}{''.join(rows)}</{element}>\n"


def _row(element, address, changed_at):
    """An entry; the time as W3C writes it."""
    changed = f"<lastmod>{changed_at.isoformat(timespec='seconds')}</lastmod>" if changed_at else ""
    return f"<{element}><loc>{escape(iri_to_uri(address))}</loc>{changed}</{element}>\n"


def _item(name, address, note):
    return f"- [{_plain(name)}]({address})" + (f": {note}" if note else "")


def _plain(text):
    """One line in which nothing is Markdown."""
    return "".join(f"\\{character}" if character in "\\`*_[]<>#" else character for character in " ".join(text.split()))


def _first_words(text, length=160):
    return _plain(shorten_at_word(" ".join(text.split()), length))
