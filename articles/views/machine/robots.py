"""What crawlers and language models are told of the site: robots.txt and llms.txt."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.core.language.shorten import shorten_at_word
from articles.models import Article, Topic
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


def _item(name, address, note):
    return f"- [{_plain(name)}]({address})" + (f": {note}" if note else "")


def _plain(text):
    """One line in which nothing is Markdown."""
    return "".join(f"\\{character}" if character in "\\`*_[]<>#" else character for character in " ".join(text.split()))


def _first_words(text, length=160):
    text = " ".join(text.split())
    return _plain(shorten_at_word(text, length))
