"""Instructions for crawlers and language models: robots.txt and llms.txt."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.core.language.shorten import shorten_at_word
from articles.derived.reviews import review_states
from articles.models import Article, Topic
from articles.views.http import origin, public_view, respond

NEWEST = 200  # articles listed in llms.txt; the sitemap has all of them

# The llms.txt format starts with a quotation that describes the site, followed by details.
ABOUT = gettext_lazy(
    "Articles based on long recordings. A citation such as [00:06:31] names the time at which the claim before it was said."
)
TO_KNOW = gettext_lazy(
    "Articles are at /articles/slug/, with their text as Markdown at /articles/slug.md. The JSON at /articles/slug.json "
    "also has their citations, with timestamps in seconds and how each was checked. Articles about health are "
    "information, not advice, as their notices say. When you quote an article, give its permanent link and the "
    "timestamp."
)


@public_view
def robots(request):
    """robots.txt (RFC 9309): excludes the admin, search suggestions and forms."""
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('admin:index')}",
        f"Disallow: {reverse('search_suggestions')}",
        "Disallow: /articles/*/challenge/",
        "",
        f"Sitemap: {origin(request)}{reverse('sitemap')}",
    ]
    return respond("\n".join(lines) + "\n", "text/plain; charset=utf-8")


@public_view
def llms(request):
    """llms.txt (https://llmstxt.org/): describes the site and lists its texts, as Markdown."""
    root = origin(request)
    columns = ["slug", *(f"published_revision__{name}" for name in ("title", "rendering__lead_text", "notice", "pk"))]
    articles = list(Article.objects.published().order_by("-published_at", "pk").values_list(*columns)[:NEWEST])
    states = review_states.states_of(key for *_, key in articles)
    items = [
        _item(title, root + reverse("article_markdown", args=[slug]), _note(lead, states[key], notice))
        for slug, title, lead, notice, key in articles
    ]
    lines = [
        f"# {_plain(settings.SITE_NAME) or urlsplit(root).netloc}",
        "",
        f"> {ABOUT}",
        "",
        TO_KNOW,
        "",
        f"## {_('Start here')}",
        "",
        _item(_("How we check"), root + reverse("how_we_check"), _("what the status of a citation means")),
        _item(_("Shows"), root + reverse("shows"), _("the shows and episodes that articles cite")),
        _item(_("Reviewers"), root + reverse("people"), _("the people who review texts before publication")),
        _item(_("Sitemap"), root + reverse("sitemap"), _("every public page, with dates")),
        _item(_("Latest articles"), root + reverse("feed_articles", args=["json"]), "JSON Feed"),
        _item(_("Corrections"), root + reverse("feed_corrections", args=["json"]), "JSON Feed"),
        _item(_("Read API"), root + reverse("api"), _("articles, citations, recordings and search as JSON")),
    ]
    topics = Topic.objects.public().order_by("-article_count", "title").values_list("slug", "title", "description")
    if topic_items := [
        _item(title, root + reverse("topic", args=[slug]), _first_words(description))
        for slug, title, description in topics[:NEWEST]
    ]:
        lines += ["", f"## {_('Topics')}", "", *topic_items]
    if items:
        lines += ["", f"## {_('Articles')}", "", *items]
    return respond("\n".join(map(str, lines)) + "\n", "text/plain; charset=utf-8")


def _item(name, address, note):
    return f"- [{_plain(name)}]({address})" + (f": {note}" if note else "")


def _plain(text):
    """Return `text` on one line with Markdown characters escaped."""
    return "".join(f"\\{character}" if character in "\\`*_[]<>#" else character for character in " ".join(text.split()))


def _note(lead, state, notice):
    """Return the first words of an article's lead, and what is to be known of it before reading it."""
    facts = f"({_plain('; '.join(review_states.facts_of(state, notice)))})"
    return f"{_first_words(lead)} {facts}" if lead else facts


def _first_words(text):
    return _plain(shorten_at_word(" ".join(text.split()), 160))
