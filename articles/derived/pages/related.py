"""What stands around a published article and changes when others do: related articles, and links to here.

It is stored, so that a request finds it with the page, and made again when an article comes, goes, moves or is filed.
"""

from collections import Counter, defaultdict
from heapq import nsmallest
from itertools import islice

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string

from articles.models import Article, Link, PreviousSlug, RelatedArticles, Revision, Source
from articles.models.articles import NOT_IN_LISTS

RELATED_MAX = 5
LINKS_MAX = 12  # the others stand on a page of their own
CHUNK = 100  # articles a transaction

# What two articles have in common, and how much it says of them.
EPISODE, LINK, TOPIC = 3, 3, 2


def hold():
    """Let nobody else change what is published, or what stands around it, before the transaction ends.

    Two articles that link to each other and go out at once: the second has to see that the first is there.
    """
    ContentType.objects.select_for_update(no_key=True).get(app_label="articles", model="article")


def refresh_around(articles):
    """Make everything anew that shows one of `articles` (ids), or is shown with it, after it came, went or changed.

    A fixed number of queries for a hundred articles concerned; how many those were.
    """
    articles = set(articles)
    shown = refresh(articles)
    others = (shown | _showing(articles)) - articles
    refresh(others)
    return len(articles) + len(others)


def refresh(articles):
    """Store what stands around each of `articles` (ids), nothing for one that is not published; the ids they show."""
    shown = set()
    ids = iter(sorted(articles))
    while chunk := list(islice(ids, CHUNK)):
        with transaction.atomic(savepoint=False):
            hold()
            shown |= _store(chunk)
    return shown


def linking_to(article):
    """Ids of the published articles that link to `article`, by its present or a former address, in order of title."""
    slugs = [article.slug, *PreviousSlug.objects.filter(article=article).values_list("slug", flat=True)]
    found = Link.objects.filter(slug__in=slugs, revision__published_for__isnull=False)
    found = found.exclude(revision__article=article).order_by()
    return _by_title(set(found.values_list("revision__title", "revision__article_id")))


def entries(articles):
    """The published articles with these ids, with what an entry shows of each, by id: one query."""
    found = Article.objects.published().filter(pk__in=articles).select_related("published_revision__rendering")
    return found.defer(*(f"published_revision__rendering__{name}" for name in NOT_IN_LISTS)).in_bulk()


def _by_title(pairs):
    # Not the database's order: each has its own.
    return [pk for _, pk in sorted(pairs, key=lambda pair: (pair[0].casefold(), pair[1]))]


def _showing(articles):
    """Ids of published articles that name one of `articles` as related, or that a text of theirs ever linked to."""
    went_out = [Revision.Status.APPROVED, Revision.Status.RECEIVED]
    ids, found = iter(sorted(articles)), set()
    while chunk := list(islice(ids, CHUNK)):
        found.update(RelatedArticles.objects.filter(related__in=chunk).values_list("pk", flat=True))
        links = Link.objects.filter(revision__article__in=chunk, revision__status__in=went_out).values("slug")
        targets = Article.objects.published().filter(Q(slug__in=links) | Q(previousslug__slug__in=links))
        found.update(targets.order_by().values_list("pk", flat=True))
    return found


def _store(chunk):
    found = Article.objects.published().filter(pk__in=chunk).order_by("pk")
    articles = list(found.only("slug", "first_published_at", "published_revision_id"))
    RelatedArticles.objects.filter(pk__in=chunk).exclude(pk__in=[article.pk for article in articles]).delete()
    if not articles:
        return set()
    neighbours = _Neighbours(articles)
    related = {article.pk: neighbours.nearest(article) for article in articles}
    linking = {article.pk: neighbours.linking(article) for article in articles}
    shown = {pk for article in articles for pk in (*related[article.pk], *linking[article.pk][:LINKS_MAX])}
    entry = entries(shown)
    RelatedArticles.objects.bulk_create(
        (
            RelatedArticles(article=article, html=_html(article, related[article.pk], linking[article.pk], entry))
            for article in articles
        ),
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["html"],
    )
    naming = RelatedArticles.related.through
    naming.objects.filter(relatedarticles__in=related).delete()
    naming.objects.bulk_create(
        naming(relatedarticles_id=pk, article_id=other) for pk in related for other in related[pk]
    )
    return shown


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
    """What published `articles` have in common with others: read at once, whatever their number."""

    def __init__(self, articles):
        self._scores = defaultdict(Counter)
        self._known = {}  # of each other article when it first went out, and its title
        revisions = [article.published_revision_id for article in articles]
        sources = Source.objects.filter(revision__in=revisions)
        self._common(EPISODE, sources.values_list("episode_id", "revision__article_id"), _citing)
        filing = Article.topics.through.objects.filter(article__in=articles)
        self._common(TOPIC, filing.values_list("topic_id", "article_id"), _filed)
        links = Link.objects.filter(revision__in=revisions)
        self._common(LINK, links.values_list("slug", "revision__article_id"), _addressed)
        addresses = {(article.slug, article.pk) for article in articles}
        addresses.update(PreviousSlug.objects.filter(article__in=articles).values_list("slug", "article_id"))
        self._linking = self._common(LINK, addresses, _linking)

    def nearest(self, article):
        """The ids of the articles that are most related to `article`, the nearest first.

        Of those with equally much in common the ones that first went out at about the same time: so not all name
        the newest, and one more article changes what a few of them show, not all.
        """
        own = article.first_published_at
        scores = self._scores[article.pk]
        return nsmallest(
            RELATED_MAX, scores, key=lambda pk: (-scores[pk], abs((self._known[pk][0] - own).total_seconds()), pk)
        )

    def linking(self, article):
        """The ids of the articles that link to `article`, in order of title."""
        return _by_title((self._known[pk][1], pk) for pk in self._linking[article.pk])

    def _common(self, weight, own, others):
        """Score who has a value in common with the articles, and return who that is, by article.

        `own` are (value, article) pairs of the articles; `others` gives (value, article, when it first went out,
        title) for everything published that has one of some values.
        """
        wanted = defaultdict(set)
        for value, pk in own:
            wanted[value].add(pk)
        sharing = defaultdict(set)
        for value, pk, at, title in others(list(wanted)):
            sharing[value].add(pk)
            self._known[pk] = at, title
        found = defaultdict(set)
        for value, others_there in sharing.items():
            for pk in wanted[value]:
                self._scores[pk].update(dict.fromkeys(others_there - {pk}, weight))
                found[pk] |= others_there - {pk}
        return found


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
