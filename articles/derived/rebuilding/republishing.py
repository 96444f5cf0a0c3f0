"""What follows when something public changes: `republish` lists it, the other functions select the articles.

Nothing here happens by itself. Code that changes what readers see calls one of these functions in the same
transaction.
"""

from django.db import OperationalError, connection, transaction

from articles.core.markdown import RENDERER_VERSION
from articles.derived import search, source_issues
from articles.derived.bulk import one_by_one
from articles.derived.checks import lint_results
from articles.derived.checks.risk import hide_others, show_citations
from articles.derived.pages.page import forget_other_pages, refresh_page, refresh_stored_page
from articles.derived.pages.related import refresh_around
from articles.derived.recordings import excerpts
from articles.derived.recordings.dependents import revisions_citing
from articles.derived.texts import derivation, listing, relinking
from articles.derived.texts.slugs import spellings
from articles.models import Article, Episode, Rendering, Revision


def republish(article, *, with_related=True):
    """Bring everything readers see of `article` in line with its published revision, or with its having none.

    The order matters. Which citations are public comes first, with the risk that lists sort by, because lists, counts
    and the API look at those only; what is wrong with all of a recording, what the admin's list counts, and how long
    excerpts may be follow from them. Search finds the new text before anyone is sent to it. The page is outdated: the
    next reader who asks for it has it made again. Of other revisions, which most articles don't have when they are first
    published, nothing is left for readers. Related articles come last, since they show this one as it is now.

    `with_related=False` is for changes that no other page shows (a check, a judgement, a name), and for imports of many
    articles, which refresh the related ones once at the end. Lists of related articles show whether a text was reviewed.
    """
    article = Article.objects.select_related("published_revision__rendering").get(pk=article.pk)
    has_others = Revision.objects.filter(article=article).exclude(pk=article.published_revision_id).exists()
    if has_others:
        hide_others(article)
        source_issues.forget_others(article)
    show_citations(article)
    source_issues.store(article)
    listing.store(article)
    excerpts.store_cited_by(article)
    search.index(article)
    refresh_page(article)
    if has_others:
        forget_other_pages(article)  # afterwards, since the page before tells whether pages are stored
    if with_related:
        refresh_around([article.pk])


def republish_all(articles):
    """Republish each of `articles`, a query set, after a change that no other page shows; returns how many."""
    return sum(1 for _ in _republish_each(articles))


def _republish_each(articles):
    for article in one_by_one(articles):
        republish(article, with_related=False)
        yield article


def refresh_permitted(episodes):
    """Bring excerpts and pages in line with what may be shown of `episodes`, on which no derived text depends.

    Each page that cites any of them is outdated once; returns how many are.
    """
    excerpts.store(Episode.objects.filter(pk__in=[episode.pk for episode in episodes]))
    citing = Article.objects.published().filter(published_revision__in=revisions_citing(episodes).values("pk"))
    pages = list(one_by_one(citing, "published_revision__rendering"))
    for article in pages:
        refresh_page(article)
    return len(pages)


def republish_citing(episode):
    """Republish the articles that cite `episode` after its checks have changed; returns how many."""
    return sum(1 for _ in republish_each_citing(episode))


def republish_each_citing(episode):
    """Republish the articles that cite `episode` one by one; yields each.

    Finds their lint issues again if it has chapters, since their titles only count without a transcript.
    """
    citing = Article.objects.published().filter(published_revision__source__episode=episode).distinct()
    has_chapters = episode.chapter_set.exists()
    for article in _republish_each(citing):
        if has_chapters:
            inspect(article.published_revision)
        yield article


@transaction.atomic(savepoint=False)
def rederive(revision, *, with_related=False):
    """Derive `revision` again; if it's the published one, find its lint issues again and republish its article."""
    parts, episodes = derivation.derive(revision)
    if revision.article.published_revision_id == revision.pk:
        lint_results.store(revision, parts, episodes)
        republish(revision.article, with_related=with_related)


def inspect(revision):
    """Find the lint issues of a published revision again; returns how many. Texts just derived aren't read again."""
    return lint_results.store(revision, *(getattr(revision, "derived", None) or derivation.read_stored(revision)))


def refresh(revisions):
    """Derive each of `revisions`, a query set, again, each in its own transaction; returns how many."""
    return _each(rederive, revisions)


def _each(step, revisions):
    """Take a `step` for each of `revisions`, again if it lost to somebody who changed the article, as a deadlock decides."""
    count = 0
    for revision in one_by_one(revisions, "article"):
        try:
            step(revision)
        except OperationalError:
            if connection.in_atomic_block:  # lost as a whole
                raise
            step(revision)
        count += 1
    return count


def refresh_linking_to(slugs):
    """Bring the published revisions that link to `slugs` in line: their targets have been added, removed or moved."""
    if not slugs:
        return 0
    return refresh_links(Revision.objects.published().filter(link__slug__in=spellings(slugs)).distinct())


def refresh_links(revisions):
    """Bring the links of each of `revisions`, published ones, in line with the articles that exist; returns how many."""
    return _each(_relink, revisions)


@transaction.atomic(savepoint=False)
def _relink(revision):
    if not Rendering.objects.filter(pk=revision.pk, renderer_version=RENDERER_VERSION).exists():
        rederive(revision)  # everything else must be of the same version
    elif relinking.relink(revision) and revision.article.published_revision_id == revision.pk:
        refresh_stored_page(revision.article)


def refresh_citing(episode):
    """Derive the revisions that cite `episode` again: its length, chapters or addresses have changed."""
    return refresh(revisions_citing([episode]).distinct())
