"""Every public address: those of the rows in the database by the names of their URLs, and those that a text links to.

Rows are read in batches by primary key, so that neither memory nor an open cursor grows with the site.
"""

import posixpath
import re
from html import unescape
from itertools import groupby
from operator import itemgetter
from urllib.parse import quote, unquote, urljoin, urlsplit

from django.conf import settings
from django.urls import reverse

from articles.core.recordings.transcripts import WRITERS
from articles.derived.reviews import reviewers
from articles.models import Article, Episode, LogEntry, PreviousSlug, Show, Topic
from articles.views.http.pagination import batches
from articles.views.machine import sitemaps
from articles.views.machine.feeds import FORMS

BATCH = 500  # rows read at a time

SINGLE = (
    *("home", "about", "how_we_check", "shows", "topics", "people", "record", "record_json", "record_keys", "feeds"),
    *("sitemap", "security_txt", "robots", "llms", "javascript-catalog", "api", "openapi"),
    *("api:articles", "api:citations", "api:shows", "api:topics"),
)
OF_ARTICLE = (
    *("article", "article_history", "links_here", "article_preview", "article_markdown", "article_json"),
    *("article_picture", "cite", "cite_bibtex", "cite_csl", "current_citation_report"),
    *("api:article", "api:article_citations", "api:article_revisions"),
)
OF_REVISION = (
    *("public_revision", "citation_report", "citation_report_json", "citation_report_csv"),
    "api:article_revision",
)
CITING_REVISION = ("cite", "cite_bibtex", "cite_csl")  # with ?revision=
OF_SHOW = ("show", "api:show", "api:episodes")
OF_EPISODE = (
    *("episode", "episode_chapters", "episode_citations", "episode_playlist", "episode_soundbites"),
    "api:episode",
)
TRANSCRIPT = ("transcript", "episode_transcript")  # of episodes whose transcript is public
OF_TOPIC = ("topic", "api:topic")
OF_PERSON = ("person",)
WITH_FORM = ("feed_articles", "feed_corrections", "feed_show", "feed_topic", "sitemap_part")
# What can't be files: it depends on what readers send, or on the moment.
LIVE_ONLY = (
    *("search", "search_suggestions", "api:search", "transcript_find"),
    *("challenge", "correction_status", "shared_draft", "health"),
)
NOWHERE = ("api_nothing",)

# In HTML, JSON and XML: addresses with a query, which lists go on at, and uploads.
_LINK = re.compile(r"""(?:href="|src="|"next": ?"|<loc>)([^"<]*)""")
_UPLOAD = re.compile(rf"""{re.escape(settings.MEDIA_URL)}[^\s"'<>()\\]+""")


def every():
    """Yield the address, as a client sends it, of everything that isn't found through links."""
    for name in SINGLE:
        yield reverse(name)
    for part in sitemaps.PARTS:
        yield reverse("sitemap_part", args=[part])
    yield from _feeds("feed_articles")
    yield from _feeds("feed_corrections")
    for slug in _values(Topic.objects.public(), "slug"):
        yield from (reverse(name, args=[slug]) for name in OF_TOPIC)
        yield from _feeds("feed_topic", slug)
        yield f"{reverse('api:articles')}?topic={quote(slug)}"
    for profile in _rows(reviewers.public()):
        yield from (reverse(name, args=[profile.slug]) for name in OF_PERSON)
    for handle in _values(Show.objects.cited(), "handle"):
        yield from (reverse(name, args=[handle]) for name in OF_SHOW)
        yield from _feeds("feed_show", handle)
        yield f"{reverse('api:articles')}?show={quote(handle)}"
    for episode in _rows(Episode.objects.cited().select_related("show")):
        yield from (reverse(name, args=[episode.show.handle, episode.slug]) for name in OF_EPISODE)
        if episode.has_public_transcript:
            yield reverse("transcript", args=[episode.show.handle, episode.slug])
            for form in WRITERS:
                yield reverse("episode_transcript", args=[episode.show.handle, episode.slug, form])
        reference = quote(episode.reference, safe="")
        yield from (f"{reverse(name)}?episode={reference}" for name in ("api:articles", "api:citations"))
    yield from _of_articles()


def _of_articles():
    """Yield the addresses of all articles that are or were public; what was unpublished has them by former slugs, too."""
    for articles in batches(
        Article.objects.filter(first_published_at__isnull=False).defer("received_as"), ["pk"], BATCH
    ):
        keys = [article.pk for article in articles]
        publications = LogEntry.objects.filter(article__in=keys, action__in=reviewers.PUBLICATIONS)
        numbers = _grouped(publications.order_by("article_id").values_list("article_id", "revision__number"))
        former = _grouped(
            PreviousSlug.objects.filter(article__in=keys).order_by("article_id").values_list("article_id", "slug")
        )
        for article in articles:
            is_public = article.published_revision_id is not None
            for slug in [article.slug, *(() if is_public else former.get(article.pk, ()))]:
                yield from (reverse(name, args=[slug]) for name in OF_ARTICLE)
                for number in sorted(set(numbers.get(article.pk, ()))):
                    yield from (reverse(name, args=[slug, number]) for name in OF_REVISION)
                    yield from (f"{reverse(name, args=[slug])}?revision={number}" for name in CITING_REVISION)


def renamed():
    """Yield (kind, former name, name) for everything that redirects: former slugs first, then all in another case."""
    public = PreviousSlug.objects.filter(article__published_revision__isnull=False).select_related("article")
    for previous in _rows(public):
        yield "articles", previous.slug, previous.article.slug
    for kind, rows, field in (
        ("articles", Article.objects.published(), "slug"),
        ("topics", Topic.objects.public(), "slug"),
        ("people", reviewers.public(), "slug"),
        ("shows", Show.objects.cited(), "handle"),
    ):
        yield from ((kind, getattr(row, field), getattr(row, field)) for row in _rows(rows))


def links_in(text, address, origin):
    """Return the addresses in `text`, found at `address`, that lead on within the site: with a query, or to uploads."""
    uploads = (unquote(upload) for upload in _UPLOAD.findall(text))
    found = {upload: None for upload in uploads if posixpath.normpath(upload) == upload}  # none leads out of the folder
    for link in _LINK.findall(text):
        if "?" in link:
            try:
                url = urlsplit(urljoin(f"{origin}{address}", unescape(link)))
            except ValueError:  # somebody's text
                continue
            if f"{url.scheme}://{url.netloc}" == origin and url.query:
                found[f"{url.path}?{url.query}"] = None
    return list(found)


def _feeds(name, *names):
    return (reverse(name, args=[*names, form]) for form in FORMS)


def _rows(rows):
    for batch in batches(rows, ["pk"], BATCH):
        yield from batch


def _values(rows, field):
    return (getattr(row, field) for row in _rows(rows))


def _grouped(pairs):
    """Return {first: [second, …]} of pairs in the order of the first."""
    return {key: [second for _, second in group] for key, group in groupby(pairs, key=itemgetter(0))}
