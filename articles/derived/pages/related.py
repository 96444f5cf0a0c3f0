"""Related articles and incoming links of published articles, each with whether it was reviewed.

They are stored next to the page and refreshed when an article is published, unpublished, moved or reviewed or its topics
change.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Q
from django.template.loader import render_to_string

from articles.derived.reviews import review_states
from articles.models import Article, Link, PreviousSlug, RelatedArticles, Revision, Source

RELATED_MAX = 5
LINKS_MAX = 12  # the others are on a separate page
CHUNK = 100  # articles per transaction

# What two articles may have in common, weighted by how closely it relates them.
EPISODE, LINK, TOPIC = 3, 3, 2


def lock_published():
    """Keep others from changing what is published, or what is related to it, until the transaction ends.

    If two articles that link to each other are published at the same time, the second must see the first. On SQLite a
    transaction locks the whole database.
    """
    if not connection.features.has_select_for_update:
        return
    ContentType.objects.select_for_update(no_key=True).get(app_label="articles", model="article")


def refresh_around(articles):
    """Refresh `articles` (ids), which have changed, and all articles that list them or are listed by them.

    Takes a fixed number of queries per hundred articles; returns how many articles were refreshed.
    """
    articles = set(articles)
    listed = refresh(articles)
    others = (listed | _listing(articles)) - articles
    refresh(others)
    return len(articles) + len(others)


def refresh(articles):
    """Store the related articles of each of `articles` (ids), except unpublished ones; return the ids that they list."""
    listed = set()
    ids = iter(sorted(articles))
    while chunk := list(islice(ids, CHUNK)):
        with transaction.atomic(savepoint=False):
            lock_published()
            listed |= _store(chunk)
    return listed


def linking_to(article):
    """Return ids of the published articles that link to a current or former address of `article`, ordered by title."""
    slugs = [article.slug, *PreviousSlug.objects.filter(article=article).values_list("slug", flat=True)]
    links = Link.objects.filter(slug__in=slugs, revision__published_for__isnull=False)
    links = links.exclude(revision__article=article).order_by()
    return _by_title(set(links.values_list("revision__title", "revision__article_id")))


def entries(articles):
    """Return {id: article} of the published ones of `articles` (ids) with everything an entry shows.

    One query and those of `review_states`, or none without any.
    """
    if not articles:
        return {}
    found = Article.objects.published().filter(pk__in=articles).with_preview().in_bulk()
    review_states.set_states(article.published_revision for article in found.values())
    return found


def _by_title(pairs):
    # Sorted here, because databases differ in their order.
    return [pk for _, pk in sorted(pairs, key=lambda pair: (pair[0].casefold(), pair[1]))]


def _listing(articles):
    """Return ids of published articles that list one of `articles` as related, or that it ever linked to."""
    once_public = [Revision.Status.APPROVED, Revision.Status.RECEIVED]
    ids, listing = iter(sorted(articles)), set()
    while chunk := list(islice(ids, CHUNK)):
        listing.update(RelatedArticles.objects.filter(related__in=chunk).values_list("pk", flat=True))
        links = Link.objects.filter(revision__article__in=chunk, revision__status__in=once_public).values("slug")
        targets = Article.objects.published().addressed(Q(slug__in=links))
        listing.update(targets.order_by().values_list("pk", flat=True))
    return listing


def _store(chunk):
    published = Article.objects.published().filter(pk__in=chunk).order_by("pk")
    articles = list(published.only("slug", "first_published_at", "published_revision_id"))
    if unpublished := set(chunk).difference(article.pk for article in articles):
        RelatedArticles.objects.filter(pk__in=unpublished).delete()
    if not articles:
        return set()
    found = around(articles)
    _write(found)
    return found.listed


def _write(found):
    """Store what has changed, because publishing an article changes little around most of its neighbours."""
    stored = dict(RelatedArticles.objects.filter(pk__in=found.html).values_list("pk", "html"))
    RelatedArticles.objects.bulk_create(
        (RelatedArticles(pk=pk, html=html) for pk, html in found.html.items() if stored.get(pk) != html),
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["html"],
    )
    naming = RelatedArticles.related.through
    named = defaultdict(set)
    for pk, other in naming.objects.filter(relatedarticles__in=stored).values_list("relatedarticles_id", "article_id"):
        named[pk].add(other)
    changed = {pk: others for pk, others in found.related.items() if named[pk] != set(others)}
    if outdated := [pk for pk in changed if named[pk]]:
        naming.objects.filter(relatedarticles__in=outdated).delete()
    naming.objects.bulk_create(
        naming(relatedarticles_id=pk, article_id=other) for pk, others in changed.items() for other in others
    )


@dataclass(frozen=True)
class Around:
    """What is stored around articles: the ids of the related ones, the HTML, and the ids of all that it lists."""

    related: dict[int, list[int]]
    html: dict[int, str]
    listed: set[int]


def around(articles):
    """Return the `Around` of published `articles`; writes nothing."""
    neighbours = _Neighbours(articles)
    related = {article.pk: neighbours.nearest(article) for article in articles}
    linking = {article.pk: neighbours.linking(article) for article in articles}
    listed = {pk for article in articles for pk in (*related[article.pk], *linking[article.pk][:LINKS_MAX])}
    # Articles near to each other list the same ones, so each entry is rendered once.
    entry = {pk: _entry_html(shown) for pk, shown in entries(listed).items()}
    html = {article.pk: _html(article, related[article.pk], linking[article.pk], entry) for article in articles}
    return Around(related, html, listed)


def _entry_html(article):
    context = {"article": article, "revision": article.published_revision}
    return render_to_string("articles/parts/lists/_related.html", context)


def _html(article, related, linking, entry):
    if not related and not linking:
        return ""
    context = {
        "article": article,
        "related": [entry[pk] for pk in related],
        "linking": [entry[pk] for pk in linking[:LINKS_MAX]],
        "link_count": len(linking),
        "has_more": len(linking) > LINKS_MAX,
    }
    return render_to_string("articles/stored/related.html", context)


class _Neighbours:
    """What published `articles` have in common with others; a fixed number of queries."""

    def __init__(self, articles):
        self._scores = defaultdict(Counter)
        self._known = {}  # {article: (first published at, title)} of the others
        article_of = {article.published_revision_id: article.pk for article in articles}
        sources = Source.objects.filter(revision__in=article_of).order_by().values_list("episode_id", "revision_id")
        self._common(EPISODE, ((episode, article_of[revision]) for episode, revision in sources), _citing)
        filing = Article.topics.through.objects.filter(article__in=articles)
        self._common(TOPIC, filing.values_list("topic_id", "article_id"), _filed)
        links = Link.objects.filter(revision__in=article_of).order_by().values_list("slug", "revision_id")
        self._common(LINK, ((slug, article_of[revision]) for slug, revision in links), _addressed)
        addresses = {(article.slug, article.pk) for article in articles}
        addresses.update(PreviousSlug.objects.filter(article__in=articles).values_list("slug", "article_id"))
        self._linking = self._common(LINK, addresses, _linking)

    def nearest(self, article):
        """Return ids of the articles that are most closely related to `article`, closest first.

        Ties go to those first published at about the same time. So not all articles list the newest ones, and one
        more article changes the lists of only a few others.
        """
        published_at = article.first_published_at
        scores = self._scores[article.pk]
        return nsmallest(
            RELATED_MAX,
            scores,
            key=lambda pk: (-scores[pk], abs((self._known[pk][0] - published_at).total_seconds()), pk),
        )

    def linking(self, article):
        """Return ids of the articles that link to `article`, ordered by title."""
        return _by_title((self._known[pk][1], pk) for pk in self._linking[article.pk])

    def _common(self, weight, own, others):
        """Add `weight` to the score of articles that share a value with the articles; return {article: those ids}.

        `own` are (value, article) pairs of the articles; `others` takes values and yields (value, article, first
        published at, title) for each published article that has one of them.
        """
        wanted = defaultdict(set)
        for value, pk in own:
            wanted[value].add(pk)
        sharing = defaultdict(set)
        for value, pk, at, title in others(list(wanted)) if wanted else ():
            sharing[value].add(pk)
            self._known[pk] = at, title
        common = defaultdict(set)
        for value, having in sharing.items():
            for pk in wanted[value]:
                self._scores[pk].update(dict.fromkeys(having - {pk}, weight))
                common[pk] |= having - {pk}
        return common


_OF_REVISION = ("revision__article_id", "revision__article__first_published_at", "revision__title")
_OF_ARTICLE = ("first_published_at", "published_revision__title")


def _citing(episodes):
    rows = Source.objects.filter(episode__in=episodes, revision__published_for__isnull=False).order_by()
    return rows.values_list("episode_id", *_OF_REVISION)


def _filed(topics):
    rows = Article.topics.through.objects.filter(topic__in=topics, article__published_revision__isnull=False)
    return rows.values_list("topic_id", "article_id", *(f"article__{name}" for name in _OF_ARTICLE))


def _addressed(slugs):
    published = Article.objects.published().order_by()
    for name in ("slug", "previousslug__slug"):
        yield from published.filter(**{f"{name}__in": slugs}).values_list(name, "pk", *_OF_ARTICLE)


def _linking(slugs):
    rows = Link.objects.filter(slug__in=slugs, revision__published_for__isnull=False).order_by()
    return rows.values_list("slug", *_OF_REVISION)
